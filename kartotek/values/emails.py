"""Several email addresses, with ; or , or white space between them."""

import polars as pl

from kartotek.values import cells, email, free_choices
from kartotek.values.reading import Reading

DTYPE: pl.DataType = pl.List(pl.String())
SQL = "text[]"
EXAMPLE = "ada@harbour.example; ada@old.example"


def check(cell: pl.Expr, how: Reading) -> pl.Expr:
    return cells.in_steps(cell, None, _rest, DTYPE)


read, wrong = cells.halves(check)


def text(value: pl.Expr) -> pl.Expr:
    return free_choices.text(value)


def _rest(frame: pl.DataFrame) -> pl.DataFrame:
    # With names before them, as a mail program copies them, only what stands in <> is an address.
    named = pl.col("cell").str.extract_all("<[^<>]*>").list.join(";")
    separate = pl.col("cell").str.replace_all(rf"[,\s{cells.SPACES}]+", ";")
    found = cells.in_pieces(frame, pl.when(named != "").then(named).otherwise(separate), email.rest)
    # A bad further address costs the contact that address, not, as its first one would, the contact (imports.md 5.17).
    return found.with_columns_seq(pl.col("wrong").replace("INVALID_EMAIL", "SECONDARY_EMAIL_WRITE_FAILURE"))
