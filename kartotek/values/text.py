"""Text on one line. Leading zeros and long rows of digits are text like any other: nothing is done to them."""

import polars as pl

from kartotek.values import cells
from kartotek.values.reading import Reading

DTYPE: pl.DataType = pl.String()
SQL = "text"
EXAMPLE = "Harbour Street 5"

LONGEST = 65_536  # characters


def check(cell: pl.Expr, how: Reading) -> pl.Expr:
    return cells.both(read(cell, how), wrong(cell, how))


def read(cell: pl.Expr, how: Reading) -> pl.Expr:
    return within(cells.clean(cell))


def wrong(cell: pl.Expr, how: Reading) -> pl.Expr:
    return too_large(cells.clean(cell))


def text(value: pl.Expr) -> pl.Expr:
    return value


def within(clean: pl.Expr) -> pl.Expr:
    return pl.when(~too_long(clean)).then(clean)


def too_large(clean: pl.Expr) -> pl.Expr:
    return pl.when(too_long(clean)).then(pl.lit("COLUMN_TOO_LARGE"))


def too_long(clean: pl.Expr) -> pl.Expr:
    return clean.str.len_chars() > LONGEST
