"""One property of a record, edited in place."""

from kartotek import errors
from kartotek.domain import access, records
from kartotek.pages import card, fields, nouns, render
from kartotek.pages import records as pages
from kartotek.pages.render import Answer
from kartotek.pages.visit import Visit


def edit(visit: Visit, objects: str, id: int, name: str) -> Answer:
    """The record's page with this property's field open; also what a form with a mistake comes back to."""
    object_type = pages.known(visit, objects)
    access.require(visit.actor, "edit", object_type)
    prop = nouns.load(visit).property(object_type, name)
    if prop.read_only:
        raise errors.Invalid(
            visit.gettext("“%(label)s” is kept by Kartotek itself and cannot be edited.") % {"label": prop.label}
        )
    return pages.show(visit, objects, id, card.Editing(name, fields.sent(visit, prop) if visit.wrong else None))


def update(visit: Visit, objects: str, id: int, name: str) -> Answer:
    object_type = pages.known(visit, objects)
    prop = nouns.load(visit).property(object_type, name)
    held = ""
    if prop.kind == "moment":
        held = records.get(visit.tx, visit.actor, object_type, id).values.get(prop.name) or ""
    text = fields.changed(visit, prop, held)
    records.update(visit.tx, visit.actor, object_type, id, {name: text or None})
    return render.go(f"/{object_type.name}/{id}")
