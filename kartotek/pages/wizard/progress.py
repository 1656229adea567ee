"""Step six: an import under way, as whoever watches it sees it."""

from dataclasses import dataclass
from enum import StrEnum

from kartotek.domain import import_books, jobs
from kartotek.model.imports import Import, State
from kartotek.model.records import Outcome
from kartotek.pages import nouns, render
from kartotek.pages.render import Answer
from kartotek.pages.visit import Visit

OUTCOMES = tuple(Outcome)


class Phase(StrEnum):
    WAITING = "waiting"  # no worker has taken it up
    READING = "reading"  # the whole file is read and its keys are numbered, before anything is written
    WRITING = "writing"


@dataclass(frozen=True, slots=True)
class Progress:
    """`done` of `rows` (None: not known), in this phase."""

    phase: Phase
    done: int
    rows: int | None
    per_second: int | None
    seconds_left: int | None
    workers: int

    @property
    def percent(self) -> int:
        return min(100, self.done * 100 // self.rows) if self.rows else 0


def show(visit: Visit, job: Import) -> Answer:
    books = import_books.of(visit.tx, job.id)
    counts = totals(books.objects)
    return render.page(
        visit,
        "imports/progress.html",
        job=job,
        progress=of(visit, job),
        books=books,
        totals=counts,
        types=nouns.load(visit).object_types,
        outcomes=OUTCOMES,
    )


def of(visit: Visit, job: Import) -> Progress:
    workers = jobs.live_workers(visit.tx)
    if job.state is State.STARTED and job.seen is None:
        return Progress(Phase.WAITING, 0, None, None, None, workers)
    if job.state is State.PAUSED:
        return Progress(Phase.WRITING, job.position, job.rows, None, None, workers)
    if job.since is None:
        expected = job.rows or job.draft.get("rows")
        return Progress(Phase.READING, job.read or 0, expected, None, None, workers)
    pace, left = _pace(visit, job)
    return Progress(Phase.WRITING, job.position, job.rows, pace, left, workers)


def totals(books: dict[str, dict[str, int]]) -> dict[str, int]:
    """All objects together, outcome by outcome."""
    return {outcome: sum(counts.get(outcome, 0) for counts in books.values()) for outcome in OUTCOMES}


def _pace(visit: Visit, job: Import) -> tuple[int | None, int | None]:
    """Rows per second and seconds left, by the batches that its present worker has written."""
    done = job.position - job.since_position
    if not done or job.since is None or job.seen is None or job.rows is None:
        return None, None
    pace = done / max(0.001, (job.seen - job.since).total_seconds())
    since_the_last = (visit.tx.now - job.seen).total_seconds()
    return round(pace), max(0, round((job.rows - job.position) / pace - since_the_last))
