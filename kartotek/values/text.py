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


read, wrong = cells.halves(check)


def cleaned(cell: pl.Expr, is_odd: Asked, clean: Asked) -> pl.Expr:
    """A struct of `value`, which is the cell as `clean` makes it where `is_odd`, and `wrong`."""

    def common(frame: pl.DataFrame) -> pl.DataFrame:
        text = pl.col("cell")
        steps = frame.with_columns(odd=is_odd(text) | (text.str.len_bytes() > LONGEST))
        return steps.select(value=cells.only(text, ~pl.col("odd")) if steps.get_column("odd").any() else text)

    def rest(frame: pl.DataFrame) -> pl.DataFrame:
        text = clean(pl.col("cell"))
        return frame.with_columns(value=cells.only(text, ~too_long(text)), wrong=pl.lit(TOO_LARGE))

    return cells.in_steps(cell, common, rest, DTYPE)


def text(value: pl.Expr) -> pl.Expr:
    return value


def too_long(clean: pl.Expr) -> pl.Expr:
    return clean.str.len_chars() > LONGEST
