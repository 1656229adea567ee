"""What readers hand to all others: the rows of one table, as text."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import polars as pl

# Columns of a batch beside the cells, which are named c0, c1, ... in the order of the header.
LINE = "_line"  # Int64: as a spreadsheet counts (design: the header is line 1 when it stands first)
WIDTH = "_width"  # Int32: how many cells the row had, null when exactly as many as the header
EXTRA = "_extra"  # List(String): the cells beyond the header, null when there are none
BROKEN = "_broken"  # String: an error type of imports.md 14 when the row cannot be read, else null


def cell(index: int) -> str:
    return f"c{index}"


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table of one file, read as text.

    `batches(size)` may be called as often as wanted and gives, each time the same, frames of up to `size` rows:
    LINE, WIDTH, EXTRA, BROKEN and c0 … cn, all cells String, "" or null where blank. Blank lines are no rows.
    A cell that a spreadsheet program holds as a number or a date, rather than as text, comes in canonical form
    (1234.5, 2026-04-03, 2026-04-03T10:00:00) with values.NATIVE in front, so that no format is applied to it
    again; twice where it is a number of a workbook whose days are counted from 1904.
    """

    file: str  # its name, as the user knows it
    name: str | None  # the sheet's name, in a workbook
    columns: tuple[str, ...]  # headers as they stand, "" where there is none
    header_line: int
    encoding: str | None  # "UTF-8", "UTF-16", "Windows-1252", ... None for a workbook
    delimiter: str | None
    quote: str | None
    batches: Callable[[int], Iterator[pl.DataFrame]]
    sheets: tuple[str, ...] = ()  # all sheets of the workbook
    notes: tuple[str, ...] = ()  # what somebody who knows the file may not expect of its rows, in a sentence each
