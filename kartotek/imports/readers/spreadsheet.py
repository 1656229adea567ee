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
from kartotek.imports.readers import archives, batches, delimited, headers
from kartotek.values import reading

_PATIENCE = 15 * 60  # seconds; a million rows take less than two minutes
_HEADER_WITHIN = 1000  # rows


def open(
    path: Path,
    *,
    name: str,
    sheet: str | None = None,
    header_line: int | None = None,
    limit_bytes: int,
    limit_columns: int = 1000,
    scratch: Path,
) -> table.Sheet:
    archives.check(path, name=name, limit_bytes=limit_bytes)
    spool = Path(tempfile.mkdtemp(dir=scratch, prefix="workbook-"))
    told = _converted(path, spool, sheet, name, limit_columns)
    columns = range(told["first"], told["columns"])
    if told["columns"] > limit_columns:
        raise delimited.too_many_columns(name, told["columns"], limit_columns)
    first = _head(spool, columns)
    if first.is_empty():
        raise delimited.empty(name)
    at = _header(first, header_line, name)
    header = [(cell or "").removeprefix(reading.NATIVE) for cell in first.row(at)[1:]]
    line = first[table.LINE][at]
    if next(_frames(spool, columns, line), None) is None:
        raise delimited.no_rows(name)
    return table.Sheet(
        file=name,
        name=told["name"],
        columns=tuple(header),
        header_line=line,
        encoding=None,
        delimiter=None,
        quote=None,
        batches=lambda size: batches.exact(_frames(spool, columns, line), size),
        sheets=tuple(told["sheets"]),
        notes=tuple(_notes(told["seen"])),
    )


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


def _head(spool: Path, columns: range) -> pl.DataFrame:
    """The first rows, among which the header is."""
    found: list[pl.DataFrame] = []
    for piece in _pieces(spool):
        found.append(_cells(pl.read_ipc(piece), columns))
        if sum(frame.height for frame in found) >= _HEADER_WITHIN:
            break
    return pl.concat(found).head(_HEADER_WITHIN) if found else pl.DataFrame()


def _frames(spool: Path, columns: range, header_line: int) -> Iterator[pl.DataFrame]:
    """The rows below the header."""
    for piece in _pieces(spool):
        rows = _cells(pl.read_ipc(piece), columns).filter(pl.col(table.LINE) > header_line)
        if rows.height:
            yield rows.select(
                table.LINE,
                pl.lit(None, pl.Int32).alias(table.WIDTH),
                pl.lit(None, pl.List(pl.String)).alias(table.EXTRA),
                pl.lit(None, pl.String).alias(table.BROKEN),
                pl.exclude(table.LINE),
            )


def _pieces(spool: Path) -> list[Path]:
    return sorted(spool.glob("*.arrow"), key=lambda piece: int(piece.stem))


def _cells(piece: pl.DataFrame, columns: range) -> pl.DataFrame:
    """Of all columns, whether or not these rows go as far."""
    there = set(piece.columns)
    cells = (pl.col(name) if (name := table.cell(i)) in there else pl.lit(None, pl.String) for i in columns)
    return piece.select(table.LINE, *(cell.alias(table.cell(i)) for i, cell in enumerate(cells)))


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
