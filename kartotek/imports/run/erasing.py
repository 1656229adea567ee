"""The files' part of erasing a record: its lines are made blank, and what cannot be written anew is removed.

What is left to do stands in the database, and is struck off when it is done. A file is written anew beside the old one;
from one moment to the next it is the kept one, and the old one is to be removed: whoever is killed, the next goes on.
"""

import secrets
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from kartotek.domain import Database, Tx, erasing, files, imports
from kartotek.imports.readers import blanking
from kartotek.imports.run import preparing
from kartotek.imports.table import SourcePlan
from kartotek.model.erasures import Erasure, ToDo
from kartotek.model.imports import File, Import
from kartotek.settings import Settings


@dataclass(frozen=True, slots=True)
class Files:
    """What becomes of kept files: in so many, so many lines are made blank; so many are removed as a whole."""

    blanked: int
    lines: int
    removed: int


def erased_files(tx: Tx, settings: Settings, erasure: Erasure) -> Files:
    """What will become of the files that tell of a record."""
    found: dict[int, tuple[File, set[int]]] = {}
    for import_id, lines in erasure.lines.items():
        for first, _, mine in _places(imports.of_worker(tx, import_id), lines):
            for file in erasing.same_files(tx, first):
                found.setdefault(file.id, (file, set()))[1].update(mine)
    there = [(_kind(settings, file), mine) for file, mine in found.values()]
    kept = [mine for possible, mine in there if possible]
    return Files(len(kept), sum(map(len, kept)), sum(possible is False for possible, _ in there))


def _kind(settings: Settings, file: File) -> bool | None:
    """Whether its lines can be made blank; None when it is not kept any more."""
    try:
        with files.local(settings.files_url, file) as path:
            return blanking.is_possible(path, name=file.name)
    except FileNotFoundError:
        return None


def erase(database: Database, settings: Settings, record: int) -> None:
    """Does what is left to be done for this record. Safe to be called again."""
    while True:
        with database.transaction() as tx:
            left = erasing.to_do(tx, record)
        if not left:
            return
        for one in left:
            _do(database, settings, record, one)


def _do(database: Database, settings: Settings, record: int, one: ToDo) -> None:
    if one.path is not None:
        files.remove(settings.files_url, [one.path])
    if one.import_id is not None:
        with database.transaction() as tx:
            job = imports.of_worker(tx, one.import_id)
        for file, source, lines in _places(job, one.lines):
            with database.transaction() as tx:
                same = erasing.same_files(tx, file)
            for twin in same:
                _blank(database, settings, record, twin, source, lines)
    with database.transaction() as tx:
        erasing.done(tx, one)


def _blank(
    database: Database, settings: Settings, record: int, file: File, source: SourcePlan, lines: Sequence[int]
) -> None:
    with files.local(settings.files_url, file) as path, tempfile.TemporaryDirectory(prefix="kartotek-") as folder:
        if not path.exists():
            return
        fresh = Path(folder) / "file"
        could = blanking.is_possible(path, name=file.name) and blanking.blank(
            path, fresh, lines, name=file.name, encoding=source.encoding, delimiter=source.delimiter
        )
        elsewhere, size = secrets.token_hex(16), fresh.stat().st_size if could else 0
        if could:
            files.put(settings.files_url, elsewhere, fresh)
    with database.transaction() as tx:
        if could:
            erasing.move_file(tx, record, file, elsewhere, size)
        else:
            erasing.remove_later(tx, record, file.path)


def _places(job: Import, lines: Iterable[int]) -> list[tuple[File, SourcePlan, list[int]]]:
    """Of lines that are counted through all sources of an import: in which file they stand, read how, and where."""
    if job.plan is None:
        return []
    plan = preparing.plan_from_json(job.plan)
    firsts = job.lines or (0,)
    found: dict[int, list[int]] = {}
    for line in lines:
        number = max((i for i, before in enumerate(firsts) if before < line), default=0)
        found.setdefault(number, []).append(line - firsts[number])
    return [(job.files[plan.sources[n].file - 1], plan.sources[n], mine) for n, mine in found.items()]
