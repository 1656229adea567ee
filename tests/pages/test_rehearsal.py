"""Step five of the wizard: what the import would do, row by row, and what it then does with what has changed since."""

import re

import pytest

from kartotek.domain import catalogue, imports, records, rehearsals
from kartotek.imports import run
from kartotek.model.imports import State
from kartotek.model.people import Rights
from tests.helpers.colleagues import as_now, with_rights
from tests.helpers.visitor import text_of
from tests.helpers.wizard import draft_of, go_on

LEADS = b"""Email;First name;City
ada@nordlys.example;Ada;Ribe
viggo@x.example;Viggo;Ribe
nowhere;Bo;Ribe
"""


@pytest.fixture
def rehearsed(ida, looked_at, own_database, settings):
    """The address of a draft that was rehearsed."""
    path = draft_of(ida, LEADS)
    looked_at(path)
    go_on(ida, path)
    answer = ida.post(f"{path}/details", form=f"{path}/details", name="Fair", consent="1", rehearse="1")
    assert answer.headers["location"] == f"{path}/rehearsal"
    return path


@pytest.fixture
def done(rehearsed, own_database, settings):
    run.rehearse_draft(own_database, settings, number(rehearsed))
    return rehearsed


def number(path):
    return int(path.rpartition("/")[2])


def start(ida, path):
    return ida.post(f"{path}/rehearsal/import", form=f"{path}/rehearsal")


def job_of(database, crew, path):
    with database.transaction() as tx:
        return imports.get(tx, crew.ida, number(path))


def test_until_a_worker_has_rehearsed_the_page_says_how_far_it_is(ida, rehearsed):
    page = text_of(ida.get(f"{rehearsed}/rehearsal"))

    assert "Rehearsing Fair" in page and "the rehearsal begins by itself" in page


def test_every_row_is_shown_with_what_becomes_of_it(ida, done):
    page = text_of(ida.get(f"{done}/rehearsal"))

    assert "All 3 rows were taken through the import as it will be done. Nothing has been written." in page
    assert "Created 1" in page and "Updated 1" in page and "Failed 1" in page
    assert "found by Email Updated City Odense → Ribe" in page or "found by Email Updated City Ribe" in page
    assert "“nowhere” is not an email address." in page
    assert "Import 2 rows" in page


def test_rows_are_narrowed_at_an_address(ida, done):
    failed = text_of(ida.get(f"{done}/rehearsal?outcome=failed"))
    by_name = text_of(ida.get(f"{done}/rehearsal?q=viggo"))
    by_property = text_of(ida.get(f"{done}/rehearsal?property=firstname&outcome=created"))
    nothing = text_of(ida.get(f"{done}/rehearsal?q=nobody"))

    assert "1–1 of 1" in failed and "nowhere" in failed and "viggo@x.example" not in failed
    assert "1–1 of 1" in by_name and "viggo@x.example" in by_name
    assert "1–1 of 1" in by_property and "viggo@x.example" in by_property
    assert "No row of the rehearsal is like that." in nothing


def test_what_records_say_that_one_may_not_see_is_not_told(rehearsed, own_database, settings, crew):
    rights = Rights({"*": "own"}, {"*": "own"}, {"*": "own"}, imports=True)
    with own_database.transaction() as tx:
        records.update(tx, crew.ida, crew.ada.object_type, crew.ada.id, {"city": "Skagen"})
        sol = as_now(tx, with_rights(tx, crew.ida, "Sol", rights))
    run.rehearse_draft(own_database, settings, number(rehearsed))

    def told(actor):
        with own_database.transaction() as tx:
            found = rehearsals.on_lines(tx, actor, settings.files_url, number(rehearsed), crew.ada.object_type, [2])
        return [(change.property, change.old) for change in found[2].changes]

    assert ("city", "Skagen") in told(crew.ida)
    assert ("city", None) in told(sol)


