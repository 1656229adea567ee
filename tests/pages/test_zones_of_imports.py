"""Times of an imported file that name no zone are on the clock of who imports; days are the same days everywhere."""

import re

import pytest

from kartotek.domain import catalogue, imports, records
from kartotek.imports import run
from kartotek.model.filters import Query
from kartotek.pages import zones
from tests.helpers.visitor import text_of
from tests.helpers.wizard import draft_of, go_on

HEADER = b"Call title,Activity date,Email\n"
EVERYWHERE = [
    "Pacific/Pago_Pago", "America/New_York", "UTC", "Europe/Copenhagen", "Asia/Kathmandu", "Pacific/Kiritimati",
]  # fmt: skip


@pytest.fixture
def dane(ida):
    ida.client.cookies.set(zones.COOKIE, "Europe/Copenhagen")
    return ida


def calls_of(*rows):
    return HEADER + b"".join(f"{title},{at},ada@nordlys.example\n".encode() for title, at in rows)


def details_of(visitor, looked_at, content, objects=("calls", "contacts")):
    """The address of a draft that lacks nothing but its last details."""
    path = draft_of(visitor, content, objects)
    go_on(visitor, path)
    looked_at(path)
    return path


def start(visitor, database, settings, path, **fields):
    answer = visitor.post(f"{path}/details", form=f"{path}/details", consent="1", start="1", **fields)
    assert answer.status_code == 303, text_of(answer)
    run.work(database, settings, int(path.rpartition("/")[2]))


def plan_of(database, crew, path):
    with database.transaction() as tx:
        return run.plan_from_json(imports.get(tx, crew.ida, int(path.rpartition("/")[2])).plan)


def kept(database, crew, name, property):
    """By what the records are called, what they say."""
    with database.transaction() as tx:
        one = catalogue.load(tx).object_type(name)
        found = records.find(tx, crew.ida, one, Query(limit=100), [*one.naming, property]).records
        return {record.name: record.values[property] for record in found}


@pytest.mark.parametrize(
    ("told", "utc", "shown"),
    [
        ("2026-01-15 10:44", "2026-01-15T09:44:00.000Z", "15 Jan 2026, 10:44"),
        ("2026-07-01 10:44", "2026-07-01T08:44:00.000Z", "1 Jul 2026, 10:44"),
        ("2026-03-29 02:30", "2026-03-29T01:30:00.000Z", "29 Mar 2026, 03:30"),  # the hour that is left out
        ("2026-10-25 02:30", "2026-10-25T00:30:00.000Z", "25 Oct 2026, 02:30"),  # the hour that comes twice
        ("2026-10-25 03:30", "2026-10-25T02:30:00.000Z", "25 Oct 2026, 03:30"),
        ("2026-07-01T10:44:00Z", "2026-07-01T10:44:00.000Z", "1 Jul 2026, 12:44"),
        ("2026-07-01", "2026-06-30T22:00:00.000Z", "1 Jul 2026, 00:00"),
    ],
)
def test_a_page_shows_the_hour_that_the_file_told(dane, looked_at, settings, own_database, crew, told, utc, shown):
    path = details_of(dane, looked_at, calls_of(("Price", told)))

    start(dane, own_database, settings, path)

    assert kept(own_database, crew, "calls", "hs_timestamp") == {"Price": utc}
    assert shown in text_of(dane.get("/calls")) and shown in text_of(dane.get(f"/contacts/{crew.ada.id}"))


def test_another_zone_can_be_chosen_for_a_file(dane, looked_at, settings, own_database, crew):
    path = details_of(dane, looked_at, calls_of(("Price", "2026-07-01 04:44")))
    offered = re.search(r'<select[^>]* name="zone".*?</select>', dane.get(f"{path}/details").text, re.DOTALL)[0]

    start(dane, own_database, settings, path, zone="America/New_York")

    assert '<option value="Europe/Copenhagen" selected>' in offered and '"America/New_York"' in offered
    assert "1 Jul 2026, 10:44" in text_of(dane.get("/calls"))


