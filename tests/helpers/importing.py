"""Words for tests of the import: a file, what was said of it, and everything that came of it."""

import csv
import io
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from kartotek.domain import Database, catalogue, import_books, imports, rehearsals
from kartotek.imports import report, run
from kartotek.imports.table import Choices
from kartotek.model.imports import Books, State
from kartotek.model.people import SYSTEM, Actor
from kartotek.settings import Settings
from tests.helpers.statements import made

Row = Mapping[str, str | None]
# Of one file, or of several by their names.
Content = str | bytes | Mapping[str, str | bytes]


@dataclass(frozen=True)
class Ended:
    """An import that came to its end: its books, every problem with its sentence, and what became of every row."""

    id: int
    state: State
    message: str | None
    books: Books
    errors: tuple[dict[str, Any], ...]

    def told(self) -> list[tuple[int, str | None, str, str | None]]:
        """Line, column, type and value of every problem."""
        return [(e["line"], e["column"], e["type"], e["value"]) for e in self.errors]

    def rows(self, object_type: str) -> dict[str, int]:
        """Outcome → rows, without those that are none."""
        return {outcome: count for outcome, count in self.books.objects[object_type].items() if count}


def sheet_of(*rows: Row | Sequence[str], delimiter: str = ",") -> str:
    """A file of text: from rows by header, or from the header and the rows below it, cell by cell."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, lineterminator="\n")
    if rows and isinstance(rows[0], Mapping):
        headers = list(dict.fromkeys(name for row in rows for name in row))
        writer.writerow(headers)
        writer.writerows([[dict(row).get(name) or "" for name in headers] for row in rows])
    else:
        writer.writerows(rows)
    return out.getvalue()


def put_in_line(
    database: Database,
    settings: Settings,
    content: Content,
    choices: Choices,
    *,
    name: str = "leads.csv",
    actor: Actor = SYSTEM,
    keep: Sequence[str] = (),
) -> int:
    """An import that nobody works at yet. `keep`: the headers of columns that do not overwrite."""
    with prepared(database, settings, content, choices, name, actor, keep) as ready, database.transaction() as tx:
        return run.begin(tx, actor, settings, ready)


@contextmanager
def prepared(
    database: Database,
    settings: Settings,
    content: Content,
    choices: Choices,
    name: str = "leads.csv",
    actor: Actor = SYSTEM,
    keep: Sequence[str] = (),
) -> Iterator[run.Prepared]:
    files = content if isinstance(content, Mapping) else {name: content}
    with tempfile.TemporaryDirectory() as folder:
        uploads = []
        for number, (called, one) in enumerate(files.items()):
            uploads.append(run.Upload(Path(folder) / f"{number}-{called}", called))
            uploads[-1].path.write_bytes(one.encode() if isinstance(one, str) else one)
        with database.transaction() as tx:
            ready = run.prepare(tx, actor, settings, uploads, Path(folder), replace(choices, keep=tuple(keep)))
        yield ready


def import_file(
    database: Database,
    settings: Settings,
    content: Content,
    *objects: str,
    batch: int = 50_000,
    name: str = "leads.csv",
    actor: Actor = SYSTEM,
    keep: Sequence[str] = (),
    **choices: Any,
) -> Ended:
    """Imports a file to its end."""
    id = put_in_line(
        database, settings, content, Choices(objects=objects, **choices), name=name, actor=actor, keep=keep
    )
    run.work(database, replace(settings, import_batch=batch), id)
    return ended(database, id)


def rehearse_file(
    database: Database,
    settings: Settings,
    content: Content,
    *objects: str,
    batch: int = 50_000,
    name: str = "leads.csv",
    keep: Sequence[str] = (),
    **choices: Any,
) -> Ended:
    """Rehearses the import of a file."""
    with prepared(database, settings, content, Choices(objects=objects, **choices), name, SYSTEM, keep) as ready:
        books, problems, places = run.rehearse(database, SYSTEM, replace(settings, import_batch=batch), ready)
        with database.transaction() as tx:
            found = report.errors(catalogue.load(tx), ready.plan, places, problems)
    return Ended(0, State.REHEARSED, None, books, tuple(found))


def rehearse_draft(
    database: Database,
    settings: Settings,
    content: str | bytes,
    choices: Choices,
    *,
    batch: int = 50_000,
    name: str = "leads.csv",
    keep: Sequence[str] = (),
) -> int:
    """A draft whose rehearsal is kept."""
    with prepared(database, settings, content, choices, name, SYSTEM, keep) as ready, database.transaction() as tx:
        id = run.begin_rehearsal(tx, SYSTEM, settings, ready)
    run.rehearse_draft(database, replace(settings, import_batch=batch), id)
    return id


def import_rehearsed(database: Database, settings: Settings, id: int, *, batch: int = 50_000) -> Ended:
    """Imports what was rehearsed."""
    with database.transaction() as tx:
        rehearsals.start(tx, SYSTEM, id)
    run.work(database, replace(settings, import_batch=batch), id)
    return ended(database, id)


def ended(database: Database, id: int) -> Ended:
    with database.transaction() as tx:
        job = imports.of_worker(tx, id)
        plan = run.plan_from_json(job.plan or {})
        problems = import_books.problems(tx, id, limit=1_000_000)
        found = report.errors(catalogue.load(tx), plan, run.places_of(job, plan), problems)
        return Ended(id, job.state, job.message, import_books.of(tx, id), tuple(found))


def values(database: Database, object_type: str, *names: str) -> list[tuple[str | None, ...]]:
    """These properties of all living records, as texts, in the order in which the records were made."""
    chosen = ", ".join(f'"{name}"::text' for name in names)
    with database.transaction() as tx:
        rows = tx.rows(made(f"SELECT {chosen} FROM crm.{object_type} WHERE _archived IS NULL ORDER BY _id"))
    return [tuple(row.values()) for row in rows]


def balanced(books: Books, objects: Iterable[str] = (), columns: int | None = None) -> bool:
    """Whether every object's outcomes add up to the rows, and the cells to the rows of so many columns."""
    if columns is not None and sum(books.cells.values()) != books.rows * columns:
        return False
    return all(sum(counts.values()) == books.rows for counts in books.objects.values()) and set(objects) <= set(
        books.objects
    )
