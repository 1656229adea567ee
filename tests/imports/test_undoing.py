"""An import taken back leaves what was there before it, and what people did since."""

import random
from dataclasses import replace
from typing import Any

import pytest

from kartotek import errors
from kartotek.domain import Database, catalogue, doctor, purging, records, undoing
from kartotek.imports import run
from kartotek.imports.table import Mode
from kartotek.model.people import SYSTEM
from kartotek.settings import Settings
from tests.helpers.importing import import_file, sheet_of, values
from tests.helpers.statements import made
from tests.helpers.undoing import AFTER, BEFORE, BOTH, BY_HAND, by_hand, dump, id_of, link, make, remainders, told, undo


@pytest.mark.parametrize("batch", [7, 50_000])
def test_an_import_undone_leaves_what_was_there_before_it(harbour: Database, home: Settings, batch: int) -> None:
    import_file(harbour, home, sheet_of(*BEFORE), *BOTH)
    before = dump(harbour)
    done = import_file(harbour, home, sheet_of(*AFTER), *BOTH, batch=batch)
    changed = dump(harbour) != before

    books = undo(harbour, done.id)

    assert changed
    assert dump(harbour) == before
    assert told(harbour, done.id) == []
    assert books.records["contacts"] == {"archived": 60, "kept": 0, "gone": 0}
    assert books.records["companies"] == {"archived": 5, "kept": 0, "gone": 0}
    assert books.values["contacts"]["restored"] > 30
    with harbour.transaction() as tx:
        assert [found.sentence for found in doctor.of_records(tx) if not found.well] == []


def test_an_undo_is_history_with_the_import_as_its_source(harbour: Database, home: Settings) -> None:
    import_file(harbour, home, sheet_of(*BEFORE), *BOTH)
    done = import_file(harbour, home, sheet_of(*AFTER), *BOTH)

    undo(harbour, done.id)

    fay = id_of(harbour, "contacts", email="fay40@harbour.example")
    with harbour.transaction() as tx:
        entry = tx.rows(
            "SELECT old, source::text, source_id FROM kartotek.changes WHERE record = %s ORDER BY at", [fay]
        )[-1]
        ended = tx.rows("SELECT DISTINCT ended_source::text, ended_source_id FROM kartotek.association_history")
        nameless = "SELECT count(*) FROM kartotek.association_history WHERE first_name IS NULL OR second_name IS NULL"
        without_names = tx.value(nameless)
    assert entry == {"old": {"firstname": "Gry", "jobtitle": "Captain"}, "source": "UNDO", "source_id": done.id}
    assert [tuple(row.values()) for row in ended] == [("UNDO", done.id)]
    assert without_names == 0


@pytest.mark.parametrize("moved", ["- interval '3 hours'", "+ interval '3 hours'"])
def test_what_people_changed_since_stays_though_the_clock_was_moved(
    harbour: Database, home: Settings, moved: str
) -> None:
    ada = make(harbour, "contacts", email="ada@harbour.example", firstname="Ada", jobtitle="Sailor")
    by_hand(harbour, "contacts", ada, firstname="Ida")
    with harbour.transaction() as tx:
        tx.run(made(f"UPDATE kartotek.changes SET at = at {moved}"))
    row = {"Email": "ada@harbour.example", "First Name": "Gry", "Job Title": "Captain"}
    done = import_file(harbour, home, sheet_of(row), "contacts")
    by_hand(harbour, "contacts", ada, jobtitle="Pilot")
    with harbour.transaction() as tx:
        tx.run(made(f"UPDATE kartotek.changes SET at = at {moved} WHERE source = 'USER' AND old ? 'jobtitle'"))

    undo(harbour, done.id)

    assert values(harbour, "contacts", "firstname", "jobtitle") == [("Ida", "Pilot")]


