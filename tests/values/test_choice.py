import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kartotek.values import TYPES, cells, choices, free_choices
from tests.values import outcome, quick, read

OPTIONS = {"lead": "lead", "kunde": "customer", "customer": "customer", "decision maker": "DECISION_MAKER"}
HOW = {"options": OPTIONS, "ambiguous": frozenset({"other"})}
NOT, AMBIGUOUS = "INVALID_ENUMERATION_OPTION", "AMBIGUOUS_ENUMERATION_OPTION"
WORDS = st.text(st.characters(exclude_characters=";", exclude_categories=["Cs", "Cc"]), min_size=1)


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("Lead", "lead"),
        (" KUNDE ", "customer"),
        ("customer", "customer"),
        ("Decision\n maker", "DECISION_MAKER"),
        ("Leads", NOT),
        ("Other", AMBIGUOUS),
        ("", None),
    ],
)
def test_an_option_is_found_by_label_or_value_in_any_case(cell, value):
    assert read("choice", cell, **HOW) == value


@pytest.mark.parametrize("kind", ["choice", "choices"])
def test_a_property_without_options_has_none_to_find(kind):
    assert outcome(kind, ["lead", ""]) == [NOT, None]


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("Lead;Kunde", "lead;customer"),
        ("Kunde; lead ;", "customer;lead"),
        ("lead;LEAD;lead", "lead"),
        ("customer;kunde", "customer"),
        (";lead", "lead"),
        ("lead;nobody", NOT),
        ("lead;other", AMBIGUOUS),
        (";", None),
        ("", None),
    ],
)
def test_every_piece_must_be_an_option_and_counts_once(cell, value):
    assert read("choices", cell, **HOW) == value


@pytest.mark.parametrize("module", [choices, free_choices])
def test_a_semicolon_in_front_adds_to_what_is_there(module):
    frame = pl.DataFrame({"cell": [";b", " ;b", "a;b", "", None]})

    assert frame.select(module.appends(pl.col("cell"))).to_series().to_list() == [True, True, False, False, False]


def test_free_choices_take_any_word():
    assert outcome("free_choices", ["red; green ;red", ";blue", ";;", None]) == ["red;green", "blue", None, None]


def test_free_choices_are_no_longer_than_text():
    assert read("free_choices", "a;" * 33_000) == "COLUMN_TOO_LARGE"


@quick
@given(st.lists(WORDS, min_size=1, max_size=5))
def test_free_choices_written_and_read_again_are_the_same(words):
    once = read("free_choices", ";".join(words))

    assert once is None or read("free_choices", once) == once


@quick
@given(st.dictionaries(WORDS.map(cells.fold_text).filter(bool), st.integers(), min_size=1, max_size=5), st.data())
def test_options_written_and_read_again_are_the_same(names, data):
    how = {"options": {word: word for word in names}}
    chosen = data.draw(st.lists(st.sampled_from(sorted(names)), min_size=1, unique=True))

    assert read("choices", ";".join(chosen), **how) == ";".join(chosen)
    assert read("choice", chosen[0], **how) == chosen[0]


def test_an_owner_is_found_by_name_email_or_id():
    how = {"options": {"ada": "7", "ada@harbour.example": "7", "7": "7"}, "ambiguous": frozenset({"bo"})}

    found = outcome("owner", ["Ada", "ADA@harbour.example ", "7", "Bo", "Nobody", ""], **how)

    assert found == ["7", "7", "7", "MULTIPLE_OWNERS_FOUND", "COULD_NOT_FIND_OWNER", None]
    assert pl.Int64() == TYPES["owner"].DTYPE
