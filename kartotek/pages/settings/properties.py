"""Properties of each object: finding, making, changing, archiving and restoring them; their options and groups."""

from collections.abc import Sequence

from kartotek import errors
from kartotek.domain import access, definitions, limits, properties, retyping, retypings
from kartotek.model.object_types import ObjectType
from kartotek.model.properties import Option, PropertyGroup
from kartotek.pages import nouns, render
from kartotek.pages.render import Answer
from kartotek.pages.visit import Visit, whole
from kartotek.pages.wizard.properties import TYPES

_CAN_BE_UNIQUE = ("text", "number", "phone")


def index(visit: Visit) -> Answer:
    """Of the object that people see first."""
    access.require_properties(visit.actor)
    return render.go(f"/settings/properties/{next(iter(nouns.load(visit).object_types))}")


def index_of(visit: Visit, objects: str) -> Answer:
    one = known(visit, objects)
    groups = _groups(visit, one)
    text, group = visit.query("q").casefold(), visit.query("group")
    offered = [prop for prop in one.properties.values() if prop.is_offered]
    found = [
        prop
        for prop in offered
        if (not text or text in prop.label.casefold() or text in prop.name) and (not group or prop.group == group)
    ]
    labels = {each.name: each.label for each in groups}
    ordered = {label: [prop for prop in found if prop.group == name] for name, label in labels.items()}
    return render.page(
        visit,
        "properties/index.html",
        one=one,
        groups=groups,
        found={label: props for label, props in ordered.items() if props},
        total=len(found),
        of_all=len(offered),
        archived=len(definitions.archived(visit.tx, visit.actor, one)),
        objects=list(nouns.load(visit).object_types.values()),
    )


def new(visit: Visit, objects: str) -> Answer:
    one = known(visit, objects)
    return render.page(visit, "properties/new.html", one=one, groups=_groups(visit, one), kinds=list(TYPES))


def create(visit: Visit, objects: str) -> Answer:
    one, label = known(visit, objects), visit.field("label")
    if visit.field("type") not in TYPES:
        raise errors.Invalid(visit.gettext("Choose what the property holds."))
    type, field_type = TYPES[visit.field("type")]
    made = properties.define(
        visit.tx, visit.actor, one, visit.field("name") or properties.free_name(visit.tx, one, label), label,
        type=type, field_type=field_type, group=visit.field("group") or None, options=_lines(visit, type),
        unique=bool(visit.field("unique")) and visit.field("type") in _CAN_BE_UNIQUE,
        description=visit.field("description"),
    )  # fmt: skip
    return render.go(_path(one), said=visit.gettext("%(label)s is made.") % {"label": made.label})


def edit(visit: Visit, objects: str, name: str) -> Answer:
    one = known(visit, objects)
    prop = nouns.load(visit).property(one, name)
    return render.page(
        visit,
        "properties/edit.html",
        one=one,
        prop=prop,
        options=_told_options(visit) or prop.options,
        groups=_groups(visit, one),
        group=next((each.label for each in _groups(visit, one) if each.name == prop.group), prop.group),
        kind=prop.kind,
        fields=definitions.fields(prop),
        may_change=definitions.may_change(visit.actor, prop),
        may_choose=properties.may_add_options(visit.tx, visit.actor, prop),
        rules=limits.fit(prop.kind) if limits.may_set(visit.actor, prop) else frozenset(),
        breaking=(limits.breaking if visit.query("count") else limits.soon_breaking)(visit.tx, visit.actor, prop),
        can_be_unique=definitions.can_be_unique(visit.actor, prop),
        becomes=retyping.kinds(visit.actor, prop),
        becoming=retypings.under_way(visit.tx, prop),
        uses=definitions.uses(visit.tx, visit.actor, prop),
    )


def update(visit: Visit, objects: str, name: str) -> Answer:
    one = known(visit, objects)
    prop = nouns.load(visit).property(one, name)
    kept = definitions.change(
        visit.tx, visit.actor, prop, label=visit.field("label"), description=visit.field("description"),
        group=visit.field("group") or prop.group, field_type=visit.field("field_type") or prop.field_type,
    )  # fmt: skip
    return render.go(_path(one), said=visit.gettext("%(label)s is kept.") % {"label": kept.label})


