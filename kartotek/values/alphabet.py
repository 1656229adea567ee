"""The order in which people look for words and numbers: 6 before 54, æ, ø and å last, whatever their case.

`kartotek.sort_key` says the same of words in SQL, and a test holds them together.
"""

import re
import unicodedata
from collections.abc import Iterable

import polars as pl

_LAST = str.maketrans({"æ": "{", "ä": "{", "ø": "|", "ö": "|", "å": "}", "ß": "ss", "đ": "d"})
_ACCENTS = re.compile("[\u0300-\u036f]")
_NUMBER = r"^-?[0-9]+(?:[.,][0-9]+)?$"


def key(word: str) -> str:
    if word.isascii():
        return word.lower()
    return _ACCENTS.sub("", unicodedata.normalize("NFD", word.lower().translate(_LAST)))


def order(word: pl.Expr) -> list[pl.Expr]:
    """What to sort these texts by: numbers come first, by their size. For `sort` with `nulls_last`."""
    return [_number(word), word]


def by_size(words: Iterable[str]) -> list[str]:
    """By their size where all of them are numbers, else in the order that they have."""
    told = pl.DataFrame({"word": list(words)}, schema={"word": pl.String}).with_columns_seq(
        number=_number(pl.col("word"))
    )
    ordered = told if told["number"].has_nulls() else told.sort("number", maintain_order=True)
    return ordered["word"].to_list()


def _number(word: pl.Expr) -> pl.Expr:
    number = word.str.replace(",", ".", literal=True).cast(pl.Float64, strict=False)
    return pl.when(word.str.contains(_NUMBER)).then(number)
