"""One of a property's options, named by its label, its value or another word for it, in any case."""

import polars as pl

from kartotek.values import cells
from kartotek.values.reading import Reading

DTYPE: pl.DataType = pl.String()
SQL = "text"
EXAMPLE = "Customer"


def read(cell: pl.Expr, how: Reading) -> pl.Expr:
    return option(cells.fold(cell), how)


def wrong(cell: pl.Expr, how: Reading) -> pl.Expr:
    unread = cells.unread(cell, read(cell, how))
    ambiguous = is_ambiguous(cells.fold(cells.only(cell, unread)), how)
    kind = pl.when(ambiguous).then(pl.lit("AMBIGUOUS_ENUMERATION_OPTION"))
    return pl.when(unread).then(kind.otherwise(pl.lit("INVALID_ENUMERATION_OPTION")))


def text(value: pl.Expr) -> pl.Expr:
    return value


def option(word: pl.Expr, how: Reading) -> pl.Expr:
    """The value of the option that a folded word means; null for none, and for two."""
    plain = {word: value for word, value in how.options.items() if word not in how.ambiguous}
    return cells.look_up(word, plain, DTYPE)


def is_ambiguous(word: pl.Expr, how: Reading) -> pl.Expr:
    return word.is_in(pl.Series(sorted(how.ambiguous), dtype=pl.String).implode())
