"""Several of a property's options, as `a;b;c`. A semicolon in front adds them to those that are there already."""

import polars as pl

from kartotek.values import cells, choice, free_choices
from kartotek.values.reading import Reading

DTYPE: pl.DataType = pl.List(pl.String())
SQL = "text[]"
EXAMPLE = "Newsletter;Events"


def check(cell: pl.Expr, how: Reading) -> pl.Expr:
    return cells.in_steps(cell, None, lambda frame: _rest(frame, how), DTYPE)


read, wrong = cells.halves(check)


def text(value: pl.Expr) -> pl.Expr:
    return free_choices.text(value)


def appends(cell: pl.Expr) -> pl.Expr:
    return free_choices.appends(cell)


def _rest(frame: pl.DataFrame, how: Reading) -> pl.DataFrame:
    return cells.in_pieces(frame, pl.col("cell"), lambda pieces: choice.options(pieces, how))
