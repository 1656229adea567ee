"""Where importing and exporting begin, and what they can take."""

from kartotek.imports import run
from kartotek.pages import render
from kartotek.pages.render import Answer
from kartotek.pages.visit import Visit


def show(visit: Visit) -> Answer:
    return render.page(
        visit,
        "settings/import_export.html",
        limits={one.limit.value: one.most for one in run.limits(visit.settings)},
        may_import=visit.actor.rights.imports,
    )
