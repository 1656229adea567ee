"""Archive records: confirmed by naming them, because their associations end with it."""

from kartotek import errors
from kartotek.domain import access, records
from kartotek.pages import records as pages
from kartotek.pages import render
from kartotek.pages.render import Answer
from kartotek.pages.visit import Visit

NAMED = 8  # so many are named, the others counted


def new(visit: Visit, objects: str) -> Answer:
    object_type = pages.known(visit, objects)
    access.require(visit.actor, "delete", object_type.name)
    wanted = visit.queries("ids") or visit.fields("ids")
    found = records.many(visit.tx, visit.actor, object_type, [int(id) for id in wanted if id.isdecimal()])
    if not found:
        raise errors.Invalid(
            visit.gettext("Tick the %(objects)s to archive first.") % {"objects": object_type.label_plural.lower()}
        )
    return render.page(visit, "records/archival.html", object_type=object_type, found=found, named=found[:NAMED])


def create(visit: Visit, objects: str) -> Answer:
    object_type = pages.known(visit, objects)
    ids = visit.numbers("ids")
    named = records.many(visit.tx, visit.actor, object_type, ids)
    count = records.archive(visit.tx, visit.actor, object_type, ids)
    label = object_type.label if count == 1 else object_type.label_plural
    said = visit.gettext("%(count)s %(objects)s archived.") % {"count": count, "objects": label.lower()}
    if count == 1 and len(named) == 1:
        said = visit.gettext("%(name)s is archived.") % {"name": named[0].name}
        back = render.Back(f"/{object_type.name}/restorations", visit.gettext("Undo"), {"ids": str(named[0].id)})
        return render.go(f"/{object_type.name}", said=said, back=back)
    return render.go(f"/{object_type.name}", said=said)
