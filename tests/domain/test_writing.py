"""What is the same is not written; what changes is remembered; what cannot be is a problem of its row."""

import polars as pl
import pytest

from kartotek import errors
from kartotek.domain import foresight, identifiers, records, writing
from kartotek.model.records import Batch, Changes, Links, Outcome, Source
from tests.helpers.frames import frame_of, outcomes, typed, write
from tests.helpers.statements import told


def test_what_is_the_same_is_not_written(tx, cast):
    tx.run("UPDATE crm.contacts SET _updated = _updated - interval '1 day'")
    before = records.get(tx, cast.ida, cast.ada.object_type, cast.ada.id)

    same = write(
        tx, cast, cast.ada.object_type, frame_of([cast.ada.id], firstname=["Ada"], email=["ada@nordlys.example"])
    )

    assert outcomes(same, cast.ada.object_type) == ["unchanged"]
    assert records.get(tx, cast.ida, cast.ada.object_type, cast.ada.id) == before
    assert tx.value("SELECT count(*) FROM kartotek.changes") == 0


def test_a_change_keeps_what_was_once_for_each_record(tx, cast):
    importing = cast.ida.acting_for(Source.IMPORT, 12)
    frame = frame_of(
        [cast.ada.id, cast.cleo.id], firstname=["Adda", "Cleo"], jobtitle=["Captain", "Pilot"], lastname=[None, None]
    )

    written = write(tx, cast, cast.ada.object_type, frame.cast({"lastname": pl.String}), importing)

    assert outcomes(written, cast.ada.object_type) == ["updated", "updated"]
    rows = tx.rows("SELECT record, at, actor, source::text, source_id, old FROM kartotek.changes ORDER BY record")
    by = {"actor": cast.person.id, "source": "IMPORT", "source_id": 12}
    assert all(row.pop("at") >= tx.now for row in rows)
    assert rows == [
        {"record": cast.ada.id, **by, "old": {"firstname": "Ada", "jobtitle": None}},
        {"record": cast.cleo.id, **by, "old": {"jobtitle": None}},
    ]


def test_a_creation_is_no_change(tx, cast):
    assert tx.value("SELECT count(*) FROM kartotek.changes") == 0
    assert tx.value("SELECT count(*) FROM kartotek.association_history") == 0


def test_an_empty_value_leaves_what_is_there_unless_it_is_to_clear(tx, cast):
    nothing = frame_of([cast.ada.id], lastname=[None]).cast({"lastname": pl.String})

    left = write(tx, cast, cast.ada.object_type, nothing)
    cleared = write(tx, cast, cast.ada.object_type, nothing, clear=True)

    assert outcomes(left, cast.ada.object_type) + outcomes(cleared, cast.ada.object_type) == ["unchanged", "updated"]
    assert records.get(tx, cast.ida, cast.ada.object_type, cast.ada.id).values["lastname"] is None


def test_what_only_fills_leaves_what_is_there(tx, cast):
    frame = frame_of([cast.ada.id, cast.cleo.id], lastname=["Other", "Other"])

    written = write(tx, cast, cast.ada.object_type, frame, fill_only=frozenset({"lastname"}))

    assert outcomes(written, cast.ada.object_type) == ["unchanged", "updated"]
    found = records.many(tx, cast.ida, cast.ada.object_type, [cast.ada.id, cast.cleo.id], ["lastname"])
    assert [one.values["lastname"] for one in found] == ["Holm", "Other"]


def test_a_further_address_that_becomes_the_first_leaves_its_place_to_it(tx, cast):
    contacts = cast.ada.object_type
    records.update(
        tx, cast.ida, contacts, cast.ada.id, {"hs_additional_emails": "old@nordlys.example;ada@home.example"}
    )

    records.update(tx, cast.ida, contacts, cast.ada.id, {"email": "ada@home.example"})

    ada = records.get(tx, cast.ida, contacts, cast.ada.id)
    assert ada.values["email"] == "ada@home.example"
    assert set(ada.values["hs_additional_emails"].split(";")) == {"old@nordlys.example", "ada@nordlys.example"}
    assert held(tx, cast.ada) == {"ada@home.example", "ada@nordlys.example", "old@nordlys.example"}


def test_a_further_address_finds_and_blocks_as_the_first_does(tx, cast):
    contacts = cast.ada.object_type
    records.update(tx, cast.ida, contacts, cast.ada.id, {"hs_additional_emails": "ada@home.example"})

    found = identifiers.matching(tx, contacts, contacts.properties["email"], pl.Series(["ada@home.example"]))

    assert found["record"].to_list() == [cast.ada.id]
    with pytest.raises(errors.Invalid, match="already belongs to another record"):
        records.create(tx, cast.ida, contacts, {"email": "ada@home.example"})


