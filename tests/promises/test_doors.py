"""Nobody gets in without signing in, and nothing is changed without the token of a form: walked over every route."""

import re
from collections.abc import Iterator

import pytest
from litestar import Litestar
from litestar.routes import HTTPRoute
from litestar.testing import TestClient

from kartotek import app
from kartotek.domain import Database
from kartotek.settings import Settings
from tests import cast

OPEN = {"/sign-in", "/welcome/{secret:str}", "/health", "/static/{file_path:path}"}


@pytest.fixture
def program(settings: Settings, own_database: Database) -> Iterator[TestClient[Litestar]]:
    with own_database.transaction() as tx:
        cast.gather(tx)
    with TestClient(app.create(settings, own_database), raise_server_exceptions=False) as client:
        client.follow_redirects = False
        yield client


def addresses(client: TestClient[Litestar], number: str = "1") -> Iterator[tuple[str, str, str]]:
    """Every method of every route, with an address that its pattern fits."""
    for route in client.app.routes:
        assert isinstance(route, HTTPRoute)
        filled = re.sub(r"\{\w+:int\}", number, re.sub(r"\{objects:str\}", "contacts", route.path))
        for method in sorted(route.methods - {"OPTIONS", "HEAD"}):
            yield method, route.path, re.sub(r"\{\w+:\w+\}", "companies", filled)


def test_no_page_is_shown_to_a_stranger(program):
    answers = {
        (method, pattern): program.request(method, path)
        for method, pattern, path in addresses(program)
        if pattern not in OPEN
    }

    assert len(answers) > 30
    assert {
        key for key, got in answers.items() if got.status_code != 303 or "/sign-in" not in got.headers["location"]
    } == set()


def test_nothing_changes_without_the_token_of_a_form(program):
    entered = sign_in(program)
    changing = [(method, path) for method, _, path in addresses(program) if method != "GET"]

    answers = {(method, path): program.request(method, path, data={"csrf": "guessed"}) for method, path in changing}

    assert entered.status_code == 303
    assert {key: got.status_code for key, got in answers.items()} == dict.fromkeys(changing, 403)


def test_every_answer_says_what_a_browser_may_do_with_it(program):
    answers = [program.request(method, path) for method, _, path in addresses(program)]

    assert all("'unsafe" not in got.headers["content-security-policy"] for got in answers)
    assert all(got.headers["x-content-type-options"] == "nosniff" for got in answers)


def test_a_number_beyond_all_numbers_leads_nowhere(program):
    entered = sign_in(program)
    token = re.search(r'name="csrf" value="([^"]+)"', program.get("/contacts").text)[1]
    numbered = [one for one in addresses(program, "9" * 25) if ":int}" in one[1]]

    answers = {
        (method, pattern): program.request(method, path, headers={"x-csrf-token": token})
        for method, pattern, path in numbered
    }

    assert entered.status_code == 303 and len(answers) > 50
    assert {key: got.status_code for key, got in answers.items()} == dict.fromkeys(answers, 404)


def sign_in(program):
    token = re.search(r'name="csrf" value="([^"]+)"', program.get("/sign-in").text)[1]
    return program.post("/sign-in", data={"csrf": token, "email": "ida@kartotek.example", "password": cast.PASSWORD})
