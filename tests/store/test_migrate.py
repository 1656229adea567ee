"""Migrations: all of them, in order, once, whoever starts at the same time."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from kartotek.domain import Database
from kartotek.store import migrate
from tests.helpers import databases


@pytest.fixture
def empty(server):
    with databases.created(server, "template0") as address:
        database = Database(address).open()
        yield database
        database.close()


def up(database):
    with database.transaction() as tx:
        return migrate.migrate(tx)


def test_an_empty_database_gets_all_migrations_in_order_and_a_second_time_none(empty):
    everything = [file.stem for file in migrate.files()]

    assert up(empty) == everything
    assert up(empty) == []


def test_several_processes_may_start_at_the_same_time(empty):
    with ThreadPoolExecutor(4) as together:
        done = list(together.map(lambda _: up(empty), range(4)))

    assert sorted(len(names) for names in done) == [0, 0, 0, len(migrate.files())]
