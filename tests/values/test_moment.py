import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kartotek.values import NATIVE
from kartotek.values.reading import NATIVE_1904
from tests.values import quick, read

NOT = "COULD_NOT_PARSE_DATE"
OUTSIDE = "OUTSIDE_VALID_TIME_RANGE"
COPENHAGEN = "Europe/Copenhagen"


@pytest.mark.parametrize(
    ("cell", "utc"),
    [
        ("2026-04-03 14:30", "2026-04-03T12:30:00.000Z"),
        ("2026-04-03T14:30:15", "2026-04-03T12:30:15.000Z"),
        ("2026-04-03 14:30:15.25", "2026-04-03T12:30:15.250Z"),
        ("2026-04-03 14:30:15,123456", "2026-04-03T12:30:15.123Z"),
        (NATIVE + "2026-04-03T14:30:00", "2026-04-03T12:30:00.000Z"),
        (NATIVE + "46115.5", "2026-04-03T10:00:00.000Z"),
        (NATIVE_1904 + "44653.5", "2026-04-03T10:00:00.000Z"),
        ("03-04-2026 14:30", "2026-04-03T12:30:00.000Z"),
        ("03/04/2026, 14:30", "2026-04-03T12:30:00.000Z"),
        ("3.4.2026 kl. 14.30", "2026-04-03T12:30:00.000Z"),
        ("3. april 2026 14.30", "2026-04-03T12:30:00.000Z"),
        ("Apr 3, 2026 2:30 PM", "2026-04-03T12:30:00.000Z"),
        ("Apr 3, 2026 at 2:30 p.m.", "2026-04-03T12:30:00.000Z"),
        ("3 Apr 2026 12 am", "2026-04-02T22:00:00.000Z"),
        ("3 Apr 2026 12:00 pm", "2026-04-03T10:00:00.000Z"),
        ("2026-04-03", "2026-04-02T22:00:00.000Z"),
        ("3.4.26", "2026-04-02T22:00:00.000Z"),
        ("2026-01-03 24:00", "2026-01-03T23:00:00.000Z"),
    ],
)
def test_a_time_without_a_zone_is_on_the_clocks_of_the_chosen_one(cell, utc):
    assert read("moment", cell, dates="DMY", zone=COPENHAGEN) == utc


@pytest.mark.parametrize("zone", ["Pacific/Pago_Pago", "America/New_York", COPENHAGEN, "Pacific/Kiritimati", "UTC"])
@pytest.mark.parametrize(
    "cell", ["2026-04-03", "3. april 2026", "03-04-2026 00:00", "2026-04-03T00:00:00", NATIVE + "46115"]
)
def test_where_moments_are_days_a_day_is_the_same_in_every_zone(cell, zone):
    assert read("moment", cell, dates="DMY", zone=zone, days=True) == "2026-04-03T00:00:00.000Z"


def test_where_moments_are_days_a_time_has_its_zone_all_the_same():
    assert read("moment", "2026-04-03 14:30", zone=COPENHAGEN, days=True) == "2026-04-03T12:30:00.000Z"
    assert read("moment", "2026-04-02T22:00:00Z", zone=COPENHAGEN, days=True) == "2026-04-02T22:00:00.000Z"


@pytest.mark.parametrize(
    "cell",
    [
        "2026-04-03T12:30:00.000Z",
        "2026-04-03T12:30Z",
        "2026-04-03 12:30 UTC",
        "2026-04-03T14:30:00+02:00",
        "2026-04-03T07:30:00.000-0500",
        "2026-04-03 18:00:00+05:30",
        "Fri, 3 Apr 2026 14:30:00 +0200",
        "Fri Apr 03 2026 14:30:00 GMT+0200 (CEST)",
        "20260403T123000Z",
        "1775219400000",
        "1775219400",
        NATIVE + "1775219400000",
    ],
)
def test_a_time_that_names_its_zone_is_not_moved(cell):
    assert read("moment", cell, zone="America/New_York") == "2026-04-03T12:30:00.000Z"


def test_of_an_hour_that_comes_twice_the_earlier_is_meant():
    assert read("moment", "2026-10-25 02:30", zone=COPENHAGEN) == "2026-10-25T00:30:00.000Z"


@pytest.mark.parametrize("cell", ["2026-03-29 02:30", "2026-03-29 03:30", "2026-03-29T02:30:00"])
def test_an_hour_that_is_missing_is_moved_on(cell):
    assert read("moment", cell, zone=COPENHAGEN) == "2026-03-29T01:30:00.000Z"


@pytest.mark.parametrize(
    "cell",
    ["2026-04-03 25:00", "2026-04-03 12:60", "2026-04-03 13:00 pm", "2026-02-30 10:00", "10:00", "later", "123456789"],
)
def test_what_no_clock_shows_is_no_moment(cell):
    assert read("moment", cell) == NOT


@pytest.mark.parametrize("cell", ["9999-12-31T23:59:59-05:00", "1000-01-01T00:00:00+02:00", "0999-01-01 10:00"])
def test_a_moment_is_within_the_years_1000_to_9999(cell):
    assert read("moment", cell) == OUTSIDE


@quick
@given(
    st.datetimes(datetime.datetime(1000, 1, 1), datetime.datetime(9999, 12, 31, 23, 59, 59)),
    st.sampled_from([None, "DMY", "MDY", "YMD"]),
    st.sampled_from(["UTC", COPENHAGEN, "America/New_York"]),
)
def test_a_value_written_and_read_again_is_the_same(moment, order, zone):
    text = moment.isoformat(timespec="milliseconds") + "Z"

    assert read("moment", text, dates=order, zone=zone) == text