def test_an_address_named_twice_by_one_record_is_held_once(tx, cast):
    contacts = cast.ada.object_type

    twice = records.create(
        tx, cast.ida, contacts, {"email": "d@home.example", "hs_additional_emails": "d@home.example"}
    )
    records.update(tx, cast.ida, contacts, twice.id, {"hs_additional_emails": ""})

    assert held(tx, twice) == {"d@home.example"}


def test_a_changed_address_is_free_for_others(tx, cast):
    contacts = cast.ada.object_type
    records.update(tx, cast.ida, contacts, cast.ada.id, {"email": "ada@home.example"})

    other = records.create(tx, cast.ida, contacts, {"email": "ada@nordlys.example"})

    assert held(tx, other) == {"ada@nordlys.example"}
    assert held(tx, cast.ada) == {"ada@home.example"}


def test_two_rows_of_a_batch_cannot_take_the_same_address(tx, cast):
    frame = frame_of([None, None, cast.cleo.id], email=["new@home.example"] * 3)

    written = write(tx, cast, cast.ada.object_type, frame)

    assert outcomes(written, cast.ada.object_type) == ["created", "failed", "failed"]
    assert written.problems.select("_key", "property", "type", "value").rows() == [
        (1, "email", "DUPLICATE_UNIQUE_PROPERTY_VALUE", "new@home.example"),
        (2, "email", "DUPLICATE_UNIQUE_PROPERTY_VALUE", "new@home.example"),
    ]


def test_a_program_may_make_companies_of_one_domain_and_a_person_may_not(tx, cast):
    frame = frame_of([None], name=["Nordlys Two"], domain=["nordlys.example"])
    program = cast.ida.acting_for(Source.API, 1)

    assert outcomes(write(tx, cast, cast.nordlys.object_type, frame), cast.nordlys.object_type) == ["failed"]
    assert outcomes(write(tx, cast, cast.nordlys.object_type, frame, program), cast.nordlys.object_type) == ["created"]


def test_an_address_of_more_than_a_thousand_characters_identifies_nobody(tx, cast):
    frame = frame_of([None], hs_additional_emails=[["x" * 990 + "@long.example"]], firstname=["Long"])

    written = write(tx, cast, cast.ada.object_type, frame)

    assert written.problems["type"].to_list() == ["INVALID_ALTERNATE_ID"]


def test_a_rehearsal_writes_nothing(tx, cast):
    contacts = cast.ada.object_type
    frame = frame_of([cast.ada.id, None], email=["ada@home.example", "new@home.example"])
    counts = "SELECT (SELECT count(*) FROM crm.contacts) AS a, (SELECT count(*) FROM kartotek.changes) AS b"
    before = tx.rows(counts), held(tx, cast.ada)

    rehearsed = foresight.rehearse(tx, cast.ida, Batch((Changes(contacts, frame),)))

    assert outcomes(rehearsed, contacts) == ["updated", "created"]
    assert rehearsed.outcomes["contacts"]["_id"][1] < 0
    assert (tx.rows(counts), held(tx, cast.ada)) == before


def test_what_kartotek_keeps_itself_cannot_be_written(tx, cast):
    for name in ("hs_object_id", "lastmodifieddate", "associatedcompanyid"):
        prop = cast.ada.object_type.properties[name]

        with pytest.raises(errors.Invalid, match="cannot be written"):
            write(tx, cast, cast.ada.object_type, frame_of([cast.ada.id], **{name: typed(prop, [None])}))


def test_a_property_that_does_not_exist_is_named(tx, cast):
    with pytest.raises(errors.UnknownName, match="frist_name"):
        write(tx, cast, cast.ada.object_type, frame_of([cast.ada.id], frist_name=["Ada"]))


def test_a_record_says_of_itself_when_it_was_made_and_what_its_number_is(tx, cast):
    deals = cast.deal.object_type
    told = records.create(
        tx, cast.ida, deals,
        {"dealname": "Old", "pipeline": "default", "dealstage": "closedwon", "createdate": "2019-05-01T10:00:00.000Z"},
    )  # fmt: skip

    assert told.values["createdate"] == "2019-05-01T10:00:00.000Z"
    assert told.created.isoformat() == "2019-05-01T10:00:00+00:00"
    assert told.values["hs_object_id"] == str(told.id)
    assert cast.deal.created == tx.now
    assert cast.deal.values["hs_primary_associated_company"] == str(cast.nordlys.id)


