"""Imports: the page that follows one to its end."""

from kartotek.domain import imports, undoing
from kartotek.model.imports import State
from kartotek.pages import render
from kartotek.pages.render import Answer
from kartotek.pages.visit import Visit
from kartotek.pages.wizard import draft as drafts
from kartotek.pages.wizard import progress, summary

UNDER_WAY = (State.STARTED, State.PROCESSING, State.PAUSED)


def show(visit: Visit, id: int) -> Answer:
    """Where this import stands: in the wizard, under way, or done."""
    job = imports.get(visit.tx, visit.actor, id)
    if job.state is State.DRAFT:
        if not job.draft:
            return render.go(f"/imports/{id}/rehearsal")
        return render.go(f"/imports/{id}/{'mapping' if drafts.of(job).plan.objects else 'objects'}")
    if job.state in UNDER_WAY:
        return progress.show(visit, job)
    if visit.asked.fragment:
        undone = undoing.of(visit.tx, [id])
        address = f"/imports/{id}/undo" if undone else f"/imports/{id}"
        answer = render.go(address)
        answer.status_code = 200
        answer.headers["hx-redirect"] = address
        return answer
    return summary.show(visit, job)
