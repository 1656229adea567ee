"""The imports page: what was imported, by whom, and what came of it; narrowed by its address."""

import pytest

from kartotek.domain import imports, people
from kartotek.imports.table import Choices
from kartotek.model.people import Rights
from tests import cast
from tests.helpers import importing
from tests.helpers.colleagues import PASSWORD, with_rights
from tests.helpers.visitor import Visitor, text_of
from tests.helpers.wizard import upload

GOOD = "Email\nastrid@x.example\nellen@x.example\n"
BAD = "Email\nviggo at home\n"


@pytest.fixture
def history(own_database, settings, crew):
    """Ida's fair in contacts, with an error; Per's firms, without; one that waits."""
    with own_database.transaction() as tx:
        link = people.invite(tx, crew.ida, "per@kartotek.example", "admin")
        per = people.claim(
            tx, link, email="per@kartotek.example", first_name="Per", last_name="Krog", password=cast.PASSWORD
        )
    rows = GOOD + "viggo at home\n"
    importing.import_file(own_database, settings, rows, "contacts", actor=crew.ida, name="fair.csv")
    firms = "Company name\nFjordvind\n"
    importing.import_file(own_database, settings, firms, "companies", actor=people.actor_of(per), name="firms_2026.csv")
    importing.put_in_line(
        own_database, settings, GOOD, Choices(("contacts",), name="Spring"), actor=crew.ida, name="d.csv"
    )
    return per


def test_the_history_says_what_came_of_each_import(ida, history):
    page = text_of(ida.get("/imports"))

    assert "Start an import" in page
    assert "fair.csv Done Contacts 2" in page
    assert "3 Ida Lund" in page
    assert "Spring Waiting d.csv" in page
    assert "1–3 of 3" in page


def test_drafts_are_a_click_away_also_before_the_first_import(ida):
    upload(ida, GOOD.encode())

    page = ida.get("/imports")

    assert "One draft" in text_of(page) and 'href="/imports?state=DRAFT"' in page.text
    assert "1–1 of 1" in text_of(ida.get("/imports?state=DRAFT"))


@pytest.mark.parametrize(
    ("address", "found"),
    [
        ("?state=DONE", {"fair.csv", "firms_2026.csv"}),
        ("?state=STARTED", {"Spring"}),
        ("?object=companies", {"firms_2026.csv"}),
        ("?q=SPRI", {"Spring"}),
        ("?q=d.csv", {"Spring"}),
        ("?q=firms_", {"firms_2026.csv"}),
        ("?q=%25", set()),
        ("?q=%00", {"fair.csv", "firms_2026.csv", "Spring"}),
        ("?state=DONE&object=contacts&q=fair", {"fair.csv"}),
        ("?state=NONSENSE&person=abc&page=-3", {"fair.csv", "firms_2026.csv", "Spring"}),
    ],
)
def test_the_history_is_narrowed_by_its_address(ida, history, address, found):
    page = ida.get(f"/imports{address}")

    assert page.status_code == 200
    assert {name for name in ("fair.csv", "firms_2026.csv", "Spring") if f'title="{name}">' in page.text} == found


def test_the_history_of_one_person_is_theirs(ida, history):
    page = text_of(ida.get(f"/imports?person={history.id}")).split("Actions")[1]

    assert "firms_2026.csv" in page and "fair.csv" not in page


def test_a_file_is_named_where_the_import_is_called_otherwise(ida, history):
    page = ida.get("/imports").text

    assert [page.count(f">{name}</span>") for name in ("fair.csv", "firms_2026.csv", "d.csv", "Spring")] == [1, 1, 1, 1]


def test_what_nothing_fits_leads_back_to_all(ida, history):
    assert "No import is like that. All imports" in text_of(ida.get("/imports?q=nowhere"))


def test_only_an_import_with_errors_offers_them(ida, history):
    page = ida.get("/imports").text

    assert "/imports/1/failed-rows.csv" in page and "/imports/1/problems" in page
    assert "/imports/2/failed-rows.csv" not in page
    assert "/imports/2/file" in page and "/companies?import=2" in page


def test_a_draft_is_found_when_it_is_asked_for(ida, own_database, crew, history):
    with own_database.transaction() as tx:
        imports.draft(tx, crew.ida, imports.get(tx, crew.ida, 1).files, "Half done")

    assert "Half done" not in ida.get("/imports").text
    assert "Half done" in ida.get("/imports?state=DRAFT").text


def test_a_long_history_comes_in_pages(ida, own_database, settings, crew):
    first = importing.import_file(own_database, settings, BAD, "contacts", actor=crew.ida)
    with own_database.transaction() as tx:
        tx.run(
            "INSERT INTO kartotek.imports (name, files, state) SELECT 'Copy ' || n, i.files, 'DONE' "
            "FROM kartotek.imports AS i, generate_series(1, 60) AS n WHERE i.id = %s",
            [first.id],
        )

    one, two = text_of(ida.get("/imports")), text_of(ida.get("/imports?page=2"))

    assert "1–50 of 61" in one and "51–61 of 61" in two
    assert "Copy 11 " in one and "Copy 10 " not in one and "Copy 10 " in two


def test_the_ring_leads_nobody_to_an_import_that_they_may_not_look_at(ida, program, own_database, history, crew):
    with own_database.transaction() as tx:
        sol = with_rights(tx, crew.ida, "Sol", Rights({"*": "own"}, {"*": "own"}, imports=True))
    hers = ida.get("/contacts").text
    program.cookies.clear()
    visitor = Visitor(program)
    visitor.sign_in(sol.email, PASSWORD)

    his = visitor.get("/contacts").text

    assert ('id="ring"' in hers, 'id="ring"' in his) == (True, False)


def test_the_history_shows_nobody_an_import_that_they_may_not_look_at(own_database, settings, history, crew):
    contacts_only = {"*": "none", "contacts": "all"}
    with own_database.transaction() as tx:
        mona = people.actor_of(with_rights(tx, crew.ida, "Mona", Rights(contacts_only, contacts_only, imports=True)))
    importing.import_file(own_database, settings, GOOD, "contacts", actor=mona, name="mona.csv")

    with own_database.transaction() as tx:
        shown, count = imports.history(tx, mona)

    assert [one.name for one in shown] == ["mona.csv", "Spring", "fair.csv"]
    assert count == 3
