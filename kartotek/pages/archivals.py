"""Archive records: confirmed by naming them, because their associations end with it."""

from kartotek.domain import access, records
from kartotek.model.bulk_runs import Archive
from kartotek.pages import records as pages
from kartotek.pages import render
from kartotek.pages.index import bulk_words, selection
from kartotek.pages.render import Answer
from kartotek.pages.visit import Visit


def new(visit: Visit, objects: str) -> Answer:
    object_type = pages.known(visit, objects)
    access.require(visit.actor, "delete", object_type)
    return render.page(visit, "records/archival.html", chosen=selection.of(visit, object_type))


def create(visit: Visit, objects: str) -> Answer:
    """A single one is archived as such, and named; several by a run that knows how to bring them back."""
    object_type = pages.known(visit, objects)
    chosen = selection.of(visit, object_type)
    if len(chosen.ids) == 1:
        one = chosen.named[0]
        records.archive(visit.tx, visit.actor, object_type, [one.id])
        said = visit.gettext("%(name)s is archived.") % {"name": one.name}
        back = render.Back(f"/{object_type.name}/restorations", visit.gettext("Undo"), {"ids": str(one.id)})
        return render.go(chosen.back, said=said, back=back)
    run = selection.carry_out(visit, chosen, Archive())
    return selection.answer(chosen, run, bulk_words.said(visit, run), visit.gettext("Undo"))
