"""The person a record belongs to, by name, email or id: what is stored is the id."""

import polars as pl

from kartotek.values import cells, choice
from kartotek.values.reading import Reading

DTYPE: pl.DataType = pl.Int64()
SQL = "bigint"
EXAMPLE = "ada@harbour.example"


def read(cell: pl.Expr, how: Reading) -> pl.Expr:
    return choice.read(cell, how).cast(pl.Int64)


def wrong(cell: pl.Expr, how: Reading) -> pl.Expr:
    unread = cells.unread(cell, read(cell, how))
    several = choice.is_ambiguous(cells.fold(cells.only(cell, unread)), how)
    kind = pl.when(several).then(pl.lit("MULTIPLE_OWNERS_FOUND")).otherwise(pl.lit("COULD_NOT_FIND_OWNER"))
    return pl.when(unread).then(kind)


def text(value: pl.Expr) -> pl.Expr:
    return value.cast(pl.String)
