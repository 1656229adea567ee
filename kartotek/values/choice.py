"""One of a property's options, named by its label, its value or another word for it, in any case."""

import polars as pl

from kartotek.values import cells
from kartotek.values.reading import Reading

DTYPE: pl.DataType = pl.String()
SQL = "text"
EXAMPLE = "Customer"


def check(cell: pl.Expr, how: Reading) -> pl.Expr:
    return cells.in_steps(cell, None, lambda frame: options(frame, how), DTYPE)


read, wrong = cells.halves(check)


def text(value: pl.Expr) -> pl.Expr:
    return value


def options(frame: pl.DataFrame, how: Reading) -> pl.DataFrame:
    """Adds the `value` of the option that each `cell` means; null for none, and for two."""
    plain = {word: value for word, value in how.options.items() if word not in how.ambiguous}
    ambiguous = pl.col("word").is_in(pl.Series(sorted(how.ambiguous), dtype=pl.String).implode())
    kind = pl.when(ambiguous).then(pl.lit("AMBIGUOUS_ENUMERATION_OPTION"))
    return frame.with_columns_seq(word=cells.fold(pl.col("cell"))).with_columns_seq(
        value=cells.look_up(pl.col("word"), plain, DTYPE), wrong=kind.otherwise(pl.lit("INVALID_ENUMERATION_OPTION"))
    )
