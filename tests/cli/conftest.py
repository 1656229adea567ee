"""The command line is tested from outside, as its own process, against a database of its own."""

import os
import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from kartotek.domain import Database

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def empty(database: Database) -> Iterator[str]:
    """The address of a database that nobody has used yet."""
    name = f"cli_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(database.conninfo, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")  # type: ignore[arg-type]
        yield make_conninfo(database.conninfo, dbname=name)
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")  # type: ignore[arg-type]


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
