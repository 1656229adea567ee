"""Comma-separated text in UTF-8, such that no spreadsheet program runs anything that stands in it."""

import io
from collections.abc import Iterable, Iterator, Sequence

import polars as pl

from kartotek.exports import cells
from kartotek.exports.table import Column, Kind
from kartotek.values import formulas

# Excel takes a file for UTF-8 only when it begins so.
_MARK = b"\xef\xbb\xbf"
# 1.234 is a thousand in many countries. With one more zero it can be read in one way only.
_TWO_WAYS = r"^-?[1-9][0-9]{0,2}\.[0-9]{3}$"
_AS_THEY_ARE = (Kind.NUMBER, Kind.DATE, Kind.BOOLEAN, Kind.ID)


def parts(columns: Sequence[Column], frames: Iterable[pl.DataFrame]) -> Iterator[bytes]:
    yield _MARK + _headers(columns)
    wanted = [_cell(column, pl.col(cells.place(i))).alias(cells.place(i)) for i, column in enumerate(columns)]
    for frame in frames:
        out = io.BytesIO()
        frame.select(wanted).write_csv(out, include_header=False)
        yield out.getvalue()


def _headers(columns: Sequence[Column]) -> bytes:
    """Always quoted: a reader that looks for the quotes of the file finds them."""
    out = io.BytesIO()
    texts = pl.DataFrame({"header": [column.header for column in columns]})
    row = texts.select(formulas.guarded(pl.col("header"))).transpose()
    row.write_csv(out, include_header=False, quote_style="always")
    return out.getvalue()


def _cell(column: Column, cell: pl.Expr) -> pl.Expr:
    if column.kind is Kind.NUMBER:
        return pl.when(cell.str.contains(_TWO_WAYS)).then(cell + "0").otherwise(cell)
    if column.kind in _AS_THEY_ARE:
        return cell
    if column.kind in cells.LISTS:
        cell = cells.joined(column, cell)
    return formulas.guarded(cell)
