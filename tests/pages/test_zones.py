"""Moments stand on the clock of the reader, and are read by it; below the pages they are UTC."""

import html
import re
from datetime import UTC, datetime
from urllib.parse import unquote
from zoneinfo import ZoneInfo

import polars as pl
import pytest

from kartotek.domain import records, timeline
from kartotek.pages import zones
from tests.helpers.visitor import text_of

COPENHAGEN = ZoneInfo("Europe/Copenhagen")
SUMMER, WINTER = "2026-07-01T09:44:00.000Z", "2026-01-15T09:44:00.000Z"


@pytest.fixture
def dane(ida):
    """Ida, whose browser is in Denmark."""
    ida.client.cookies.set(zones.COOKIE, "Europe/Copenhagen")
    return ida


def called(own_database, crew, at):
    """A call with Ada at this moment."""
    with own_database.transaction() as tx:
        texts = {"hs_call_title": "Asked for a price", "hs_timestamp": at}
        ends = [(crew.ada.object_type, crew.ada.id)]
        return records.create(tx, crew.ida, crew.known.object_type("calls"), texts, ends)


def held(own_database, crew, record, name):
    with own_database.transaction() as tx:
        return records.get(tx, crew.ida, record.object_type, record.id).values[name]


def field_of(answer, name):
    """What the field of this property is filled with, and the zone beside it."""
    found = re.search(
        rf'name="{name}"[^>]* value="([^"]*)"[^>]*>\s*<input type="hidden" name="k-zone" value="([^"]*)"', answer.text
    )
    return html.unescape(found[1]), found[2]


@pytest.mark.parametrize(("at", "said"), [(SUMMER, "1 Jul 2026, 11:44"), (WINTER, "15 Jan 2026, 10:44")])
def test_a_moment_is_shown_on_the_clock_of_the_browser(dane, crew, own_database, at, said):
    call = called(own_database, crew, at)

    told, page = dane.get(f"/contacts/{crew.ada.id}"), dane.get(f"/calls/{call.id}")

    assert said in text_of(told) and said in text_of(page) and said in text_of(dane.get("/calls"))
    assert "09:44" not in text_of(told) + text_of(page)


def test_without_a_zone_it_is_shown_in_utc(ida, crew, own_database):
    called(own_database, crew, SUMMER)

    assert "1 Jul 2026, 09:44" in text_of(ida.get(f"/contacts/{crew.ada.id}"))


@pytest.mark.parametrize(("typed", "kept"), [("2026-07-01T11:44", SUMMER), ("2026-01-15T10:44", WINTER)])
def test_what_is_logged_is_kept_in_utc(dane, crew, own_database, typed, kept):
    home = f"/contacts/{crew.ada.id}"

    dane.post(f"{home}/activities", form=home, log="calls", hs_call_title="Asked", hs_timestamp=typed)

    with own_database.transaction() as tx:
        (call,) = timeline.of(tx, crew.ida, crew.ada, "calls")
    assert call.values["hs_timestamp"] == kept


def test_a_form_that_comes_back_says_what_was_typed(dane, crew):
    home = f"/contacts/{crew.ada.id}"

    answer = dane.post(f"{home}/activities", form=home, log="calls", hs_timestamp="2026-07-01T11:44")

    assert answer.status_code == 400 and field_of(answer, "hs_timestamp") == ("2026-07-01T11:44", "Europe/Copenhagen")


def test_a_log_form_begins_with_the_present_hour_of_the_reader(dane, crew):
    there, _ = field_of(dane.get(f"/contacts/{crew.ada.id}?log=calls"), "hs_timestamp")
    due, _ = field_of(dane.get(f"/contacts/{crew.ada.id}?log=tasks"), "hs_timestamp")

    passed = datetime.now(UTC) - datetime.fromisoformat(there).replace(tzinfo=COPENHAGEN)
    assert abs(passed.total_seconds()) < 600 and due.endswith("T08:00")


@pytest.mark.parametrize("at", ["2026-07-01T09:44:17.123Z", "2026-10-25T01:30:00.000Z", "2026-03-29T00:59:59.999Z"])
def test_a_field_that_is_saved_as_it_stood_changes_nothing(dane, crew, own_database, at):
    call = called(own_database, crew, at)
    path = f"/calls/{call.id}/properties/hs_timestamp"
    value, clock = field_of(dane.get(path), "hs_timestamp")

    dane.post(path, hs_timestamp=value, **{zones.FIELD: clock})

    assert held(own_database, crew, call, "hs_timestamp") == at


def test_an_hour_is_changed_in_place(dane, crew, own_database):
    call = called(own_database, crew, WINTER)

    dane.post(f"/calls/{call.id}/properties/hs_timestamp", hs_timestamp="2026-07-01T11:44")

    assert held(own_database, crew, call, "hs_timestamp") == SUMMER


