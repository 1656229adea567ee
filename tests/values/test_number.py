import re
from decimal import Decimal

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kartotek import errors
from kartotek.values import NATIVE, Reading, countries, number
from tests.values import outcome, quick, read

NOT = "COULD_NOT_PARSE_NUMBER"
LARGE = "INVALID_NUMBER_SIZE"


@pytest.mark.parametrize(
    ("country", "cell", "value"),
    [
        ("DK", "1.234,56", "1234.56"),
        ("DK", "1.234", "1234"),
        ("DK", "1.234.567", "1234567"),
        ("DK", "1 234,56", "1234.56"),
        ("DK", "12,5", "12.5"),
        ("DK", "1,234.5", NOT),
        ("dk", "1,5", "1.5"),
        ("US", "1,234.56", "1234.56"),
        ("GB", "1,234", "1234"),
        ("IE", "1.234", "1.234"),
        ("US", "12,34,567", NOT),
        ("US", "1,5", NOT),
        ("FR", "1 234,56", "1234.56"),
        ("NO", "1\u00a0234,56", "1234.56"),
        ("SE", "1\u202f234\u202f567,5", "1234567.5"),
        ("PL", "1234,5", "1234.5"),
        ("CZ", "1.234", NOT),
        ("FI", "1.234,5", "1234.5"),
        ("CH", "1'234.56", "1234.56"),
        ("CH", "1’234’567.5", "1234567.5"),
        ("CH", "1,234", NOT),
        ("IN", "1,23,456.78", "123456.78"),
        ("IN", "12,34,56,789", "123456789"),
        ("IN", "1,234,567", "1234567"),
        (None, "1234.5", "1234.5"),
        (None, "1,234.5", NOT),
        (None, "1 234", "1234"),
    ],
)
def test_a_number_is_read_by_the_format_of_its_country(country, cell, value):
    assert read("number", cell, numbers=country) == value


@pytest.mark.parametrize(
    "cell", ["1.2", "1.23.4", "1.2345", "1.234.56", "0.123", "01.234", ".123", "1..234", "1.234 567"]
)
def test_thousands_marks_must_group_rightly(cell):
    assert read("number", cell, numbers="DK") == NOT


@pytest.mark.parametrize(
    "cell", ["-1.234,5", "−1.234,5", "1.234,5-", "(1.234,5)", "- 1.234,5", "–1.234,5", "(kr. 1.234,5)"]
)
def test_negative_numbers_come_in_many_ways(cell):
    assert read("number", cell, numbers="DK") == "-1234.5"


@pytest.mark.parametrize(
    "cell", ["--5", "-(5)", "(5", "5)", "-5-", "+-5", "5+", "1-2", "1/2", "5 a", "kr", "-", "()", "1 2"]
)
def test_what_is_nearly_a_number_is_none(cell):
    assert read("number", cell, numbers="DK") == NOT


@pytest.mark.parametrize(
    "cell",
    [
        "kr. 1.500",
        "1.500 kr.",
        "1.500 kr",
        "1.500kr",
        "DKK 1.500,00",
        "1.500,- kr.",
        "1.500,-",
        "kr 1.500,-",
        "€ 1.500",
        "1.500€",
        "$1.500",
        "£1.500",
        "1.500 %",
        "1.500,0%",
        "+1.500",
        "EUR 1.500",
        "US$ 1.500",
        "\u00a01.500\u00a0kr.\u200b",
    ],
)
def test_currencies_and_percent_signs_are_left_out(cell):
    assert read("number", cell, numbers="DK") == "1500"


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("1,5E+06", "1500000"),
        ("1.5e3", "1500"),
        ("-2E-3", "-0.002"),
        ("1E5", "100000"),
        ("0E9", "0"),
        ("1,23E+1", "12.3"),
    ],
)
def test_the_exponents_of_spreadsheets_are_written_out(cell, value):
    assert read("number", cell, numbers="DK") == value


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("007", "7"),
        ("-0", "0"),
        ("-0.00", "0"),
        ("0.10", "0.1"),
        (".5", "0.5"),
        ("5.", "5"),
        ("000", "0"),
        ("10.0", "10"),
    ],
)
def test_zeros_that_say_nothing_are_left_out(cell, value):
    assert read("number", cell) == value


def test_forty_digits_are_kept_to_the_last_one():
    digits = "1234567890123456789012345678901234567891"

    assert read("number", f"{digits},{digits}", numbers="DK") == f"{digits}.{digits}"


@pytest.mark.parametrize("cell", ["1" * 1001, "1e1001", "1E99999999999999999999", "1E-2000", "0." + "1" * 1000])
def test_a_number_of_more_than_a_thousand_characters_is_too_large(cell):
    assert read("number", cell) == LARGE


@pytest.mark.parametrize("country", [None, "DK", "US", "FR", "CH", "IN"])
def test_a_number_of_a_spreadsheet_program_is_never_read_by_a_format(country):
    cells = [NATIVE + text for text in ("1.234", "1234.50", "-0.5", "1.5E+20", "abc")]

    assert outcome("number", cells, numbers=country) == ["1.234", "1234.5", "-0.5", "150000000000000000000", NOT]


@quick
@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**40), max_value=10**40, places=12))
def test_a_value_written_and_read_again_is_the_same(decimal):
    value = read("number", str(decimal))

    assert value is not None and Decimal(value) == decimal
    assert read("number", NATIVE + value, numbers="DK") == value
    assert re.fullmatch(r"0|-?[1-9]\d*|-?(0|[1-9]\d*)\.\d*[1-9]", value)


@pytest.mark.parametrize("country", sorted(countries.COUNTRIES))
def test_what_a_country_writes_it_reads(country):
    values = ["1234567.25", "0.5", "-999.125", "12345", "-7"]
    marks = countries.marks(country)
    to_local = str.maketrans({",": marks.thousands if marks.believed else "\u202f", ".": marks.decimal})

    written = [f"{Decimal(value):,}".translate(to_local) for value in values]

    assert outcome("number", written, numbers=country) == values


def test_a_country_that_nobody_knows_is_refused_by_name():
    with pytest.raises(errors.UnknownName, match="XX"):
        number.read(pl.col("cell"), Reading(numbers="XX"))


def votes(*cells: str) -> dict[str, int]:
    return pl.DataFrame({"cell": cells}).select(number.votes(pl.col("cell"))).row(0, named=True)


@pytest.mark.parametrize(
    ("cells", "mark"),
    [
        (("1.234", "12,5"), ","),
        (("1.234", "kr. 1.234,50"), ","),
        (("1.234.567",), ","),
        (("0,123",), ","),
        (("1,234", "12.5"), "."),
        (("1,234.56",), "."),
        (("0.123", "$1,234"), "."),
        (("1.234", "1,234"), None),
        (("1.234",), None),
        (("12,5", "12.5"), None),
        (("12", "1 234", NATIVE + "1.5", "abc", ""), "any"),
    ],
)
def test_the_rows_of_a_file_decide_the_decimal_mark(cells, mark):
    assert number.settle(votes(*cells)) == mark
