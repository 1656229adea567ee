"""An undo takes back associations, their labels and primary marks; what somebody made of them since stays."""

import pytest

from kartotek.domain import Database, associations, catalogue, primaries, records, undoing
from kartotek.model.people import SYSTEM, Actor
from kartotek.model.records import Source
from kartotek.settings import Settings
from tests.helpers.importing import import_file, sheet_of
from tests.helpers.undoing import BEFORE, BOTH, BY_HAND, dump, id_of, link, make, remainders, told, undo


def test_a_primary_company_that_somebody_chose_since_stays(harbour: Database, home: Settings) -> None:
    ada = make(harbour, "contacts", firstname="Ada", email="ada@harbour.example")
    own, other = make(harbour, "companies", name="Own"), make(harbour, "companies", name="Pier", domain="pier.example")
    link(harbour, ("contacts", ada), ("companies", own))
    file = [{"Email": "ada@harbour.example", "Company Domain Name": "pier.example", "Company name": "Pier"}]
    done = import_file(harbour, home, sheet_of(*file), *BOTH)
    with harbour.transaction() as tx:
        contacts = catalogue.load(tx).object_type("contacts")
        primaries.choose(tx, BY_HAND, contacts, ada, other)

    books = undo(harbour, done.id)

    assert books.links == {"ended": 0, "kept": 1, "restored": 0, "gone": 0}
    assert [(one.record, one.why, one.other) for one in remainders(harbour, done.id)] == [(ada, "PRIMARY", other)]
    with harbour.transaction() as tx:
        assert records.get(tx, SYSTEM, catalogue.load(tx).object_type("contacts"), ada).primary == other


def test_nobody_is_left_with_companies_and_no_primary_one(harbour: Database, home: Settings) -> None:
    ada = make(harbour, "contacts", firstname="Ada", email="ada@harbour.example")
    own = make(harbour, "companies", name="Own")
    file = [{"Email": "ada@harbour.example", "Company Domain Name": "pier.example", "Company name": "Pier"}]
    done = import_file(harbour, home, sheet_of(*file), *BOTH)
    link(harbour, ("contacts", ada), ("companies", own))

    undo(harbour, done.id)

    with harbour.transaction() as tx:
        assert records.get(tx, SYSTEM, catalogue.load(tx).object_type("contacts"), ada).primary == own


def test_labels_and_associations_that_the_import_changed_are_as_before(harbour: Database, home: Settings) -> None:
    ada = make(harbour, "contacts", firstname="Ada", email="ada@harbour.example")
    own, pier = (make(harbour, "companies", name=n, domain=f"{n}.example") for n in ("own", "pier"))
    link(harbour, ("contacts", ada), ("companies", own))
    label(harbour, ada, own, 1, BY_HAND)
    before = dump(harbour)
    file = [{"Email": "ada@harbour.example", "Company Domain Name": "pier.example", "Company name": "pier"}]
    done = import_file(harbour, home, sheet_of(*file), *BOTH)
    importing = SYSTEM.acting_for(Source.IMPORT, done.id)
    label(harbour, ada, pier, 2, importing)
    with harbour.transaction() as tx:
        contacts, companies = (catalogue.load(tx).object_type(name) for name in BOTH)
        associations.unlink(tx, importing, contacts, ada, companies, own, new_primary=pier)
    changed = dump(harbour)

    books = undo(harbour, done.id)

    assert changed["labels"] == [(ada, pier, 2)] and changed["contacts"][0][1] == pier
    assert dump(harbour) == before
    assert (books.links["ended"], books.links["restored"]) == (1, 1)
    assert (books.labels, books.primaries) == ({"ended": 1, "restored": 1}, {"restored": 1})