def test_what_people_changed_since_stays_and_is_listed_by_field(harbour: Database, home: Settings) -> None:
    import_file(harbour, home, sheet_of(*BEFORE), *BOTH)
    done = import_file(harbour, home, sheet_of(*AFTER), *BOTH)
    fay = id_of(harbour, "contacts", email="fay40@harbour.example")
    by_hand(harbour, "contacts", fay, jobtitle="Admiral", city="Ribe")

    undo(harbour, done.id)

    assert ("Fay 40", "Admiral", "Ribe") in values(harbour, "contacts", "firstname", "jobtitle", "city")
    assert told(harbour, done.id) == [(fay, "jobtitle", "CHANGED")]
    assert remainders(harbour, done.id)[0].value is None and remainders(harbour, done.id)[0].name == "Fay 40"


def test_a_created_record_that_somebody_changed_or_associated_since_stays(harbour: Database, home: Settings) -> None:
    done = import_file(harbour, home, sheet_of(*BEFORE), *BOTH)
    edited, linked = (id_of(harbour, "contacts", email=f"fay{i}@harbour.example") for i in (1, 2))
    own = make(harbour, "companies", name="Havnen")
    by_hand(harbour, "contacts", edited, city="Ribe")
    link(harbour, ("contacts", linked), ("companies", own))

    books = undo(harbour, done.id)

    why = next(one for one in remainders(harbour, done.id) if one.why == "LINKED")
    assert (why.record, why.other, why.other_type, why.other_name) == (linked, own, "companies", "Havnen")
    assert values(harbour, "contacts", "email") == [("fay1@harbour.example",), ("fay2@harbour.example",)]
    assert told(harbour, done.id) == [(edited, "city", "EDITED"), (linked, None, "LINKED")]
    assert books.records["contacts"] == {"archived": 58, "kept": 2, "gone": 0}
    with harbour.transaction() as tx:
        assert records.get(tx, SYSTEM, catalogue.load(tx).object_type("contacts"), linked).primary == own


def test_an_address_that_somebody_took_since_stays_with_them(harbour: Database, home: Settings) -> None:
    ada = make(harbour, "contacts", firstname="Ada", email="ada@harbour.example")
    file = [{"Record ID": str(ada), "Email": "ada@new.example", "Job Title": "Captain"}]
    done = import_file(harbour, home, sheet_of(*file), "contacts")
    bo = make(harbour, "contacts", firstname="Bo", email="ada@harbour.example")

    undo(harbour, done.id)

    assert ("Ada", "ada@new.example", None) in values(harbour, "contacts", "firstname", "email", "jobtitle")
    assert [(one.property, one.why, one.other) for one in remainders(harbour, done.id)] == [("email", "TAKEN", bo)]


def test_addresses_that_went_from_one_record_to_another_go_back(harbour: Database, home: Settings) -> None:
    ada = make(harbour, "contacts", firstname="Ada", email="a@harbour.example")
    bo = make(harbour, "contacts", firstname="Bo", email="b@harbour.example")
    before = dump(harbour)
    file = [
        {"Record ID": str(ada), "Email": "x@harbour.example", "First Name": "Ada"},
        {"Record ID": str(bo), "Email": "a@harbour.example", "First Name": "Bo"},
        {"Record ID": "", "Email": "c@harbour.example", "First Name": "Cy"},
    ]
    for batch in (1, 2, 50):
        done = import_file(harbour, home, sheet_of(*file), "contacts", batch=batch)
        assert done.rows("contacts") == {"created": 1, "updated": 2}

        undo(harbour, done.id)

        assert dump(harbour) == before
        assert told(harbour, done.id) == []


def test_a_further_address_that_became_the_first_goes_back_to_its_place(harbour: Database, home: Settings) -> None:
    ada = make(
        harbour, "contacts", firstname="Ada", email="a@harbour.example", hs_additional_emails="b@harbour.example"
    )
    before = dump(harbour)
    file = [{"Record ID": str(ada), "Email": "b@harbour.example"}]
    first = import_file(harbour, home, sheet_of(*file), "contacts")
    undo(harbour, first.id)
    back = dump(harbour)
    second = import_file(harbour, home, sheet_of(*file), "contacts", name="again.csv")
    by_hand(harbour, "contacts", ada, hs_additional_emails="a@harbour.example;c@harbour.example")

    undo(harbour, second.id)

    assert back == before
    assert told(harbour, second.id) == [(ada, "email", "TOGETHER"), (ada, "hs_additional_emails", "CHANGED")]
    assert values(harbour, "contacts", "email") == [("b@harbour.example",)]


