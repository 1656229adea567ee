"""Every object and every activity comes in by one engine, and finds its way back to the record that it is about."""

import pytest

from kartotek import errors
from kartotek.domain import Database, catalogue, pipelines, records
from kartotek.imports.table import Mode
from kartotek.model.people import SYSTEM
from kartotek.settings import Settings
from tests.helpers.importing import balanced, import_file, rehearse_file, sheet_of, values

ADA = {"Contact First Name": "Ada", "Contact Email": "ada@harbour.example"}
DEAL = {"Deal Name": "Boat", "Pipeline": "Sales Pipeline", "Deal Stage": "Closed Won"}
# Each activity by its own key, with a value that changes.
ACTIVITIES = {
    "calls": ({"Call unique ID": "c1", "Call title": "Hello", "Call notes": "First words"}, "hs_call_body"),
    "emails": (
        {"Email unique ID": "e1", "Email subject": "Hello", "Text body": "First words", "Sent at": "2026-04-03 14:30"},
        "hs_email_text",
    ),
    "meetings": (
        {"Meeting unique ID": "m1", "Meeting title": "Hello", "Meeting start time": "2026-04-03 14:30",
         "Meeting description": "First words"},
        "hs_meeting_body",
    ),
    "notes": ({"Note unique ID": "n1", "Note body": "First words", "Note date": "2026-04-03 14:30"}, "hs_note_body"),
    "tasks": ({"Task unique ID": "t1", "Task title": "Hello", "Task notes": "First words"}, "hs_task_body"),
}  # fmt: skip


@pytest.mark.parametrize("name", ACTIVITIES)
def test_an_activity_is_created_and_then_updated_by_its_unique_id(harbour: Database, home: Settings, name: str) -> None:
    row, body = ACTIVITIES[name]
    changed = {header: "Other words" if text == "First words" else text for header, text in row.items()}

    first = import_file(harbour, home, sheet_of(row | ADA), name, "contacts")
    second = import_file(harbour, home, sheet_of(changed | ADA), name, "contacts")
    third = import_file(harbour, home, sheet_of(changed | ADA), name, "contacts")

    assert (first.errors, second.errors) == ((), ())
    assert [one.rows(name) for one in (first, second, third)] == [{"created": 1}, {"updated": 1}, {"unchanged": 1}]
    assert values(harbour, name, body) == [("Other words",)]
    assert first.books.associations["created"] == 1 and second.books.associations["created"] == 0


def test_a_meeting_that_says_no_more_was_when_it_begins(harbour: Database, home: Settings) -> None:
    meetings = [
        {"Meeting title": "Visit", "Meeting start time": "2019-04-03 14:30"},
        {"Meeting title": "Call", "Meeting start time": "2019-04-04 09:00", "Meeting date": "2019-04-01 08:00"},
    ]
    text = sheet_of(*(ADA | meeting for meeting in meetings))

    rehearsed = rehearse_file(harbour, home, text, "contacts", "meetings")
    ended = import_file(harbour, home, text, "contacts", "meetings")

    assert (rehearsed.books, rehearsed.errors) == (ended.books, ended.errors)
    assert values(harbour, "meetings", "hs_timestamp") == [("2019-04-03 14:30:00+00",), ("2019-04-01 08:00:00+00",)]


def test_a_note_may_belong_to_any_number_of_records(harbour: Database, home: Settings) -> None:
    note = ACTIVITIES["notes"][0]
    bo = {"Contact First Name": "Bo", "Contact Email": "bo@harbour.example"}

    ended = import_file(harbour, home, sheet_of(note | ADA | DEAL, note | bo), "notes", "contacts", "deals")

    assert (ended.errors, ended.rows("notes")) == ((), {"created": 1, "unchanged": 1})
    assert ended.books.associations["created"] == 4


@pytest.mark.parametrize("batch", [1, 50_000])
@pytest.mark.parametrize("name", ["emails", "meetings", "notes"])
def test_an_activity_that_belongs_to_nobody_is_refused(
    harbour: Database, home: Settings, name: str, batch: int
) -> None:
    row, _ = ACTIVITIES[name]
    alone = row | {next(iter(row)): "other"}
    lost = row | {next(iter(row)): "third", "Contact First Name": "Eva", "Contact Email": "no address"}

    rehearsed = rehearse_file(harbour, home, sheet_of(row | ADA, alone, lost), name, "contacts", batch=batch)
    ended = import_file(harbour, home, sheet_of(row | ADA, alone, lost), name, "contacts", batch=batch)

    assert (rehearsed.books, rehearsed.errors) == (ended.books, ended.errors)
    assert ended.rows(name) == {"created": 1, "failed": 2} and balanced(ended.books)
    told = [(line, type) for line, _, type, _ in ended.told() if type != "INVALID_EMAIL"]
    assert told == [(line, "FAILED_TO_FIND_RECORD_FOR_ASSOCIATIONS") for line in (3, 4)]
    assert "belongs to a contact, company, deal or ticket" in ended.errors[0]["message"]


