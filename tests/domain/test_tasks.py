"""Tasks by when they are due, ticked off and put back; what they belong to, by name."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from kartotek import errors
from kartotek.domain import companions, history, records, tasks
from kartotek.model.filters import Filter, Query
from kartotek.model.people import Rights
from kartotek.model.records import Source
from tests.helpers.colleagues import as_now, with_rights


def task(tx, cast, name, days=None, status="NOT_STARTED", ends=(), **more):
    due = (tx.now + timedelta(days=days)).isoformat() if days is not None else None
    texts = {"hs_task_subject": name, "hs_timestamp": due, "hs_task_status": status, **more}
    one = cast.known.object_type("tasks")
    return records.create(tx, cast.ida, one, texts, [(end.object_type, end.id) for end in ends])


def sections(tx, cast, actor=None, query=None, most=10):
    found = tasks.of(tx, actor or cast.ida, cast.known.object_type("tasks"), query or Query(), (), most)
    return {one.name: [record.name for record in one.records] for one in found if one.total}


def test_tasks_stand_by_when_they_are_due_and_the_done_ones_apart(tx, cast):
    task(tx, cast, "Long ago", -30)
    task(tx, cast, "Yesterday", -1)
    task(tx, cast, "Now", 0)
    task(tx, cast, "Later", 9)
    task(tx, cast, "Sooner", 2, "IN_PROGRESS")
    task(tx, cast, "Some day", status=None)
    task(tx, cast, "Behind us", -3, "COMPLETED")

    found = sections(tx, cast)

    assert found == {
        "overdue": ["Long ago", "Yesterday"],
        "today": ["Now"],
        "upcoming": ["Sooner", "Later"],
        "undated": ["Some day"],
        "done": ["Behind us"],
    }


def test_what_the_page_is_narrowed_to_narrows_every_section(tx, cast):
    task(tx, cast, "Mine", -1, hubspot_owner_id=str(cast.person.id), hs_task_priority="HIGH")
    task(tx, cast, "Urgent", 1, hs_task_priority="HIGH")
    task(tx, cast, "Nobody's", 1)
    high = Filter("hs_task_priority", "EQ", ("HIGH",))
    mine = Filter("hubspot_owner_id", "EQ", ("me",))

    assert sections(tx, cast, query=Query(((high,),))) == {"overdue": ["Mine"], "upcoming": ["Urgent"]}
    assert sections(tx, cast, query=Query(((high, mine),))) == {"overdue": ["Mine"]}
    assert sections(tx, cast, query=Query(search="nobody")) == {"upcoming": ["Nobody's"]}


def test_everyones_are_those_that_one_may_see(tx, cast):
    kim = as_now(tx, with_rights(tx, cast.ida, "Kim", Rights({"*": "own"}, {"*": "own"})))
    task(tx, cast, "Kim's", 1, hubspot_owner_id=str(kim.person))
    task(tx, cast, "Ida's", 1, hubspot_owner_id=str(cast.person.id))

    assert sections(tx, cast, kim) == {"upcoming": ["Kim's"]}


def test_a_task_is_ticked_off_and_put_back_as_it_was_and_history_tells(tx, cast):
    waiting = task(tx, cast, "Call back", -1, "WAITING")

    done, before = tasks.mark(tx, cast.ida, waiting.object_type, waiting.id, tasks.DONE)
    again, _ = tasks.mark(tx, cast.ida, waiting.object_type, waiting.id, str(before))

    assert (done.values["hs_task_status"], before, again.values["hs_task_status"]) == (
        "COMPLETED",
        "WAITING",
        "WAITING",
    )
    told = history.of(tx, cast.ida, again, "hs_task_status")
    assert [one.new for one in told] == ["WAITING", "COMPLETED", "WAITING"] and {one.origin.source for one in told} == {
        Source.USER
    }


def test_what_cannot_be_ticked_off_says_why(tx, cast):
    one = task(tx, cast, "Ida's", 1, hubspot_owner_id=str(cast.person.id))
    kim = as_now(tx, with_rights(tx, cast.ida, "Kim", Rights({"*": "all"}, {"*": "own"})))

    with pytest.raises(errors.NotAllowed, match="only their own tasks"):
        tasks.mark(tx, kim, one.object_type, one.id, tasks.DONE)
    with pytest.raises(errors.Invalid, match="Contacts cannot be ticked off"):
        tasks.mark(tx, cast.ida, cast.ada.object_type, cast.ada.id, tasks.DONE)
    records.archive(tx, cast.ida, one.object_type, [one.id])
    with pytest.raises(errors.Conflict, match="Ida's is archived"):
        tasks.mark(tx, cast.ida, one.object_type, one.id, tasks.DONE)


def test_a_task_names_the_records_that_it_belongs_to_as_far_as_they_may_be_seen(tx, cast):
    one = task(tx, cast, "Call back", 1, ends=[cast.ada])
    lonely = task(tx, cast, "Tidy up", 1)
    kim = as_now(tx, with_rights(tx, cast.ida, "Kim", Rights({"tasks": "all", "deals": "all"})))

    told = companions.of(tx, cast.ida, [one.id, lonely.id], 2)
    seen = companions.of(tx, kim, [one.id], 2)

    assert (told[one.id].total, [each.name for each in told[one.id].named]) == (3, ["Ada Holm", "Nordlys A/S"])
    assert told[lonely.id].total == 0
    assert [each.name for each in seen[one.id].named] == ["Fyrtårn"] and seen[one.id].total == 1


def test_a_task_says_when_it_was_done_for_as_long_as_it_is(tx, cast):
    one = task(tx, cast, "Call Bo", 1)
    came_as_done = task(tx, cast, "Behind us", -3, "COMPLETED")
    kind = one.object_type

    def completed(id):
        return records.get(tx, cast.ida, kind, id).values["hs_task_completion_date"]

    tasks.mark(tx, cast.ida, kind, one.id, "COMPLETED")
    done = completed(one.id)
    today = Filter("hs_task_completion_date", "EQ", (tx.now.date().isoformat(),))
    found = records.find(tx, cast.ida, kind, Query(((today,),)), ()).records
    tasks.mark(tx, cast.ida, kind, one.id, "NOT_STARTED")

    assert done is not None and done.startswith(tx.now.date().isoformat())
    assert [each.id for each in found] == [one.id]
    assert completed(one.id) is None and completed(came_as_done.id) is None


@pytest.mark.parametrize("name", ["Pacific/Pago_Pago", "America/New_York", "Europe/Copenhagen", "Pacific/Kiritimati"])
def test_what_is_due_today_is_told_by_the_day_of_who_looks(tx, cast, name):
    zone = ZoneInfo(name)
    begins = datetime.combine(tx.now.astimezone(zone).date(), time(), zone)
    for minutes, called in ((-1, "Late"), (0, "First"), (23 * 60 - 1, "Last"), (25 * 60, "Tomorrow")):
        due = (begins.astimezone(UTC) + timedelta(minutes=minutes)).isoformat()
        records.create(tx, cast.ida, cast.known.object_type("tasks"), {"hs_task_subject": called, "hs_timestamp": due})

    found = tasks.of(tx, cast.ida, cast.known.object_type("tasks"), Query(), (), 10, zone)

    assert {one.name: [record.name for record in one.records] for one in found if one.total} == {
        "overdue": ["Late"], "today": ["First", "Last"], "upcoming": ["Tomorrow"],
    }  # fmt: skip
