"""What belongs together: linking, unlinking, and the history of both (records-and-associations.md 4 and 16)."""

import pytest

from kartotek import errors
from kartotek.domain import associations, records
from tests.helpers.associating import again, companies_of, history


def test_an_association_is_seen_from_both_ends(tx, cast):
    associations.link(tx, cast.ida, cast.deal.object_type, cast.deal.id, cast.bo.object_type, [cast.bo.id])

    of_deal = associations.of(tx, cast.ida, cast.deal, cast.bo.object_type)
    of_bo = associations.of(tx, cast.ida, cast.bo, cast.deal.object_type)

    assert {one.record.id for one in of_deal} == {cast.ada.id, cast.bo.id}
    assert [one.record.id for one in of_bo] == [cast.deal.id]


def test_one_deal_has_several_contacts_and_their_company(tx, cast):
    associations.link(
        tx, cast.ida, cast.deal.object_type, cast.deal.id, cast.bo.object_type, [cast.bo.id, cast.cleo.id]
    )

    cards = {card.object_type.name: card for card in associations.cards(tx, cast.ida, cast.deal)}

    assert cards["contacts"].total == 3
    assert [one.record.id for one in cards["companies"].associations] == [cast.nordlys.id]


def test_associating_what_is_associated_changes_nothing(tx, cast):
    new = associations.link(tx, cast.ida, cast.ada.object_type, cast.ada.id, cast.havnen.object_type, [cast.havnen.id])

    assert new == 0
    assert companies_of(tx, cast, cast.ada) == [(cast.nordlys.id, True), (cast.havnen.id, False)]


def test_a_record_is_not_associated_with_itself(tx, cast):
    with pytest.raises(errors.Invalid, match="cannot be associated with itself"):
        associations.link(tx, cast.ida, cast.ada.object_type, cast.ada.id, cast.ada.object_type, [cast.ada.id])


def test_what_does_not_go_together_is_refused(tx, cast):
    with pytest.raises(errors.Invalid, match="cannot be associated"):
        associations.link(tx, cast.ida, cast.ada.object_type, cast.ada.id, cast.known.object_type("products"), [1])


def test_nothing_is_associated_with_an_archived_record(tx, cast):
    records.archive(tx, cast.ida, cast.havnen.object_type, [cast.havnen.id])

    with pytest.raises(errors.NotFound, match="not there any more"):
        associations.link(tx, cast.ida, cast.cleo.object_type, cast.cleo.id, cast.havnen.object_type, [cast.havnen.id])


def test_an_association_that_is_gone_cannot_be_ended(tx, cast):
    with pytest.raises(errors.Conflict, match="not associated any more"):
        associations.unlink(tx, cast.ida, cast.cleo.object_type, cast.cleo.id, cast.havnen.object_type, cast.havnen.id)


def test_archiving_all_companies_at_once_leaves_none_behind(tx, cast):
    records.archive(tx, cast.ida, cast.nordlys.object_type, [cast.nordlys.id, cast.havnen.id])

    assert [again(tx, cast, one).primary for one in (cast.ada, cast.bo, cast.deal)] == [None, None, None]
    assert companies_of(tx, cast, cast.ada) == []


def test_history_keeps_when_by_whom_and_between_whom_an_association_was(tx, cast):
    associations.unlink(tx, cast.ida, cast.bo.object_type, cast.bo.id, cast.havnen.object_type, cast.havnen.id)

    pair, mark = history(tx, cast.bo)

    for row in (pair, mark):
        assert (row["first_name"], row["second_name"]) == ("Bo Ågård", "Havnen ApS")
        assert (row["began_source"], row["ended_source"]) == ("USER", "USER")
        assert row["began_actor"] == row["ended_actor"] == cast.person.id
        assert tx.now <= row["began"] <= row["ended"]
    assert (pair["what"], mark["what"]) == ("association", "primary")


def test_what_ends_with_a_record_is_booked_as_its_deletion(tx, cast):
    records.archive(tx, cast.ida, cast.ada.object_type, [cast.ada.id])

    rows = history(tx, cast.ada)

    assert {(row["what"], row["second"]) for row in rows} == {
        ("association", cast.nordlys.id), ("association", cast.havnen.id), ("association", cast.deal.id),
    }  # fmt: skip
    assert {row["ended_source"] for row in rows} == {"DELETION"}
    assert {row["first_name"] for row in rows} == {"Ada Holm"}


def test_labels_end_with_their_association(tx, cast):
    tx.run(
        "INSERT INTO kartotek.association_labels (first, second, type, source) VALUES (%s, %s, 100001, 'USER')",
        [cast.bo.id, cast.havnen.id],
    )

    associations.unlink(tx, cast.ida, cast.bo.object_type, cast.bo.id, cast.havnen.object_type, cast.havnen.id)

    assert [(row["what"], row["type"]) for row in history(tx, cast.bo)] == [
        ("association", None), ("label", 100001), ("primary", None),
    ]  # fmt: skip
    assert tx.value("SELECT count(*) FROM kartotek.association_labels") == 0


def test_a_column_counts_what_is_associated_and_names_it_when_it_is_one(tx, cast):
    found = associations.counts(
        tx, cast.ida, cast.ada.object_type, [cast.ada.id, cast.bo.id, cast.cleo.id], cast.nordlys.object_type
    )

    counted = {id: (number, record and record.name) for id, (number, record) in found.items()}
    assert counted == {cast.ada.id: (2, None), cast.bo.id: (1, "Havnen ApS")}