def test_a_note_that_is_there_is_updated_without_a_word_of_whose_it_is(harbour: Database, home: Settings) -> None:
    note = ACTIVITIES["notes"][0]
    import_file(harbour, home, sheet_of(note | ADA), "notes", "contacts")

    changed = sheet_of(note | {"Note body": "Other words"})
    ended = import_file(harbour, home, changed, "notes", modes=(("", Mode.UPDATE),))

    assert ended.rows("notes") == {"updated": 1} and ended.errors == ()


@pytest.mark.parametrize("name", ["emails", "meetings", "notes", "line_items"])
def test_what_belongs_to_others_cannot_be_created_from_a_file_of_its_own(
    harbour: Database, home: Settings, name: str
) -> None:
    rows = ACTIVITIES.get(name, ({"Name": "Rope", "Quantity": "2", "Unit price": "10"}, ""))[0]

    with pytest.raises(errors.Invalid, match=r"belong to .*deals"):
        import_file(harbour, home, sheet_of(rows), name)


@pytest.mark.parametrize("name", ["calls", "tasks"])
def test_calls_and_tasks_may_stand_alone(harbour: Database, home: Settings, name: str) -> None:
    ended = import_file(harbour, home, sheet_of(ACTIVITIES[name][0]), name)

    assert (ended.errors, ended.rows(name)) == ((), {"created": 1})


def test_a_call_that_does_not_say_when_it_was_is_of_now(harbour: Database, home: Settings) -> None:
    import_file(harbour, home, sheet_of({"Call title": "Hello"}), "calls")

    (said,) = values(harbour, "calls", "hs_timestamp")[0]
    assert said is not None


@pytest.mark.parametrize("batch", [1, 50_000])
def test_a_line_item_belongs_to_its_deal(harbour: Database, home: Settings, batch: int) -> None:
    line = {"Line item name": "Rope", "Quantity": "2", "Unit price": "10"}
    text = sheet_of(line | DEAL, line | dict.fromkeys(DEAL, ""), line | DEAL | {"Deal Name": ""})

    ended = import_file(harbour, home, text, "line_items", "deals", batch=batch, numbers="US")

    assert ended.rows("line_items") == {"created": 1, "failed": 2}
    assert [(line, type) for line, _, type, _ in ended.told()] == [
        (3, "FAILED_TO_FIND_RECORD_FOR_ASSOCIATIONS"),
        (4, "FAILED_TO_FIND_RECORD_FOR_ASSOCIATIONS"),
        (4, "MISSING_REQUIRED_PROPERTY"),
    ]


@pytest.mark.parametrize("batch", [1, 50_000])
def test_a_line_item_with_two_deals_in_a_file_is_refused_on_every_row(
    harbour: Database, home: Settings, batch: int
) -> None:
    line = {"Line item name": "Rope", "Quantity": "2", "Unit price": "10"}
    import_file(harbour, home, sheet_of(line | DEAL), "line_items", "deals", numbers="US")
    (id,) = ids(harbour, "line_items")

    twice = [{"Line item record ID": str(id), "Quantity": "3"} | DEAL | {"Deal Name": name} for name in ("Net", "Sail")]
    ended = import_file(
        harbour, home, sheet_of(*twice), "line_items", "deals", batch=batch, modes=(("line_items", Mode.UPDATE),)
    )

    assert [(line, type) for line, _, type, _ in ended.told()] == [
        (2, "LINE_ITEM_MULTIPLE_PARENTS_IN_ROW"), (3, "LINE_ITEM_MULTIPLE_PARENTS_IN_ROW"),
    ]  # fmt: skip
    assert (ended.rows("line_items"), ended.rows("deals")) == ({"failed": 2}, {"created": 2})
    assert values(harbour, "line_items", "quantity") == [("2",)]


def ids(database: Database, object_type: str) -> list[int]:
    return [int(id or 0) for (id,) in values(database, object_type, "_id")]


ALONE = {
    "contacts": ({"Email": "ada@harbour.example", "First Name": "Ada"}, "First Name"),
    "companies": ({"Company Domain Name": "harbour.example", "Company name": "Harbour"}, "Company name"),
    "deals": (DEAL, "Deal Name"),
    "tickets": ({"Ticket name": "Leak", "Pipeline": "Support Pipeline", "Ticket status": "New"}, "Ticket name"),
    "products": ({"Name": "Rope", "Unit price": "10"}, "Name"),
    "calls": ({"Call title": "Hello"}, "Call title"),
    "tasks": ({"Task title": "Hello"}, "Task title"),
}