def set_options(visit: Visit, objects: str, name: str) -> Answer:
    one = known(visit, objects)
    prop = nouns.load(visit).property(one, name)
    if len(visit.fields("value")) != len(visit.fields("option")):
        raise errors.Invalid(visit.gettext("The form came in halves. Load the page and try again."))
    lines = _told_options(visit)
    added = [Option("", line.strip()) for line in visit.field("added").splitlines() if line.strip()]
    definitions.set_options(visit.tx, visit.actor, prop, [*lines, *added])
    return render.go(f"{_path(one)}/{name}", said=visit.gettext("The options are kept."))


def archive(visit: Visit, objects: str, name: str) -> Answer:
    one = known(visit, objects)
    prop = nouns.load(visit).property(one, name)
    definitions.archive(visit.tx, visit.actor, prop)
    said = visit.gettext("%(label)s is archived; its values are kept.") % {"label": prop.label}
    back = render.Back(f"{_path(one)}/{name}/restoration", visit.gettext("Undo"), {})
    return render.go(_path(one), said=said, back=back)


def archived(visit: Visit, objects: str, name: str = "") -> Answer:
    """Also what a restoration that was refused comes back to."""
    one = known(visit, objects)
    return render.page(
        visit, "properties/archived.html", one=one, archived=definitions.archived(visit.tx, visit.actor, one)
    )


def restore(visit: Visit, objects: str, name: str) -> Answer:
    one = known(visit, objects)
    back = definitions.restore(visit.tx, visit.actor, one, name)
    return render.go(_path(one), said=visit.gettext("%(label)s is back.") % {"label": back.label})


def groups(visit: Visit, objects: str, name: str = "") -> Answer:
    one = known(visit, objects)
    counted = {each.name: 0 for each in _groups(visit, one)}
    for prop in (each for each in one.properties.values() if each.is_offered):
        counted[prop.group] = counted.get(prop.group, 0) + 1
    return render.page(visit, "properties/groups.html", one=one, groups=_groups(visit, one), counted=counted)


def add_group(visit: Visit, objects: str) -> Answer:
    one = known(visit, objects)
    definitions.add_group(visit.tx, visit.actor, one, visit.field("label"))
    return render.go(f"/settings/property-groups/{one.name}", said=visit.gettext("The group is made."))


def rename_group(visit: Visit, objects: str, name: str) -> Answer:
    one = known(visit, objects)
    definitions.rename_group(visit.tx, visit.actor, one, name, visit.field("label"))
    return render.go(f"/settings/property-groups/{one.name}", said=visit.gettext("The group is renamed."))


def known(visit: Visit, objects: str) -> ObjectType:
    access.require_properties(visit.actor)
    one = nouns.load(visit).object_types.get(objects)
    if one is None:
        raise errors.NotFound(visit.gettext("There is no object “%(name)s”.") % {"name": objects})
    return one


def _groups(visit: Visit, one: ObjectType) -> Sequence[PropertyGroup]:
    return nouns.load(visit).groups.get(one.name, ())


def _lines(visit: Visit, type: str) -> list[Option]:
    lines = dict.fromkeys(line.strip() for line in visit.field("options").splitlines() if line.strip())
    return [Option(line, line) for line in lines] if type == "enumeration" else []


def _told_options(visit: Visit) -> list[Option]:
    """The lines of the form in their order; a browser without scripts says the places as numbers."""
    hidden, places = set(visit.fields("hidden")), visit.fields("place")
    told = zip(visit.fields("value"), visit.fields("option"), strict=False)
    lines = [Option(value, label, value in hidden) for value, label in told]
    if len(places) != len(lines):
        return lines
    numbers = [len(lines) if (number := whole(place)) is None else number for place in places]
    return [lines[i] for i in sorted(range(len(lines)), key=lambda i: numbers[i])]


def _path(one: ObjectType) -> str:
    return f"/settings/properties/{one.name}"
