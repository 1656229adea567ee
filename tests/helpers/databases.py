"""Databases of one's own on the tests' server, gone afterwards."""

import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import psycopg
from psycopg.conninfo import make_conninfo
from psycopg.errors import ObjectInUse

from kartotek.domain import Database
from tests.helpers.statements import made

_ATTEMPTS = 6  # each waits five seconds for whoever is still there


@contextmanager
def created(server: str, template: str) -> Iterator[str]:
    """The address of a new database."""
    name = f"test_{uuid.uuid4().hex[:12]}"
    create(server, name, template)
    yield make_conninfo(server, dbname=name)
    _drop(server, name)


def create(server: str, name: str, template: str) -> None:
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(made(f"CREATE DATABASE {name} TEMPLATE {template}"))


def wait_until_somebody_waits(database: Database, count: int = 1) -> None:
    """So many of them, for what somebody else has locked."""
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        with database.transaction() as tx:
            if tx.value(waiting) >= count:
                return
        time.sleep(0.02)
    raise AssertionError("nobody waits")


def _drop(server: str, name: str) -> None:
    """Ends our own sessions first: FORCE is refused while the server's own vacuum, which is not ours, is at work."""
    with psycopg.connect(server, autocommit=True) as connection:
        for _ in range(_ATTEMPTS):
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s AND usename = current_user",
                [name],
            )
            with suppress(ObjectInUse):
                connection.execute(made(f"DROP DATABASE {name}"))
                return
    raise AssertionError(f"Somebody is still using {name}.")
