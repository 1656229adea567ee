"""What an activity belongs to, changed after it was logged."""

import pytest

from kartotek import errors
from kartotek.domain import companions, records, timeline
from kartotek.model.people import Rights
from tests.helpers import statements
from tests.helpers.colleagues import as_now, with_rights


def logged(tx, cast, kind, texts):
    """On Ada, so it belongs to her firm and her deal, too."""
    home = [(cast.ada.object_type, cast.ada.id)]
    return records.create(tx, cast.ida, cast.known.object_type(kind), texts, home)


@pytest.fixture
def note(tx, cast):
    return logged(tx, cast, "notes", {"hs_note_body": "Said so.", "hs_timestamp": "2026-03-01"})


def names(tx, cast, activity):
    return {one.name for one in companions.of(tx, cast.ida, [activity.id], 50)[activity.id].named}


def change(tx, cast, activity, actor=None, add=None, remove=None):
    return companions.change(
        tx, actor or cast.ida, activity.object_type, activity.id, add=add or {}, remove=remove or {}
    )


def test_what_it_belongs_to_is_changed_in_one_step_and_told_by_both_histories(tx, cast, note):
    came, went = change(tx, cast, note, add={"contacts": [cast.bo.id]}, remove={"deals": [cast.deal.id]})

    assert names(tx, cast, note) == {"Ada Holm", "Bo Ågård", "Nordlys A/S"}
    assert (came, went) == ({"contacts": [cast.bo.id]}, {"deals": [cast.deal.id]})
    assert [one.id for one in timeline.of(tx, cast.ida, cast.bo)] == [note.id]
    assert timeline.of(tx, cast.ida, cast.deal) == []


def test_what_is_so_already_needs_nothing_and_the_way_back_is_what_was_done(tx, cast, note):
    came, went = change(
        tx, cast, note, add={"contacts": [cast.ada.id, cast.cleo.id]}, remove={"companies": [cast.havnen.id]}
    )
    change(tx, cast, note, add=went, remove=came)

    assert (came, went) == ({"contacts": [cast.cleo.id]}, {})
    assert names(tx, cast, note) == {"Ada Holm", "Nordlys A/S", "Fyrtårn"}


def test_a_note_keeps_at_least_one_and_a_task_may_stand_alone(tx, cast, note):
    task = logged(tx, cast, "tasks", {"hs_task_subject": "Call back", "hs_timestamp": "2026-03-01"})
    all_of_it = {"contacts": [cast.ada.id], "companies": [cast.nordlys.id], "deals": [cast.deal.id]}

    change(tx, cast, task, remove=all_of_it)

    assert names(tx, cast, task) == set()
    with pytest.raises(errors.Invalid, match="Tick at least one"):
        change(tx, cast, note, remove=all_of_it)


def test_only_who_may_edit_the_activity_and_see_the_record_changes_it(tx, cast, note):
    kim = as_now(tx, with_rights(tx, cast.ida, "Kim", Rights({"*": "all"}, {"contacts": "all"})))
    sol = as_now(tx, with_rights(tx, cast.ida, "Sol", Rights({"notes": "all"}, {"notes": "all"})))

    with pytest.raises(errors.NotAllowed, match="Kim may not edit notes"):
        change(tx, cast, note, kim, add={"contacts": [cast.bo.id]})
    with pytest.raises(errors.NotAllowed, match="Sol may not view contacts"):
        change(tx, cast, note, sol, add={"contacts": [cast.bo.id]})
    with pytest.raises(errors.Invalid, match="object by object"):
        change(tx, cast, cast.ada, add={"deals": [cast.deal.id]})


def test_a_timeline_is_the_newest_of_all_kinds_and_reads_no_more_than_it_shows(tx, cast):
    calls = [
        logged(tx, cast, "calls", {"hs_call_title": f"Call {day}", "hs_timestamp": f"2026-03-0{day}"})
        for day in (1, 3, 5)
    ]
    notes = [
        logged(tx, cast, "notes", {"hs_note_body": f"Note {day}", "hs_timestamp": f"2026-03-0{day}"})
        for day in (2, 4, 6)
    ]
    mail = logged(tx, cast, "emails", {"hs_email_subject": "An offer", "hs_timestamp": "2026-02-01"})

    with statements.told(tx) as sent:
        newest = timeline.of(tx, cast.ida, cast.ada, limit=4)

    assert [one.id for one in newest] == [notes[2].id, calls[2].id, notes[1].id, calls[1].id]
    assert timeline.of(tx, cast.ida, cast.ada)[-1].id == mail.id
    assert len(sent) == 3  # which, and what the calls and the notes of them say


def test_a_timeline_shows_only_what_its_reader_may_see(tx, cast, note):
    bo = with_rights(tx, cast.ida, "Bo", Rights({"*": "all", "notes": "none"}))
    own = logged(tx, cast, "calls", {"hs_call_title": "Asked", "hs_timestamp": "2026-03-01"})

    seen = timeline.of(tx, as_now(tx, bo), cast.ada)

    assert [one.id for one in seen] == [own.id]
    assert timeline.of(tx, as_now(tx, bo), cast.ada, "notes") == []
