"""The pool of connections, and Tx: one transaction, with its time.

Every statement runs through Tx, so that errors of the driver are translated in one place.
"""

import random
import shutil
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, LiteralString, TypeVar

import msgspec
import polars as pl
import psycopg
from psycopg import sql
from psycopg.rows import DictRow, dict_row
from psycopg.types.json import JsonbDumper, set_json_loads
from psycopg_pool import ConnectionPool, PoolTimeout

from kartotek import errors
from kartotek.store import queries

OLDEST = 180000  # PostgreSQL 18: RETURNING old.*, the C.UTF-8 provider, casefold
Statement = LiteralString | sql.SQL | sql.Composed
Params = Mapping[str, Any] | Sequence[Any] | None
Result = TypeVar("Result")

# Deadlocks, serialization failures, unique keys taken by someone else in the meantime, and tables that long readers
# keep from being changed: the same work again helps.
TRY_AGAIN = (
    psycopg.errors.DeadlockDetected,
    psycopg.errors.SerializationFailure,
    psycopg.errors.UniqueViolation,
    psycopg.errors.LockNotAvailable,
)
# What a statement meets that was put together before somebody changed its columns.
OUTDATED = (psycopg.ProgrammingError, psycopg.DataError, pl.exceptions.PolarsError, ValueError)
ATTEMPTS = 8
LEAST_ROOM = 32 * 1024**2  # two segments of PostgreSQL's log
VERSION = "catalogue"  # what `Tx.kept` knows its version by


class Database:
    """Opens lazily; `transaction()` lends a connection for one unit of work."""

    def __init__(
        self,
        conninfo: str,
        *,
        size: int = 10,
        patience: float = 10,
        secret: Callable[[], str] = str,
        disk: Path | None = None,
    ) -> None:
        """`patience`: seconds to wait for a connection; `secret`: the key of hashes that are kept; `disk`: a folder on
        the disk of a server that is our own."""
        self.conninfo, self.secret, self._disk = conninfo, secret, disk
        self._pool = ConnectionPool(
            conninfo,
            min_size=1,
            max_size=size,
            open=False,
            kwargs={"row_factory": dict_row, "application_name": "kartotek"},
            configure=_configure,
            check=ConnectionPool.check_connection,
            timeout=patience,
        )

    def open(self) -> "Database":
        """Refuses a server that is too old, with a sentence."""
        self._pool.open()
        with self.transaction() as tx:
            version = tx.connection.info.server_version
        if version < OLDEST:
            self.close()
            raise errors.Invalid(
                f"Kartotek needs PostgreSQL 18 or newer, and this server is version {version // 10000}. "
                "Point KARTOTEK_DATABASE_URL at a newer one, or leave it out to use the embedded one."
            )
        return self

    def close(self) -> None:
        self._pool.close()

    @contextmanager
    def transaction(self) -> Iterator["Tx"]:
        try:
            with self._pool.connection() as connection:
                try:
                    yield Tx(connection, self.secret)
                except psycopg.errors.FeatureNotSupported as error:
                    if error.diag.source_function != "RevalidateCachedQuery":
                        raise
                    # A column has become another kind since this connection prepared the statement: it begins anew.
                    connection.close()
                    raise psycopg.errors.SerializationFailure("a column is of another kind by now") from error
        except (PoolTimeout, psycopg.OperationalError) as error:
            if isinstance(error, TRY_AGAIN):
                raise
            raise errors.Unavailable(_why(error, self._disk)) from error

    def tried(self, work: Callable[["Tx"], bool]) -> bool:
        """Runs `work` in a transaction of its own, once. False, and nothing is done, when it gives False or another
        one was in its way."""
        try:
            with self.transaction() as tx:
                if work(tx):
                    return True
                tx.connection.rollback()
        except TRY_AGAIN:
            pass
        return False

    def retried(self, work: Callable[["Tx"], Result]) -> Result:
        """Runs `work` in a transaction of its own, again when another one was in its way."""
        for attempt in range(1, ATTEMPTS + 1):
            try:
                with self.transaction() as tx:
                    return work(tx)
            except (*TRY_AGAIN, *OUTDATED) as error:
                if not isinstance(error, TRY_AGAIN) and not self._is_outdated(tx):
                    raise
                if attempt == ATTEMPTS:
                    raise errors.Conflict(
                        "Somebody else keeps changing the same things at this moment. Try again."
                    ) from error
                # Not all at the same moment again; the longer, the more there are.
                time.sleep(random.uniform(0, 0.02 * attempt))
        raise AssertionError

    def _is_outdated(self, tx: "Tx") -> bool:
        """Whether somebody has changed the catalogue since this transaction asked for its version."""
        seen = tx.kept.get(VERSION)
        with self.transaction() as now:
            return seen is not None and seen < int(now.query("catalogue.version")[0]["version"])


@dataclass(slots=True)
class Tx:
    """One transaction. `now` is its time, the same for all that it writes; `kept`: what it need not ask
    again until it has waited for somebody."""

    connection: psycopg.Connection[DictRow]
    secret: Callable[[], str] = field(default=str, repr=False)
    kept: dict[str, int] = field(default_factory=dict, repr=False)
    _now: datetime | None = field(default=None, repr=False)

    @property
    def now(self) -> datetime:
        if self._now is None:
            self._now = self.value("SELECT now()")
        return self._now

    def tell(self, now: datetime) -> None:
        """The time, by a statement that was sent anyway."""
        self._now = now

    def run(self, statement: Statement, params: Params = None) -> int:
        """Executes; gives the number of rows touched."""
        return self.connection.execute(statement, params).rowcount

    def rows(self, statement: Statement, params: Params = None) -> list[DictRow]:
        return self.connection.execute(statement, params).fetchall()

    def row(self, statement: Statement, params: Params = None) -> DictRow | None:
        return self.connection.execute(statement, params).fetchone()

    def value(self, statement: Statement, params: Params = None) -> Any:
        """The first column of the first row, or None."""
        row = self.row(statement, params)
        return next(iter(row.values())) if row else None

    def query(self, name: str, params: Params = None) -> list[DictRow]:
        """The rows of a named query: "people.by_email" stands in people.sql."""
        return self.rows(queries.get(*name.split(".")), params)

    def call(self, name: str, params: Params = None) -> int:
        """Runs a named query for what it does; gives the number of rows touched."""
        return self.run(queries.get(*name.split(".")), params)


def _configure(connection: psycopg.Connection[Any]) -> None:
    """A dict travels as jsonb, and what comes back is read by msgspec, in a third of the time."""
    connection.adapters.register_dumper(dict, JsonbDumper)
    set_json_loads(msgspec.json.decode, connection)


def _why(error: Exception, disk: Path | None) -> str:
    """A server without room for its log goes down until there is some, and then only the disk tells why."""
    if isinstance(error, psycopg.errors.DiskFull) or (disk and shutil.disk_usage(disk).free < LEAST_ROOM):
        return "The disk of the database is full. Make room; nothing was lost, and what was stopped can go on."
    return "The database does not answer just now. Kartotek tries again by itself; if it lasts, run `kartotek doctor`."
