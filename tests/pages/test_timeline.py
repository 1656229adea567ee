"""The timeline of a record: tasks with their state, all of it however much there is, and when the last one was."""

import json
import re
from datetime import timedelta
from urllib.parse import unquote

import pytest

from kartotek.domain import catalogue, pins, records
from kartotek.pages import markup
from tests.helpers.visitor import text_of


def home_of(record):
    return f"/{record.object_type.name}/{record.id}"


def logged(database, crew, kind, days, **texts):
    """An activity of Ada's, so many days from now."""
    with database.transaction() as tx:
        one = catalogue.load(tx).object_type(kind)
        at = (tx.now + timedelta(days=days)).isoformat()
        return records.create(tx, crew.ida, one, {"hs_timestamp": at, **texts}, [(crew.ada.object_type, crew.ada.id)])


def test_a_task_says_what_has_become_of_it_and_is_ticked_off_in_the_timeline(ida, crew, own_database):
    task = logged(own_database, crew, "tasks", -3, hs_task_subject="Write back", hs_task_status="NOT_STARTED")
    before = ida.get(home_of(crew.ada))

    done = ida.post(f"/tasks/{task.id}/ticks", form=home_of(crew.ada), home=home_of(crew.ada)[1:], status="COMPLETED")
    after = ida.get(done.headers["location"])
    _, back = json.loads(unquote(done.cookies["kartotek_said"]).strip('"'))
    undone = ida.post(back[0], form=home_of(crew.ada), **back[2])

    assert "Write back Overdue" in text_of(before)
    assert done.headers["location"] == f"{home_of(crew.ada)}?side=activities" == undone.headers["location"]
    assert "Write back Done" in text_of(after)
    assert "Write back Overdue" in text_of(ida.get(home_of(crew.ada)))


def test_a_task_that_is_due_later_today_is_not_overdue(ida, crew, own_database):
    logged(own_database, crew, "tasks", 0, hs_task_subject="Write back", hs_task_status="NOT_STARTED")

    assert "Overdue" not in text_of(ida.get(home_of(crew.ada)))


def test_the_last_activity_counts_what_is_pinned(ida, crew, own_database):
    old = logged(own_database, crew, "calls", -400, hs_call_title="Long ago")
    new = logged(own_database, crew, "calls", -1, hs_call_title="Yesterday")
    with own_database.transaction() as tx:
        pins.pin(tx, crew.ida, crew.ada.object_type, crew.ada.id, new.object_type, new.id)
        last = tx.now - timedelta(days=1)

    overview = text_of(ida.get(f"{home_of(crew.ada)}?tab=overview"))

    assert f"Last activity {last.day} " in overview and old.name not in overview


def test_what_has_no_room_at_first_comes_on_demand(ida, crew, own_database):
    for day in range(52):
        logged(own_database, crew, "notes", -day, hs_note_body=f"Said {day} days ago.")
    first = ida.get(f"{home_of(crew.ada)}?kind=notes")

    further = re.search(r'href="([^"]*entries=[^"]*)"', first.text)[1].replace("&amp;", "&")
    second = ida.get(further)

    assert "Said 49 days ago." in text_of(first) and "Said 50 days ago." not in text_of(first)
    assert "Said 51 days ago." in text_of(second) and "Show more" not in text_of(second)
    assert "kind=notes" in further


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        (
            "<p>Hello <b>Ada</b></p><script>alert(1)</script><ul><li>one</li><li>two</li></ul>",
            "Hello Ada\n\n• one\n• two",
        ),
        ("<div>Fish &amp; chips<br>at\nnoon</div>", "Fish & chips\nat noon"),
        ("<p></p>", ""),
        ("1 < 2 and 3 > 2 &amp;\n  if a<b", "1 < 2 and 3 > 2 &amp;\n  if a<b"),
        ("See <https://fair.example>", "See <https://fair.example>"),
    ],
)
def test_what_programs_wrote_as_html_is_read_as_words(body, shown):
    assert markup.plain(body) == shown


def test_a_note_of_another_program_stands_in_the_timeline_without_tags(ida, crew, own_database):
    logged(own_database, crew, "notes", -1, hs_note_body="<p>Wants <b>two</b> boats</p>")

    page = ida.get(home_of(crew.ada)).text

    assert "Wants two boats" in page and "&lt;b&gt;two" not in page
