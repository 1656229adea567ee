"""What can be taken away from an import: its file, its errors, and the rows to correct and send again."""

import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO

from litestar.response import Stream

from kartotek.domain import files, imports
from kartotek.imports import run
from kartotek.model.imports import Import
from kartotek.pages import nouns
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
    return _csv(lines, f"{_stem(job)} - errors.csv")


def failed_rows_file(visit: Visit, id: int) -> Answer:
    """The rows as they stood in the file, read again, with the reasons beside them."""
    job = imports.get(visit.tx, visit.actor, id)
    source = visit.number("source")
    lines = run.failed_file(visit.database, visit.settings, visit.actor, id, _tongue(visit), source)
    return _csv(lines, f"{_stem(job)} - rows to correct{f' {source + 1}' if source else ''}.csv")


def _tongue(visit: Visit) -> run.Tongue:
    return run.Tongue(nouns.load(visit), visit.gettext)


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

    plain = "".join(one if one.isascii() and one not in '"\\\r\n' else "_" for one in name)
    return Stream(parts, media_type=media_type, headers={"content-disposition": f'attachment; filename="{plain}"'})


def _stem(job: Import) -> str:
    return Path(job.file.name).stem or "import"
