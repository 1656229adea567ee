"""Imports: their history, the upload that begins one, and the page that follows it to its end."""

import shutil
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from kartotek import errors
from kartotek.domain import access, files, imports
from kartotek.imports import report, run
from kartotek.imports.table import Choices
from kartotek.model.imports import Books, Import, State
from kartotek.model.object_types import ObjectType
from kartotek.model.records import Outcome
from kartotek.pages import nouns, render
from kartotek.pages.render import Answer
from kartotek.pages.visit import Visit
from kartotek.pages.wizard import draft as drafts

PER_PAGE = 50
OUTCOMES = tuple(Outcome)
UNDER_WAY = (State.STARTED, State.PROCESSING)


@dataclass(frozen=True, slots=True)
class Line:
    """One import of the history."""

    job: Import
    books: dict[str, dict[str, int]]
    totals: dict[str, int]
    objects: list[ObjectType]


@dataclass(frozen=True, slots=True)
class Progress:
    done: int
    rows: int | None
    percent: int
    per_second: int
    seconds_left: int | None
    cancelling: bool


@dataclass(frozen=True, slots=True)
class Trouble:
    """One kind of problem in one column, in words."""

    header: str
    object_type: ObjectType | None
    type: str
    count: int
    sentence: str


def index(visit: Visit) -> Answer:
    jobs = imports.recent(visit.tx, visit.actor, limit=PER_PAGE)
    counted = imports.books_of(visit.tx, [job.id for job in jobs])
    types = nouns.load(visit).object_types
    lines = [
        Line(job, found, totals(found), [types[name] for name in found if name in types])
        for job in jobs
        if (found := counted.get(job.id, {})) is not None
    ]
    return render.page(visit, "imports/index.html", lines=lines, outcomes=OUTCOMES)


def new(visit: Visit) -> Answer:
    access.require_import(visit.actor, ())
    return render.page(visit, "imports/new.html", limit=visit.settings.file_limit, object=_wanted(visit))


def create(visit: Visit) -> Answer:
    """Keeps the file when it can be read, and goes on to what is in it."""
    access.require_import(visit.actor, ())
    upload = visit.upload("file")
    if upload is None or not upload.filename:
        raise errors.Invalid(
            visit.gettext("Choose a file first: a CSV file, or a workbook from Excel, Numbers or LibreOffice.")
        )
    name = Path(upload.filename.replace("\\", "/")).name[:255]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "upload"
        upload.file.seek(0)
        with path.open("wb") as kept:
            shutil.copyfileobj(upload.file, kept, 1 << 20)
        sheet = run.open_sheet(visit.settings, path, name, Path(folder), Choices())
        draft = drafts.begin(sheet, name)
        file = files.keep(visit.tx, visit.actor, visit.settings.files_url, name, path)
    id = imports.draft(visit.tx, visit.actor, file, name)
    drafts.save(visit, imports.get(visit.tx, visit.actor, id), draft)
    wanted = _wanted(visit)
    return render.go(f"/imports/{id}/objects" + (f"?object={wanted}" if wanted else ""))


def show(visit: Visit, id: int) -> Answer:
    """Where this import stands: in the wizard, under way, or done."""
    job = imports.get(visit.tx, visit.actor, id)
    if job.state is State.DRAFT:
        return render.go(f"/imports/{id}/{'mapping' if drafts.of(job).plan.objects else 'objects'}")
    if job.state in UNDER_WAY:
        return render.page(
            visit,
            "imports/progress.html",
            job=job,
            progress=progress(visit, job),
            books=imports.books(visit.tx, id),
            types=_types(visit),
        )
    if visit.asked.fragment:
        answer = render.go(f"/imports/{id}")
        answer.status_code = 200
        answer.headers["hx-redirect"] = f"/imports/{id}"
        return answer
    books = imports.books(visit.tx, id, job.rows)
    return render.page(
        visit,
        "imports/summary.html",
        job=job,
        books=books,
        types=_types(visit),
        outcomes=OUTCOMES,
        troubles=troubles(visit, job),
        totals=totals(books.objects),
        seconds=_seconds(job),
        lost=sum(books.problems.values()),
    )


def cancel(visit: Visit, id: int) -> Answer:
    imports.cancel(visit.tx, visit.actor, id)
    return render.go(
        f"/imports/{id}",
        said=visit.gettext("The import stops after the rows that are being written now. What is written stays."),
    )


def totals(books: dict[str, dict[str, int]]) -> dict[str, int]:
    """All objects together, outcome by outcome."""
    return {outcome: sum(counts.get(outcome, 0) for counts in books.values()) for outcome in OUTCOMES}


def progress(visit: Visit, job: Import) -> Progress:
    seconds = max(0.001, (datetime.now(UTC) - job.started).total_seconds()) if job.started else 0.001
    per_second = int(job.position / seconds)
    left = int((job.rows - job.position) / per_second) if job.rows and per_second else None
    percent = min(100, job.position * 100 // job.rows) if job.rows else 0
    return Progress(job.position, job.rows, percent, per_second, left, job.cancelled is not None)


def troubles(visit: Visit, job: Import) -> list[Trouble]:
    """What went wrong, by column and kind, the most frequent first."""
    if job.plan is None:
        return []
    known, plan = nouns.load(visit), run.plan_from_json(job.plan)
    headers = {column.index: column for column in plan.columns}
    found = []
    for row in imports.problem_places(visit.tx, job.id):
        column = headers.get(row["place"])
        example = {
            "type": row["type"],
            "object_type": row["object_type"],
            "property": column.property if column else None,
            "value": row["example"],
        }
        object_type = known.object_types.get(row["object_type"] or "")
        found.append(
            Trouble(
                column.header if column else "",
                object_type,
                row["type"],
                row["problems"],
                report.sentence(known, plan, example),
            )
        )
    return found


def _seconds(job: Import) -> float:
    return (job.finished - job.started).total_seconds() if job.finished and job.started else 0.0


def _types(visit: Visit) -> dict[str, ObjectType]:
    return dict(nouns.load(visit).object_types)


def _wanted(visit: Visit) -> str:
    name = visit.query("object") or visit.field("object")
    return name if name in drafts.OBJECTS else ""


__all__ = ["Books", "cancel", "create", "index", "new", "show"]
