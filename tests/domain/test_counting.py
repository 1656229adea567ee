"""Properties that are counted over what a record is associated with, when they are shown."""

from datetime import timedelta

import pytest

from kartotek import errors
from kartotek.domain import associations, counting, filters, merging, records, restoring
from kartotek.domain.history import past
from kartotek.model.filters import Filter, Query
from kartotek.model.people import Rights
from kartotek.store import sorting
from tests.helpers.colleagues import as_now, somebody, with_rights
from tests.helpers.statements import told


def counted(tx, cast, record, *names, actor=None):
    found = records.many(tx, actor or cast.ida, record.object_type, [record.id], names)[0]
    return found.values[names[0]] if len(names) == 1 else tuple(found.values[name] for name in names)


def deal(tx, cast, stage, amount, closed, *ends):
    texts = {"dealname": stage, "pipeline": "default", "dealstage": stage, "amount": amount, "closedate": closed}
    return records.create(tx, cast.ida, cast.deal.object_type, texts, [(end.object_type, end.id) for end in ends])


def log(tx, cast, record, kind, at, **texts):
    needed = {
        "notes": {"hs_note_body": "Hello"}, "calls": {"hs_call_title": "Price"},
        "emails": {"hs_email_subject": "Offer", "hs_email_direction": "EMAIL"},
        "meetings": {"hs_meeting_title": "Visit"}, "tasks": {"hs_task_subject": "Write back"},
    }[kind]  # fmt: skip
    when = (tx.now + timedelta(days=at)).isoformat()
    return records.create(
        tx, cast.ida, cast.known.object_type(kind), {"hs_timestamp": when, **needed, **texts},
        [(record.object_type, record.id)],
    )  # fmt: skip


def test_associated_records_are_counted(tx, cast):
    assert counted(tx, cast, cast.havnen, "num_associated_contacts") == "2"
    assert counted(tx, cast, cast.nordlys, "num_associated_deals", "hs_num_open_deals") == ("1", "1")
    assert counted(tx, cast, cast.cleo, "num_associated_deals") is None


def test_associating_archiving_restoring_and_merging_is_told_at_once(tx, cast):
    companies, contacts = cast.havnen.object_type, cast.ada.object_type
    associations.link(tx, cast.ida, contacts, cast.cleo.id, companies, [cast.havnen.id])
    linked = counted(tx, cast, cast.havnen, "num_associated_contacts")
    records.archive(tx, cast.ida, contacts, [cast.bo.id])
    archived = counted(tx, cast, cast.havnen, "num_associated_contacts")
    restoring.restore(tx, cast.ida, contacts, [cast.bo.id])
    restored = counted(tx, cast, cast.havnen, "num_associated_contacts")

    merging.merge(tx, cast.ida, contacts, cast.ada.id, cast.bo.id)

    assert (linked, archived, restored) == ("3", "2", "3")
    assert counted(tx, cast, cast.havnen, "num_associated_contacts") == "2"


def test_what_deals_have_brought_is_told(tx, cast):
    names = ("num_associated_deals", "hs_num_open_deals", "total_revenue", "recent_deal_amount")
    deal(tx, cast, "closedwon", "100.50", "2026-01-01", cast.havnen)
    deal(tx, cast, "closedwon", "50", "2026-03-01", cast.havnen)
    deal(tx, cast, "closedlost", "9999", "2026-04-01", cast.havnen)
    deal(tx, cast, "contractsent", "7", "2026-05-01", cast.havnen)

    found = counted(tx, cast, cast.havnen, *names, "recent_deal_close_date")

    assert found == ("4", "1", "150.5", "50", "2026-03-01T00:00:00.000Z")


def test_the_days_until_the_first_deal_was_won_are_told(tx, cast):
    deal(tx, cast, "closedwon", "1", (tx.now + timedelta(days=9)).isoformat(), cast.cleo)
    deal(tx, cast, "closedwon", "1", (tx.now + timedelta(days=4, hours=5)).isoformat(), cast.cleo)

    assert counted(tx, cast, cast.cleo, "days_to_close") == "4"
    assert counted(tx, cast, cast.ada, "days_to_close") is None


