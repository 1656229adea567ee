"""What can be taken away from an import: its errors, and the rows to correct and send again, each as a file."""

import csv
import io
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

import polars as pl
from litestar.response import Stream

from kartotek import errors
from kartotek.domain import files, imports
from kartotek.imports import report, run
from kartotek.imports.table import Plan
from kartotek.model.imports import Import
from kartotek.pages import nouns
from kartotek.pages.render import Answer
from kartotek.pages.visit import Visit

_PART = 10_000
_CHUNK = 1 << 16
# Excel takes a file for UTF-8 only when it begins so.
_MARK = "\ufeff"


def errors_file(visit: Visit, id: int) -> Answer:
    job, plan = _job(visit, id)
    rows = report.error_rows(nouns.load(visit), plan, job.file.name, _problems(visit, id))
    return _csv(rows, f"{_stem(job)} - errors.csv")


def failed_rows_file(visit: Visit, id: int) -> Answer:
    """The rows as they stood in the file, read again, with the reasons beside them."""
    job, plan = _job(visit, id)
    found = list(_problems(visit, id))
    problems = pl.concat(found) if found else pl.DataFrame(schema={"line": pl.Int64, "type": pl.String})
    with files.local(visit.settings.files_url, job.file) as path, tempfile.TemporaryDirectory() as scratch:
        sheet = run.open_sheet(visit.settings, path, job.file.name, Path(scratch), plan)
        rows = report.failed_rows(nouns.load(visit), plan, sheet.batches(_PART), problems)
        return _csv(rows, f"{_stem(job)} - rows to correct.csv")


def _job(visit: Visit, id: int) -> tuple[Import, Plan]:
    job = imports.get(visit.tx, visit.actor, id)
    if job.plan is None:
        raise errors.NotFound(visit.gettext("This import has not started yet, so there is nothing to download."))
    return job, run.plan_from_json(job.plan)


def _problems(visit: Visit, id: int) -> Iterator[pl.DataFrame]:
    offset = 0
    while len(part := imports.problems(visit.tx, id, limit=_PART, offset=offset)):
        yield part
        offset += _PART


def _csv(rows: Iterable[list[str]], name: str) -> Answer:
    """Written to disk first: the answer is sent after the transaction it was read in has ended."""
    kept = tempfile.SpooledTemporaryFile(max_size=1 << 20)  # noqa: SIM115 - closed when it has been sent
    text = io.TextIOWrapper(kept, encoding="utf-8", newline="", write_through=True)
    text.write(_MARK)
    csv.writer(text).writerows(rows)
    text.flush()
    text.detach()
    kept.seek(0)

    def parts() -> Iterator[bytes]:
        with kept:
            while part := kept.read(_CHUNK):
                yield part

    plain = "".join(one if one.isascii() and one not in '"\\\r\n' else "_" for one in name)
    return Stream(parts, media_type="text/csv", headers={"content-disposition": f'attachment; filename="{plain}"'})


def _stem(job: Import) -> str:
    return Path(job.file.name).stem or "import"
