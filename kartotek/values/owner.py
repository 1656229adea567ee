"""The person a record belongs to, by name, email or id: what is stored is the id."""

import polars as pl

from kartotek.values import cells, choice
from kartotek.values.reading import Reading

DTYPE: pl.DataType = pl.Int64()
SQL = "bigint"
EXAMPLE = "ada@harbour.example"


def check(cell: pl.Expr, how: Reading) -> pl.Expr:
    return cells.in_steps(cell, None, lambda frame: _rest(frame, how), DTYPE)


read, wrong = cells.halves(check)


def text(value: pl.Expr) -> pl.Expr:
    return value.cast(pl.String)


def _rest(frame: pl.DataFrame, how: Reading) -> pl.DataFrame:
    kinds = {"AMBIGUOUS_ENUMERATION_OPTION": "MULTIPLE_OWNERS_FOUND"}
    found = choice.options(frame, how)
    named = pl.col("wrong").replace_strict(kinds, default="COULD_NOT_FIND_OWNER", return_dtype=pl.String)
    return found.with_columns_seq(value=pl.col("value").cast(DTYPE), wrong=named)
