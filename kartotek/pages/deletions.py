"""Delete the records that an import created: asked for by naming the consequences, followed while it goes on."""

from kartotek.domain import deletions, imports
from kartotek.pages import nouns, render
from kartotek.pages.render import Answer
from kartotek.pages.visit import Visit


def new(visit: Visit, id: int) -> Answer:
    job = imports.get(visit.tx, visit.actor, id)
    types = nouns.load(visit).object_types
    found = [(types[one.object_type.name], one) for one in deletions.consequences(visit.tx, visit.actor, id)]
    return render.page(visit, "deletions/new.html", job=job, found=found)


def create(visit: Visit, id: int) -> Answer:
    deletions.ask(visit.tx, visit.actor, id)
    return render.go(f"/imports/{id}/deletion")


def show(visit: Visit, id: int) -> Answer:
    job = imports.get(visit.tx, visit.actor, id)
    found = deletions.get(visit.tx, visit.actor, id)
    if found is None:
        return render.go(f"/imports/{id}")
    return render.page(visit, "deletions/show.html", job=job, deletion=found)
