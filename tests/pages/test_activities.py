"""Activities are logged on the page of a record, and reach further by rules that people choose."""

import json
import re
from urllib.parse import unquote

import pytest

from kartotek.domain import records, timeline
from tests.helpers.visitor import text_of

FORMS = {
    "notes": {"hs_note_body": "Wants it before Christmas."},
    "calls": {"hs_call_title": "Asked for a price", "hs_timestamp": "2026-03-01T09:30"},
    "emails": {"hs_email_subject": "Our offer", "hs_timestamp": "2026-03-01T09:30", "hs_email_direction": "EMAIL"},
    "meetings": {"hs_meeting_title": "Visit to the yard", "hs_meeting_start_time": "2026-03-01T09:30"},
    "tasks": {"hs_task_subject": "Write back", "hs_timestamp": "2026-03-01T09:30"},
}


def home_of(record):
    return f"/{record.object_type.name}/{record.id}"


def log(ida, record, kind, **more):
    return ida.post(f"{home_of(record)}/activities", form=f"{home_of(record)}?log={kind}", log=kind, **more)


def ends_of(database, crew, kind):
    """The records that the only activity of this kind belongs to."""
    with database.transaction() as tx:
        found = timeline.of(tx, crew.ida, crew.ada, kind)
        assert len(found) == 1
        rows = tx.rows(
            "SELECT first, second FROM kartotek.associations WHERE first = %(id)s OR second = %(id)s",
            {"id": found[0].id},
        )
    return {row["first"] if row["second"] == found[0].id else row["second"] for row in rows}


@pytest.mark.parametrize("kind", FORMS)
def test_an_activity_of_each_kind_is_logged_and_stands_in_the_timelines_of_all_it_belongs_to(
    ida, crew, own_database, kind
):
    answer = log(ida, crew.ada, kind, **FORMS[kind])

    assert answer.status_code == 303
    for record in (crew.ada, crew.deal, crew.nordlys):
        assert next(iter(FORMS[kind].values())) in text_of(ida.get(home_of(record)))
    assert ends_of(own_database, crew, kind) == {crew.ada.id, crew.deal.id, crew.nordlys.id}


def test_what_it_will_belong_to_is_told_and_can_be_ticked_off(ida, crew, own_database):
    before = ida.get(home_of(crew.ada)).text
    offered = [int(id) for id in re.findall(r'name="offered" value="(\d+)"', before)]

    log(ida, crew.ada, "notes", hs_note_body="Only for Nordlys.", offered=offered, reaches=[crew.nordlys.id])

    assert "Associated with 3 records" in before and set(offered) == {crew.nordlys.id, crew.deal.id}
    assert ends_of(own_database, crew, "notes") == {crew.ada.id, crew.nordlys.id}


def test_what_is_missing_is_said_and_what_was_typed_and_ticked_stays(ida, crew):
    answer = log(
        ida, crew.ada, "calls", hs_call_direction="INBOUND", hs_timestamp="2026-03-01T09:30",
        offered=[crew.nordlys.id, crew.deal.id], reaches=[crew.deal.id],
    )  # fmt: skip

    assert answer.status_code == 400
    assert "Call notes" in text_of(answer) and "Associated with 2 records" in answer.text
    assert 'value="2026-03-01T09:30"' in answer.text and "Log call" in answer.text


def test_an_empty_note_is_not_logged(ida, crew, own_database):
    answer = log(ida, crew.ada, "notes", hs_note_body=" ")

    assert answer.status_code == 400 and "Write what the note should say." in text_of(answer)
    with own_database.transaction() as tx:
        assert timeline.of(tx, crew.ida, crew.ada) == []


def test_only_kinds_of_activities_are_logged(ida, crew):
    answer = log(ida, crew.ada, "companies", name="No activity")

    assert answer.status_code == 400 and "Choose what to log" in text_of(answer)


def test_an_archived_record_gets_no_form(ida, crew, own_database):
    with own_database.transaction() as tx:
        records.archive(tx, crew.ida, crew.ada.object_type, [crew.ada.id])

    assert 'id="log"' not in ida.get(home_of(crew.ada)).text


def test_the_rules_are_changed_in_the_settings(ida, crew, own_database):
    path = "/settings/activities"

    kept = ida.post(path, form=path, **{"contacts/notes/deals": "none"})
    log(ida, crew.ada, "notes", hs_note_body="For the firm.")
    log(ida, crew.ada, "calls", **FORMS["calls"])

    assert kept.status_code == 303
    assert ends_of(own_database, crew, "notes") == {crew.ada.id, crew.nordlys.id}
    assert ends_of(own_database, crew, "calls") == {crew.ada.id, crew.nordlys.id, crew.deal.id}


def test_a_rule_that_is_not_offered_is_refused(ida):
    path = "/settings/activities"

    answer = ida.post(path, form=path, **{"contacts/notes/deals": "17"})

    assert answer.status_code == 400 and "cannot be chosen" in text_of(answer)


def test_what_is_still_to_come_stands_above_the_soonest_first(ida, crew):
    for year, title in ((2020, "Long ago"), (2999, "Far away"), (2998, "Sooner")):
        texts = {"hs_task_subject": title, "hs_timestamp": f"{year}-03-01T09:30"}
        log(ida, crew.ada, "tasks", **texts)

    page = text_of(ida.get(home_of(crew.ada)))

    places = [page.index(words) for words in ("Upcoming", "Sooner", "Far away", "March 2020", "Long ago")]
    assert places == sorted(places)


