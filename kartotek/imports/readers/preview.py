"""A Sheet to look at before any import: its rows counted, its columns, the lines with problems; and as plain CSV."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import polars as pl

from kartotek.imports import table
from kartotek.values import reading

MOST_PROBLEMS = 1000
_AT_A_TIME = 50_000
_VALUES = 3
_LAST = 3  # rows that may be sums
_TOTAL = r"(grand )?(totals?|totalt|sum|summe|gesamt|i alt|ialt|somme|suma|subtotal)\b|\([0-9]+ rows?\)$"
_MOSTLY = 0.8  # of the cells must be of a kind for the column to be


@dataclass(frozen=True, slots=True)
class Column:
    header: str
    values: tuple[str, ...]  # the first three that differ
    kind: str


@dataclass(frozen=True, slots=True)
class LineProblem:
    line: int
    type: str
    message: str


@dataclass(frozen=True, slots=True)
class Preview:
    rows: int
    columns: tuple[Column, ...]
    problems: tuple[LineProblem, ...]  # the first thousand
    problem_count: int
    notes: tuple[str, ...]  # those of the sheet, and what only its last rows tell


def look(sheet: table.Sheet) -> Preview:
    """Kinds are guessed from the first rows, everything else is counted over all of them."""
    columns: tuple[Column, ...] = ()
    problems: list[LineProblem] = []
    rows = count = 0
    strays = Strays(sheet)
    for batch in sheet.batches(_AT_A_TIME):
        rows += batch.height
        strays.add(batch)
        columns = columns or _columns(sheet, batch)
        wrong = _wrong(batch, len(sheet.columns))
        count += wrong.height
        problems += _problems(wrong[: MOST_PROBLEMS - len(problems)], len(sheet.columns))
    return Preview(rows, columns, tuple(problems), count, (*sheet.notes, *strays.notes()))


@dataclass(slots=True)
class Strays:
    """Rows of a sheet that look as if they were none of its table: its headers again, a sum at its end."""

    sheet: table.Sheet
    _repeated: list[int] = field(default_factory=list)  # lines
    _last: pl.DataFrame = field(default_factory=pl.DataFrame)

    def add(self, batch: pl.DataFrame) -> None:
        """In the order of the rows; the cells may be named by their place among those of several sheets."""
        cells = batch.drop(table.WIDTH, table.EXTRA, table.BROKEN)
        self._last = cells.tail(_LAST)
        for name, header in zip(cells.columns[1:], self.sheet.columns, strict=True):
            cells = cells.filter(pl.col(name).fill_null("").str.strip_chars() == header.strip())
            if cells.is_empty():
                return
        self._repeated += cells[table.LINE].to_list()

    def notes(self) -> tuple[str, ...]:
        """A sentence each."""
        return (*_repetitions(self._repeated), *_totals(self._last))


def as_csv(sheet: table.Sheet) -> Iterator[bytes]:
    """Every row as it was read, with as many cells as it had, as RFC 4180 has it; the header first."""
    header = pl.DataFrame({"h": list(sheet.columns)}).select(_escaped(pl.col("h")).str.join(",")).item()
    yield f"{header}\r\n".encode()
    for batch in sheet.batches(_AT_A_TIME):
        lines = batch.select(_line(sheet)).to_series()
        yield lines.str.join("\r\n").item().encode() + b"\r\n"


def _repetitions(lines: list[int]) -> Iterator[str]:
    """Files that were put together from several hold the headers of each; nothing tells them from a record."""
    if len(lines) == 1:
        yield f"Line {lines[0]} repeats the headers; it is read like the others."
    elif lines:
        yield f"{len(lines):,} lines repeat the headers, line {lines[0]} first; they are read like the others."


def _totals(last: pl.DataFrame) -> Iterator[str]:
    """Below a table, programs write sums; they are rows like all others until somebody takes them away."""
    found = [line for line, *cells in last.rows() if _is_total(cells)]
    if found:
        yield f"Line {found[0]} looks like a total below the table; it is read like the others."


def _is_total(cells: list[str | None]) -> bool:
    said = [cell.strip() for cell in cells if cell and cell.strip()]
    return bool(said) and re.match(_TOTAL, said[0], re.IGNORECASE) is not None


def _line(sheet: table.Sheet) -> pl.Expr:
    cells = [_escaped(_unmarked(sheet, i)) for i in range(len(sheet.columns))]
    extra = pl.col(table.EXTRA).list.eval(_escaped(pl.element()))
    cut = pl.concat_list(cells).list.head(pl.col(table.WIDTH)).list.join(",")
    return (
        pl.when(pl.col(table.EXTRA).is_not_null())
        .then(pl.concat_str([*cells, extra.list.join(",")], separator=","))
        .when(pl.col(table.WIDTH).is_not_null())
        .then(cut)
        .otherwise(pl.concat_str(cells, separator=","))
    )


def _unmarked(sheet: table.Sheet, index: int) -> pl.Expr:
    """In a workbook the cells that are numbers and dates carry a mark; in text the same character is somebody's own."""
    cell = pl.col(table.cell(index))
    return cell.str.strip_chars_start(reading.NATIVE) if sheet.encoding is None else cell