def test_a_form_is_read_by_the_clock_that_it_was_written_for(dane, crew, own_database):
    call = called(own_database, crew, WINTER)
    form = {"hs_timestamp": "2026-07-01T05:44", zones.FIELD: "America/New_York"}

    dane.post(f"/calls/{call.id}/properties/hs_timestamp", **form)

    assert held(own_database, crew, call, "hs_timestamp") == SUMMER


@pytest.mark.parametrize("zone", ["Europe/Copenhagen", "America/New_York"])
def test_a_day_stays_the_day_that_was_typed(ida, crew, own_database, zone):
    ida.client.cookies.set(zones.COOKIE, zone)
    path = f"/deals/{crew.deal.id}/properties/closedate"

    ida.post(path, closedate="2026-12-01")

    assert held(own_database, crew, crew.deal, "closedate") == "2026-12-01T00:00:00.000Z"
    assert field_of(ida.get(path), "closedate") == ("2026-12-01", zone)
    assert "1 Dec 2026" in text_of(ida.get("/deals"))


def test_a_moment_shown_as_a_day_is_the_readers_day_and_keeps_its_hour_when_saved(dane, crew, own_database):
    with own_database.transaction() as tx:
        records.update(tx, crew.ida, crew.deal.object_type, crew.deal.id, {"closedate": "2026-11-30T23:00:00.000Z"})
    path = f"/deals/{crew.deal.id}/properties/closedate"

    value, clock = field_of(dane.get(path), "closedate")
    dane.post(path, closedate=value, **{zones.FIELD: clock})

    assert value == "2026-12-01" and held(own_database, crew, crew.deal, "closedate") == "2026-11-30T23:00:00.000Z"


def test_a_record_stands_in_the_month_of_the_reader(dane, crew, own_database):
    called(own_database, crew, "2026-06-30T22:30:00.000Z")

    page = text_of(dane.get(f"/contacts/{crew.ada.id}"))

    assert "July 2026" in page and "1 Jul 2026, 00:30" in page and "June 2026" not in page


def test_a_condition_on_a_moment_is_told_and_read_on_the_clock_of_the_reader(dane, crew, own_database):
    called(own_database, crew, SUMMER)
    asked = "where=hs_timestamp.more_than(2026-07-01T09:43:00.000Z)"
    form = {"property-0": "hs_timestamp", "operator-0": "GT", "value-0": "2026-07-01 11:43", "of-0": ""}

    page, builder = dane.get(f"/calls?{asked}"), dane.get(f"/calls/filters?{asked}")
    done = dane.post("/calls/filters", do="apply", **form, **{"clock-0": "Europe/Copenhagen"})

    assert "is after 1 Jul 2026, 11:43" in text_of(page) and "Asked for a price" in text_of(page)
    assert 'value="2026-07-01 11:43"' in builder.text
    assert asked in unquote(done.headers["location"])


@pytest.mark.parametrize(
    "name", ["", "Nowhere/Else", "../../etc/passwd", "Europe", "localtime", "A" * 5000, "<b>", "%00"]
)
def test_a_zone_that_there_is_not_is_utc(ida, crew, own_database, name):
    called(own_database, crew, SUMMER)
    ida.client.cookies.set(zones.COOKIE, name)

    page = ida.get(f"/contacts/{crew.ada.id}")
    logged = ida.post(
        f"/contacts/{crew.ada.id}/activities", log="tasks", hs_task_subject="Write", hs_timestamp="2026-07-01T09:30",
        **{zones.FIELD: name},
    )  # fmt: skip

    assert page.status_code == 200 and "1 Jul 2026, 09:44" in text_of(page) and logged.status_code == 303
    assert "1 Jul 2026, 09:30" in text_of(ida.get(f"/contacts/{crew.ada.id}"))


def test_moments_can_be_read_in_every_zone_that_is_taken():
    moment = pl.Series([datetime(2026, 7, 1, 9, 44)])

    read = [moment.dt.replace_time_zone(name) for name in zones._known()]

    assert len(read) > 400


def test_the_first_and_last_hours_that_there_are_stay_as_they_are():
    last = datetime.max.replace(tzinfo=UTC)

    assert zones.local(last, COPENHAGEN) == last


def test_what_a_record_said_is_told_on_the_clock_of_the_reader(dane, crew, own_database):
    call = called(own_database, crew, WINTER)
    with own_database.transaction() as tx:
        records.update(tx, crew.ida, call.object_type, call.id, {"hs_timestamp": SUMMER})

    history = dane.get(f"/calls/{call.id}/history?property=hs_timestamp")

    assert "15 Jan 2026, 10:44" in text_of(history) and "1 Jul 2026, 11:44" in text_of(history)
    assert re.search(r'title="20\d\d-[^"]+\+0[12]:00"', history.text)