def test_the_timeline_is_searched_in_one_kind_or_all(ida, crew):
    log(ida, crew.ada, "calls", hs_call_title="Asked about lamps")
    log(ida, crew.ada, "notes", hs_note_body="Wants thirty lamps.")
    log(ida, crew.ada, "notes", hs_note_body="Moves to Aarhus.")

    all_kinds = text_of(ida.get(f"{home_of(crew.ada)}?find=lamps"))
    notes = text_of(ida.get(f"{home_of(crew.ada)}?find=lamps&kind=notes"))
    nothing = text_of(ida.get(f"{home_of(crew.ada)}?find=boats"))

    assert "Asked about lamps" in all_kinds and "Wants thirty lamps." in all_kinds and "Aarhus" not in all_kinds
    assert "Asked about lamps" not in notes and "Wants thirty lamps." in notes
    assert "No activity says “boats”." in nothing


def test_what_is_pinned_stands_first_and_goes_back_to_its_month(ida, crew, own_database):
    for year, title in ((2020, "Long ago"), (2021, "Lately")):
        log(ida, crew.ada, "calls", hs_call_title=title, hs_timestamp=f"{year}-03-01T09:30")
    with own_database.transaction() as tx:
        old = timeline.of(tx, crew.ida, crew.ada, "calls")[1]
    there = f"{home_of(crew.ada)}/activities/calls/{old.id}/pin"

    ida.post(there)
    on_top = text_of(ida.get(home_of(crew.ada)))
    ida.post(f"{there}/removal")
    back = text_of(ida.get(home_of(crew.ada)))

    assert on_top.index("Pinned") < on_top.index("Long ago") < on_top.index("Lately")
    assert on_top.count("Long ago") == 1 and "March 2020" not in on_top
    assert "Pinned" not in back and back.index("Lately") < back.index("Long ago")


def test_what_an_activity_belongs_to_is_changed_from_the_timeline_and_taken_back(ida, crew, own_database):
    log(ida, crew.ada, "calls", **FORMS["calls"])
    with own_database.transaction() as tx:
        call = timeline.of(tx, crew.ida, crew.ada, "calls")[0]
    there = f"/calls/{call.id}/belongings"
    panel = ida.get(f"{there}?home=contacts/{crew.ada.id}")
    found = ida.get(f"{there}?home=contacts/{crew.ada.id}&asked=1&ends=contacts/{crew.ada.id}&q=cleo")

    done = ida.post(
        there, form=there, home=f"contacts/{crew.ada.id}",
        offered=[f"contacts/{crew.ada.id}", f"companies/{crew.nordlys.id}", f"deals/{crew.deal.id}"],
        ends=[f"contacts/{crew.ada.id}", f"contacts/{crew.cleo.id}"],
    )  # fmt: skip
    changed = ends_of(own_database, crew, "calls")
    said, back = json.loads(unquote(done.cookies["kartotek_said"]).strip('"'))
    ida.post(back[0], form=there, **back[2])

    assert "Associated with 3 records" in text_of(ida.get(home_of(crew.ada)))
    assert ticked(panel) == {f"contacts/{crew.ada.id}", f"companies/{crew.nordlys.id}", f"deals/{crew.deal.id}"}
    assert f'value="companies/{crew.havnen.id}" ' in panel.text and "Cleo" not in panel.text
    assert "Cleo" in found.text and ticked(found) == {f"contacts/{crew.ada.id}"}
    assert changed == {crew.ada.id, crew.cleo.id} and said == "“Asked for a price” belongs to 2 records now."
    assert done.headers["location"] == f"{home_of(crew.ada)}?side=activities"
    assert ends_of(own_database, crew, "calls") == {crew.ada.id, crew.nordlys.id, crew.deal.id}


def test_a_note_that_would_belong_to_nothing_comes_back_with_a_sentence(ida, crew, own_database):
    log(ida, crew.ada, "notes", hs_note_body="Only Ada.", offered=[crew.nordlys.id, crew.deal.id])
    with own_database.transaction() as tx:
        note = timeline.of(tx, crew.ida, crew.ada, "notes")[0]
    there = f"/notes/{note.id}/belongings"

    answer = ida.post(there, form=there, offered=[f"contacts/{crew.ada.id}"])

    assert answer.status_code == 400 and "Tick at least one." in text_of(answer)
    assert ends_of(own_database, crew, "notes") == {crew.ada.id}


def ticked(answer):
    return set(re.findall(r'name="ends" value="([^"]+)" checked', answer.text))


def test_a_page_offers_no_note_where_none_can_be_written(ida, crew, own_database):
    with own_database.transaction() as tx:
        texts, home = {"hs_call_title": "Asked", "hs_timestamp": "2026-04-03"}, [(crew.ada.object_type, crew.ada.id)]
        call = records.create(tx, crew.ida, crew.known.object_type("calls"), texts, home)

    of_call, of_contact = ida.get(f"/calls/{call.id}").text, ida.get(f"/contacts/{crew.bo.id}").text

    assert "#l-hs_note_body" not in of_call and "Log a note above" not in of_call
    assert "#l-hs_note_body" in of_contact and "Log a note above" in of_contact
