"""What can be taken away from an import, line by line: its errors, and the rows to correct and send again."""

import csv
import io
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import polars as pl

from kartotek import errors
from kartotek.domain import Database, catalogue, import_books, imports
from kartotek.imports import report
from kartotek.imports.run import preparing, sources
from kartotek.imports.table import Plan
from kartotek.model.catalogue import Catalogue
from kartotek.model.imports import Import
from kartotek.model.people import Actor
from kartotek.settings import Settings

_PART = 10_000
# Excel takes a file for UTF-8 only when it begins so.
_MARK = "\ufeff"


@dataclass(frozen=True, slots=True)
class Tongue:
    """The reader's language: the catalogue with its labels, gettext, and what stands between cells where a spreadsheet
    program speaks it: the comma is a decimal mark for most of the world."""

    catalogue: Catalogue
    say: report.Say
    separator: str = ","


def error_report(
    database: Database, settings: Settings, actor: Actor, import_id: int, tongue: Tongue | None = None
) -> Iterator[str]:
    """Every problem of an import as lines of CSV, the first with UTF-8's mark in front; without `tongue` in English."""
    job, plan, spoken = _told(database, actor, import_id, tongue)
    found = _problems(database, import_id)
    rows = report.error_rows(spoken.catalogue, plan, sources.places_of(job, plan), found, spoken.say)
    yield from _lines(rows, spoken.separator)


def failed_file(
    database: Database,
    settings: Settings,
    actor: Actor,
    import_id: int,
    tongue: Tongue | None = None,
    source: int = 0,
) -> Iterator[str]:
    """The rows of one source that failed or lost a value, as they stood, with the reasons in a column of its own, as
    lines of CSV."""
    job, plan, spoken = _told(database, actor, import_id, tongue)
    if source >= len(plan.sources):
        raise errors.NotFound("The import had no such file or sheet.")
    parts = list(_problems(database, import_id))
    none = import_books.none()
    every = (
        pl.concat([none, *(found for found, _ in parts)]),
        pl.concat([none.select("line", "object_type"), *(refused for _, refused in parts)]).unique(),
    )
    with (
        sources.of_import(settings, job.files) as uploads,
        tempfile.TemporaryDirectory(prefix="kartotek-") as scratch,
    ):
        sheet = sources.open_all(settings, uploads, plan.sources, Path(scratch))[source]
        batches = partial(sources.counted_through, sheet, job.lines[source] if job.lines else 0, _PART)
        part, came = plan.part(source), _came(database, job, plan, every[0]["line"].unique())
        came = report.unkeyed(spoken.catalogue, part, batches(), came) if came else came
        rows = report.failed_rows(spoken.catalogue, part, batches(), every, spoken.say, came)
        # What the import was told to expect it expects when it is repeated.
        yield from _lines(rows, plan.sources[source].delimiter or spoken.separator)


def _came(database: Database, job: Import, plan: Plan, lines: pl.Series) -> dict[str, pl.DataFrame]:
    """Of these rows, the records that came in all the same: `line`, `record`, per object type's name."""
    found = {}
    with database.transaction() as tx:
        for one in plan.objects:
            mine = pl.col("line").is_in(lines.implode()) & (pl.col("record") != 0)
            parts = [done.filter(mine) for done in imports.done_before(tx, job.id, one.object_type)]
            if records := [part.select("line", "record") for part in parts if len(part)]:
                found[one.object_type] = pl.concat(records)
    return found


def _told(database: Database, actor: Actor, import_id: int, tongue: Tongue | None) -> tuple[Import, Plan, Tongue]:
    with database.transaction() as tx:
        job = imports.get(tx, actor, import_id)
        if job.plan is None:
            raise errors.NotFound("This import has not started yet, so there is nothing to report.")
        return job, preparing.plan_from_json(job.plan), tongue or Tongue(catalogue.load(tx), str)


def _problems(database: Database, import_id: int) -> Iterator[report.Found]:
    offset = 0
    while True:
        with database.transaction() as tx:
            part = import_books.problems(tx, import_id, limit=_PART, offset=offset)
            refused = import_books.kept_out(tx, import_id, part, report.REFUSING)
        if part.is_empty():
            return
        yield part, refused
        offset += _PART


def _lines(rows: Iterable[list[str]], separator: str) -> Iterator[str]:
    mark = _MARK
    for row in rows:
        line = io.StringIO(newline="")
        csv.writer(line, delimiter=separator).writerow(row)
        yield mark + line.getvalue()
        mark = ""
