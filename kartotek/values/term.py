"""How long something runs, in months: "P12M", as programs write it, from "12", "12 months", "1 year" or "P1Y"."""

import polars as pl

from kartotek.values import cells
from kartotek.values.reading import Reading

DTYPE: pl.DataType = pl.String()
SQL = "text"
EXAMPLE = "12 months"

LONGEST = 1_200  # months

_MONTHS = "^p?([0-9]{1,9}) ?(?:m|mo|month|months|md|mdr|mdr\\.|måned|måneder)?$"
_YEARS = "^p?([0-9]{1,6}) ?(?:y|yr|yrs|year|years|år)$"


def check(cell: pl.Expr, how: Reading) -> pl.Expr:
    return cells.in_steps(cell, None, _rest, DTYPE)


read, wrong = cells.halves(check)


def text(value: pl.Expr) -> pl.Expr:
    return value


def _rest(frame: pl.DataFrame) -> pl.DataFrame:
    word = cells.clean(cells.fold(pl.col("cell")))
    said = frame.with_columns_seq(
        months=pl.coalesce(word.str.extract(_MONTHS).cast(pl.Int64), word.str.extract(_YEARS).cast(pl.Int64) * 12)
    )
    months = pl.col("months")
    fits = months.is_between(1, LONGEST)
    unfit = pl.when(months.is_null()).then(pl.lit("COULD_NOT_PARSE_TERM")).otherwise(pl.lit("OUTSIDE_VALID_TERM_RANGE"))
    return said.with_columns_seq(value=pl.when(fits).then(pl.format("P{}M", months)), wrong=unfit).drop("months")
