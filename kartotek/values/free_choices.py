"""Several words of anybody's choosing, as `a;b;c`: what an option is, is known elsewhere."""

import polars as pl

from kartotek.values import cells
from kartotek.values import text as line
from kartotek.values.reading import Reading

DTYPE: pl.DataType = pl.List(pl.String())
SQL = "text[]"
EXAMPLE = "red;green"


def read(cell: pl.Expr, how: Reading) -> pl.Expr:
    short = cells.only(cell, cell.str.len_chars() <= line.LONGEST)
    return cells.pieces(short).list.unique(maintain_order=True)


def wrong(cell: pl.Expr, how: Reading) -> pl.Expr:
    return line.too_large(cell)


def text(value: pl.Expr) -> pl.Expr:
    return value.list.join(";")


def appends(cell: pl.Expr) -> pl.Expr:
    """Whether the cell adds to the options that are there (a semicolon in front) instead of replacing them."""
    return cells.clean(cell).str.starts_with(";").fill_null(False)
