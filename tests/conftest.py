"""One real PostgreSQL for the whole run; a test gets a transaction that is rolled back, or a database of its own."""

import os
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import settings as hypothesis_settings
from psycopg.conninfo import make_conninfo

from kartotek.domain import Database, Tx, catalogue
from kartotek.settings import Settings
from kartotek.store import embedded, jobs, migrate
from tests.cast import Cast, gather
from tests.helpers import databases

TEMPLATE = "kartotek_template"

# Here every run looks for new examples; a merge is judged by the same ones each time. How long one takes is the
# machine's affair: a test that is timed fails where others work beside it.
hypothesis_settings.register_profile("new", deadline=None)
hypothesis_settings.register_profile("same", derandomize=True, database=None, deadline=None)
hypothesis_settings.load_profile(os.environ.get("KARTOTEK_TEST_EXAMPLES", "new"))


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """The address of a server; its databases are dropped with it."""
    # Not in pytest's own folder: another run that begins in the meantime closes that to the database's user.
    with tempfile.TemporaryDirectory(prefix="kartotek-test-") as folder:
        Path(folder).chmod(0o711)
        with embedded.running(Settings.from_environment({"KARTOTEK_HOME": f"{folder}/home"})) as running:
            yield running.conninfo


@pytest.fixture(scope="session")
def template(server: str) -> str:
    """A database as it is when nobody has used it yet, to be cloned."""
    databases.create(server, TEMPLATE, "template0")
    database = Database(make_conninfo(server, dbname=TEMPLATE)).open()
    with database.transaction() as tx:
        migrate.migrate(tx)
        catalogue.set_up(tx)
        jobs.install(tx)
    database.close()
    return TEMPLATE


@pytest.fixture(scope="session")
def database(server: str, template: str) -> Iterator[Database]:
    """Shared by all tests: what they write here they roll back."""
    yield from _clone(server, template)


@pytest.fixture
def own_database(server: str, template: str) -> Iterator[Database]:
    """For a test that commits: nobody else's, gone afterwards."""
    yield from _clone(server, template)


@pytest.fixture
def tx(database: Database) -> Iterator[Tx]:
    with database.transaction() as transaction:
        yield transaction
        transaction.connection.rollback()


@pytest.fixture
def cast(tx: Tx) -> Cast:
    return gather(tx)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    made = Settings.from_environment({"KARTOTEK_HOME": str(tmp_path / "home")})
    return replace(made, import_batch=50_000)


def _clone(server: str, template: str) -> Iterator[Database]:
    with databases.created(server, template) as address:
        database = Database(address, size=8).open()
        yield database
        database.close()
