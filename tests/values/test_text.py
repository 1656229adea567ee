import polars as pl
import pytest

from kartotek.values import NATIVE, TYPES, Reading
from tests.values import outcome, read


@pytest.mark.parametrize("text", ["007", "12345678901234567890123", "1.50", "TRUE", "=1+1", "2026-04-03", "æøå", "0"])
def test_text_is_left_as_it_is(text):
    assert read("text", text) == text


def test_a_number_of_a_spreadsheet_program_is_text_without_its_mark():
    assert read("text", NATIVE + "1234.5") == "1234.5"


def test_lines_become_one_line_or_stay():
    cell = " Harbour Street 5\r\n4000 Roskilde\rDenmark\n"

    assert read("text", cell) == "Harbour Street 5 4000 Roskilde Denmark"
    assert read("multiline", cell) == "Harbour Street 5\n4000 Roskilde\nDenmark"


@pytest.mark.parametrize("kind", ["text", "multiline"])
def test_text_may_have_65536_characters_and_not_one_more(kind):
    longest, too_long = "ø" * 65_536, "ø" * 65_537

    assert outcome(kind, [longest, longest + " ", too_long]) == [longest, longest, "COLUMN_TOO_LARGE"]


@pytest.mark.parametrize("kind", ["text", "multiline"])
def test_nul_is_left_out_because_the_database_cannot_keep_it(kind):
    assert outcome(kind, ["a\0b", "\0"]) == ["ab", None]


@pytest.mark.parametrize("kind", ["text", "multiline"])
def test_several_columns_are_read_under_their_own_names(kind):
    cells = pl.DataFrame({"city": [" Aarhus", None], "note": ["Called", " "]})

    read_at_once = cells.select(TYPES[kind].read(pl.col(name), Reading()) for name in cells.columns)

    assert read_at_once.rows(named=True) == [{"city": "Aarhus", "note": "Called"}, {"city": None, "note": None}]
