"""Counts what a transaction sends to the server."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg.rows import DictRow

from kartotek.domain import Tx


@contextmanager
def told(tx: Tx) -> Iterator[list[Any]]:
    """The statements that are sent within, as they are sent."""
    found: list[Any] = []

    class Listening(psycopg.Cursor[DictRow]):
        def execute(self, query, *args, **kwargs):  # type: ignore[no-untyped-def]
            found.append(query)
            return super().execute(query, *args, **kwargs)

        def copy(self, statement, *args, **kwargs):  # type: ignore[no-untyped-def]
            found.append(statement)
            return super().copy(statement, *args, **kwargs)

    usual, tx.connection.cursor_factory = tx.connection.cursor_factory, Listening
    try:
        yield found
    finally:
        tx.connection.cursor_factory = usual
