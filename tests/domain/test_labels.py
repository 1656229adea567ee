"""Labels of associations, edited by hand (records-and-associations.md 3 and 5)."""

from dataclasses import replace

import polars as pl
import pytest

from kartotek import errors
from kartotek.domain import associations, labels, records
from kartotek.model.people import ROLES
from kartotek.model.records import Source
from tests.helpers.associating import BILLING, advisor, labels_of, linked, manager, written


def test_associations_are_made_with_their_labels_in_one_step(tx, cast):
    made = advisor(tx, cast)
    both = [cast.nordlys.id, cast.havnen.id]

    associations.link(
        tx, cast.ida, cast.cleo.object_type, cast.cleo.id, cast.nordlys.object_type, both,
        primary=cast.havnen.id, labels={cast.nordlys.id: [made, BILLING], cast.havnen.id: [made]},
    )  # fmt: skip

    assert labels_of(tx, cast, cast.cleo, cast.nordlys) == ["Billing", "Advises"]
    assert labels_of(tx, cast, cast.cleo, cast.havnen) == ["Advises"]
    assert records.get(tx, cast.ida, cast.cleo.object_type, cast.cleo.id).primary == cast.havnen.id


def test_a_paired_label_is_called_by_its_own_word_at_each_end(tx, cast):
    boss = manager(tx, cast)

    linked(tx, cast, cast.ada, cast.bo, [boss])

    assert labels_of(tx, cast, cast.ada, cast.bo) == ["Manager"]
    assert labels_of(tx, cast, cast.bo, cast.ada) == ["Employee"]


@pytest.mark.parametrize(("one", "other"), [("ada", "bo"), ("bo", "ada")])
def test_within_one_object_it_is_kept_who_is_whose_manager(tx, cast, one, other):
    one, other = getattr(cast, one), getattr(cast, other)

    linked(tx, cast, one, other, [manager(tx, cast)])

    assert labels_of(tx, cast, one, other) == ["Manager"]
    assert labels_of(tx, cast, other, one) == ["Employee"]


def test_one_contact_is_the_manager_of_several_colleagues(tx, cast):
    boss = manager(tx, cast)
    people = cast.ada.object_type

    associations.link(
        tx, cast.ida, people, cast.cleo.id, people, [cast.ada.id, cast.bo.id],
        labels={cast.ada.id: [boss + 1], cast.bo.id: [boss + 1]},
    )  # fmt: skip

    assert labels_of(tx, cast, cast.ada, cast.cleo) == labels_of(tx, cast, cast.bo, cast.cleo) == ["Manager"]
    assert labels_of(tx, cast, cast.cleo, cast.ada) == ["Employee"]


def test_labels_are_set_as_they_shall_be(tx, cast):
    made = advisor(tx, cast)
    linked(tx, cast, cast.bo, cast.havnen, [BILLING])

    changed = labels.edit(
        tx, cast.ida, cast.bo.object_type, cast.bo.id, cast.havnen.object_type, cast.havnen.id, [made]
    )

    assert changed == (1, 1)
    assert labels_of(tx, cast, cast.bo, cast.havnen) == ["Advises"]
    assert labels_of(tx, cast, cast.havnen, cast.bo) == ["Advisor"]


def test_what_somebody_else_has_labelled_meanwhile_stays(tx, cast):
    made = advisor(tx, cast)
    linked(tx, cast, cast.bo, cast.havnen, [BILLING])
    ends = (cast.bo.object_type, cast.bo.id, cast.havnen.object_type, cast.havnen.id)

    labels.edit(tx, cast.ida, *ends, [BILLING, made], seen=[BILLING])
    changed = labels.edit(tx, cast.ida, *ends, [], seen=[BILLING])

    assert changed == (0, 1) and labels_of(tx, cast, cast.bo, cast.havnen) == ["Advises"]


