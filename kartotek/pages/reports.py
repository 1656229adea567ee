"""What can be taken away from an import: its file, its errors, and the rows to correct and send again."""

import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO

from litestar.response import Stream

from kartotek.domain import files, imports
from kartotek.imports import run
from kartotek.model.imports import Import
from kartotek.pages import language, nouns, render
from kartotek.pages.render import Answer
from kartotek.pages.visit import Visit

_CHUNK = 1 << 16


def original_file(visit: Visit, id: int) -> Answer:
    """As it was uploaded, to the byte."""
    file = imports.original(visit.tx, visit.actor, id, visit.number("number", 1))
    kept = _kept()
    files.hand_out(visit.settings.files_url, file, kept)
    return _sent(kept, file.name, "application/octet-stream")


def errors_file(visit: Visit, id: int) -> Answer:
    job = imports.get(visit.tx, visit.actor, id)
    lines = run.error_report(visit.database, visit.settings, visit.actor, id, _tongue(visit))
    return _csv(lines, f"{_stem(job)} - {visit.gettext('errors')}.csv")


def failed_rows_file(visit: Visit, id: int) -> Answer:
    """The rows as they stood in the file, read again, with the reasons beside them."""
    job = imports.get(visit.tx, visit.actor, id)
    source = visit.number("source")
    lines = run.failed_file(visit.database, visit.settings, visit.actor, id, _tongue(visit), source)
    return _csv(lines, f"{_called(job, source)} - {visit.gettext('rows to correct')}.csv")


def _tongue(visit: Visit) -> run.Tongue:
    return run.Tongue(nouns.load(visit), visit.gettext, language.SEPARATORS.get(visit.locale, ","))


def _csv(lines: Iterable[str], name: str) -> Answer:
    kept = _kept()
    for line in lines:
        kept.write(line.encode())
    return _sent(kept, name, "text/csv")


def _kept() -> IO[bytes]:
    """Written to disk first: what goes wrong is still an answer, and the database is not held by a slow reader."""
    return tempfile.SpooledTemporaryFile(max_size=1 << 20)


def _sent(kept: IO[bytes], name: str, media_type: str) -> Answer:
    kept.seek(0)

    def parts() -> Iterator[bytes]:
        with kept:
            while part := kept.read(_CHUNK):
                yield part

    return Stream(parts, media_type=media_type, headers=render.attached(name))


def _called(job: Import, source: int) -> str:
    names = dict(enumerate(run.names_of(job, run.plan_from_json(job.plan)))) if job.plan else {}
    file, _, sheet = names.get(source, job.file.name).partition(" · ")
    return " - ".join([Path(file).stem or "import", *([sheet] if sheet else [])])


def _stem(job: Import) -> str:
    return Path(job.file.name).stem or "import"
