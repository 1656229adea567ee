"""A real browser in front of `kartotek serve`, worker and all."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from kartotek.domain import Database
from tests import cast
from tests.helpers import databases
from tests.pages.conftest import CHROMIUM

ROOT = Path(__file__).parents[3]
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
PATIENCE = 15_000  # milliseconds: other groups of tests run beside these

expect.set_options(timeout=PATIENCE)


@dataclass(frozen=True)
class Site:
    address: str
    database: Database
    crew: cast.Cast


@pytest.fixture(scope="module")
def site(server: str, template: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with databases.created(server, template) as address:
        database = Database(address).open()
        with database.transaction() as tx:
            crew = cast.gather(tx)
        port = _free_port()
        process = _serve(address, tmp_path_factory.mktemp("home"), port)
        yield Site(f"http://127.0.0.1:{port}", database, crew)
        process.terminate()
        process.wait(30)
        database.close()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield chromium
        chromium.close()


# One page's fading into the next, when that is left before it has come: as a test that ends does.
OVERTAKEN = "Transition was skipped"


@pytest.fixture
def page(browser: Browser, site: Site) -> Iterator[Page]:
    """Signed in as Ida. Whatever the browser complains of fails the test: a blocked style, a script's error."""
    context = browser.new_context(
        viewport={"width": 1440, "height": 900}, base_url=site.address, locale="en-GB", timezone_id="UTC"
    )
    tab = context.new_page()
    tab.set_default_timeout(PATIENCE)
    complaints: list[str] = []
    tab.on("pageerror", lambda error: None if OVERTAKEN in str(error) else complaints.append(str(error)))
    tab.on("console", lambda said: complaints.append(said.text) if "Content Security Policy" in said.text else None)
    sign_in(tab)
    yield tab
    context.close()
    assert complaints == []


def sign_in(tab: Page) -> None:
    tab.goto("/sign-in")
    tab.get_by_label("Email").fill("ida@kartotek.example")
    tab.get_by_label("Password").fill(cast.PASSWORD)
    tab.get_by_role("button", name="Sign in").click()
    tab.wait_for_url("**/contacts")


def _serve(conninfo: str, home: Path, port: int) -> subprocess.Popen[bytes]:
    ours = {"KARTOTEK_HOME": str(home), "KARTOTEK_DATABASE_URL": conninfo, "KARTOTEK_PORT": str(port)}
    kept = {name: value for name, value in os.environ.items() if not name.startswith("KARTOTEK_")}
    process = subprocess.Popen([sys.executable, "-m", "kartotek", "serve"], cwd=ROOT, env=kept | ours)
    until = time.monotonic() + 60
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=2) as answer:
                if answer.status == 200:
                    return process
        except OSError:
            time.sleep(0.2)
    process.kill()
    raise AssertionError("the server did not come up")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
