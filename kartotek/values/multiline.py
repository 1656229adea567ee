"""Text of many lines: an address, a note."""

import polars as pl

from kartotek.values import cells
from kartotek.values import text as line
from kartotek.values.reading import Reading

DTYPE: pl.DataType = pl.String()
SQL = "text"
EXAMPLE = "Called on Monday.\nWants an offer."


def check(cell: pl.Expr, how: Reading) -> pl.Expr:
    return line.cleaned(cell, cells.has_odd_lines, cells.clean_lines)


def read(cell: pl.Expr, how: Reading) -> pl.Expr:
    """Under the name of the cell's column."""
    return line.within(cells.clean_lines(cell))


def wrong(cell: pl.Expr, how: Reading) -> pl.Expr:
    return check(cell, how).struct.field("wrong")


def text(value: pl.Expr) -> pl.Expr:
    return value
