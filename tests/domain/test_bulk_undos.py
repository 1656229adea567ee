"""What was done to many records at once is taken back; what somebody has changed since stays."""

import pytest

from kartotek import errors
from kartotek.domain import bulk_runs, catalogue, definitions, lists, properties, records, retyping, retypings
from kartotek.model.bulk_runs import Archive, Edit, Enlist, Fate, How
from tests.helpers.bulk import CITY, ticked, values


def test_many_are_archived_and_all_brought_back(tx, cast):
    contacts = cast.ada.object_type
    gone = bulk_runs.ask(tx, cast.ida, contacts, Archive(), ticked(cast.ada, cast.bo))
    archived = [bool(records.get(tx, cast.ida, contacts, one.id).archived) for one in (cast.ada, cast.bo, cast.cleo)]

    back = bulk_runs.undo(tx, cast.ida, gone.id)

    assert (gone.changed, back.changed, archived) == (2, 2, [True, True, False])
    ada = records.get(tx, cast.ida, contacts, cast.ada.id)
    assert ada.archived is None and ada.primary == cast.nordlys.id


def test_many_are_put_on_a_list_and_only_the_new_ones_taken_off_again(tx, cast):
    contacts = cast.ada.object_type
    spring = lists.create(tx, cast.ida, contacts, "Spring")
    lists.add(tx, cast.ida, spring, [cast.ada.id])

    run = bulk_runs.ask(tx, cast.ida, contacts, Enlist(spring), ticked(cast.ada, cast.bo, cast.cleo))
    members = lists.get(tx, cast.ida, spring).members
    bulk_runs.undo(tx, cast.ida, run.id)

    assert (run.changed, run.unchanged, members) == (2, 1, 3)
    assert lists.get(tx, cast.ida, spring).members == 1


def test_an_edit_is_taken_back_where_nobody_has_edited_since(tx, cast):
    contacts = cast.ada.object_type
    records.update(tx, cast.ida, contacts, cast.ada.id, {"city": "Ribe"})
    run = bulk_runs.ask(tx, cast.ida, contacts, CITY, ticked(cast.ada, cast.bo, cast.cleo))
    records.update(tx, cast.ida, contacts, cast.bo.id, {"city": "Skive"})

    back = bulk_runs.undo(tx, cast.ida, run.id)

    assert (back.changed, back.refused) == (2, {Fate.SINCE: 1})
    assert values(tx, cast.ida, contacts, [cast.ada.id, cast.bo.id, cast.cleo.id], "city") == ["Ribe", "Skive", None]
    assert bulk_runs.get(tx, cast.ida, run.id).undone == back.id
    with pytest.raises(errors.Conflict, match="taken back already"):
        bulk_runs.undo(tx, cast.ida, run.id)


@pytest.mark.parametrize(
    ("name", "before", "text"),
    [
        ("amount", "1250.50", "99.90"), ("closedate", "2026-03-01", "2027-01-31"),
        ("dealstage", "appointmentscheduled", "closedwon"),
        ("hubspot_owner_id", None, "IDA"),
    ],
)  # fmt: skip
def test_every_kind_of_value_comes_back_as_it_was(tx, cast, name, before, text):
    deals = cast.deal.object_type
    records.update(tx, cast.ida, deals, cast.deal.id, {name: before})
    was = values(tx, cast.ida, deals, [cast.deal.id], name)
    run = bulk_runs.ask(
        tx, cast.ida, deals, Edit(name, How.SET, text.replace("IDA", str(cast.ida.person))), ticked(cast.deal)
    )
    between = values(tx, cast.ida, deals, [cast.deal.id], name)

    bulk_runs.undo(tx, cast.ida, run.id)

    assert between != was
    assert values(tx, cast.ida, deals, [cast.deal.id], name) == was


def test_an_edit_of_a_property_that_is_archived_by_now_waits_until_it_is_back(tx, cast):
    run = edited(tx, cast, "12")
    definitions.archive(tx, cast.ida, berth(tx))

    with pytest.raises(errors.Conflict, match="“berth” is archived"):
        bulk_runs.undo(tx, cast.ida, run.id)
    definitions.restore(tx, cast.ida, contacts(tx), "berth")
    bulk_runs.undo(tx, cast.ida, run.id)

    assert values(tx, cast.ida, contacts(tx), [cast.ada.id, cast.bo.id], "berth") == ["quay 3", None]


def test_what_a_property_of_another_kind_cannot_hold_is_not_put_back_and_told(tx, cast):
    run = edited(tx, cast, "12")
    retypings.ask(tx, cast.ida, berth(tx), retyping.Wish("number"))

    back = bulk_runs.undo(tx, cast.ida, run.id)

    assert (back.changed, back.unchanged, back.refused) == (1, 0, {Fate.SINCE: 1})
    assert values(tx, cast.ida, contacts(tx), [cast.ada.id, cast.bo.id], "berth") == ["12", None]


def edited(tx, cast, text):
    """A property of people's own, of which only Ada had a value."""
    properties.define(tx, cast.ida, contacts(tx), "berth", "Berth")
    records.update(tx, cast.ida, contacts(tx), cast.ada.id, {"berth": "quay 3"})
    return bulk_runs.ask(tx, cast.ida, contacts(tx), Edit("berth", How.SET, text), ticked(cast.ada, cast.bo))


def contacts(tx):
    return catalogue.load(tx).object_type("contacts")


def berth(tx):
    return contacts(tx).properties["berth"]
