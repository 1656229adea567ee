"""Several of a property's options, as `a;b;c`. A semicolon in front adds them to those that are there already."""

import polars as pl

from kartotek.values import cells, choice, free_choices
from kartotek.values.reading import Reading

DTYPE: pl.DataType = pl.List(pl.String())
SQL = "text[]"
EXAMPLE = "Newsletter;Events"


def read(cell: pl.Expr, how: Reading) -> pl.Expr:
    return cells.every_piece(_words(cell), lambda word: choice.option(word, how))


def wrong(cell: pl.Expr, how: Reading) -> pl.Expr:
    words = cells.only(_words(cell), read(cell, how).is_null())
    ambiguous = words.list.eval(choice.is_ambiguous(pl.element(), how)).list.any()
    kind = pl.when(ambiguous).then(pl.lit("AMBIGUOUS_ENUMERATION_OPTION"))
    return pl.when(words.is_not_null()).then(kind.otherwise(pl.lit("INVALID_ENUMERATION_OPTION")))


def text(value: pl.Expr) -> pl.Expr:
    return free_choices.text(value)


def appends(cell: pl.Expr) -> pl.Expr:
    return free_choices.appends(cell)


def _words(cell: pl.Expr) -> pl.Expr:
    return cells.pieces(cell, cells.fold)
