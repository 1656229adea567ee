"""Delete a record permanently: what goes is told in numbers, and its name typed to do it."""

from kartotek.domain import erasing
from kartotek.imports import run
from kartotek.pages import records as pages
from kartotek.pages import render
from kartotek.pages.render import Answer
from kartotek.pages.visit import Visit


def new(visit: Visit, objects: str, id: int) -> Answer:
    object_type = pages.known(visit, objects)
    going = erasing.preview(visit.tx, visit.actor, object_type, id)
    files = run.erased_files(visit.tx, visit.settings, going)
    return render.page(
        visit, "erasures/new.html", object_type=object_type, going=going, files=files, blocks=erasing.blocks(going)
    )


def create(visit: Visit, objects: str, id: int) -> Answer:
    object_type = pages.known(visit, objects)
    erasing.erase(visit.tx, visit.actor, object_type, id, visit.field("typed"))
    said = visit.gettext("Deleted permanently. What kept files tell of it goes within moments.")
    return render.go(f"/{object_type.name}", said=said)
