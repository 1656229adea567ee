"""File to Sheet: `open` takes any file that people send and finds out by its content how to read it.

content     what is it: text, a workbook, or something else with a sentence that helps
delimited   text: encodings + alphabets, dialects, headers, plain, records, cells, batches
spreadsheet workbooks: archives (is it safe), convert (to Arrow, in a process of its own): by excel, sheet_rows, markup,
            native and number_formats, or for other workbooks than XLSX by other_books
json_lines  objects, one on each line           web_tables  web pages that are called .xls
guards      cells that an export has kept from being run as formulas, of both
"""

from dataclasses import dataclass
from pathlib import Path

from kartotek import errors
from kartotek.imports import table
from kartotek.imports.readers import content, delimited, guards, json_lines, limits, spreadsheet, web_tables


def open(
    path: Path,
    *,
    name: str,
    sheet: str | None = None,
    encoding: str | None = None,
    delimiter: str | None = None,
    header_line: int | None = None,
    limit_bytes: int,
    limit_columns: int = limits.MOST_COLUMNS,
    scratch: Path,
) -> table.Sheet:
    """Raises BadFile, with what to do, when it cannot be read at all. The caller empties `scratch` when done."""
    _check_size(path, name, limit_bytes)
    match content.kind_of(path, name=name):
        case content.Kind.WORKBOOK:
            found = spreadsheet.open(
                path, name=name, sheet=sheet, header_line=header_line, limit_bytes=limit_bytes,
                limit_columns=limit_columns, scratch=scratch,
            )  # fmt: skip
        case content.Kind.JSON_LINES:  # nothing in it could be run as a formula
            return json_lines.open(path, name=name, limit_columns=limit_columns, scratch=scratch)
        case content.Kind.WEB_PAGE:
            found = web_tables.open(
                path, name=name, encoding=encoding, header_line=header_line, limit_columns=limit_columns,
                scratch=scratch,
            )  # fmt: skip
        case content.Kind.TEXT:
            found = delimited.open(
                path, name=name, encoding=encoding, delimiter=delimiter, header_line=header_line,
                limit_columns=limit_columns,
            )  # fmt: skip
    return guards.off(found)


@dataclass(frozen=True, slots=True)
class Contents:
    """One sheet of a file; a text file is a single one without a name. Without `headers` nothing in it can be read."""

    name: str | None
    rows: int
    headers: tuple[str, ...]


def sheets(
    path: Path, *, name: str, limit_bytes: int, limit_columns: int = 1000, scratch: Path
) -> tuple[Contents, ...]:
    """Every sheet that holds something, read to its end; hidden ones only when all are hidden."""

    def contents(sheet: str | None) -> Contents:
        try:
            found = open(
                path, name=name, sheet=sheet, limit_bytes=limit_bytes, limit_columns=limit_columns, scratch=scratch
            )
        except errors.BadFile:
            if sheet is None:
                raise
            return Contents(sheet, 0, ())
        return Contents(found.name, sum(batch.height for batch in found.batches(_AT_A_TIME)), found.columns)

    if path.stat().st_size and content.kind_of(path, name=name) is content.Kind.WORKBOOK:
        named = spreadsheet.filled(
            path, name=name, limit_bytes=limit_bytes, limit_columns=limit_columns, scratch=scratch
        )
        return tuple(contents(one) for one in named)
    return (contents(None),)


_AT_A_TIME = 50_000
LIMIT_SETTING = "KARTOTEK_FILE_LIMIT"


def _check_size(path: Path, name: str, limit_bytes: int) -> None:
    size = path.stat().st_size
    if size > limit_bytes:
        raise errors.BadFile(
            "INVALID_SPREADSHEET",
            f"“{name}” has {_megabytes(size)}; {_megabytes(limit_bytes)} are possible. Split it into several files, "
            f"or let the person who runs Kartotek raise {LIMIT_SETTING}.",
        )
    if not size:
        raise delimited.empty(name)


def _megabytes(size: int) -> str:
    return f"{size / 1024 / 1024:,.0f} MB" if size >= 1024 * 1024 else f"{size:,} bytes"