def test_activities_are_counted_and_told_apart_by_what_they_are_and_when(tx, cast):
    log(tx, cast, cast.cleo, "notes", -1)
    log(tx, cast, cast.cleo, "calls", -3)
    log(tx, cast, cast.cleo, "meetings", 5)
    log(tx, cast, cast.cleo, "tasks", -0.5)
    log(tx, cast, cast.cleo, "tasks", 2)

    number, contacted = counted(tx, cast, cast.cleo, "num_notes", "num_contacted_notes")
    moments = counted(tx, cast, cast.cleo, "notes_last_updated", "notes_last_contacted", "notes_next_activity_date")

    assert (number, contacted) == ("5", "1")
    assert [text[:10] for text in moments] == [f"{tx.now + timedelta(days=days):%F}" for days in (-1, -3, 2)]


def test_a_deal_tells_its_calls_tasks_and_meetings(tx, cast):
    log(tx, cast, cast.deal, "calls", -1, hs_call_direction="INBOUND")
    log(tx, cast, cast.deal, "calls", -1, hs_call_direction="OUTBOUND")
    log(tx, cast, cast.deal, "tasks", -1)
    log(tx, cast, cast.deal, "tasks", -1, hs_task_status="COMPLETED")
    log(tx, cast, cast.deal, "meetings", 1)

    found = counted(
        tx, cast, cast.deal, "hs_number_of_call_engagements", "hs_number_of_inbound_calls",
        "hs_number_of_outbound_calls", "hs_number_of_overdue_tasks", "hs_number_of_scheduled_meetings",
    )  # fmt: skip

    assert found == ("2", "1", "1", "1", "1")


def test_a_role_in_the_purchase_is_counted(tx, cast):
    records.update(tx, cast.ida, cast.bo.object_type, cast.bo.id, {"hs_buying_role": "BLOCKER;DECISION_MAKER"})

    names = ("hs_num_contacts_with_buying_roles", "hs_num_blockers", "hs_num_decision_makers")
    assert counted(tx, cast, cast.havnen, *names) == ("1", "1", "1")


def test_a_number_tells_nobody_of_records_that_they_may_not_see(tx, cast):
    sol = with_rights(tx, cast.ida, "Sol", Rights({"*": "all", "contacts": "own", "deals": "none"}))
    kim = somebody(tx, cast.ida, "Kim")
    records.update(tx, cast.ida, cast.ada.object_type, cast.ada.id, {"hubspot_owner_id": str(sol.id)})
    records.update(tx, cast.ida, cast.bo.object_type, cast.bo.id, {"hubspot_owner_id": str(kim.id)})

    found = counted(tx, cast, cast.havnen, "num_associated_contacts", "num_associated_deals", actor=as_now(tx, sol))

    assert found == ("1", None)


def test_a_whole_record_has_them_and_its_past_does_not(tx, cast):
    whole = records.whole(tx, cast.ida, cast.havnen.object_type, cast.havnen.id)
    then = past.as_of(tx, cast.ida, cast.havnen.object_type, cast.havnen.id, tx.now)

    assert whole.values["num_associated_contacts"] == "2"
    assert then.record.values["num_associated_contacts"] is None


def test_nothing_is_found_or_sorted_by_them(tx, cast):
    companies = cast.havnen.object_type

    with pytest.raises(errors.Invalid, match="counted when it is shown"):
        records.find(tx, cast.ida, companies, Query(sort="num_associated_contacts"), ())
    with pytest.raises(errors.Invalid, match="counted when it is shown"):
        filters.read(tx, cast.ida, companies, Query(((Filter("num_associated_contacts", "GT", ("1",)),),)))


def test_however_many_records_are_shown_the_statements_are_as_many(tx, cast):
    companies = cast.havnen.object_type
    shown = records.many(tx, cast.ida, companies, [cast.havnen.id, cast.nordlys.id], ["name"])
    names = counting.names(companies)

    with told(tx) as of_one:
        counting.filled(tx, cast.ida, companies, shown[:1], names)
    with told(tx) as of_both:
        counting.filled(tx, cast.ida, companies, shown, names)

    assert len(of_one) == len(of_both)


def test_no_index_is_made_for_what_is_looked_up(tx, cast):
    assert sorting.is_sorted(tx, cast.havnen.object_type.properties["hs_num_child_companies"])
