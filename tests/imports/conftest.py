"""A database for tests of whole imports, which commit: it is emptied of records before each of them."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from kartotek.domain import Database
from kartotek.settings import Settings
from tests.helpers import databases, labelling, pictures
from tests.imports import worlds


@pytest.fixture(scope="session")
def harbour_kept(server: str, template: str) -> Iterator[Database]:
    with databases.created(server, template) as address:
        database = Database(address, size=8).open()
        worlds.set_up(database)
        yield database
        database.close()


@pytest.fixture
def harbour(harbour_kept: Database) -> Database:
    """Without records; contacts have the unique property `member`, companies `vat`; two people are called Bo Berg."""
    pictures.emptied(harbour_kept)
    return harbour_kept


@pytest.fixture
def labelled(harbour: Database) -> Iterator[Database]:
    """With labels of its own (labelling.set_up)."""
    labelling.set_up(harbour)
    yield harbour
    labelling.take_down(harbour)


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return Settings.from_environment({"KARTOTEK_HOME": str(tmp_path_factory.mktemp("home"))})


@pytest.fixture
def in_batches_of(home: Settings) -> Any:
    return lambda size: replace(home, import_batch=size)
