"""The examples that people give of associations, from one end to the other (records-and-associations.md 16)."""

import pytest

from kartotek import errors
from kartotek.domain import associations, catalogue, primaries, records
from tests.helpers.associating import advisor, labels_of, linked
from tests.helpers.statements import told


def again(tx, cast, record):
    return records.get(tx, cast.ida, record.object_type, record.id)


def companies_of(tx, cast, record):
    found = associations.of(tx, cast.ida, again(tx, cast, record), cast.nordlys.object_type)
    return [(one.record.id, one.primary) for one in found]


def history(tx):
    return tx.rows("SELECT what, second, ended_source FROM kartotek.association_history ORDER BY ended")


def test_a_ticket_has_two_contacts_and_a_deal(tx, cast):
    tickets = catalogue.load(tx).object_type("tickets")
    ticket = records.create(tx, cast.ida, tickets, {"subject": "Mast", "hs_pipeline": "0", "hs_pipeline_stage": "1"})

    linked(tx, cast, ticket, cast.ada)
    linked(tx, cast, cast.bo, ticket)
    linked(tx, cast, cast.deal, ticket)

    cards = {one.object_type.name: one for one in associations.cards(tx, cast.ida, ticket)}
    assert {one.record.id for one in cards["contacts"].associations} == {cast.ada.id, cast.bo.id}
    assert [one.record.id for one in cards["deals"].associations] == [cast.deal.id]


def test_a_contact_has_an_employer_and_advises_another_company(tx, cast):
    made = advisor(tx, cast)
    linked(tx, cast, cast.cleo, cast.nordlys)

    linked(tx, cast, cast.cleo, cast.havnen, [made])

    assert companies_of(tx, cast, cast.cleo) == [(cast.nordlys.id, True), (cast.havnen.id, False)]
    assert labels_of(tx, cast, cast.havnen, cast.cleo) == ["Advisor"]
    assert labels_of(tx, cast, cast.nordlys, cast.cleo) == []


def test_a_primary_company_is_replaced_with_the_tick_and_not_without(tx, cast):
    ends = (cast.ada.object_type, cast.ada.id, cast.havnen.id)

    with pytest.raises(errors.Conflict):
        primaries.replace(tx, cast.ida, *ends, None)
    before = companies_of(tx, cast, cast.ada), history(tx)
    primaries.replace(tx, cast.ida, *ends, cast.nordlys.id)

    assert before == ([(cast.nordlys.id, True), (cast.havnen.id, False)], [])
    assert companies_of(tx, cast, cast.ada) == [(cast.havnen.id, True), (cast.nordlys.id, False)]
    assert [tuple(row.values()) for row in history(tx)] == [("primary", cast.nordlys.id, "USER")]


def test_the_tick_holds_for_the_company_that_it_named(tx, cast):
    third = records.create(
        tx, cast.ida, cast.havnen.object_type, {"name": "Molen"}, [(cast.ada.object_type, cast.ada.id)]
    )
    ends = (cast.ada.object_type, cast.ada.id, cast.havnen.id)
    primaries.choose(tx, cast.ida, cast.ada.object_type, cast.ada.id, third.id)

    for late in (
        lambda: primaries.replace(tx, cast.ida, *ends, cast.nordlys.id),
        lambda: primaries.remove(tx, cast.ida, *ends[:2], cast.havnen.id, company=cast.nordlys.id),
        lambda: associations.link(
            tx, cast.ida, *ends[:2], cast.havnen.object_type, ends[2:], primary=ends[2], replaces=cast.nordlys.id
        ),
    ):
        with pytest.raises(errors.Conflict, match=r"Molen is the primary company now|somebody has changed it"):
            late()

    assert companies_of(tx, cast, cast.ada)[0] == (third.id, True)


def test_of_three_companies_the_primary_one_goes_with_its_successor_named(tx, cast):
    third = records.create(tx, cast.ida, cast.nordlys.object_type, {"name": "Fjordvind"})
    linked(tx, cast, cast.ada, third)
    ends = (cast.ada.object_type, cast.ada.id, third.object_type, cast.nordlys.id)

    with pytest.raises(errors.Invalid, match="Choose which of the other companies"):
        associations.unlink(tx, cast.ida, *ends)
    before = companies_of(tx, cast, cast.ada)
    associations.unlink(tx, cast.ida, *ends, new_primary=third.id)

    assert len(before) == 3 and before[0] == (cast.nordlys.id, True)
    assert sorted(companies_of(tx, cast, cast.ada)) == sorted([(third.id, True), (cast.havnen.id, False)])


def test_what_one_end_removes_the_other_does_not_show(tx, cast):
    associations.unlink(tx, cast.ida, cast.ada.object_type, cast.ada.id, cast.deal.object_type, cast.deal.id)

    assert associations.of(tx, cast.ida, cast.ada, cast.deal.object_type) == []
    assert associations.of(tx, cast.ida, cast.deal, cast.ada.object_type) == []


def test_by_hand_a_pair_is_made_and_ended_with_a_handful_of_questions(tx, cast):
    ada, companies = cast.ada, cast.nordlys.object_type
    fjord = records.create(tx, cast.ida, companies, {"name": "Fjordens Bogtryk"})

    with told(tx) as to_link:
        associations.link(tx, cast.ida, ada.object_type, ada.id, companies, [fjord.id])
    with told(tx) as to_mark:
        primaries.choose(tx, cast.ida, ada.object_type, ada.id, fjord.id)
    primaries.choose(tx, cast.ida, ada.object_type, ada.id, cast.nordlys.id)
    with told(tx) as to_unlink:
        associations.unlink(tx, cast.ida, ada.object_type, ada.id, companies, fjord.id)

    assert [len(each) for each in (to_link, to_mark, to_unlink)] == [7, 6, 3]
