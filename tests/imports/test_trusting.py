"""Keys that are not looked up any more, once a whole batch has led to nobody."""

from dataclasses import replace

import pytest

from kartotek.domain import catalogue, properties
from kartotek.imports import run
from kartotek.imports.table import Choices
from kartotek.model.people import SYSTEM
from tests.helpers.importing import ended, put_in_line, sheet_of
from tests.helpers.statements import listening

CONTACTS = Choices(objects=("contacts",))
DEALS = Choices(objects=("deals",))
STAGE = {"Pipeline": "Sales Pipeline", "Deal stage": "Closed won"}


def leads(numbers):
    return [{"Email": f"lead{n}@harbour.example", "First name": f"Lead {n}"} for n in numbers]


def imported(database, home, rows, choices, size=2):
    id = put_in_line(database, home, sheet_of(*rows), choices)
    run.work(database, replace(home, import_batch=size), id)
    return ended(database, id)


LOOK = ("FROM kartotek.identifiers WHERE property", "value = ANY(")


@pytest.fixture
def heard(harbour):
    with listening(harbour) as database:
        yield database


def test_behind_a_batch_of_new_people_nobody_is_looked_for(harbour, home, heard):
    imported(harbour, home, leads([0]), CONTACTS)

    done = imported(heard, home, leads(range(1, 9)), CONTACTS)

    assert (done.rows("contacts"), heard.count(*LOOK)) == ({"created": 8}, 1)


def test_somebody_who_is_known_behind_new_people_is_updated(harbour, home):
    imported(harbour, home, leads([5, 6]), CONTACTS)

    done = imported(harbour, home, [{**row, "Job title": "Pilot"} for row in leads(range(9))], CONTACTS)

    assert done.rows("contacts") == {"created": 7, "updated": 2}


def test_behind_somebody_who_was_known_all_are_looked_for(harbour, home, heard):
    imported(harbour, home, leads([3]), CONTACTS)

    imported(heard, home, leads(range(10)), CONTACTS)

    # At least the first batch, the one that met somebody, within its transaction, and each of the three behind it.
    assert heard.count(*LOOK) >= 5


def test_a_known_record_is_updated_by_a_row_that_could_not_have_created_it(harbour, home):
    with harbour.transaction() as tx:
        deals = catalogue.load(tx).object_type("deals")
        properties.define(tx, SYSTEM, deals, "deal_code", "Deal code", unique=True)
    named = [{"Deal code": f"D{n}", "Deal name": f"Deal {n}", "Amount": "1", **STAGE} for n in range(6)]
    imported(harbour, home, named[4:5], DEALS)
    nameless = [{**row, "Deal name": "", "Amount": "2"} if row["Deal code"] == "D4" else row for row in named]

    done = imported(harbour, home, nameless, DEALS)

    assert (done.rows("deals"), done.errors) == ({"created": 5, "updated": 1}, ())


@pytest.mark.parametrize("size", [1, 2, 50])
def test_an_address_of_a_record_that_is_known_by_another_key_is_no_clash(harbour, home, size):
    with harbour.transaction() as tx:
        contacts = catalogue.load(tx).object_type("contacts")
        properties.define(tx, SYSTEM, contacts, f"code_{size}", f"Code {size}", unique=True)
    some = leads(range(10 * size, 10 * size + 6))
    rows = [{f"Code {size}": f"C{n}", **row} for n, row in enumerate(some)]
    imported(harbour, home, rows[4:5], CONTACTS)

    done = imported(harbour, home, [{**row, "Job title": "Pilot"} for row in rows], CONTACTS, size)

    assert (done.rows("contacts"), done.errors) == ({"created": 5, "updated": 1}, ())