def test_a_file_without_times_asks_for_no_zone(dane, looked_at):
    path = details_of(dane, looked_at, b"Email\nbirk@x.example\n", ("contacts",))

    assert 'name="zone"' not in dane.get(f"{path}/details").text


@pytest.mark.parametrize("cookie", ["", "Nowhere/Else", "../../etc/passwd"])
def test_a_browser_that_names_no_zone_imports_in_utc(ida, looked_at, settings, own_database, crew, cookie):
    ida.client.cookies.set(zones.COOKIE, cookie)
    path = details_of(ida, looked_at, calls_of(("Price", "2026-07-01 10:44")))

    start(ida, own_database, settings, path)

    assert plan_of(own_database, crew, path).zone == "UTC"
    assert kept(own_database, crew, "calls", "hs_timestamp") == {"Price": "2026-07-01T10:44:00.000Z"}


def test_an_import_that_is_repeated_elsewhere_keeps_its_zone(dane, looked_at, settings, own_database, crew):
    first = details_of(dane, looked_at, calls_of(("Price", "2026-07-01 10:44")))
    start(dane, own_database, settings, first)
    dane.client.cookies.set(zones.COOKIE, "America/New_York")

    file = {"file": ("next.csv", calls_of(("Answer", "2026-07-02 10:44")))}
    went = dane.post("/imports", form="/imports/new", files=file, how="repeat", repeat=first.rpartition("/")[2])
    next = went.headers["location"].rpartition("/")[0]
    looked_at(next)
    start(dane, own_database, settings, next)

    assert kept(own_database, crew, "calls", "hs_timestamp")["Answer"] == "2026-07-02T08:44:00.000Z"
    assert 'zone = "Europe/Copenhagen"' in dane.get(f"{next}/recipe.toml").text


@pytest.mark.parametrize("zone", EVERYWHERE)
def test_a_day_is_the_same_day_whoever_imports_and_reads(ida, looked_at, settings, own_database, crew, zone):
    ida.client.cookies.set(zones.COOKIE, zone)
    rows = "Mill,m@x.example,2026-12-01,2026-12-01\nQuay,q@x.example,2026-12-01 00:00,2026-12-01\n"
    header = "First name,Email,Close Date,Job change detected date\n"
    path = details_of(ida, looked_at, f"{header}{rows}".encode(), ("contacts",))

    start(ida, own_database, settings, path)

    assert set(kept(own_database, crew, "contacts", "closedate").values()) == {"2026-12-01T00:00:00.000Z", None}
    for one in EVERYWHERE:
        ida.client.cookies.set(zones.COOKIE, one)
        page = ida.get("/contacts?columns=closedate,hs_job_change_detected_date&q=x.example")
        assert text_of(page).count("1 Dec 2026") == 4 and "30 Nov" not in page.text and "2 Dec 2026" not in page.text


def test_importing_what_was_exported_changes_nothing(dane, looked_at, settings, own_database, crew):
    with own_database.transaction() as tx:
        for at in ("2026-07-01T09:44:17.123Z", "2026-10-25T01:30:00.000Z"):
            texts = {"hs_call_title": at, "hs_timestamp": at}
            records.create(tx, crew.ida, crew.known.object_type("calls"), texts)
        deal = {"closedate": "2026-11-30T23:00:00.000Z"}
        records.update(tx, crew.ida, crew.deal.object_type, crew.deal.id, deal)
    calls = kept(own_database, crew, "calls", "hs_timestamp")
    file = dane.post("/calls/exports", format="csv", columns="core").content

    path = details_of(dane, looked_at, file, ("calls",))
    start(dane, own_database, settings, path)

    assert b"2026-07-01T09:44:17.123Z" in file and plan_of(own_database, crew, path).zone == "Europe/Copenhagen"
    assert kept(own_database, crew, "calls", "hs_timestamp") == calls
    assert "2 unchanged" in text_of(dane.get(path)).lower() or "Unchanged 2" in text_of(dane.get(path))


def test_a_file_whose_moments_are_days_asks_for_no_zone(dane, looked_at):
    path = details_of(dane, looked_at, b"Email,Close Date\nbirk@x.example,2026-12-01\n", ("contacts",))

    assert 'name="zone"' not in dane.get(f"{path}/details").text
