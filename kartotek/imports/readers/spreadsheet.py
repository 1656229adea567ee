"""Workbooks (xlsx, xlsm, xlsb, xls, ods) to a Sheet: converted once to an Arrow file in `scratch`, read from there."""

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
_AT_A_TIME = 50_000
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
    spool = Path(tempfile.mkdtemp(dir=scratch, prefix="workbook-")) / "sheet.arrow"
    told = _converted(path, spool, sheet, name)
    first = pl.scan_ipc(spool).head(_HEADER_WITHIN).collect()
    columns = first.width - 1
    at = _header(first, header_line, name)
    header = [(cell or "").removeprefix(reading.NATIVE) for cell in first.row(at)[1:]]
    if columns > limit_columns:
        raise delimited.too_many_columns(name, columns, limit_columns)
    if next(_frames(spool, at + 1, columns), None) is None:
        raise delimited.no_rows(name)
    return table.Sheet(
        file=name,
        name=told["name"],
        columns=tuple(header),
        header_line=first[table.LINE][at],
        encoding=None,
        delimiter=None,
        quote=None,
        batches=lambda size: batches.exact(_frames(spool, at + 1, columns), size),
        sheets=tuple(told["sheets"]),
    )


def _converted(path: Path, spool: Path, sheet: str | None, name: str) -> dict[str, Any]:
    command = [
        sys.executable,
        "-m",
        "kartotek.imports.readers.convert",
        str(path.resolve()),
        str(spool.resolve()),
        sheet or "",
    ]
    home = Path(__file__).parents[3]  # where `kartotek` is found, from a checkout as well as installed
    try:
        subprocess.run(command, cwd=home, capture_output=True, timeout=_PATIENCE, check=False)
        told: dict[str, Any] = json.loads(spool.with_suffix(".json").read_text())
    except FileNotFoundError:  # it ended before it could say anything: the sheet did not fit into its memory
        told = {"problem": "memory"}
    except subprocess.TimeoutExpired as error:
        raise archives.too_large(name) from error
    if "problem" in told:
        raise _bad(told, sheet, name)
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


def _frames(spool: Path, start: int, columns: int) -> Iterator[pl.DataFrame]:
    wanted = [
        pl.col(table.LINE),
        pl.lit(None, pl.Int32).alias(table.WIDTH),
        pl.lit(None, pl.List(pl.String)).alias(table.EXTRA),
        pl.lit(None, pl.String).alias(table.BROKEN),
        *(pl.col(table.cell(i)) for i in range(columns)),
    ]
    while (rows := pl.scan_ipc(spool).slice(start, _AT_A_TIME).select(wanted).collect()).height:
        yield rows
        start += rows.height