def _escaped(cell: pl.Expr) -> pl.Expr:
    doubled = cell.str.replace_all('"', '""', literal=True)
    quoted = pl.concat_str([pl.lit('"'), doubled, pl.lit('"')])
    return pl.when(cell.str.contains('[",\r\n]')).then(quoted).otherwise(cell).fill_null("")


def _wrong(batch: pl.DataFrame, columns: int) -> pl.DataFrame:
    surplus = pl.col(table.EXTRA).list.join("").fill_null("").str.strip_chars() != ""
    return batch.filter(pl.col(table.BROKEN).is_not_null() | (pl.col(table.WIDTH) < columns) | surplus)


def _problems(wrong: pl.DataFrame, columns: int) -> list[LineProblem]:
    problems = []
    for line, width, broken in wrong.select(table.LINE, table.WIDTH, table.BROKEN).iter_rows():
        if broken:
            message = "A quote is opened in this row and never closed. Close it, or take it away."
        else:
            has = "1 cell" if width == 1 else f"{width} cells"
            message = f"This row has {has}, the header has {columns}. Put cells with the delimiter in them in quotes."
        problems.append(LineProblem(line, broken or "INCORRECT_NUMBER_OF_COLUMNS", message))
    return problems


def _columns(sheet: table.Sheet, batch: pl.DataFrame) -> tuple[Column, ...]:
    columns = []
    for i, header in enumerate(sheet.columns):
        cells = batch[table.cell(i)]
        filled = cells.filter((cells.str.strip_chars() != "").fill_null(False))
        values = filled.unique(maintain_order=True).head(_VALUES).str.strip_chars_start(reading.NATIVE)
        columns.append(Column(header, tuple(values), _kind(header, filled.to_frame("cell"))))
    return tuple(columns)


def _kind(header: str, cells: pl.DataFrame) -> str:
    shares = cells.select(
        pl.col("cell").str.strip_chars_start(reading.NATIVE).str.strip_chars().str.contains(pattern).mean().alias(kind)
        for kind, pattern in _KINDS.items()
    )
    likely = [kind for kind, share in shares.row(0, named=True).items() if (share or 0) >= _MOSTLY]
    if "phone" in likely and pl.Series([header]).str.contains(_PHONE_HEADER).item():
        return "phone"
    return next((kind for kind in likely if kind != "phone" or "number" not in likely), "text")


_DAY = (
    r"([0-9]{4}[-/.][0-9]{1,2}[-/.][0-9]{1,2}"
    r"|[0-9]{1,2}[-/. ]{1,2}([0-9]{1,2}|\p{L}{3,9})[-/. ]{1,2}([0-9]{4}|[0-9]{2}))"
)
_TIME = r"([T ][0-9]{1,2}[:.][0-9]{2}([:.][0-9]{2}([.,][0-9]+)?)?\s?(Z|[AaPp][Mm]|[+-][0-9:]+)?)?"
_DIGITS = r"([1-9][0-9]{0,2}([.,' \u{a0}][0-9]{3})+|0|[1-9][0-9]*)?([.,][0-9]+)?"
_MONEY = r"(\s?(kr\.?|DKK|SEK|NOK|EUR|USD|GBP|CHF|€|\$|£|%|,-))?"
# In the order of preference. A number that begins with a zero is a code; an international number begins with a plus.
_KINDS = {
    "boolean": r"(?i)^(true|false|yes|no|ja|nej|sand|falsk|y|n|j)$",
    "email": r"^[^@\s,;]+@[^@\s,;]+\.[^@\s,;]+$",
    "date": rf"^{_DAY}{_TIME}$",
    "number": rf"(?i)^(kr\.?|DKK|EUR|USD|€|\$|£)?\s?[-–]?{_DIGITS}{_MONEY}$",
    "phone": r"^(\+|00)[0-9][0-9 ()/.\-\u{a0}]{5,}$|^\(?[0-9][0-9 ()/.\-\u{a0}]{5,18}[0-9]$",
    "domain": r"(?i)^(https?://)?([\p{L}0-9-]+\.)+\p{L}{2,}(/\S*)?$",
}
_PHONE_HEADER = r"(?i)phone|tele?f|tlf|mobil|fax"
