"""Delimited text of any encoding and any manners to a Sheet, in bounded memory.

One pass over the bytes decides the encoding, the first megabyte decides delimiter, quote and header. Then each call of
`batches` streams the file again: bytes → UTF-8 → records → cells → rows that are not blank → batches of that size.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import polars as pl

from kartotek import errors
from kartotek.imports import table
from kartotek.imports.readers import batches, cells, dialects, encodings, headers, limits, records

_SAMPLE = 1024 * 1024
_SHOWN = 20  # lines


@dataclass(frozen=True, slots=True)
class _Layout:
    path: Path
    codec: str
    dialect: records.Dialect
    first_line: int  # the number of the first record: 0 when it is Excel's `sep=;`, which no spreadsheet shows
    header_line: int
    width: int  # cells in the header
    kept: int  # without columns at the end that are blank in every row
    chunk: int
    backslashes: bool


def open(
    path: Path,
    *,
    name: str,
    encoding: str | None = None,
    delimiter: str | None = None,
    header_line: int | None = None,
    limit_columns: int = limits.MOST_COLUMNS,
    chunk: int = encodings.CHUNK,
) -> table.Sheet:
    codec = encodings.named(encoding) if encoding else encodings.detect(path)
    sample = _sample(path, codec)
    announced = dialects.announced(sample)
    text = sample.split(b"\n", 1)[-1] if announced else sample
    backslashes = dialects.has_backslashes(text)
    text = _checked(b"".join(dialects.without_backslashes(iter([text]))) if backslashes else text, name)
    dialect = dialects.sniff(text, delimiter=_one_character(delimiter) or announced)
    at, header = _header(dialects.first_rows(text, dialect), header_line, name)
    if len(header) == 1 and not delimiter and dialects.is_aligned(text):
        raise _aligned(name)
    named = headers.last_named(header)
    if named > limit_columns:
        raise too_many_columns(name, named, limit_columns)
    width = min(len(header), max(named, limit_columns))
    layout = _Layout(path, codec, dialect, 0 if announced else 1, at + 1, width, width, chunk, backslashes)
    layout = replace(layout, kept=_kept(layout, named))
    if next(_frames(layout), None) is None:
        raise no_rows(name)
    return table.Sheet(
        file=name,
        name=None,
        columns=tuple(header[: layout.kept]),
        header_line=layout.header_line,
        encoding=encodings.shown(codec),
        delimiter=dialect.delimiter,
        quote=dialect.quote,
        batches=lambda size: batches.exact(_frames(layout), size),
        notes=tuple(_notes(layout)),
    )


def too_many_columns(name: str, columns: int, limit: int) -> errors.BadFile:
    return errors.BadFile(
        "INVALID_SPREADSHEET",
        f"“{name}” has {columns:,} columns; {limit:,} are possible. Delete the columns that you do not need.",
    )


def empty(name: str) -> errors.BadFile:
    return errors.BadFile(
        "INVALID_SPREADSHEET", f"“{name}” is empty. Send a file with a row of headers and rows below."
    )


def no_rows(name: str) -> errors.BadFile:
    return errors.BadFile(
        "INVALID_SPREADSHEET", f"“{name}” has headers and no rows. Add at least one row below the headers."
    )


def no_header(name: str, line: int) -> errors.BadFile:
    return errors.BadFile(
        "INVALID_SPREADSHEET", f"Line {line} of “{name}” holds no headers. Say which line does (--header-line)."
    )


def _aligned(name: str) -> errors.BadFile:
    return errors.BadFile(
        "INVALID_SPREADSHEET",
        f"The columns of “{name}” are told apart by spaces alone. Open it in a spreadsheet program "
        "(in Excel: Data › From Text/CSV, fixed width) and save it as Excel (.xlsx) or CSV.",
    )


def _sample(path: Path, codec: str) -> bytes:
    sample = b""
    for piece in encodings.utf8(path, codec, chunk=_SAMPLE):
        sample += piece
        if len(sample) >= _SAMPLE:
            # A record cut in two would look broken: end with a whole line.
            return sample[: sample.rfind(b"\n") + 1 or len(sample)]
    return sample


def _checked(text: bytes, name: str) -> bytes:
    if not text.strip(b"\0\t\r\n \x1a"):
        raise empty(name)
    return text


def _one_character(delimiter: str | None) -> str | None:
    named = {"tab": "\t", "\\t": "\t", "comma": ",", "semicolon": ";", "pipe": "|", "space": " "}
    found = named.get(delimiter.lower(), delimiter) if delimiter else None
    if found and (len(found) > 1 or found > "\x7f" or found in '\r\n"'):
        raise errors.Invalid(f"“{delimiter}” cannot be a delimiter: it is one character such as , ; | or tab.")
    return found


def _header(rows: list[list[str]], header_line: int | None, name: str) -> tuple[int, list[str]]:
    at = headers.find(rows[: headers.LOOK_AT]) if header_line is None else header_line - 1
    if at is None or not 0 <= at < len(rows) or not any(cell.strip() for cell in rows[at]):
        raise no_header(name, (at or 0) + 1)
    return at, rows[at]


def _kept(layout: _Layout, named: int) -> int:
    """How many columns there are without those at the end that have neither a header nor a cell in the whole file."""
    kept = named
    if named < layout.width:
        for frame in _frames(layout):
            for i in range(layout.width - 1, kept - 1, -1):
                if (frame[table.cell(i)].fill_null("").str.strip_chars() != "").any():
                    kept = i + 1
                    break
    return kept


def _frames(layout: _Layout) -> Iterator[pl.DataFrame]:
    """The rows below the header, as they come; never an empty frame."""
    line = layout.first_line
    pieces = encodings.utf8(layout.path, layout.codec, chunk=layout.chunk)
    if layout.backslashes:
        pieces = dialects.without_backslashes(pieces)
    for block in records.blocks(pieces, layout.dialect, layout.width):
        rows = cells.read(block, layout.dialect, layout.width)
        rows = rows.select_seq(pl.int_range(line, line + pl.len(), dtype=pl.Int64).alias(table.LINE), pl.all())
        if line <= layout.header_line:
            rows = rows.filter(pl.col(table.LINE) > layout.header_line)
        line += block.count
        if layout.kept < layout.width:
            rows = _narrowed(rows, layout)
        rows = batches.filled(rows, layout.kept)
        if rows.height:
            yield rows


def _narrowed(rows: pl.DataFrame, layout: _Layout) -> pl.DataFrame:
    """Without the blank columns at the end: a row that lacks only those is not short."""
    width = pl.col(table.WIDTH)
    blanks = pl.lit([""] * (layout.width - layout.kept), pl.List(pl.String))
    return rows.with_columns_seq(
        pl.when((width < layout.kept) | (width > layout.width)).then(width).alias(table.WIDTH),
        pl.when(pl.col(table.EXTRA).is_not_null()).then(pl.concat_list(blanks, table.EXTRA)).alias(table.EXTRA),
    ).drop([table.cell(i) for i in range(layout.kept, layout.width)])


def _notes(layout: _Layout) -> Iterator[str]:
    if layout.backslashes:
        yield 'Quotes within cells are written with a backslash (\\"); they are read as quotes.'
    if layout.codec == encodings.MENDED and (lines := _mended_lines(layout)):
        shown, more = ", ".join(map(str, lines[:_SHOWN])), len(lines) - _SHOWN
        if more > 0:
            yield f"Not UTF-8 like the rest, and read as Windows-1252: lines {shown} and {more:,} more."
        elif len(lines) > 1:
            yield f"Not UTF-8 like the rest, and read as Windows-1252: lines {shown}."
        else:
            yield f"Not UTF-8 like the rest, and read as Windows-1252: line {shown}."


def _mended_lines(layout: _Layout) -> list[int]:
    """The lines with bytes that are not UTF-8, found by going over the whole file."""
    marked = replace(layout, codec=encodings.MARKED)
    cells = pl.any_horizontal(pl.col("^c[0-9]+$").str.contains(encodings.SIGN, literal=True))
    return [line for rows in _frames(marked) for line in rows.filter(cells)[table.LINE]]
