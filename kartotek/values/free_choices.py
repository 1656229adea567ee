"""Several words of anybody's choosing, as `a;b;c`: what an option is, is known elsewhere."""

import polars as pl

from kartotek.values import cells
from kartotek.values import text as line
from kartotek.values.reading import Reading

DTYPE: pl.DataType = pl.List(pl.String())
SQL = "text[]"
EXAMPLE = "red;green"


def check(cell: pl.Expr, how: Reading) -> pl.Expr:
    return cells.in_steps(cell, None, _rest, DTYPE)


read, wrong = cells.halves(check)


def text(value: pl.Expr) -> pl.Expr:
    return value.list.join(";")


def appends(cell: pl.Expr) -> pl.Expr:
    """Whether the cell adds to the options that are there (a semicolon in front) instead of replacing them."""
    return cells.clean(cell).str.starts_with(";").fill_null(False)


def _rest(frame: pl.DataFrame) -> pl.DataFrame:
    pieces = cells.in_pieces(frame, pl.col("cell"), lambda pieces: pieces.with_columns_seq(value="cell", wrong=None))
    long = line.too_long(pl.col("cell"))
    return pieces.with_columns_seq(
        value=cells.only(pl.col("value"), ~long), wrong=cells.only(pl.lit(line.TOO_LARGE), long)
    )
