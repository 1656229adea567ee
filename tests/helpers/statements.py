"""Statements that a test puts together; what a transaction sends to the server; who waits for it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, LiteralString, Self, cast

import psycopg
from psycopg import sql
from psycopg.rows import DictRow

from kartotek.domain import Database, Tx


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


class Listening(Database):
    """A database that keeps what is sent to it, by whichever of its transactions."""

    def __init__(self, conninfo: str, **how: Any) -> None:
        super().__init__(conninfo, **how)
        self.heard: list[list[Any]] = []

    @contextmanager
    def transaction(self) -> Iterator[Tx]:
        with super().transaction() as tx, told(tx) as found:
            self.heard.append(found)
            yield tx

    def count(self, *words: str) -> int:
        """How many statements were sent that hold all these words."""
        sent = [statement for found in self.heard for statement in found]
        texts = (one.as_string() if isinstance(one, sql.Composable) else str(one) for one in sent)
        return sum(all(word in text for word in words) for text in texts)


@contextmanager
def listening(database: Database) -> Iterator[Listening]:
    """The same database, with connections of its own."""
    other = Listening(database.conninfo, size=8)
    other.open()
    try:
        yield other
    finally:
        other.close()


def wait_for_lock(tx: Tx) -> None:
    """Until somebody waits for what this transaction holds."""
    for _ in range(500):
        if tx.value("SELECT count(*) FROM pg_stat_activity WHERE pg_backend_pid() = ANY(pg_blocking_pids(pid))"):
            return
        tx.run("SELECT pg_sleep(0.02)")
    raise AssertionError("Nobody waits.")


def wait_for_rest(tx: Tx) -> None:
    """Until nobody but those that wait for somebody's lock has sent anything for a while: a transaction that is open
    has done all that it can. `tx` is a bystander."""
    busy = (
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        " AND backend_type = 'client backend' AND wait_event_type IS DISTINCT FROM 'Lock'"
        " AND (state = 'active' OR state_change > clock_timestamp() - interval '0.4 s')"
    )
    for _ in range(1500):
        if not tx.value(busy):
            return
        tx.run("SELECT pg_sleep(0.02), pg_stat_clear_snapshot()")
    raise AssertionError("They never rest.")
