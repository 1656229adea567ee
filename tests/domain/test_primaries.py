"""The primary company: given, replaced, handed on, and never missing (records-and-associations.md 5 and 16)."""

import polars as pl
import pytest

from kartotek import errors
from kartotek.domain import associations, catalogue, primaries, records, writing
from kartotek.model.records import Batch, Changes, Links, Source
from tests.helpers.associating import again, companies_of, company, history, someone

ENDS = dict.fromkeys(("first_id", "first_key", "second_id", "second_key"), pl.Int64)


@pytest.mark.parametrize("whose", ["cleo", "a_deal", "a_ticket"])
def test_the_first_company_becomes_the_primary_one(tx, cast, whose):
    record = someone(tx, cast, whose)

    associations.link(tx, cast.ida, record.object_type, record.id, cast.havnen.object_type, [cast.havnen.id])
    associations.link(tx, cast.ida, record.object_type, record.id, cast.nordlys.object_type, [cast.nordlys.id])

    assert again(tx, cast, record).primary == cast.havnen.id


@pytest.mark.parametrize("whose", ["cleo", "a_deal", "a_ticket"])
def test_the_first_company_becomes_the_primary_one_also_from_its_own_side(tx, cast, whose):
    record = someone(tx, cast, whose)

    associations.link(tx, cast.ida, cast.havnen.object_type, cast.havnen.id, record.object_type, [record.id])

    assert companies_of(tx, cast, record) == [(cast.havnen.id, True)]


def test_of_several_companies_at_once_the_first_named_becomes_the_primary_one(tx, cast):
    several = [cast.havnen.id, cast.nordlys.id]

    associations.link(tx, cast.ida, cast.cleo.object_type, cast.cleo.id, cast.nordlys.object_type, several)

    assert companies_of(tx, cast, cast.cleo) == [(cast.havnen.id, True), (cast.nordlys.id, False)]


def test_a_batch_gives_each_record_the_first_of_its_companies(tx, cast):
    frame = pl.DataFrame(
        {"_key": [1, 2], "_id": [None, None], "firstname": ["Dan", "Eva"]}, schema_overrides={"_id": pl.Int64}
    )
    pairs = [
        {"first_key": 2, "second_id": cast.havnen.id},
        {"first_key": 1, "second_id": cast.nordlys.id},
        {"first_key": 2, "second_id": cast.nordlys.id},
        {"first_id": cast.cleo.id, "second_id": cast.nordlys.id},
        {"first_id": cast.bo.id, "second_id": cast.nordlys.id},
    ]
    links = Links(cast.ada.object_type, cast.nordlys.object_type, pl.DataFrame(pairs, schema=ENDS))

    written = records.write(tx, cast.ida, Batch((Changes(cast.ada.object_type, frame),), (links,)))

    ids = written.outcomes["contacts"]["_id"].to_list()
    found = records.many(tx, cast.ida, cast.ada.object_type, [*ids, cast.cleo.id, cast.bo.id], [])
    assert [one.primary for one in found] == [cast.nordlys.id, cast.havnen.id, cast.nordlys.id, cast.havnen.id]
    assert written.links["outcome"].to_list() == ["created"] * 5


def test_a_further_company_leaves_the_primary_one_alone(tx, cast):
    associations.link(tx, cast.ida, cast.bo.object_type, cast.bo.id, cast.nordlys.object_type, [cast.nordlys.id])

    assert again(tx, cast, cast.bo).primary == cast.havnen.id


def test_replacing_the_primary_company_takes_a_tick(tx, cast):
    with pytest.raises(errors.Conflict, match="Nordlys A/S is the primary company now"):
        associations.link(
            tx,
            cast.ida,
            cast.ada.object_type,
            cast.ada.id,
            cast.havnen.object_type,
            [cast.havnen.id],
            primary=cast.havnen.id,
        )

    assert again(tx, cast, cast.ada).primary == cast.nordlys.id


