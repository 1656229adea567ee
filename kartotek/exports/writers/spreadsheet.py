"""A workbook, written row by row with the memory of one row. What is text is marked as text, and stays it."""

import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import polars as pl
import xlsxwriter

from kartotek import errors
from kartotek.exports import cells
from kartotek.exports.table import Column, Kind
from kartotek.values import formulas

MOST_ROWS = 1_048_575  # below the headers
_LONGEST = 32_767  # characters in a cell; what is longer Excel refuses
# Excel keeps fifteen digits of a number, and its calendar is wrong before this day.
_MOST_DIGITS = 15
_FIRST_DAY = "1900-03-01"
_CHUNK = 1 << 16

Way = tuple[Callable[..., Any], Any]  # how a cell is handed over, and its format


def parts(columns: Sequence[Column], frames: Iterable[pl.DataFrame]) -> Iterator[bytes]:
    """Made on disk first: the list of what a workbook holds stands at its end."""
    with tempfile.TemporaryDirectory(prefix="kartotek-") as folder:
        path = Path(folder) / "export.xlsx"
        _write(path, columns, frames)
        with path.open("rb") as file:
            while part := file.read(_CHUNK):
                yield part


def refuse_too_many(rows: int) -> None:
    if rows > MOST_ROWS:
        raise errors.Invalid(
            f"These are {rows:,} rows or more, and a workbook holds {MOST_ROWS:,}. "
            "Choose CSV, or narrow them down by a filter."
        )


def _write(path: Path, columns: Sequence[Column], frames: Iterable[pl.DataFrame]) -> None:
    book = xlsxwriter.Workbook(str(path), {"constant_memory": True})
    sheet = book.add_worksheet()
    text = book.add_format({"num_format": "@", "quote_prefix": True})
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    head = book.add_format({"num_format": "@", "bold": True})
    sheet.freeze_panes(1, 1)
    for i, column in enumerate(columns):
        sheet.set_column(i, i, max(12, min(40, len(column.header) + 2)))
        sheet.write_string(0, i, _header(column), head)
    ways: dict[Any, Way] = {
        pl.String: (sheet.write_string, text),
        pl.Float64: (sheet.write_number, None),
        pl.Int64: (sheet.write_number, None),
        pl.Date: (sheet.write_datetime, day),
    }
    written = 0
    for frame in frames:
        _refuse_what_is_too_long(columns, frame)
        refuse_too_many(written + len(frame))
        written += _rows(ways, frame.select(_cells(columns)), written + 1)
    book.close()


def _rows(ways: dict[Any, Way], frame: pl.DataFrame, first: int) -> int:
    """The one place where each cell is handed over by itself: the library has no other door."""
    plan = [(int(name[1:]), *ways[kind]) for name, kind in frame.schema.items()]
    for at, row in enumerate(frame.iter_rows(), first):
        for (i, write, style), value in zip(plan, row, strict=True):
            if value is not None:
                write(at, i, value, style)
    return len(frame)


def _header(column: Column) -> str:
    return str(pl.select(formulas.told_apart(pl.lit(column.header))).item())


def _cells(columns: Sequence[Column]) -> Iterator[pl.Expr]:
    """A column for each type that a cell may have; of those with one number one at most is filled."""
    for i, column in enumerate(columns):
        cell = pl.col(cells.place(i))
        if column.kind in cells.LISTS:
            cell = cells.joined(column, cell)
        if column.kind is Kind.ID:
            yield cell.alias(f"n{i}")
            continue
        safe = _as_number(cell) if column.kind is Kind.NUMBER else _as_day(cell) if column.kind is Kind.DATE else None
        if safe is not None:
            yield safe.alias(f"n{i}")
            cell = pl.when(safe.is_null()).then(cell)
        yield formulas.told_apart(cell).alias(f"c{i}")


def _as_number(cell: pl.Expr) -> pl.Expr:
    digits = cell.str.count_matches("[0-9]")
    return pl.when(digits <= _MOST_DIGITS).then(cell).cast(pl.Float64)


def _as_day(cell: pl.Expr) -> pl.Expr:
    return pl.when(cell >= _FIRST_DAY).then(cell).str.to_date("%Y-%m-%d")


def _refuse_what_is_too_long(columns: Sequence[Column], frame: pl.DataFrame) -> None:
    """The library would leave such a cell empty without a word."""
    for i, column in enumerate(columns):
        cell = pl.col(cells.place(i))
        text = cells.joined(column, cell) if column.kind in cells.LISTS else cell.cast(pl.String)
        long = frame.filter(text.str.len_chars() >= _LONGEST)
        if len(long):
            raise errors.Invalid(
                f"“{column.header}” of record {long[cells.place(0)][0]} is longer than the {_LONGEST:,} characters "
                "that a cell of a workbook holds. Choose CSV or JSON Lines."
            )
