"""The pages, asked as a browser asks: the whole program with a real database behind it.

The tests in browser/ need Chromium. Without one they stay out, and the last line says how to get it; where
KARTOTEK_TEST_BROWSER is "required" they fail instead.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from litestar import Litestar
from litestar.testing import TestClient

from kartotek import app
from kartotek.domain import Database
from kartotek.imports import run
from kartotek.settings import Settings
from tests import cast
from tests.helpers.importing import Ended, ended
from tests.helpers.visitor import Visitor

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
REQUIRED = os.environ.get("KARTOTEK_TEST_BROWSER") == "required"


def pytest_ignore_collect(collection_path: Path) -> bool | None:
    return True if collection_path.name == "browser" and not CHROMIUM and not REQUIRED else None


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if not CHROMIUM:
        terminalreporter.write_line("The browser tests did not run. To get a browser: apt-get install chromium")


@pytest.fixture
def program(settings: Settings, own_database: Database) -> Iterator[TestClient[Litestar]]:
    with TestClient(app.create(settings, own_database), raise_server_exceptions=False) as client:
        client.follow_redirects = False
        yield client


@pytest.fixture
def crew(own_database: Database) -> cast.Cast:
    """The cast, for good: pages see only what is committed."""
    with own_database.transaction() as tx:
        return cast.gather(tx)


@pytest.fixture
def stranger(program: TestClient[Litestar]) -> Visitor:
    return Visitor(program)


@pytest.fixture
def ida(program: TestClient[Litestar], crew: cast.Cast) -> Visitor:
    visitor = Visitor(program)
    visitor.sign_in("ida@kartotek.example", cast.PASSWORD)
    return visitor


@pytest.fixture
def looked_at(settings: Settings, own_database: Database) -> Callable[[str], None]:
    """Lets a worker look at the file of the draft at this address, to the end."""
    return lambda path: run.survey(own_database, settings, int(path.rpartition("/")[2]))


@pytest.fixture
def started(ida: Visitor, own_database: Database, settings: Settings) -> Any:
    """Imports a draft to its end."""

    def go(path: str) -> Ended:
        number = int(path.rpartition("/")[2])
        run.survey(own_database, settings, number)
        ida.post(f"{path}/details", form=f"{path}/details", name="All", consent="1", start="1")
        run.work(own_database, settings, number)
        return ended(own_database, number)

    go.database = own_database
    return go
