"""Yes or no, in the words that programs and people use for it, and in those of the property's own options."""

import polars as pl

from kartotek.values import cells
from kartotek.values.reading import Reading

DTYPE: pl.DataType = pl.Boolean()
SQL = "boolean"
EXAMPLE = "Yes"

_YES = """true t yes y 1 1.0 1,0 -1 on x ✓ ✔ ☑ checked enabled ja j sand sandt til wahr oui vrai si sí verdadero vero
sim tak kyllä aktiv"""
_NO = """false f no n 0 0.0 0,0 off - ✗ ✘ ☐ unchecked disabled nej nein nei falsk fra falsch non faux falso não nie
ei inaktiv"""
_WORDS = {word: said for words, said in ((_YES, True), (_NO, False)) for word in words.split()}


def check(cell: pl.Expr, how: Reading) -> pl.Expr:
    return cells.in_steps(cell, None, lambda frame: _rest(frame, how), DTYPE)


read, wrong = cells.halves(check)


def text(value: pl.Expr) -> pl.Expr:
    return value.cast(pl.String)


def _rest(frame: pl.DataFrame, how: Reading) -> pl.DataFrame:
    said = cells.look_up(cells.fold(pl.col("cell")), _words(how), DTYPE)
    return frame.with_columns_seq(value=said, wrong=pl.lit("FAILED_VALIDATION"))


def _words(how: Reading) -> dict[str, object]:
    own = {word: _WORDS[value.lower()] for word, value in how.options.items() if value.lower() in _WORDS}
    return {**_WORDS, **own}
