"""What can be taken away from an import, line by line: its errors, and the rows to correct and send again."""

import csv
import io
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

import polars as pl

from kartotek import errors
from kartotek.domain import Database, catalogue, files, imports
from kartotek.imports import report
from kartotek.imports.run import preparing
from kartotek.imports.table import Plan
from kartotek.model.catalogue import Catalogue
from kartotek.model.imports import Import
from kartotek.model.people import Actor
from kartotek.settings import Settings

_PART = 10_000
# Excel takes a file for UTF-8 only when it begins so.
_MARK = "\ufeff"


def error_report(database: Database, settings: Settings, actor: Actor, import_id: int) -> Iterator[str]:
    """Every problem of an import as lines of CSV, the first with UTF-8's mark in front."""
    job, plan, known = _told(database, actor, import_id)
    yield from _lines(report.error_rows(known, plan, job.file.name, _problems(database, import_id)))


def failed_file(database: Database, settings: Settings, actor: Actor, import_id: int) -> Iterator[str]:
    """The rows that failed or lost a value, as they stood, with the reasons in a column of its own, as lines of CSV."""
    job, plan, known = _told(database, actor, import_id)
    found = pl.concat([imports.none(), *_problems(database, import_id)])
    with files.local(settings.files_url, job.file) as path, tempfile.TemporaryDirectory(prefix="kartotek-") as scratch:
        sheet = preparing.open_sheet(settings, path, job.file.name, Path(scratch), plan)
        yield from _lines(report.failed_rows(known, plan, sheet.batches(_PART), found))


def _told(database: Database, actor: Actor, import_id: int) -> tuple[Import, Plan, Catalogue]:
    with database.transaction() as tx:
        job = imports.get(tx, actor, import_id)
        if job.plan is None:
            raise errors.NotFound("This import has not started yet, so there is nothing to report.")
        return job, preparing.plan_from_json(job.plan), catalogue.load(tx)


def _problems(database: Database, import_id: int) -> Iterator[pl.DataFrame]:
    offset = 0
    while True:
        with database.transaction() as tx:
            part = imports.problems(tx, import_id, limit=_PART, offset=offset)
        if part.is_empty():
            return
        yield part
        offset += _PART


def _lines(rows: Iterable[list[str]]) -> Iterator[str]:
    mark = _MARK
    for row in rows:
        line = io.StringIO(newline="")
        csv.writer(line).writerow(row)
        yield mark + line.getvalue()
        mark = ""
