"""Edit many records: one property, and what becomes of it."""

from kartotek import errors
from kartotek.domain import access
from kartotek.domain.bulk_runs import edits
from kartotek.model.bulk_runs import Edit, How
from kartotek.model.object_types import ObjectType
from kartotek.model.properties import Property
from kartotek.pages import fields, nouns, records, render
from kartotek.pages.index import bulk_words, selection
from kartotek.pages.render import Answer
from kartotek.pages.visit import Visit

# Names of fields that no property can have, beside whose own they stand.
PROPERTY, HOW = "bulk-property", "bulk-how"


def new(visit: Visit, objects: str) -> Answer:
    object_type = records.known(visit, objects)
    access.require(visit.actor, "edit", object_type)
    chosen = selection.of(visit, object_type)
    prop, how = _property(visit, object_type), _how(visit)
    field = fields.field(prop, records.words(visit), fields.sent(visit, prop)) if prop else None
    return render.page(
        visit,
        "bulk/edit.html",
        chosen=chosen,
        properties=_by_group(visit, object_type),
        prop=prop,
        field=field,
        how=how,
        several=prop is not None and prop.kind in edits.SEVERAL,
    )


def create(visit: Visit, objects: str) -> Answer:
    object_type = records.known(visit, objects)
    chosen = selection.of(visit, object_type)
    if not visit.field(PROPERTY):
        raise errors.Invalid(visit.gettext("Choose a property."))
    prop = nouns.load(visit).property(object_type, visit.field(PROPERTY))
    if not visit.field(HOW):
        return new(visit, objects)  # without scripts its field comes with the next page
    how = _how(visit)
    text = None if how is How.CLEAR else fields.sent(visit, prop)
    run = selection.carry_out(visit, chosen, Edit(prop.name, how, text))
    return selection.answer(chosen, run, bulk_words.said(visit, run), visit.gettext("Undo"))


def _property(visit: Visit, object_type: ObjectType) -> Property | None:
    name = visit.field(PROPERTY) or visit.query(PROPERTY)
    return next((prop for prop in edits.editable(object_type) if prop.name == name), None)


def _how(visit: Visit) -> How:
    said = visit.field(HOW) or visit.query(HOW)
    return How(said) if said in list(How) else How.SET


def _by_group(visit: Visit, object_type: ObjectType) -> list[tuple[str, list[Property]]]:
    """By their headings, as the property editor has them."""
    there = edits.editable(object_type)
    groups = nouns.load(visit).groups[object_type.name]
    found = [(one.label, [prop for prop in there if prop.group == one.name]) for one in groups]
    return [(label, props) for label, props in found if props]
