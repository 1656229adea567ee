"""The order in which people look for words and numbers."""

import polars as pl
from hypothesis import given, strategies

from kartotek.values import alphabet


def test_letters_of_their_own_come_last_and_case_and_accents_do_not_count() -> None:
    words = ["Årlig omsætning", "adresse", "Zone", "Øre", "Élan", "Ære", "Billing"]

    assert sorted(words, key=alphabet.key) == [
        "adresse", "Billing", "Élan", "Zone", "Ære", "Øre", "Årlig omsætning",
    ]  # fmt: skip


@given(strategies.text(max_size=40))
def test_python_and_postgresql_put_words_in_one_order(database, text):
    with database.transaction() as tx:
        told = text.replace("\0", "")
        assert tx.value("SELECT kartotek.sort_key(%s)", [told]) == alphabet.key(told)


def test_a_smaller_number_comes_before_a_larger_one() -> None:
    frame = pl.DataFrame({"word": ["54", "b", "6", "1,5", "a", "-2"]})

    assert frame.sort(alphabet.order(pl.col("word")), nulls_last=True)["word"].to_list() == [
        "-2", "1,5", "6", "54", "a", "b",
    ]  # fmt: skip


def test_words_that_are_all_numbers_are_put_by_their_size_and_others_stay() -> None:
    assert alphabet.by_size(["54", "6", "7.5"]) == ["6", "7.5", "54"]
    assert alphabet.by_size(["54", "6", "many"]) == ["54", "6", "many"]
