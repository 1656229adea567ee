"""One thing done to many records: followed while it goes on, told of in numbers afterwards, stopped, and taken back."""

from dataclasses import dataclass

from kartotek.domain import bulk_runs as domain
from kartotek.domain import records
from kartotek.model.bulk_runs import KEPT_PRIMARY, BulkRun, Fate
from kartotek.model.records import Record
from kartotek.pages import render
from kartotek.pages.index import bulk_words
from kartotek.pages.render import Answer
from kartotek.pages.visit import Visit


@dataclass(frozen=True, slots=True)
class Reason:
    """Why something was not done, to how many, and the first of these, as far as the person may see them."""

    words: str
    count: int
    first: list[Record]


def index(visit: Visit) -> Answer:
    runs = domain.find(visit.tx, visit.actor)
    found = [(run, bulk_words.title(visit, run), bulk_words.object_type(visit, run)) for run in runs]
    return render.page(visit, "bulk/index.html", found=found)


def show(visit: Visit, id: int) -> Answer:
    run = domain.get(visit.tx, visit.actor, id)
    answer = render.page(
        visit,
        "bulk/show.html",
        run=run,
        title=bulk_words.title(visit, run),
        object_type=bulk_words.object_type(visit, run),
        reasons=[_reason(visit, run, why, count) for why, count in run.refused.items()],
        kept=run.counts.get(KEPT_PRIMARY, 0),
        may_undo=domain.may_undo(run),
    )
    if visit.asked.fragment and run.finished:
        answer.headers["hx-refresh"] = "true"  # the frame, too, shows that it is over
    return answer


def cancel(visit: Visit, id: int) -> Answer:
    domain.cancel(visit.tx, visit.actor, id)
    return render.go(f"/bulk/{id}")


def undo(visit: Visit, id: int) -> Answer:
    run = domain.undo(visit.tx, visit.actor, id)
    if not run.finished or run.refused:
        return render.go(f"/bulk/{run.id}")
    return render.go(f"/{run.object_type}", said=bulk_words.said(visit, run))


def _reason(visit: Visit, run: BulkRun, why: Fate, count: int) -> Reason:
    one = bulk_words.object_type(visit, run)
    first = records.many(visit.tx, visit.actor, one, domain.refused(visit.tx, run.id, why))
    return Reason(visit.gettext(bulk_words.REASONS[why]), count, first)