def test_without_its_last_label_an_association_stays(tx, cast):
    linked(tx, cast, cast.bo, cast.havnen, [BILLING])

    labels.edit(tx, cast.ida, cast.havnen.object_type, cast.havnen.id, cast.bo.object_type, cast.bo.id, [])

    found = associations.of(tx, cast.ida, cast.bo, cast.havnen.object_type)
    assert [(one.record.id, one.labels) for one in found] == [(cast.havnen.id, ())]


def test_a_label_is_added_beside_others_and_once(tx, cast):
    made = advisor(tx, cast)
    linked(tx, cast, cast.bo, cast.havnen, [BILLING])
    frame = pl.DataFrame(
        {"first_id": [cast.bo.id] * 2, "second_id": [cast.havnen.id] * 2, "type": [made, BILLING]}, schema=labels.LABELS
    )

    new = labels.add(tx, cast.ida, cast.bo.object_type, cast.havnen.object_type, frame)

    assert new == 1
    assert labels_of(tx, cast, cast.bo, cast.havnen) == ["Billing", "Advises"]


def test_history_keeps_from_when_to_when_an_association_had_a_label_and_by_whom(tx, cast):
    importing = cast.ida.acting_for(Source.IMPORT, 7)
    frame = pl.DataFrame([(cast.bo.id, cast.havnen.id, BILLING)], schema=labels.LABELS, orient="row")
    labels.add(tx, importing, cast.bo.object_type, cast.havnen.object_type, frame)

    labels.remove(tx, cast.ida, cast.bo.object_type, cast.havnen.object_type, frame)

    [row] = tx.rows("SELECT * FROM kartotek.association_history")
    assert (row["what"], row["type"], row["first"], row["second"]) == ("label", BILLING, cast.bo.id, cast.havnen.id)
    assert (row["began_source"], row["began_source_id"], row["ended_source"]) == ("IMPORT", 7, "USER")
    assert (row["first_name"], row["second_name"]) == ("Bo Ågård", "Havnen ApS")
    assert row["ended_actor"] == cast.person.id


def test_a_label_needs_an_association(tx, cast):
    ends = (cast.cleo.object_type, cast.cleo.id, cast.havnen.object_type, cast.havnen.id)

    with pytest.raises(errors.Conflict, match="not associated any more"):
        labels.edit(tx, cast.ida, *ends, [BILLING])

    assert written(tx) == []


def test_a_label_of_other_objects_is_refused_and_nothing_is_associated(tx, cast):
    made = advisor(tx, cast)

    with pytest.raises(errors.Invalid, match="not there any more between contacts and deals"):
        associations.link(
            tx, cast.ida, cast.cleo.object_type, cast.cleo.id, cast.deal.object_type, [cast.deal.id],
            labels={cast.deal.id: [made]},
        )  # fmt: skip

    assert associations.of(tx, cast.ida, cast.cleo, cast.deal.object_type) == []


def test_labels_are_given_to_what_is_being_associated(tx, cast):
    with pytest.raises(errors.Invalid, match="for those that are being associated"):
        associations.link(
            tx, cast.ida, cast.cleo.object_type, cast.cleo.id, cast.nordlys.object_type, [cast.nordlys.id],
            labels={cast.havnen.id: [BILLING]},
        )  # fmt: skip


def test_several_companies_the_second_of_them_primary_leave_no_trace_of_the_first(tx, cast):
    both = [cast.nordlys.id, cast.havnen.id]

    associations.link(
        tx, cast.ida, cast.cleo.object_type, cast.cleo.id, cast.nordlys.object_type, both, primary=cast.havnen.id
    )

    assert records.get(tx, cast.ida, cast.cleo.object_type, cast.cleo.id).primary == cast.havnen.id
    assert tx.value("SELECT count(*) FROM kartotek.association_history") == 0


def test_who_may_not_edit_a_record_may_not_label_its_associations(tx, cast):
    viewer = a_viewer(cast)

    with pytest.raises(errors.NotAllowed):
        labels.edit(tx, viewer, cast.bo.object_type, cast.bo.id, cast.havnen.object_type, cast.havnen.id, [BILLING])

    assert written(tx) == []


def a_viewer(cast):
    return replace(cast.ida, rights=ROLES["viewer"])