def test_what_was_rehearsed_is_imported_and_what_has_changed_since_is_held(ida, done, own_database, settings, crew):
    with own_database.transaction() as tx:
        contacts = catalogue.load(tx).object_type("contacts")
        records.update(tx, crew.ida, contacts, crew.ada.id, {"city": "Vejle"})

    start(ida, done)
    run.work(own_database, settings, number(done))
    summary, held = text_of(ida.get(done)), text_of(ida.get(f"{done}/held"))
    problems = text_of(ida.get(f"{done}/problems?type=CHANGED_SINCE_REHEARSAL"))

    assert "1 row was held" in summary and "Held 1" in summary
    assert re.search(r"2 Ada \w+ City (Odense|–) Ribe Vejle", held)
    assert "it is “Vejle” now" in problems
    assert "What was rehearsed" in text_of(ida.get(f"{done}/rehearsal"))


def test_a_held_row_that_would_become_something_else_says_of_whom_and_what_was_foreseen(
    ida, done, own_database, settings, crew
):
    with own_database.transaction() as tx:
        contacts = catalogue.load(tx).object_type("contacts")
        records.create(tx, crew.ida, contacts, {"email": "viggo@x.example"})

    start(ida, done)
    run.work(own_database, settings, number(done))

    held = text_of(ida.get(f"{done}/held"))
    assert re.search(r"viggo@x\.example Created This would not become|Viggo Created This would not become", held), held


def test_held_rows_are_rehearsed_again_and_imported(ida, done, own_database, settings, crew):
    with own_database.transaction() as tx:
        contacts = catalogue.load(tx).object_type("contacts")
        records.update(tx, crew.ida, contacts, crew.ada.id, {"city": "Vejle"})
    start(ida, done)
    run.work(own_database, settings, number(done))

    again = ida.post(f"{done}/held", form=f"{done}/held").headers["location"].removesuffix("/rehearsal")
    run.rehearse_draft(own_database, settings, number(again))
    page = text_of(ida.get(f"{again}/rehearsal"))
    start(ida, again)
    run.work(own_database, settings, number(again))

    assert "City Vejle → Ribe" in page and "Import 1 row" in page
    with own_database.transaction() as tx:
        assert records.get(tx, crew.ida, contacts, crew.ada.id).values["city"] == "Ribe"
    assert job_of(own_database, crew, again).state is State.DONE


def test_after_a_change_of_the_details_it_is_rehearsed_again_first(ida, done, looked_at):
    ida.post(f"{done}/details", form=f"{done}/details", name="Other", consent="1", back="1")
    looked_at(done)

    page = ida.get(f"{done}/rehearsal")

    assert "Rehearse again to see what the import would do now." in text_of(page)
    assert "Import 2 rows" not in text_of(page)


def test_without_a_rehearsal_the_import_starts_from_the_details(ida, looked_at, own_database, crew):
    path = draft_of(ida, LEADS)
    looked_at(path)
    go_on(ida, path)

    ida.post(f"{path}/details", form=f"{path}/details", name="Fair", consent="1", start="1")

    assert job_of(own_database, crew, path).state is State.STARTED
    assert ida.get(f"{path}/rehearsal").headers["location"] == path


def test_what_cannot_be_imported_is_not_rehearsed_either(ida, looked_at):
    path = draft_of(ida, LEADS)
    looked_at(path)
    go_on(ida, path)

    refused = ida.post(f"{path}/details", form=f"{path}/details", name="Fair", rehearse="1")

    assert refused.status_code == 400 and "expect to hear from you" in text_of(refused)


def test_an_import_of_held_rows_has_no_columns_to_choose(ida, done, own_database, settings, crew):
    with own_database.transaction() as tx:
        contacts = catalogue.load(tx).object_type("contacts")
        records.update(tx, crew.ida, contacts, crew.ada.id, {"city": "Vejle"})
    start(ida, done)
    run.work(own_database, settings, number(done))

    again = ida.post(f"{done}/held", form=f"{done}/held").headers["location"].removesuffix("/rehearsal")

    assert ida.get(again).headers["location"] == f"{again}/rehearsal"
    assert ida.get(f"{again}/mapping").status_code == 409