@pytest.mark.parametrize("name", ALONE)
def test_every_object_that_may_stand_alone_is_created_and_updated(harbour: Database, home: Settings, name: str) -> None:
    row, changing = ALONE[name]

    first = import_file(harbour, home, sheet_of(row), name, numbers="US")
    (id,) = ids(harbour, name)
    changed = row | {"Record ID": str(id), changing: "Other"}
    second = import_file(harbour, home, sheet_of(changed), name, numbers="US")

    assert (first.errors, second.errors) == ((), ())
    assert (first.rows(name), second.rows(name)) == ({"created": 1}, {"updated": 1})


def test_an_email_is_associated_with_the_contacts_whose_addresses_it_names(harbour: Database, home: Settings) -> None:
    people = [{"Email": f"{name}@harbour.example"} for name in ("ada", "bo", "cy")]
    import_file(harbour, home, sheet_of(*people), "contacts")
    mail = {
        "Email subject": "Hello", "Sent at": "2026-04-03 14:30", "From": "Ada Holm <ADA@harbour.example>",
        "To": "bo@harbour.example; nobody@else.example", "Cc": "cy@harbour.example, bo@harbour.example",
        "Email unique ID": "e1",
    }  # fmt: skip
    strange = mail | {"From": "eva@else.example", "To": "nobody@else.example", "Cc": "", "Email unique ID": "e2"}

    rehearsed = rehearse_file(harbour, home, sheet_of(mail, strange), "emails")
    first = import_file(harbour, home, sheet_of(mail, strange), "emails")
    again = import_file(harbour, home, sheet_of(mail), "emails")

    assert first.rows("emails") == {"created": 1, "failed": 1}
    assert [(line, type) for line, _, type, _ in first.told()] == [(3, "FAILED_TO_FIND_RECORD_FOR_ASSOCIATIONS")]
    assert (first.books.associations["created"], again.books.associations["unchanged"]) == (3, 3)
    assert (rehearsed.books, rehearsed.errors) == (first.books, first.errors)


def test_times_are_kept_with_their_zone_and_threads_in_their_order(harbour: Database, home: Settings) -> None:
    mail = {"Email subject": "Hello", "Thread ID": "t1"}
    rows = [
        mail | {"Email unique ID": id, "Sent at": at} | ADA
        for id, at in (("e1", "2026-04-03 14:30"), ("e2", "2026-04-03T12:29:59Z"), ("e3", "2026-04-03T15:00:00+02:00"))
    ]

    ended = import_file(harbour, home, sheet_of(*rows), "emails", "contacts", zone="Europe/Copenhagen", dates="YMD")

    with harbour.transaction() as tx:
        kept = tx.rows("SELECT hs_timestamp AT TIME ZONE 'UTC' AS at, _extra ->> 'hs_email_thread_id' AS thread "
                       "FROM crm.emails ORDER BY hs_timestamp")  # fmt: skip
    assert ended.errors == ()
    assert [(row["at"].isoformat(), row["thread"]) for row in kept] == [
        ("2026-04-03T12:29:59", "t1"), ("2026-04-03T12:30:00", "t1"), ("2026-04-03T13:00:00", "t1"),
    ]  # fmt: skip


@pytest.mark.parametrize("beside", [{}, {"Pipeline": ""}])
def test_a_stage_of_two_pipelines_is_no_stage_until_it_says_which(
    own_database: Database, settings: Settings, beside: dict[str, str]
) -> None:
    with own_database.transaction() as tx:
        deals = catalogue.load(tx).object_type("deals")
        pipelines.create(tx, SYSTEM, deals, "Repairs")
        boat = records.create(tx, SYSTEM, deals, {"dealname": "Boat", "pipeline": "default", "dealstage": "closedlost"})
    row, only = {"Record ID": str(boat.id), **beside}, (("", Mode.UPDATE),)

    ended = import_file(own_database, settings, sheet_of(row | {"Deal Stage": "Closed won"}), "deals", modes=only)
    told = import_file(own_database, settings, sheet_of(row | {"Deal Stage": "closedwon"}), "deals", modes=only)

    [error] = ended.errors
    assert (error["type"], error["value"]) == ("AMBIGUOUS_ENUMERATION_OPTION", "Closed won")
    assert error["message"] == (
        "“Closed won” is a stage of several pipelines. Give the pipeline in a column of its own, or write the stage "
        "that is meant as closedwon or repairs_closed_won. The deal was imported without it."
    )
    assert (ended.rows("deals"), told.rows("deals")) == ({"unchanged": 1}, {"updated": 1})


@pytest.mark.parametrize("header", ["hs_merged_object_ids", "Merged Contact IDs"])
def test_what_another_system_has_merged_is_no_hindrance(harbour: Database, home: Settings, header: str) -> None:
    ended = import_file(harbour, home, sheet_of(ADA | {header: "101;102"}), "contacts")

    assert (ended.rows("contacts"), ended.errors) == ({"created": 1}, ())
