import datetime

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kartotek.values import NATIVE, date
from kartotek.values.reading import NATIVE_1904
from tests.values import outcome, quick, read

NOT = "COULD_NOT_PARSE_DATE"
OUTSIDE = "OUTSIDE_VALID_TIME_RANGE"
ORDERS = (None, *date.ORDERS)


@pytest.mark.parametrize(
    ("cell", "dmy", "mdy", "ymd", "unsaid"),
    [
        ("03/04/2026", "2026-04-03", "2026-03-04", NOT, NOT),
        ("3-4-2026", "2026-04-03", "2026-03-04", NOT, NOT),
        ("3.4.2026", "2026-04-03", "2026-03-04", NOT, NOT),
        ("3. 4. 2026", "2026-04-03", "2026-03-04", NOT, NOT),
        ("3 4 2026", "2026-04-03", "2026-03-04", NOT, NOT),
        ("31/01/2026", "2026-01-31", NOT, NOT, "2026-01-31"),
        ("01/31/2026", NOT, "2026-01-31", NOT, "2026-01-31"),
        ("05/05/2026", "2026-05-05", "2026-05-05", NOT, "2026-05-05"),
        ("01/02/24", "2024-02-01", "2024-01-02", "2001-02-24", NOT),
        ("31/12/24", "2024-12-31", NOT, "2031-12-24", "2024-12-31"),
        ("31-12-24", "2024-12-31", NOT, "2031-12-24", NOT),
        ("24-12-31", "2031-12-24", NOT, "2024-12-31", NOT),
        ("99-12-31", NOT, NOT, "1999-12-31", "1999-12-31"),
    ],
)
def test_figures_are_read_in_the_order_that_was_chosen(cell, dmy, mdy, ymd, unsaid):
    assert [read("date", cell, dates=order) for order in ("DMY", "MDY", "YMD", None)] == [dmy, mdy, ymd, unsaid]


@pytest.mark.parametrize(
    ("cell", "year"),
    [("01/02/00", "2000"), ("1.2.49", "2049"), ("1-2-50", "1950"), ("01.02.99", "1999"), ("01/02/24", "2024")],
)
def test_two_figures_are_a_year_of_1950_to_2049(cell, year):
    assert read("date", cell, dates="DMY") == f"{year}-02-01"


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize(
    "cell",
    [
        "2026-04-03",
        "2026/4/3",
        "2026.04.03",
        "20260403",
        "3. april 2026",
        "3 Apr 2026",
        "3-Apr-26",
        "03.apr.2026",
        "3APR2026",
        "April 3, 2026",
        "Apr 3 2026",
        "apr. 3rd, 2026",
        "3rd of April 2026",
        "2026 April 3",
        "2026-Apr-03",
        "fredag den 3. april 2026",
        "Fri, 3 Apr 2026",
        "Friday, April 3, 2026",
        "Freitag, 3. April 2026",
        "3 avril 2026",
        "3 de abril de 2026",
        "2026-04-03 14:30",
        "2026-04-03T23:59:59.999Z",
        "2026-04-03T00:30:00+02:00",
        "20260403T143000Z",
        "3. april 2026 kl. 14.30",
        "Apr 3, 2026 2:30 PM",
        "\u00a02026-04-03\u200b",
        NATIVE + "2026-04-03",
        NATIVE + "2026-04-03T10:00:00",
        NATIVE + "46115",
        NATIVE + "46115.75",
        NATIVE_1904 + "44653",
        NATIVE_1904 + "44653.75",
        "1775174400000",
    ],
)
def test_what_has_one_reading_is_read_in_any_order(cell, order):
    assert read("date", cell, dates=order) == "2026-04-03"


@pytest.mark.parametrize(
    "cell",
    [
        "31-02-2026",
        "29/02/2023",
        "2026-13-01",
        "00-01-2026",
        "3 foo 2026",
        "April 2026",
        "2026",
        "46115",
        "20261301",
        "x",
        "03-04-2026 25:99 x",
        "3-4",
        "12-13-14-15",
    ],
)
def test_a_day_that_is_none_is_said_so(cell):
    assert read("date", cell, dates="DMY") == NOT


@pytest.mark.parametrize("cell", ["0999-12-31", "12026-01-01", "01-01-0024", "0000-00-00", "01/01/20226"])
def test_a_year_has_four_figures(cell):
    assert outcome("date", [cell, "1000-01-01", "9999-12-31"], dates="DMY") == [OUTSIDE, "1000-01-01", "9999-12-31"]


@pytest.mark.parametrize("month", range(1, 13))
@pytest.mark.parametrize("language", ["en", "da", "de", "sv", "no"])
def test_the_months_have_names_in_five_languages(month, language):
    names = {
        "en": "January February March April May June July August September October November December",
        "da": "januar februar marts april maj juni juli august september oktober november december",
        "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
        "sv": "januari februari mars april maj juni juli augusti september oktober november december",
        "no": "januar februar mars april mai juni juli august september oktober november desember",
    }

    name = names[language].split()[month - 1]

    assert outcome("date", [f"7. {name} 2026", f"7 {name[:3]} 26"]) == [f"2026-{month:02}-07"] * 2


@quick
@given(st.dates(datetime.date(1000, 1, 1)), st.sampled_from(ORDERS))
def test_a_value_written_and_read_again_is_the_same(day, order):
    assert outcome("date", [day.isoformat(), NATIVE + day.isoformat()], dates=order) == [day.isoformat()] * 2


@quick
@given(st.dates(datetime.date(1000, 1, 1)))
def test_a_day_is_read_in_the_order_in_which_it_was_written(day):
    year, month, number = f"{day.year:04}", day.month, day.day

    assert read("date", f"{number:02}/{month:02}/{year}", dates="DMY") == day.isoformat()
    assert read("date", f"{month}.{number}.{year}", dates="MDY") == day.isoformat()


def votes(*cells: str) -> dict[str, int]:
    return pl.DataFrame({"cell": cells}).select(date.votes(pl.col("cell"))).row(0, named=True)


@pytest.mark.parametrize(
    ("cells", "order"),
    [
        (("01/02/2024", "31/01/2024"), "DMY"),
        (("01/02/2024 10:00", "31-01-2024 kl. 11.30"), "DMY"),
        (("1/2/2024", "1/31/2024"), "MDY"),
        (("31/12/24", "01/02/24"), "DMY"),
        (("85-12-31", "24-01-02"), "YMD"),
        (("31-12-24",), None),
        (("01/02/2024",), None),
        (("01/02/2024", "31/01/2024", "01/31/2024"), None),
        (("05/05/2024", "2024-01-31", "3. april 2024", NATIVE + "2024-01-02", "x", ""), "any"),
        (("01/02/2024", "99/99/2024", "31/01/2024"), "DMY"),
    ],
)
def test_the_rows_of_a_file_decide_the_order(cells, order):
    assert date.settle(votes(*cells)) == order
