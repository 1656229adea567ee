"""Where a value is from, to the cell: what stood in the file, read from the kept file when somebody asks.

Importing costs nothing for it. To read one line of a file takes about as long as to read all lines up to it.
"""

import tempfile
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from kartotek.domain import Tx, imports
from kartotek.imports.run import preparing, sources
from kartotek.imports.table import LINE, ColumnPlan, Sheet, cell
from kartotek.settings import Settings
from kartotek.values import NATIVE

_PART = 10_000


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of an imported file. `text` is as it stood there; None when the file is not kept any more."""

    file: str
    sheet: str | None
    line: int
    column: str
    text: str | None


def cells(
    tx: Tx, settings: Settings, import_id: int, object_type: str, prop: str, lines: Collection[int]
) -> list[Cell]:
    """The cells of these lines that the import took the property from, blank ones left out."""
    job = imports.of_worker(tx, import_id)
    if job.plan is None or not lines:
        return []
    plan = preparing.plan_from_json(job.plan)
    columns = [one for one in plan.of(object_type) if one.property == prop]
    if not columns:
        return []
    with sources.of_import(settings, job.files) as uploads:
        if not all(upload.path.exists() for upload in uploads):
            return [Cell(job.file.name, None, min(lines), columns[0].header, None)]
        with tempfile.TemporaryDirectory(prefix="kartotek-") as scratch:
            sheets = sources.open_all(settings, uploads, plan.sources, Path(scratch))
            found = []
            for number, sheet in enumerate(sheets):
                mine = [one for one in columns if one.source == number]
                found += _read(sheet, job.lines[number] if job.lines else 0, mine, lines) if mine else []
            return found


def _read(sheet: Sheet, before: int, columns: Sequence[ColumnPlan], lines: Collection[int]) -> list[Cell]:
    """`before`: how many lines the sources before this one have; `lines` are counted through them all."""
    found = []
    last = max(lines)
    for batch in sources.counted_through(sheet, before, _PART):
        rows = batch.filter(pl.col(LINE).is_in(list(lines)))
        for row in rows.select(LINE, *(cell(one.index) for one in columns)).to_dicts():
            for one in columns:
                text = row[cell(one.index)]
                if text and text.strip():
                    line = row[LINE] - before
                    found.append(Cell(sheet.file, sheet.name, line, one.header, text.lstrip(NATIVE)))
        if len(batch) and batch[LINE][-1] >= last:
            break
    return found
