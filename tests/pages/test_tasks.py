"""The page of tasks by when they are due, as it is shown and used without scripts."""

import json
import re
from datetime import timedelta
from urllib.parse import unquote

import pytest

from kartotek.domain import records
from tests.helpers.visitor import text_of

DUE = "/tasks?show=due"


@pytest.fixture
def made(crew, own_database):
    """Three tasks of Ida's and one of nobody's."""
    with own_database.transaction() as tx:
        found = {}
        for name, days, owner, priority in (
            ("Call Ada", -2, True, "HIGH"), ("Write the offer", 0, True, "LOW"), ("Visit", 5, True, None),
            ("Tidy up", 1, False, None),
        ):  # fmt: skip
            texts = {
                "hs_task_subject": name,
                "hs_timestamp": (tx.now + timedelta(days=days)).isoformat(),
                "hs_task_status": "NOT_STARTED",
                "hs_task_priority": priority,
                "hubspot_owner_id": str(crew.person.id) if owner else None,
            }
            ends = [(crew.ada.object_type, crew.ada.id)] if name == "Call Ada" else []
            found[name] = records.create(tx, crew.ida, crew.known.object_type("tasks"), texts, ends)
    return found


def sections(answer):
    """Per section, by its heading: the tasks in it."""
    found = {}
    for inside in re.findall(r'class="k-due-part.*?</section>', answer.text, flags=re.DOTALL):
        heading = re.search(r"<h2[^>]*>([^<]+?) <", inside)[1]
        found[heading] = re.findall(r'class="k-task-name"[^>]*>([^<]+)<', inside)
    return found


def test_the_bar_leads_to_ones_own_tasks_by_when_they_are_due(ida, made):
    assert 'href="/tasks?show=due" data-key="g k"' in ida.get("/contacts").text
    assert sections(ida.get(DUE)) == {"Overdue": ["Call Ada"], "Due today": ["Write the offer"], "Upcoming": ["Visit"]}
    assert sections(ida.get(f"{DUE}&view=all"))["Upcoming"] == ["Tidy up", "Visit"]


def test_a_task_leads_to_the_records_that_it_belongs_to(ida, crew, made):
    page = ida.get(DUE)

    for record in (crew.ada, crew.nordlys, crew.deal):
        assert f'href="/{record.object_type.name}/{record.id}"' in page.text
    assert "Ada Holm" in text_of(page) and "High" in text_of(page)


def test_a_task_is_ticked_off_and_taken_back_from_the_toast(ida, made):
    task = made["Call Ada"]
    done = ida.post(f"/tasks/{task.id}/ticks?show=due&view=my", form=DUE, status="COMPLETED")
    said, back = json.loads(unquote(done.cookies["kartotek_said"]).strip('"'))
    after = sections(ida.get(done.headers["location"]))
    ida.post(back[0], form=DUE, **back[2])

    assert (said, done.headers["location"]) == ("“Call Ada” is done.", "/tasks?view=my&show=due")
    assert after["Done"] == ["Call Ada"] and "Overdue" not in after
    assert sections(ida.get(DUE))["Overdue"] == ["Call Ada"]


def test_priority_and_type_narrow_at_once(ida, made):
    page = ida.get(DUE)
    low = re.search(r'href="([^"]+)" >Low<', page.text)[1].replace("&amp;", "&")

    assert sections(ida.get(low)) == {"Due today": ["Write the offer"]}
    assert "Priority: Low" in text_of(ida.get(low))


def test_nothing_to_do_says_so(ida, crew):
    page = text_of(ida.get(DUE))

    assert "Nothing to do" in page or "Nothing fits" in page


def test_a_contact_cannot_be_ticked_off(ida, crew):
    answer = ida.post(f"/contacts/{crew.ada.id}/ticks", status="COMPLETED")

    assert answer.status_code == 400 and "Contacts cannot be ticked off" in text_of(answer)


def test_tasks_are_told_in_danish(ida, made):
    ida.post("/preferences", language="da", back="/contacts")

    page = text_of(ida.get(DUE))

    assert "Over tiden" in page and "I dag" in page and "Kommende" in page and "Efter forfaldsdato" in page
