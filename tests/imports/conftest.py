"""A database for tests of whole imports, which commit: it is emptied of records before each of them."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from kartotek.domain import Database
from kartotek.settings import Settings
from tests.helpers import pictures
from tests.imports import worlds


@pytest.fixture(scope="session")
def harbour_kept(server: str, template: str) -> Iterator[Database]:
    name = "test_harbour"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}")  # type: ignore[arg-type]
    database = Database(make_conninfo(server, dbname=name), size=8).open()
    worlds.set_up(database)
    yield database
    database.close()
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")  # type: ignore[arg-type]


@pytest.fixture
def harbour(harbour_kept: Database) -> Database:
    """Without records; contacts have the unique property `member`, companies `vat`; two people are called Bo Berg."""
    pictures.emptied(harbour_kept)
    return harbour_kept


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return Settings.from_environment({"KARTOTEK_HOME": str(tmp_path_factory.mktemp("home"))})


@pytest.fixture
def in_batches_of(home: Settings) -> Any:
    return lambda size: replace(home, import_batch=size)
