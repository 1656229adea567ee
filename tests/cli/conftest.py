"""The command line is tested from outside, as its own process, against a database of its own."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.helpers import databases
from tests.helpers.statements import made

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def empty(server: str, template: str) -> Iterator[str]:
    """The address of a database in which nobody has done anything yet."""
    with databases.created(server, template) as address:
        yield address


@pytest.fixture
def bare(server: str) -> Iterator[str]:
    """The address of a database without any table."""
    with databases.created(server, "template0") as address:
        yield address


@pytest.fixture(scope="module")
def environment(empty: str, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    ours = {"KARTOTEK_HOME": str(tmp_path_factory.mktemp("home", numbered=True)), "KARTOTEK_DATABASE_URL": empty}
    return {name: value for name, value in os.environ.items() if not name.startswith("KARTOTEK_")} | ours


@pytest.fixture(scope="module")
def kartotek(environment: dict[str, str]) -> Run:
    def run(*arguments: str | Path, **more: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "kartotek", *map(str, arguments)]
        return subprocess.run(command, env=environment | more, capture_output=True, text=True, timeout=60)

    return run


@pytest.fixture(scope="module")
def look(empty: str) -> Iterator[Callable[[str], Any]]:
    """One value from the database that the commands work on; None while there is no such table."""
    with psycopg.connect(empty, autocommit=True) as connection:

        def value(query: str) -> Any:
            try:
                row = connection.execute(made(query)).fetchone()
            except psycopg.errors.UndefinedTable:
                return None
            return row[0] if row else None

        yield value