def test_a_primary_mark_that_the_import_gave_to_a_deal_without_one_goes(harbour: Database, home: Settings) -> None:
    own = make(harbour, "companies", name="Own")
    deal = make(harbour, "deals", dealname="Fyr", pipeline="default", dealstage="appointmentscheduled")
    link(harbour, ("deals", deal), ("companies", own))
    with harbour.transaction() as tx:
        deals = catalogue.load(tx).object_type("deals")
        primaries.remove(tx, BY_HAND, deals, deal)
    before = dump(harbour)
    done = import_file(harbour, home, sheet_of(*BEFORE), *BOTH)
    with harbour.transaction() as tx:
        primaries.choose(tx, SYSTEM.acting_for(Source.IMPORT, done.id), deals, deal, own)
        shown = undoing.preview(tx, SYSTEM, done.id)
    marked = dump(harbour)["deals"][0][1]

    books = undo(harbour, done.id)

    assert marked == own and dump(harbour) == before
    assert books.primaries == shown.books.primaries == {"restored": 1}


def test_an_association_that_somebody_labelled_since_stays_without_the_labels_of_the_import(
    harbour: Database, home: Settings
) -> None:
    done = import_file(harbour, home, sheet_of(*BEFORE), *BOTH)
    fay, quay = id_of(harbour, "contacts", email="fay1@harbour.example"), id_of(harbour, "companies", name="Quay 1")
    label(harbour, fay, quay, 1, BY_HAND)
    label(harbour, fay, quay, 2, SYSTEM.acting_for(Source.IMPORT, done.id))

    books = undo(harbour, done.id)

    assert dump(harbour)["labels"] == [(fay, quay, 1)]
    assert [row[:2] for row in dump(harbour)["pairs"]] == [(fay, quay)]
    assert told(harbour, done.id) == [(fay, None, "LABELLED"), (fay, None, "LINKED"), (quay, None, "LINKED")]
    assert (books.links["kept"], books.labels["ended"]) == (1, 1)


@pytest.mark.parametrize("batch", [4, 50])
def test_an_association_that_somebody_labelled_since_keeps_both_ends_whatever_batches_they_came_with(
    harbour: Database, home: Settings, batch: int
) -> None:
    rows = [{"Email": f"gry{n}@harbour.example", "Boss": f"gry{(n + 7) % 12}@harbour.example"} for n in range(12)]
    boss = ("Boss=association:contacts.email",)
    done = import_file(harbour, home, sheet_of(*rows), "contacts", batch=batch, maps=boss)
    pair = tuple(id_of(harbour, "contacts", email=f"gry{n}@harbour.example") for n in (0, 7))
    label(harbour, *pair, 1, BY_HAND)

    books = undo(harbour, done.id)

    assert ([row[:2] for row in dump(harbour)["pairs"]], dump(harbour)["labels"]) == ([pair], [(*pair, 1)])
    assert [row[0] for row in dump(harbour)["contacts"]] == list(pair)
    assert (books.links["ended"], books.links["kept"], books.records["contacts"]["kept"]) == (11, 1, 2)


def test_what_the_import_associated_without_a_row_about_it_ends_too(harbour: Database, home: Settings) -> None:
    ada, own = make(harbour, "contacts", firstname="Ada"), make(harbour, "companies", name="Own")
    before = dump(harbour)
    done = import_file(harbour, home, sheet_of(*BEFORE), *BOTH)
    with harbour.transaction() as tx:
        contacts, companies = (catalogue.load(tx).object_type(name) for name in BOTH)
        associations.link(tx, SYSTEM.acting_for(Source.IMPORT, done.id), contacts, ada, companies, [own])

    with harbour.transaction() as tx:
        shown = undoing.preview(tx, SYSTEM, done.id)
    books = undo(harbour, done.id)

    assert shown.books.links["ended"] == books.links["ended"] == done.books.associations["created"] + 1
    assert dump(harbour) == before


def label(database: Database, first: int, second: int, type: int, actor: Actor) -> None:
    """Labels an association as this actor."""
    with database.transaction() as tx:
        tx.run(
            "INSERT INTO kartotek.association_labels (first, second, type, source, source_id) "
            "VALUES (%s, %s, %s, %s, %s)",
            [first, second, type, actor.source.value, actor.source_id],
        )
