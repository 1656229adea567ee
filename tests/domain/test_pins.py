"""Activities that stay on top of a record's timeline."""

import pytest

from kartotek import errors
from kartotek.domain import associations, erasing, merging, pins, purging, records
from kartotek.model.people import Rights
from tests.helpers.colleagues import as_now, with_rights


def note(tx, cast, text, record):
    texts = {"hs_note_body": text, "hs_timestamp": "2026-03-01T09:00:00Z"}
    return records.create(
        tx, cast.ida, cast.known.object_type("notes"), texts, [(record.object_type, record.id)], spared=[]
    )


def pin(tx, cast, record, activity, actor=None):
    pins.pin(tx, actor or cast.ida, record.object_type, record.id, activity.object_type, activity.id)


def pinned(tx, cast, record, actor=None):
    return [one.values["hs_note_body"] for one in pins.of(tx, actor or cast.ida, record)]


def test_several_are_pinned_to_one_record_and_to_no_other(tx, cast):
    first, second = (note(tx, cast, text, cast.ada) for text in ("Key account.", "Never on Mondays."))

    pin(tx, cast, cast.ada, first)
    pin(tx, cast, cast.ada, second)
    pin(tx, cast, cast.ada, second)

    assert sorted(pinned(tx, cast, cast.ada)) == ["Key account.", "Never on Mondays."]
    assert pinned(tx, cast, cast.nordlys) == []
    pins.unpin(tx, cast.ida, cast.ada.object_type, cast.ada.id, first.id)
    assert pinned(tx, cast, cast.ada) == ["Never on Mondays."]


def test_a_pin_lasts_as_long_as_the_activity_belongs_to_the_record(tx, cast):
    one = note(tx, cast, "Key account.", cast.ada)
    pin(tx, cast, cast.ada, one)

    associations.unlink(tx, cast.ida, cast.ada.object_type, cast.ada.id, one.object_type, one.id)

    assert pinned(tx, cast, cast.ada) == []
    with pytest.raises(errors.Conflict, match="does not belong to Ada Holm"):
        pin(tx, cast, cast.ada, one)


def test_a_merge_carries_pins_to_the_survivor(tx, cast):
    one = note(tx, cast, "Key account.", cast.cleo)
    pin(tx, cast, cast.cleo, one)

    merging.merge(tx, cast.ida, cast.ada.object_type, cast.ada.id, cast.cleo.id)

    assert pinned(tx, cast, cast.ada) == ["Key account."]


def test_pins_go_with_what_is_erased_or_purged(own_database):
    from tests.cast import gather

    with own_database.transaction() as tx:
        cast = gather(tx)
        for record in (cast.ada, cast.cleo):
            pin(tx, cast, record, note(tx, cast, "Key account.", record))
        records.archive(tx, cast.ida, cast.ada.object_type, [cast.ada.id])
        tx.run("UPDATE crm.contacts SET _archived = now() - interval '91 days' WHERE _id = %s", [cast.ada.id])

    purging.purge(own_database)

    with own_database.transaction() as tx:
        erasing.erase(tx, cast.ida, cast.cleo.object_type, cast.cleo.id, "Cleo")
        assert tx.value("SELECT count(*) FROM kartotek.pins") == 0


def test_who_may_not_edit_the_record_or_see_the_activity_pins_nothing(tx, cast):
    one = note(tx, cast, "Key account.", cast.ada)
    kim = as_now(tx, with_rights(tx, cast.ida, "Kim", Rights({"*": "all"}, {"notes": "all"})))
    sol = as_now(tx, with_rights(tx, cast.ida, "Sol", Rights({"contacts": "all"}, {"contacts": "all"})))

    with pytest.raises(errors.NotAllowed, match="Kim may not edit contacts"):
        pin(tx, cast, cast.ada, one, kim)
    with pytest.raises(errors.NotAllowed, match="Sol may not view notes"):
        pin(tx, cast, cast.ada, one, sol)
    pin(tx, cast, cast.ada, one)
    assert pinned(tx, cast, cast.ada, sol) == [] and pinned(tx, cast, cast.ada, kim) == ["Key account."]


def test_only_activities_are_pinned_and_not_too_many(tx, cast):
    with pytest.raises(errors.Invalid, match="only activities"):
        pin(tx, cast, cast.ada, cast.nordlys)
    for n in range(pins.MOST):
        pin(tx, cast, cast.ada, note(tx, cast, f"Note {n}.", cast.ada))
    with pytest.raises(errors.Invalid, match="has 10 pinned activities already"):
        pin(tx, cast, cast.ada, note(tx, cast, "One more.", cast.ada))