def test_what_a_type_needs_is_needed_to_create_and_stays(tx, cast):
    contacts = cast.ada.object_type
    nameless = write(tx, cast, contacts, frame_of([None], jobtitle=["Captain"]))
    emptied = frame_of([cast.cleo.id], firstname=[None], email=[None]).cast(
        {"firstname": pl.String, "email": pl.String}
    )

    losing = write(tx, cast, contacts, emptied, clear=True)

    assert nameless.problems["type"].to_list() == losing.problems["type"].to_list() == ["MISSING_REQUIRED_PROPERTY"]
    assert outcomes(losing, contacts) == ["failed"]
    assert records.get(tx, cast.ida, contacts, cast.cleo.id).values["firstname"] == "Cleo"


def test_a_stage_belongs_to_its_pipeline(tx, cast):
    frame = frame_of([cast.deal.id], pipeline=["default"], dealstage=["no such stage"])

    written = write(tx, cast, cast.deal.object_type, frame)

    assert written.problems["type"].to_list() == ["INVALID_ENUMERATION_OPTION"]
    assert records.get(tx, cast.ida, cast.deal.object_type, cast.deal.id).values["dealstage"] == "appointmentscheduled"


def test_an_import_takes_no_lifecycle_stage_back(tx, cast):
    contacts = cast.ada.object_type
    records.update(tx, cast.ida, contacts, cast.ada.id, {"lifecyclestage": "customer"})
    back = frame_of([cast.ada.id], lifecyclestage=["lead"])

    imported = write(tx, cast, contacts, back, cast.ida.acting_for(Source.IMPORT, 1))
    by_hand = write(tx, cast, contacts, back)

    assert outcomes(imported, contacts) + outcomes(by_hand, contacts) == ["unchanged", "updated"]


def test_a_record_that_is_gone_is_a_problem_of_its_row(tx, cast):
    records.archive(tx, cast.ida, cast.bo.object_type, [cast.bo.id])

    written = write(tx, cast, cast.bo.object_type, frame_of([cast.bo.id, 10**12], firstname=["Bo", "Nobody"]))

    assert outcomes(written, cast.bo.object_type) == [Outcome.FAILED.value] * 2
    assert written.problems.select("type", "value").rows() == [
        ("INVALID_RECORD_ID", str(cast.bo.id)), ("INVALID_RECORD_ID", str(10**12)),
    ]  # fmt: skip


def test_the_number_of_statements_does_not_depend_on_the_number_of_rows(tx, cast):
    contacts, companies = cast.ada.object_type, cast.nordlys.object_type

    def create(count, mark):
        firms = frame_of(
            [None] * count,
            name=[f"{mark} {i}" for i in range(count)],
            domain=[f"{mark}{i}.example" for i in range(count)],
        )
        people = frame_of(
            [None] * count, email=[f"{i}@{mark}.example" for i in range(count)], message=["hello"] * count
        )
        ends = people.select(first_id=pl.col("_id"), first_key="_key", second_id=pl.col("_id"), second_key="_key")
        with told(tx) as sent:
            made = writing.write(
                tx,
                cast.ida,
                Batch((Changes(companies, firms), Changes(contacts, people)), (Links(contacts, companies, ends),)),
            )
        return len(sent), made.outcomes["contacts"]["_id"].to_list()

    def update(ids, mark):
        frame = frame_of(ids, email=[f"{i}@{mark}.example" for i in range(len(ids))], message=[mark] * len(ids))
        with told(tx) as sent:
            write(tx, cast, contacts, frame)
        return len(sent)

    def archive(ids):
        with told(tx) as sent:
            records.archive(tx, cast.ida, contacts, ids)
        return len(sent)

    created = [create(count, f"made-{count}") for count in (1, 100, 1_500, 4_000)]
    updated = [update(ids, f"moved-{len(ids)}") for _, ids in created]
    archived = [archive(ids) for _, ids in created]

    # Beyond a thousand keys the planner is told to use its indexes, and told again when that is over.
    for one, hundred, many, more in ([number for number, _ in created], updated, archived):
        assert one == hundred
        assert many == more <= 3 * hundred


def held(tx, record):
    return {row["value"] for row in tx.rows("SELECT value FROM kartotek.identifiers WHERE record = %s", [record.id])}
