"""An import of some rows of its files: those that another import held."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import polars as pl

from kartotek.domain import Database, imports, rehearsals
from kartotek.imports.table import LINE, Sheet
from kartotek.model.imports import Import


def narrowed(database: Database, sheets: Sequence[Sheet], job: Import) -> Sequence[Sheet]:
    if job.held_of is None:
        return sheets
    with database.transaction() as tx:
        lines = rehearsals.lines_held(tx, job.held_of)
        before = imports.of_worker(tx, job.held_of).lines or (0,)
    return [_of_lines(sheet, lines - first) for sheet, first in zip(sheets, before, strict=True)]


def _of_lines(sheet: Sheet, lines: pl.Series) -> Sheet:
    def batches(size: int) -> Iterator[pl.DataFrame]:
        kept = (batch.filter(pl.col(LINE).is_in(lines.implode())) for batch in sheet.batches(size))
        return (batch for batch in kept if len(batch))

    return replace(sheet, batches=batches)
