"""Statements that a test puts together; what a transaction sends to the server; who waits for it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, LiteralString, Self, cast

import psycopg
from psycopg import sql
from psycopg.rows import DictRow

from kartotek.domain import Tx


def made(text: str) -> sql.SQL:
    """A statement that is put together, of nothing but what stands in tests."""
    return sql.SQL(cast(LiteralString, text))


@contextmanager
def told(tx: Tx) -> Iterator[list[Any]]:
    """The statements that are sent within, as they are sent."""
    found: list[Any] = []

    class Listening(psycopg.Cursor[DictRow]):
        def execute(self, query: Any, *args: Any, **kwargs: Any) -> Self:
            found.append(query)
            return super().execute(query, *args, **kwargs)

        def copy(self, statement: Any, *args: Any, **kwargs: Any) -> Any:
            found.append(statement)
            return super().copy(statement, *args, **kwargs)

    usual, tx.connection.cursor_factory = tx.connection.cursor_factory, Listening
    try:
        yield found
    finally:
        tx.connection.cursor_factory = usual


def wait_for_lock(tx: Tx) -> None:
    """Until somebody waits for what this transaction holds."""
    for _ in range(500):
        if tx.value("SELECT count(*) FROM pg_stat_activity WHERE pg_backend_pid() = ANY(pg_blocking_pids(pid))"):
            return
        tx.run("SELECT pg_sleep(0.02)")
    raise AssertionError("Nobody waits.")
