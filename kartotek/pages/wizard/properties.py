"""A new property, made on the way: the column is mapped to it."""

from dataclasses import replace

from kartotek import errors
from kartotek.domain import properties
from kartotek.imports.table import As, ColumnPlan
from kartotek.model.object_types import ObjectType
from kartotek.model.properties import Option
from kartotek.pages import nouns, render
from kartotek.pages.render import Answer
from kartotek.pages.visit import Visit
from kartotek.pages.wizard import columns, proposals
from kartotek.pages.wizard import draft as drafts

TYPES = properties.KINDS


def new(visit: Visit, id: int, index: int) -> Answer:
    job, draft, column = columns.at(visit, id, index)
    objects = _objects(visit, draft)
    wanted = visit.field("object") or visit.query("object") or column.object_type
    chosen = next((one for one in objects if one.name == wanted), objects[0] if objects else None)
    distinct = drafts.seen(visit, job, draft).distinct
    return render.page(
        visit,
        "imports/property.html",
        job=job,
        column=column,
        objects=objects,
        chosen=chosen,
        groups={one.name: nouns.load(visit).groups.get(one.name, ()) for one in objects},
        proposal=proposals.of(distinct.get(str(index), ()), draft.first_values(index)),
        kinds=list(TYPES),
    )


def create(visit: Visit, id: int, index: int) -> Answer:
    job, draft, column = columns.at(visit, id, index)
    one = next((o for o in _objects(visit, draft) if o.name == visit.field("object")), None)
    if one is None:
        raise errors.Invalid(visit.gettext("Choose what the property belongs to: activities cannot have new ones."))
    if visit.field("type") not in TYPES:
        raise errors.Invalid(visit.gettext("Choose what the property holds."))
    type, field_type = TYPES[visit.field("type")]
    lines = dict.fromkeys(line.strip() for line in visit.field("options").splitlines() if line.strip())
    label = visit.field("label")
    made = properties.define(
        visit.tx, visit.actor, one, visit.field("name") or properties.free_name(visit.tx, one, label), label,
        type=type, field_type=field_type, group=visit.field(f"group-{one.name}") or None,
        options=[Option(line, line) for line in lines] if type == "enumeration" else (),
    )  # fmt: skip
    mapped = ColumnPlan(column.index, column.header, As.PROPERTY, one.name, made.name, overwrite=column.overwrite,
                        source=column.source)  # fmt: skip
    columns.keep(visit, job, replace(draft), mapped)
    return render.go(
        f"/imports/{id}/mapping#column-{index}",
        said=visit.gettext("%(property)s is created, and “%(column)s” goes there.")
        % {"property": made.label, "column": column.header},
    )


def _objects(visit: Visit, draft: drafts.Draft) -> list[ObjectType]:
    known = nouns.load(visit).object_types
    return [known[name] for name in draft.objects if known[name].kind != "activity"]
