"""JSON Lines: an object for each record, without the keys of what is empty. Nothing needs to be guarded here.

Each value is put into JSON by Polars, the line put together from them as text. A number of more digits than programs
keep when they read one (fifteen) is written as a text: so it stays what it is, here and there.
"""

from collections.abc import Iterable, Iterator, Sequence
from json import dumps

import polars as pl

from kartotek.exports import cells
from kartotek.exports.table import Column, Kind

_DIGITS = 15


def parts(columns: Sequence[Column], frames: Iterable[pl.DataFrame]) -> Iterator[bytes]:
    pairs = [_pair(column, pl.col(cells.place(i)), first=i == 0) for i, column in enumerate(columns)]
    line = pl.concat_str(*pairs, pl.lit("}"))
    for frame in frames:
        lines = frame.select(line.alias("line"))["line"]
        if len(lines):
            yield (lines.str.join("\n").item() + "\n").encode()


def _pair(column: Column, cell: pl.Expr, *, first: bool) -> pl.Expr:
    """`,"key":value`, or nothing; the record id comes first and is never empty."""
    key = ("{" if first else ",") + dumps(column.header, ensure_ascii=False) + ":"
    return pl.when(cell.is_null()).then(pl.lit("")).otherwise(pl.lit(key) + _value(column, cell))


def _value(column: Column, cell: pl.Expr) -> pl.Expr:
    if column.kind is Kind.NUMBER:
        long = cell.str.count_matches("[0-9]") > _DIGITS
        return pl.when(long).then('"' + cell + '"').otherwise(cell)
    if column.kind is Kind.ID or (column.kind is Kind.BOOLEAN and not column.words):
        return cell.cast(pl.String)
    if column.kind is Kind.SEVERAL:
        cell = cell.str.split(";")
    return pl.struct(v=cell).struct.json_encode().str.slice(5).str.strip_suffix("}")
