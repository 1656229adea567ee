"""Several email addresses, with ; or , or white space between them."""

import polars as pl

from kartotek.values import cells, email, free_choices
from kartotek.values.reading import Reading

DTYPE: pl.DataType = pl.List(pl.String())
SQL = "text[]"
EXAMPLE = "ada@harbour.example; ada@old.example"


def read(cell: pl.Expr, how: Reading) -> pl.Expr:
    return cells.every_piece(_pieces(cell), lambda piece: email.read(piece, how))


def wrong(cell: pl.Expr, how: Reading) -> pl.Expr:
    unread = read(cell, how).is_null() & _pieces(cell).is_not_null()
    return pl.when(unread).then(pl.lit("INVALID_EMAIL"))


def text(value: pl.Expr) -> pl.Expr:
    return free_choices.text(value)


def _pieces(cell: pl.Expr) -> pl.Expr:
    # With names before them, as a mail program copies them, only what stands in <> is an address.
    named = cells.only(cell, cell.str.contains("<", literal=True)).str.extract_all("<[^<>]*>").list.join(";")
    separate = cell.str.replace_all(rf"[,\s{cells.SPACES}]+", ";")
    return cells.pieces(pl.when(named.str.len_bytes() > 0).then(named).otherwise(separate))
