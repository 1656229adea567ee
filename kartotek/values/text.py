"""Text on one line. Leading zeros and long rows of digits are text like any other: nothing is done to them."""

from collections.abc import Callable

import polars as pl

from kartotek.values import cells
from kartotek.values.reading import Reading

Asked = Callable[[pl.Expr], pl.Expr]

DTYPE: pl.DataType = pl.String()
SQL = "text"
EXAMPLE = "Harbour Street 5"

LONGEST = 65_536  # characters
TOO_LARGE = "COLUMN_TOO_LARGE"


def check(cell: pl.Expr, how: Reading) -> pl.Expr:
    return cleaned(cell, cells.is_odd, cells.clean)


def read(cell: pl.Expr, how: Reading) -> pl.Expr:
    """Under the name of the cell's column."""
    return within(cells.clean(cell))


def wrong(cell: pl.Expr, how: Reading) -> pl.Expr:
    return check(cell, how).struct.field("wrong")


def cleaned(cell: pl.Expr, is_odd: Asked, clean: Asked) -> pl.Expr:
    """A struct of `value`, which is the cell as `clean` makes it where `is_odd`, and `wrong`."""

    def common(frame: pl.DataFrame) -> pl.DataFrame:
        text = pl.col("cell")
        odd = is_odd(text) | (text.str.len_bytes() > LONGEST)
        is_any = frame.select_seq(odd).to_series().any()
        return frame.select_seq(value=cells.only(text, ~odd)) if is_any else frame.to_series().alias("value").to_frame()

    def rest(frame: pl.DataFrame) -> pl.DataFrame:
        return frame.with_columns_seq(value=within(clean(pl.col("cell"))), wrong=pl.lit(TOO_LARGE))

    return cells.in_steps(cell, common, rest, DTYPE)


def text(value: pl.Expr) -> pl.Expr:
    return value


def within(clean: pl.Expr) -> pl.Expr:
    return pl.when(~too_long(clean)).then(clean)


def too_long(clean: pl.Expr) -> pl.Expr:
    return clean.str.len_chars() > LONGEST
