"""Several domains, with ; or , or white space between them."""

import polars as pl

from kartotek.values import cells, domain, free_choices
from kartotek.values.reading import Reading

DTYPE: pl.DataType = pl.List(pl.String())
SQL = "text[]"
EXAMPLE = "harbour.example; quay.example"


def read(cell: pl.Expr, how: Reading) -> pl.Expr:
    return cells.every_piece(_pieces(cell), lambda piece: domain.read(piece, how))


def wrong(cell: pl.Expr, how: Reading) -> pl.Expr:
    unread = read(cell, how).is_null() & _pieces(cell).is_not_null()
    return pl.when(unread).then(pl.lit("INVALID_DOMAIN"))


def text(value: pl.Expr) -> pl.Expr:
    return free_choices.text(value)


def _pieces(cell: pl.Expr) -> pl.Expr:
    return cells.pieces(cell.str.replace_all(rf"[,\s{cells.SPACES}]+", ";"))
