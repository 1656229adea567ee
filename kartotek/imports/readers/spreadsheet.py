"""Workbooks (xlsx, xlsm, xlsb, xls, ods) to a Sheet: converted once to Arrow files in `scratch`, read from there."""

import difflib
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl

from kartotek import errors
from kartotek.imports import table
from kartotek.imports.readers import archives, delimited, headers, limits, pieces

_PATIENCE = 15 * 60  # seconds; a million rows take less than two minutes


def open(
    path: Path,
    *,
    name: str,
    sheet: str | None = None,
    header_line: int | None = None,
    limit_bytes: int,
    limit_columns: int = limits.MOST_COLUMNS,
    scratch: Path,
) -> table.Sheet:
    archives.check(path, name=name, limit_bytes=limit_bytes)
    spool = Path(tempfile.mkdtemp(dir=scratch, prefix="workbook-"))
    told = _converted(path, spool, sheet, name, limit_columns)
    if told["columns"] > limit_columns:
        raise delimited.too_many_columns(name, told["columns"], limit_columns)
    notes = tuple(_notes(told["seen"]))
    columns = range(told["first"], told["columns"])
    return below_header(
        spool, columns, header_line, file=name, name=told["name"], sheets=tuple(told["sheets"]), notes=notes
    )


def below_header(
    spool: Path, columns: range, header_line: int | None, *, file: str, name: str | None = None,
    sheets: tuple[str, ...] = (), notes: tuple[str, ...] = (), encoding: str | None = None,
) -> table.Sheet:  # fmt: skip
    """The sheet that lies in pieces, once its header is found."""
    first = pieces.head(spool, columns)
    if first.is_empty():
        raise delimited.empty(file)
    at = _header(first, header_line, file)
    line, *header = first.row(at)
    found = pieces.sheet(
        spool, columns, tuple(header), line, file=file, name=name, sheets=sheets, notes=notes, encoding=encoding
    )
    if next(found.batches(1), None) is None:
        raise delimited.no_rows(file)
    return found


def filled(path: Path, *, name: str, limit_bytes: int, limit_columns: int = 1000, scratch: Path) -> list[str]:
    """The names of the sheets that hold something; of hidden ones only when all are."""
    archives.check(path, name=name, limit_bytes=limit_bytes)
    told = _told(path, Path(tempfile.mkdtemp(dir=scratch, prefix="workbook-")), None, name, limit_columns)
    match told.get("problem"):
        case None:
            return [told["name"]]
        case "several":
            return list(told["filled"])
    raise _bad(told, None, name)


def _converted(path: Path, spool: Path, sheet: str | None, name: str, limit_columns: int) -> dict[str, Any]:
    told = _told(path, spool, sheet, name, limit_columns)
    if "problem" in told:
        raise _bad(told, sheet, name)
    return told


def _told(path: Path, spool: Path, sheet: str | None, name: str, limit_columns: int) -> dict[str, Any]:
    command = [
        sys.executable,
        "-m",
        "kartotek.imports.readers.convert",
        str(path.resolve()),
        str(spool.resolve()),
        sheet or "",
        str(limit_columns),
    ]
    home = Path(__file__).parents[3]  # where `kartotek` is found, from a checkout as well as installed
    try:
        subprocess.run(command, cwd=home, capture_output=True, timeout=_PATIENCE, check=False)
        told: dict[str, Any] = json.loads(spool.with_suffix(".json").read_text())
    except FileNotFoundError:  # it ended before it could say anything: the sheet did not fit into its memory
        told = {"problem": "memory"}
    except subprocess.TimeoutExpired as error:
        raise archives.too_large(name) from error
    return told


def _bad(told: dict[str, Any], sheet: str | None, name: str) -> errors.BadFile:
    match told["problem"]:
        case "unknown":
            nearest = difflib.get_close_matches(sheet or "", told["sheets"], 1)
            hint = f" Did you mean “{nearest[0]}”?" if nearest else f" It has {_listed(told['sheets'])}."
            return errors.BadFile("INVALID_SHEET_COUNT", f"“{name}” has no sheet called “{sheet}”.{hint}")
        case "several":
            return errors.BadFile(
                "INVALID_SHEET_COUNT",
                f"“{name}” has several sheets with something in them: {_listed(told['filled'])}. "
                "Say which one to read (--sheet NAME).",
            )
        case "empty":
            return delimited.empty(name)
        case "memory":
            return errors.BadFile(
                "INVALID_SPREADSHEET",
                f"“{name}” needs too much memory: some cell stands far away from the others. "
                "Copy the table to a new workbook, or save it as CSV.",
            )
    if "password" in told["detail"].lower() or "encrypt" in told["detail"].lower():
        return archives.locked(name)
    return archives.damaged(name)


def _listed(names: list[str]) -> str:
    shown = [f"“{name}”" for name in names[:10]] + (["…"] if len(names) > 10 else [])
    return ", ".join(shown)


def _header(first: pl.DataFrame, header_line: int | None, name: str) -> int:
    if header_line is None:
        at = headers.find([[cell or "" for cell in row[1:]] for row in first.head(headers.LOOK_AT).iter_rows()])
    else:
        at = first.select((pl.col(table.LINE) == header_line).arg_true().first()).item()
    if at is None:
        raise delimited.no_header(name, header_line or 1)
    return at


def _notes(seen: dict[str, int]) -> Iterator[str]:
    """What somebody who opens the workbook may not expect of its rows."""
    for what, sentence in (
        ("errors", "Cells with an error such as #N/A, read as blank: {:,}."),
        ("formulas", "Formulas without a value, read as blank: {:,}. Open the file, let it calculate and save it."),
        ("hidden", "Hidden rows, read like the others: {:,}."),
        ("merged", "Merged areas, of which the first cell alone has the value: {:,}."),
    ):
        if seen.get(what):
            yield sentence.format(seen[what])