def test_a_replaced_primary_company_stays_associated(tx, cast):
    associations.link(
        tx, cast.ida, cast.ada.object_type, cast.ada.id, cast.havnen.object_type, [cast.havnen.id],
        primary=cast.havnen.id, replaces=cast.nordlys.id,
    )  # fmt: skip

    assert companies_of(tx, cast, cast.ada) == [(cast.havnen.id, True), (cast.nordlys.id, False)]
    [mark] = history(tx, cast.ada)
    assert (mark["what"], mark["second"], mark["ended_source"]) == ("primary", cast.nordlys.id, "USER")


def test_only_an_associated_company_can_be_primary(tx, cast):
    with pytest.raises(errors.Invalid, match="associate it first"):
        primaries.choose(tx, cast.ida, cast.bo.object_type, cast.bo.id, cast.nordlys.id)


def test_a_contact_keeps_a_primary_company_while_it_has_any(tx, cast):
    with pytest.raises(errors.Invalid, match="Choose which other company"):
        primaries.remove(tx, cast.ida, cast.ada.object_type, cast.ada.id)
    with pytest.raises(errors.Invalid):
        primaries.remove(tx, cast.ida, cast.bo.object_type, cast.bo.id)

    assert again(tx, cast, cast.ada).primary == cast.nordlys.id
    assert again(tx, cast, cast.bo).primary == cast.havnen.id


def test_a_contact_passes_the_mark_on_to_a_successor(tx, cast):
    primaries.remove(tx, cast.ida, cast.ada.object_type, cast.ada.id, successor=cast.havnen.id)

    assert companies_of(tx, cast, cast.ada) == [(cast.havnen.id, True), (cast.nordlys.id, False)]


@pytest.mark.parametrize("whose", ["a_deal", "a_ticket"])
def test_a_deal_or_ticket_may_give_up_its_primary_company(tx, cast, whose):
    record = someone(tx, cast, whose)
    associations.link(tx, cast.ida, record.object_type, record.id, cast.havnen.object_type, [cast.havnen.id])

    primaries.remove(tx, cast.ida, record.object_type, record.id)

    assert companies_of(tx, cast, record) == [(cast.havnen.id, False)]


def test_a_deal_that_gave_up_its_primary_company_does_not_get_the_next_one_by_itself(tx, cast):
    primaries.remove(tx, cast.ida, cast.deal.object_type, cast.deal.id)

    associations.link(tx, cast.ida, cast.deal.object_type, cast.deal.id, cast.havnen.object_type, [cast.havnen.id])

    assert again(tx, cast, cast.deal).primary is None


def test_a_contact_with_one_company_may_leave_it(tx, cast):
    associations.unlink(tx, cast.ida, cast.bo.object_type, cast.bo.id, cast.havnen.object_type, cast.havnen.id)

    assert companies_of(tx, cast, cast.bo) == []
    assert again(tx, cast, cast.bo).primary is None


@pytest.mark.parametrize("whose", ["cleo", "a_deal", "a_ticket"])
def test_leaving_the_primary_company_needs_a_successor_when_others_are_left(tx, cast, whose):
    record = someone(tx, cast, whose)
    both = [cast.havnen.id, cast.nordlys.id]
    associations.link(tx, cast.ida, record.object_type, record.id, cast.havnen.object_type, both)

    with pytest.raises(errors.Invalid, match="Choose which of the other companies"):
        associations.unlink(tx, cast.ida, record.object_type, record.id, cast.havnen.object_type, cast.havnen.id)
    associations.unlink(
        tx,
        cast.ida,
        record.object_type,
        record.id,
        cast.havnen.object_type,
        cast.havnen.id,
        new_primary=cast.nordlys.id,
    )

    assert companies_of(tx, cast, record) == [(cast.nordlys.id, True)]


def test_a_successor_is_one_of_the_other_companies(tx, cast):
    third = company(tx, cast, "Fjordvind")

    with pytest.raises(errors.Invalid, match="among the other associated ones"):
        associations.unlink(
            tx,
            cast.ida,
            cast.ada.object_type,
            cast.ada.id,
            cast.havnen.object_type,
            cast.nordlys.id,
            new_primary=third.id,
        )


