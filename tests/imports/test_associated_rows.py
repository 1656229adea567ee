"""Rows that name records of other rows, later ones and in circles: associated once all records are in (D4)."""

from dataclasses import replace

import pytest

from kartotek.domain import Database, doctor
from kartotek.imports import run
from kartotek.imports.table import Choices
from kartotek.settings import Settings
from tests.helpers.importing import ended, import_file, put_in_line, rehearse_file, sheet_of

STAFF = [
    ["Email", "First Name", "Boss"],
    ["ada@x.example", "Ada", "cy@x.example"],
    ["bo@x.example", "Bo", "ada@x.example"],
    ["cy@x.example", "Cy", "bo@x.example"],
    ["di@x.example", "Di", "who@x.example"],
    ["ed@x.example", "Ed", "no address"],
    ["flo@x.example", "Flo", "flo@x.example"],
]
BY_EMAIL = "Boss=association:contacts.email"


def pairs(database: Database) -> set[frozenset[str]]:
    with database.transaction() as tx:
        rows = tx.rows(
            "SELECT a.email AS one, b.email AS other FROM kartotek.associations AS l "
            "  JOIN crm.contacts AS a ON a._id = l.first JOIN crm.contacts AS b ON b._id = l.second"
        )
    return {frozenset((row["one"][:2], row["other"][:2])) for row in rows}


CIRCLE = {frozenset(("ad", "cy")), frozenset(("bo", "ad")), frozenset(("cy", "bo"))}


@pytest.mark.parametrize("size", [1, 2, 50_000])
def test_rows_name_records_of_later_rows_and_in_circles(harbour: Database, home: Settings, size: int) -> None:
    done = import_file(harbour, home, sheet_of(*STAFF), "contacts", batch=size, maps=(BY_EMAIL,))

    assert done.rows("contacts") == {"created": 6} and pairs(harbour) == CIRCLE
    assert done.books.associations["created"] == 3 and done.books.associations["failed"] == 3
    assert done.told() == [
        (5, "Boss", "ASSOCIATION_RECORD_NOT_FOUND", "who@x.example"),
        (6, "Boss", "INVALID_ASSOCIATION_KEY", "no address"),
        (7, "Boss", "FAILED_TO_CREATE_ASSOCIATION", "flo@x.example"),
    ]
    assert "“flo@x.example” is the contact of this row itself." in done.errors[-1]["message"]


def test_an_associated_record_is_known_by_another_column(harbour: Database, home: Settings) -> None:
    staff = sheet_of(
        ["First Name", "Job title", "Boss"], ["Ada", "CEO", ""], ["Bo", "CTO", "CEO"], ["Cy", "Dev", "CTO"]
    )

    import_file(harbour, home, staff, "contacts", maps=("Boss=association:contacts[Job title]",))

    with harbour.transaction() as tx:
        rows = tx.rows(
            "SELECT a.firstname AS one, b.firstname AS other FROM kartotek.associations AS l "
            "  JOIN crm.contacts AS a ON a._id = l.first JOIN crm.contacts AS b ON b._id = l.second"
        )
    assert {frozenset(row.values()) for row in rows} == {frozenset(("Ada", "Bo")), frozenset(("Bo", "Cy"))}


def test_an_associated_record_is_known_by_its_record_id(harbour: Database, home: Settings) -> None:
    import_file(harbour, home, sheet_of({"Email": "ada@x.example"}), "contacts")
    with harbour.transaction() as tx:
        ada = tx.value("SELECT _id FROM crm.contacts")
    staff = sheet_of(["Email", "Boss"], ["bo@x.example", str(ada)], ["cy@x.example", "999999999"])

    done = import_file(harbour, home, staff, "contacts", maps=("Boss=association:contacts.record_id",))

    assert pairs(harbour) == {frozenset(("bo", "ad"))}
    assert done.told() == [(3, "Boss", "UNKNOWN_ASSOCIATION_RECORD_ID", "999999999")]


def test_a_rehearsal_foresees_what_has_to_wait(harbour: Database, home: Settings) -> None:
    foreseen = rehearse_file(harbour, home, sheet_of(*STAFF), "contacts", batch=2, maps=(BY_EMAIL,))

    done = import_file(harbour, home, sheet_of(*STAFF), "contacts", maps=(BY_EMAIL,))

    assert (foreseen.books, foreseen.errors) == (done.books, done.errors)


class Stopped(Exception):
    pass


@pytest.mark.parametrize("stop", range(1, 13))
def test_an_import_goes_on_where_it_stopped_among_what_waits(harbour: Database, home: Settings, stop: int) -> None:
    id = put_in_line(harbour, home, sheet_of(*STAFF), Choices(objects=("contacts",), maps=(BY_EMAIL,)))
    calls = 0

    def look(step: run.Step) -> None:
        nonlocal calls
        calls += step.phase != "reading"
        if calls == stop:
            raise Stopped

    try:
        run.work(harbour, replace(home, import_batch=1), id, look)
    except Stopped:
        run.work(harbour, home, id)

    done = ended(harbour, id)
    assert pairs(harbour) == CIRCLE and done.books.associations["created"] == 3 and len(done.errors) == 3


def test_an_import_that_goes_on_beyond_its_rows_is_no_trouble_to_the_doctor(harbour: Database, home: Settings) -> None:
    import_file(harbour, home, sheet_of(*STAFF), "contacts", maps=(BY_EMAIL,))

    with harbour.transaction() as tx:
        assert [one.sentence for one in doctor.of_records(tx) if not one.well] == []
