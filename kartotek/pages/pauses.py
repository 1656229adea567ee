"""Pause an import, let it go on, or cancel it: what can be done while it is under way."""

from kartotek.domain import imports
from kartotek.model.imports import ENDED
from kartotek.pages import render
from kartotek.pages.render import Answer
from kartotek.pages.visit import Visit


def create(visit: Visit, id: int) -> Answer:
    imports.pause(visit.tx, visit.actor, id)
    return render.go(
        f"/imports/{id}",
        said=visit.gettext("The import pauses after the rows that are being written now."),
    )


def go_on(visit: Visit, id: int) -> Answer:
    imports.resume(visit.tx, visit.actor, id)
    return render.go(f"/imports/{id}", said=visit.gettext("The import goes on."))


def cancellation(visit: Visit, id: int) -> Answer:
    """Whether to keep or to undo what has been written."""
    job = imports.get(visit.tx, visit.actor, id)
    if job.state in ENDED:
        return render.go(f"/imports/{id}")
    return render.page(visit, "imports/cancellation.html", job=job)


def cancel(visit: Visit, id: int) -> Answer:
    imports.cancel(visit.tx, visit.actor, id)
    return render.go(
        f"/imports/{id}",
        said=visit.gettext("The import stops after the rows that are being written now. What is written stays."),
    )