def test_a_stage_and_its_pipeline_go_back_together_or_not_at_all(harbour: Database, home: Settings) -> None:
    deal = {"dealname": "Boat", "pipeline": "default", "dealstage": "appointmentscheduled"}
    boat, net = make(harbour, "deals", **deal), make(harbour, "deals", **deal | {"dealname": "Net"})
    file = [{"Deal record ID": str(id), "Deal Stage": "Closed Won", "Amount": "7"} for id in (boat, net)]
    done = import_file(harbour, home, sheet_of(*file), "deals", numbers="US", modes=(("deals", Mode.UPDATE),))
    by_hand(harbour, "deals", net, dealstage="contractsent")

    undo(harbour, done.id)

    assert values(harbour, "deals", "dealname", "dealstage", "amount") == [
        ("Boat", "appointmentscheduled", None),
        ("Net", "contractsent", None),
    ]
    assert told(harbour, done.id) == [(net, "dealstage", "CHANGED")]


def test_imports_are_undone_in_any_order(harbour: Database, home: Settings) -> None:
    import_file(harbour, home, sheet_of(*BEFORE), *BOTH)
    before = dump(harbour)
    first = import_file(harbour, home, sheet_of(*AFTER), *BOTH)
    between = dump(harbour)
    later = [{**row, "Job Title": "Pilot", "First Name": f"Una {i}"} for i, row in enumerate(AFTER)]
    second = import_file(harbour, home, sheet_of(*later), *BOTH)

    undo(harbour, second.id)
    back = dump(harbour)
    undo(harbour, first.id)

    assert back == between
    assert dump(harbour) == before
    assert told(harbour, first.id) == told(harbour, second.id) == []


@pytest.mark.parametrize("order", [(1, 2, 0), (2, 1, 0), (1, 0, 2), (0, 2, 1)])
def test_whatever_the_order_what_stood_before_all_of_them_is_back(
    harbour: Database, home: Settings, order: tuple[int, ...]
) -> None:
    ada = make(harbour, "contacts", email="ada@harbour.example", jobtitle="Sailor")
    titles = ("Captain", "Pilot", "Cook")
    rows = [{"Email": "ada@harbour.example", "Job Title": title} for title in titles]
    done = [import_file(harbour, home, sheet_of(row), "contacts").id for row in rows]

    for place in order:
        undo(harbour, done[place])

    assert values(harbour, "contacts", "jobtitle") == [("Sailor",)]
    assert told(harbour, done[order[-1]]) == []
    assert ada == id_of(harbour, "contacts", email="ada@harbour.example")


def test_what_a_person_wrote_between_two_imports_taken_back_is_back(harbour: Database, home: Settings) -> None:
    ada = make(harbour, "contacts", email="ada@harbour.example", jobtitle="Sailor")
    pilot, cook = ({"Email": "ada@harbour.example", "Job Title": title} for title in ("Pilot", "Cook"))
    first = import_file(harbour, home, sheet_of(pilot), "contacts")
    by_hand(harbour, "contacts", ada, jobtitle="Diver")
    second = import_file(harbour, home, sheet_of(cook), "contacts")

    undo(harbour, first.id)
    undo(harbour, second.id)

    assert values(harbour, "contacts", "jobtitle") == [("Diver",)]


def test_what_a_later_import_changed_stays(harbour: Database, home: Settings) -> None:
    import_file(harbour, home, sheet_of(*BEFORE), *BOTH)
    first = import_file(harbour, home, sheet_of(*AFTER[:30]), *BOTH)
    later = [{"Email": row["Email"], "Job Title": "Pilot"} for row in AFTER[:3]]
    import_file(harbour, home, sheet_of(*later), "contacts")

    undo(harbour, first.id)

    assert {(prop, why) for _, prop, why in told(harbour, first.id)} == {("jobtitle", "CHANGED")}
    assert [title for _, title in values(harbour, "contacts", "email", "jobtitle")].count("Pilot") == 3