def test_leaving_another_company_leaves_the_primary_one(tx, cast):
    associations.unlink(tx, cast.ida, cast.havnen.object_type, cast.havnen.id, cast.ada.object_type, cast.ada.id)

    assert companies_of(tx, cast, cast.ada) == [(cast.nordlys.id, True)]


def test_when_the_primary_company_is_archived_the_one_associated_longest_takes_its_place(tx, cast):
    third = company(tx, cast, "Fjordvind")
    associations.link(tx, cast.ida, cast.ada.object_type, cast.ada.id, third.object_type, [third.id])
    tx.run(
        "UPDATE kartotek.associations SET began = began - interval '1 day' WHERE first = %s AND second = %s",
        [cast.ada.id, third.id],
    )

    records.archive(tx, cast.ida, cast.nordlys.object_type, [cast.nordlys.id])

    assert companies_of(tx, cast, cast.ada) == [(third.id, True), (cast.havnen.id, False)]
    assert again(tx, cast, cast.deal).primary is None


def test_a_primary_mark_began_when_it_was_given(tx, cast):
    tx.run("UPDATE kartotek.associations SET began = began - interval '9 days'")
    importing = cast.ida.acting_for(Source.IMPORT, 7)
    primaries.choose(tx, importing, cast.ada.object_type, cast.ada.id, cast.havnen.id)
    tx.run("UPDATE kartotek.association_history SET ended = ended - interval '1 day'")

    primaries.choose(tx, cast.ida, cast.ada.object_type, cast.ada.id, cast.nordlys.id)

    nordlys, havnen = history(tx, cast.ada)
    assert (nordlys["second"], nordlys["began_source"]) == (cast.nordlys.id, "USER")
    assert (havnen["second"], havnen["began_source"], havnen["began_source_id"]) == (cast.havnen.id, "IMPORT", 7)
    assert nordlys["ended"] < havnen["began"] < havnen["ended"]


def test_the_first_company_becomes_primary_beside_a_deal_that_was_there(tx, cast):
    known = catalogue.load(tx)
    contacts, companies, deals = (known.object_type(name) for name in ("contacts", "companies", "deals"))
    fay = records.create(tx, cast.ida, contacts, {"firstname": "Fay"})
    quay = records.create(tx, cast.ida, companies, {"name": "Quay"})
    deal = records.create(
        tx, cast.ida, deals, {"dealname": "Boat", "pipeline": "default", "dealstage": "closedwon"}, [(contacts, fay.id)]
    )

    ends = {"first_id": [fay.id], "first_key": [None], "second_key": [None]}
    both = (
        Links(contacts, deals, pl.DataFrame({**ends, "second_id": [deal.id]}, schema_overrides=ENDS)),
        Links(contacts, companies, pl.DataFrame({**ends, "second_id": [quay.id]}, schema_overrides=ENDS)),
    )
    writing.write(tx, cast.ida, Batch(links=both))

    assert records.get(tx, cast.ida, contacts, fay.id).primary == quay.id


@pytest.mark.parametrize(
    ("objects", "mirror"),
    [
        ("contacts", "associatedcompanyid"),
        ("deals", "hs_primary_associated_company"),
        ("tickets", "hs_primary_company_id"),
    ],
)
def test_the_property_that_mirrors_the_primary_company_follows_it(tx, cast, objects, mirror):
    one = cast.known.object_type(objects)
    texts = {
        "contacts": {"firstname": "Dan"},
        "deals": {"dealname": "Kran", "pipeline": "default", "dealstage": "contractsent"},
        "tickets": {"subject": "Dark", "hs_pipeline": "0", "hs_pipeline_stage": "1"},
    }
    firms = [(cast.nordlys.object_type, cast.nordlys.id), (cast.nordlys.object_type, cast.havnen.id)]
    made = records.create(tx, cast.ida, one, texts[objects], firms)

    primaries.choose(tx, cast.ida, one, made.id, cast.havnen.id)

    assert made.values[mirror] == str(cast.nordlys.id)
    assert records.get(tx, cast.ida, one, made.id).values[mirror] == str(cast.havnen.id)
