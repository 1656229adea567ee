"""Several domains, with ; or , or white space between them."""

import polars as pl

from kartotek.values import cells, domain, free_choices
from kartotek.values.reading import Reading

DTYPE: pl.DataType = pl.List(pl.String())
SQL = "text[]"
EXAMPLE = "harbour.example; quay.example"


def check(cell: pl.Expr, how: Reading) -> pl.Expr:
    return cells.in_steps(cell, None, _rest, DTYPE)


read, wrong = cells.halves(check)


def text(value: pl.Expr) -> pl.Expr:
    return free_choices.text(value)


def _rest(frame: pl.DataFrame) -> pl.DataFrame:
    separate = pl.col("cell").str.replace_all(rf"[,\s{cells.SPACES}]+", ";")
    return cells.in_pieces(frame, separate, domain.rest)