def test_undone_twice_nothing_more_is_done(harbour: Database, home: Settings) -> None:
    done = import_file(harbour, home, sheet_of(*BEFORE), *BOTH)
    books = undo(harbour, done.id)
    after = dump(harbour)

    with pytest.raises(errors.Conflict, match="undone already"):
        undo(harbour, done.id)
    again = run.undo(harbour, done.id)

    assert again == books
    assert dump(harbour) == after


def test_the_preview_says_what_the_undo_then_does(harbour: Database, in_batches_of: Any) -> None:
    chance = random.Random(3)
    import_file(harbour, in_batches_of(7), sheet_of(*BEFORE), *BOTH)
    twins = [*AFTER, *({**row, "Company Domain Name": "twin.example"} for row in AFTER[::5])]
    done = import_file(harbour, in_batches_of(7), sheet_of(*twins), *BOTH, batch=7)
    ids = [int(str(id)) for (id,) in values(harbour, "contacts", "_id")]
    for id in chance.sample(ids, 30):
        by_hand(harbour, "contacts", id, **{chance.choice(["jobtitle", "city", "firstname"]): "Somebody"})
    before = dump(harbour)

    with harbour.transaction() as tx:
        shown = undoing.preview(tx, SYSTEM, done.id)
    unchanged = dump(harbour) == before
    books = undo(harbour, done.id)

    assert unchanged
    assert shown.books == books
    assert [replace(one, name="") for one in shown.remainders] == [
        replace(one, name="") for one in remainders(harbour, done.id)[: undoing.SHOWN]
    ]
    with harbour.transaction() as tx:
        assert shown.stays == undoing.stays(tx, done.id) != {}


def test_five_hundred_edits_by_hand_stay_and_all_else_is_as_before(harbour: Database, home: Settings) -> None:
    rows = [{**row, "Email": f"hand{i}@harbour.example"} for i, row in enumerate(BEFORE * 20)]
    import_file(harbour, home, sheet_of(*rows), *BOTH)
    before = dump(harbour)
    done = import_file(harbour, home, sheet_of(*({**row, "Job Title": "Captain"} for row in rows)), *BOTH, batch=100)
    ids = [int(str(id)) for (id,) in values(harbour, "contacts", "_id")]
    hands = random.Random(5).sample(ids, 500)
    with harbour.transaction() as tx:
        contacts = catalogue.load(tx).object_type("contacts")
        for id in hands:
            records.update(tx, BY_HAND, contacts, id, {"jobtitle": f"By hand {id}"})

    undo(harbour, done.id)

    after = dump(harbour)
    assert told(harbour, done.id) == [(id, "jobtitle", "CHANGED") for id in sorted(hands)]
    assert [row for row in after["contacts"] if row[0] not in hands] == [
        r for r in before["contacts"] if r[0] not in hands
    ]
    assert {name: rows for name, rows in after.items() if name != "contacts"} == {
        name: rows for name, rows in before.items() if name != "contacts"
    }


def test_an_import_whose_records_are_gone_for_good_can_still_be_undone(harbour: Database, home: Settings) -> None:
    import_file(harbour, home, sheet_of(*BEFORE), *BOTH)
    done = import_file(harbour, home, sheet_of(*AFTER), *BOTH)
    with harbour.transaction() as tx:
        ids = [row["_id"] for row in tx.rows("SELECT _id FROM crm.contacts")]
        records.archive(tx, SYSTEM, catalogue.load(tx).object_type("contacts"), ids)
        tx.run("UPDATE crm.contacts SET _archived = _archived - interval '91 days'")

    purged = purging.purge(harbour)
    books = undo(harbour, done.id)

    assert purged == len(ids) == 120
    assert books.records["contacts"] == {"archived": 0, "kept": 0, "gone": 60}
