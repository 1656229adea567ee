"""An import of some rows of a file: those that another import held."""

from collections.abc import Iterator
from dataclasses import replace

import polars as pl

from kartotek.domain import Database, rehearsals
from kartotek.imports.table import LINE, Sheet
from kartotek.model.imports import Import


def narrowed(database: Database, sheet: Sheet, job: Import) -> Sheet:
    if job.held_of is None:
        return sheet
    with database.transaction() as tx:
        lines = rehearsals.lines_held(tx, job.held_of)
    return replace(sheet, batches=lambda size: _full(_of_lines(sheet, lines, size), size))


def _of_lines(sheet: Sheet, lines: pl.Series, size: int) -> Iterator[pl.DataFrame]:
    return (batch.filter(pl.col(LINE).is_in(lines.implode())) for batch in sheet.batches(size))


def _full(parts: Iterator[pl.DataFrame], size: int) -> Iterator[pl.DataFrame]:
    """Every batch but the last has to be full: rows are numbered by that."""
    kept: pl.DataFrame | None = None
    for part in parts:
        kept = part if kept is None else pl.concat([kept, part])
        while len(kept) > size:
            yield kept.head(size)
            kept = kept.slice(size)
    if kept is not None:
        yield kept
