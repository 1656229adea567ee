import sys
from concurrent.futures import ThreadPoolExecutor

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kartotek.values import NATIVE, Reading, cells, email
from tests.values import quick


def cleaned(text: str) -> str | None:
    return pl.DataFrame({"cell": [text]}).select(cells.clean(pl.col("cell"))).item()


@pytest.mark.parametrize(
    "around", [" ", "\t", "\r\n", "\u00a0", "\u2003", "\u200b", "\u200d", "\u2060", "\ufeff", "\u202a", "\0", NATIVE]
)
def test_white_space_of_every_kind_goes_from_both_ends(around):
    assert cleaned(f"{around}Ada{around}") == "Ada"


@pytest.mark.parametrize("blank", ["", " ", "\u00a0\u200b", "\ufeff", "\0", "\n\n", NATIVE])
def test_what_cannot_be_seen_is_blank(blank):
    assert cleaned(blank) is None


@pytest.mark.parametrize(
    ("text", "line"),
    [("Ada\nLovelace", "Ada Lovelace"), ("Ada \t\r\n Lovelace", "Ada Lovelace"), ("A\0da", "Ada"), ("a  b", "a  b")],
)
def test_one_line_has_no_line_ends_tabs_or_nul(text, line):
    assert cleaned(text) == line


def test_a_joiner_inside_a_picture_stays():
    assert cleaned("👩\u200d💻") == "👩\u200d💻"


@quick
@given(st.text())
def test_cleaning_twice_changes_nothing(text):
    once = cleaned(text)

    assert once is None or cleaned(once) == once


@quick
@given(st.lists(st.text(), max_size=5))
def test_a_text_and_a_column_are_folded_alike(texts):
    column = pl.DataFrame({"text": texts}, schema={"text": pl.String}).select(cells.fold(pl.col("text"))).to_series()

    assert [cells.fold_text(text) for text in texts] == [word or "" for word in column]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Decision  Maker", " decision maker\u00a0"),
        ("STRASSE", "straße"),
        ("Ærø", "ÆRØ"),
        ("é", "e\u0301"),
        ("ΟΔΟΣ", "οδος"),
        ("a\nb", "A b"),
    ],
)
def test_two_spellings_of_a_word_fold_to_the_same(one, other):
    assert cells.fold_text(one) == cells.fold_text(other)


def test_an_expression_that_is_kept_tells_each_batch_apart():
    read = email.check(pl.col("cell"), Reading())
    batches = [["ada@harbour.example", "n/a"], ["n/a", None, "BO <bo@harbour.example>"], ["n/a", "none"], ["n/a"]]

    found = [pl.DataFrame({"cell": batch}).select(both=read)["both"].to_list() for batch in batches]

    bad = {"value": None, "wrong": "INVALID_EMAIL"}
    assert [[one["value"] for one in batch] for batch in found] == [
        ["ada@harbour.example", None], [None, None, "bo@harbour.example"], [None, None], [None],
    ]  # fmt: skip
    assert [found[0][1], found[1][0], *found[2], found[3][0]] == [bad] * 5


def test_an_expression_that_is_kept_tells_batches_apart_that_are_read_at_once():
    read = email.check(pl.col("cell"), Reading())
    batches = [pl.DataFrame({"cell": [f"<{name}@harbour.example>", f"no {name}"]}) for name in "abcd" * 200]

    def found(batch: pl.DataFrame) -> list[dict[str, str | None]]:
        return batch.select_seq(both=read)["both"].to_list()

    often = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(4) as threads:
            both = list(threads.map(found, batches))
    finally:
        sys.setswitchinterval(often)

    assert [one["value"] for one, _ in both] == [f"{name}@harbour.example" for name in "abcd" * 200]
    assert {(one["value"], one["wrong"]) for _, one in both} == {(None, "INVALID_EMAIL")}
