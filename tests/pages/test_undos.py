"""An import is taken back from its page: what that would do first, then how far it is, then what stays."""

import pytest

from kartotek.domain import catalogue, records
from kartotek.imports import run
from kartotek.pages import undos
from tests.helpers import importing
from tests.helpers.visitor import text_of

PEOPLE = "First name,Email,Job Title\n" + "".join(f"Fay {i},fay{i}@harbour.example,Captain\n" for i in range(4))


@pytest.fixture
def imported(own_database, settings, crew):
    """The address of an import that created four contacts, of which one has been changed by hand."""
    done = importing.import_file(own_database, settings, PEOPLE, "contacts", actor=crew.ida, name="fair.csv")
    with own_database.transaction() as tx:
        contacts = catalogue.load(tx).object_type("contacts")
        id = tx.value("SELECT _id FROM crm.contacts WHERE firstname = 'Fay 2'")
        records.update(tx, crew.ida, contacts, id, {"jobtitle": "Admiral"})
    return f"/imports/{done.id}"


def test_before_anything_is_undone_the_page_says_what_that_does(ida, imported):
    summary = ida.get(imported)
    page = text_of(ida.get(f"{imported}/undo/new"))

    assert f"{imported}/undo/new" in summary.text
    assert "Contacts created 3 1" in page
    assert "Undo the import, archive 3 records" in page
    assert "Fay 2" in page and "created this record, and somebody has changed it since" in page
    assert "4" in text_of(ida.get("/contacts?import=" + imported.rpartition("/")[2]))


def test_what_is_undone_is_called_so_and_offers_nothing_that_is_gone(ida, own_database, settings, crew):
    done = importing.import_file(own_database, settings, PEOPLE, "contacts", actor=crew.ida, name="fair.csv")
    before = [text_of(ida.get(path)) for path in (f"/imports/{done.id}", "/imports")]
    ida.post(f"/imports/{done.id}/undo", form=f"/imports/{done.id}/undo/new")
    run.undo(own_database, done.id)

    after = [text_of(ida.get(path)) for path in (f"/imports/{done.id}", "/imports")]

    assert "fair.csv Done" in before[0] and all("Delete its records" in page for page in before)
    assert "fair.csv Undone" in after[0] and not any("Delete its records" in page for page in after)


def test_an_import_is_undone_and_what_stays_is_listed(ida, imported, own_database):
    started = ida.post(f"{imported}/undo", form=f"{imported}/undo/new")
    running = text_of(ida.get(f"{imported}/undo"))
    run.undo(own_database, int(imported.rpartition("/")[2]))
    page = text_of(ida.get(f"{imported}/undo"))

    assert started.headers["location"] == f"{imported}/undo"
    assert "In line" in running and "You can leave this page" in running
    assert "fair.csv, undone" in page and "Contacts created 3 1" in page
    assert "Job Title" in page and "Fay 2" in page
    assert "Undone" in text_of(ida.get("/imports")) and "Undone" in text_of(ida.get(imported))
    assert ida.get(f"{imported}/undo/new").headers["location"] == f"{imported}/undo"


def test_undone_twice_is_refused_in_a_sentence(ida, imported):
    for _ in "12":
        answer = ida.post(f"{imported}/undo", form=imported)

    assert answer.status_code == 409
    assert "undone already, or is being undone" in text_of(answer)


def test_the_counts_of_a_large_import_come_after_the_page(ida, own_database, settings, crew):
    rows = "Email\n" + "".join(f"many{i}@harbour.example\n" for i in range(undos.AT_ONCE + 1))
    done = importing.import_file(own_database, settings, rows, "contacts", actor=crew.ida)

    first, counted = (text_of(ida.get(f"/imports/{done.id}/undo/new{query}")) for query in ("", "?counted=1"))

    assert "Looking at all 20,001 rows" in first and "Contacts created" not in first
    assert "Contacts created 20,001 0" in counted


def test_what_was_never_started_or_undone_leads_back_to_where_it_stands(ida, imported):
    assert ida.get(f"{imported}/undo").headers["location"] == f"{imported}/undo/new"
    assert ida.get("/imports/4711/undo/new").status_code == 404
