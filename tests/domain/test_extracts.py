"""What leaves Kartotek: all that an actor may see and nothing else, as it stood at one moment."""

import polars as pl
import pytest

from kartotek import errors
from kartotek.domain import extracts, records
from kartotek.model.extracts import Extract
from kartotek.model.filters import Filter, Query
from kartotek.model.people import Actor, Rights
from tests.helpers.statements import told


def read(tx, actor, extract):
    return pl.concat(list(extracts.read(tx, actor, extract).batches()))


def label(tx, first, second, type):
    tx.run(
        "INSERT INTO kartotek.association_labels (first, second, type, source) VALUES (%s, %s, %s, 'USER')",
        [first.id, second.id, type],
    )


def test_associated_records_are_named_from_both_ends_the_primary_company_first(tx, cast):
    contacts, companies = cast.ada.object_type, cast.nordlys.object_type
    label(tx, cast.ada, cast.havnen, 931)

    people = read(tx, cast.ida, Extract(contacts, (), ids=(cast.ada.id, cast.cleo.id), linked=(companies,)))
    firms = read(tx, cast.ida, Extract(companies, (), ids=(cast.havnen.id,), linked=(contacts,)))

    assert people.select("_id", "_primary", "_links_companies", "_labels_companies").rows() == [
        (cast.ada.id, cast.nordlys.id, [cast.nordlys.id, cast.havnen.id], [[], ["Billing"]]),
        (cast.cleo.id, None, None, None),
    ]
    assert firms.select("_links_contacts", "_labels_contacts").rows() == [
        ([cast.ada.id, cast.bo.id], [["Billing"], []])
    ]


def test_each_associated_record_takes_a_row_and_who_has_none_keeps_one(tx, cast):
    contacts, companies = cast.ada.object_type, cast.nordlys.object_type
    label(tx, cast.ada, cast.havnen, 931)

    rows = read(
        tx, cast.ida, Extract(contacts, (), ids=(cast.ada.id, cast.cleo.id, cast.bo.id), each=companies)
    ).select("_id", "_each", "_each_labels")  # fmt: skip

    assert rows.rows() == [
        (cast.ada.id, cast.nordlys.id, []),
        (cast.ada.id, cast.havnen.id, ["Billing"]),
        (cast.cleo.id, None, None),
        (cast.bo.id, cast.havnen.id, []),
    ]


def test_a_filter_a_search_and_an_order_hold_for_all_records(tx, cast):
    contacts = cast.ada.object_type
    named = (contacts.properties["firstname"],)
    filters = ((Filter("email", "CONTAINS_TOKEN", ("example",)), Filter("lastname", "HAS_PROPERTY")),)

    filtered = read(tx, cast.ida, Extract(contacts, named, Query(filters=filters, sort="firstname", limit=1)))
    searched = read(tx, cast.ida, Extract(contacts, named, Query(search="e", sort="firstname", descending=True)))
    nobody = extracts.read(tx, cast.ida, Extract(contacts, named, Query(search="100%")))

    assert filtered["firstname"].to_list() == ["Ada", "Bo"]
    assert searched["firstname"].to_list() == ["Cleo", "Bo", "Ada"]
    assert list(nobody.batches()) == []


def test_nobody_takes_away_what_they_may_not_see(tx, cast):
    contacts, companies = cast.ada.object_type, cast.nordlys.object_type
    seller = Actor(cast.person.id, "Sol", Rights(view={"contacts": "own", "companies": "own"}, exports=True))
    for one in (cast.ada, cast.havnen):
        records.update(tx, cast.ida, one.object_type, one.id, {"hubspot_owner_id": str(cast.person.id)})

    mine = read(tx, seller, Extract(contacts, (), linked=(companies, cast.deal.object_type)))
    asked = read(tx, seller, Extract(contacts, (), ids=(cast.bo.id, cast.ada.id)))

    assert mine.select("_id", "_links_companies").rows() == [(cast.ada.id, [cast.havnen.id])]
    assert "_links_deals" not in mine.columns
    assert asked["_id"].to_list() == [cast.ada.id]


@pytest.mark.parametrize(
    ("rights", "sentence"),
    [
        (Rights(view={"*": "all"}), "may not export"),
        (Rights(view={"companies": "all"}, exports=True), "may not view contacts"),
    ],
)
def test_who_may_not_is_told_so(tx, cast, rights, sentence):
    with pytest.raises(errors.NotAllowed, match=sentence):
        extracts.read(tx, Actor(9, "Sol", rights), Extract(cast.ada.object_type, ()))


def test_an_archived_record_stays(tx, cast):
    contacts = cast.ada.object_type
    records.archive(tx, cast.ida, contacts, [cast.bo.id])

    found = read(tx, cast.ida, Extract(contacts, (), ids=(cast.bo.id, cast.ada.id)))

    assert found["_id"].to_list() == [cast.ada.id]


def test_the_number_of_statements_does_not_depend_on_the_number_of_records(tx, cast):
    contacts, companies = cast.ada.object_type, cast.nordlys.object_type
    extract = Extract(contacts, tuple(contacts.properties.values()), linked=(companies, contacts))
    asked = [extracts.read(tx, cast.ida, extract), extracts.read(tx, cast.ida, extract)]
    one, three = asked[0].ids.head(1), asked[1].ids

    counts = []
    for ids in (one, three):
        with told(tx) as statements:
            list(extracts.Reading(tx, cast.ida, extract, ids).batches())
        counts.append(len(statements))

    assert len(three) == 3
    assert counts[0] == counts[1]
