"""What a spreadsheet program would run is written so that it does not, and comes back to the byte."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kartotek.values import formulas

TEXTS = [
    "=1+1",
    "+45 12 34 56 78",
    "-",
    "@",
    "'",
    "''",
    "'=1+1",
    "''=1+1",
    "'+",
    "'a",
    "a",
    "it's",
    "\t=1",
    "\r",
    "'-'",
]


def written(texts, way):
    return pl.DataFrame({"t": texts}, schema={"t": pl.String}).select(way(pl.col("t")))["t"].to_list()


@pytest.mark.parametrize("way", [formulas.guarded, formulas.told_apart])
def test_what_is_written_is_read_to_the_byte(way):
    assert written(written(TEXTS, way), formulas.bare) == TEXTS


@pytest.mark.parametrize("way", [formulas.guarded, formulas.told_apart])
@given(st.lists(st.text(alphabet=st.sampled_from("'=+-@\t\ra1 "), max_size=6)))
def test_any_text_is_read_as_it_was_written(way, texts):
    assert written(written(texts, way), formulas.bare) == texts


@given(st.lists(st.text(alphabet=st.sampled_from("'=+-@\t\ra1 "), max_size=6)))
def test_nothing_that_is_written_begins_like_a_formula(texts):
    assert not [text for text in written(texts, formulas.guarded) if text.startswith(("=", "+", "-", "@", "\t", "\r"))]


def test_an_apostrophe_that_guards_nothing_is_part_of_the_text():
    texts = ["'t Hart", "'0012", "'", "o'hara"]

    assert written(texts, formulas.bare) == written(texts, formulas.guarded) == texts
