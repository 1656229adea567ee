"""Terms in months, and files by number or address."""

import polars as pl
import pytest

from kartotek.values import TYPES, Reading


def checked(kind: str, text: str) -> tuple[str | None, str | None]:
    found = pl.DataFrame({"cell": [text]}).select(found=TYPES[kind].check(pl.col("cell"), Reading())).unnest("found")
    return found.select(TYPES[kind].text(pl.col("value")), "wrong").row(0)


@pytest.mark.parametrize(
    ("text", "term"),
    [
        ("12", "P12M"),
        ("P12M", "P12M"),
        ("12 months", "P12M"),
        ("1 year", "P12M"),
        ("P2Y", "P24M"),
        ("6 Måneder", "P6M"),
    ],
)
def test_a_term_is_a_number_of_months_however_it_is_written(text: str, term: str) -> None:
    assert checked("term", text) == (term, None)


def test_what_is_no_term_or_too_long_a_one_is_told() -> None:
    assert checked("term", "a while") == (None, "COULD_NOT_PARSE_TERM")
    assert checked("term", "0") == (None, "OUTSIDE_VALID_TERM_RANGE")
    assert checked("term", "101 years") == (None, "OUTSIDE_VALID_TERM_RANGE")


def test_a_file_is_a_number_or_an_address() -> None:
    assert checked("attachments", "17; https://harbour.example/a b.pdf") == (None, "INVALID_ENUM_FILE_ID_OR_URL")
    assert checked("attachments", "17;HTTPS://harbour.example/a.pdf") == ("17;HTTPS://harbour.example/a.pdf", None)
