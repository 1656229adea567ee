"""Files that belong to a record, as `a;b;c`: each by the number that it has here, or by its address."""

import polars as pl

from kartotek.values import cells, free_choices
from kartotek.values.reading import Reading

DTYPE: pl.DataType = pl.List(pl.String())
SQL = "text[]"
EXAMPLE = "https://example.com/offer.pdf"

_NUMBER_OR_ADDRESS = r"^(?:[0-9]+|(?i:https?|ftp)://[^\s;]+)$"


def check(cell: pl.Expr, how: Reading) -> pl.Expr:
    return cells.in_steps(cell, None, _rest, DTYPE)


read, wrong = cells.halves(check)


def text(value: pl.Expr) -> pl.Expr:
    return free_choices.text(value)


def appends(cell: pl.Expr) -> pl.Expr:
    return free_choices.appends(cell)


def _rest(frame: pl.DataFrame) -> pl.DataFrame:
    return cells.in_pieces(frame, pl.col("cell"), _pieces)


def _pieces(pieces: pl.DataFrame) -> pl.DataFrame:
    return pieces.with_columns_seq(
        value=cells.only(pl.col("cell"), pl.col("cell").str.contains(_NUMBER_OR_ADDRESS)),
        wrong=pl.lit("INVALID_ENUM_FILE_ID_OR_URL"),
    )
