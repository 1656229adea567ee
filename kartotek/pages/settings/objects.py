"""Objects: those that come with Kartotek, and people's own, which are defined and renamed here."""

from kartotek import errors
from kartotek.domain import access, object_types, properties
from kartotek.model.object_types import ObjectType
from kartotek.model.properties import Property
from kartotek.pages import nouns, render
from kartotek.pages.render import Answer
from kartotek.pages.visit import Visit
from kartotek.pages.wizard.properties import TYPES

# A choice needs options, which have a page of their own.
KINDS = [kind for kind in TYPES if kind not in ("choice", "choices")]
_LINES = 5


def index(visit: Visit) -> Answer:
    access.require_settings(visit.actor)
    return render.page(visit, "objects/index.html", objects=list(nouns.load(visit).object_types.values()))


def new(visit: Visit) -> Answer:
    access.require_settings(visit.actor)
    labels, kinds = visit.fields("property"), visit.fields("kind")
    sent = list(zip(labels, kinds, strict=False))
    return render.page(
        visit,
        "objects/new.html",
        others=[one for one in nouns.load(visit).object_types.values() if one.takes_labels],
        chosen=visit.fields("associated") if visit.wrong else object_types.USUAL,
        kinds=KINDS,
        lines=sent + [("", "text")] * (_LINES - len(sent)),
    )


def create(visit: Visit) -> Answer:
    plural = visit.field("label_plural")
    name = visit.field("name") or object_types.free_name(plural)
    made = object_types.define(
        visit.tx, visit.actor, name, visit.field("label"), plural, _wanted(visit, name),
        associated=visit.fields("associated"),
    )  # fmt: skip
    return render.go(
        f"/settings/objects/{made.name}",
        said=visit.gettext("%(objects)s are defined. The menu leads to them.") % {"objects": made.label_plural},
    )


def edit(visit: Visit, name: str) -> Answer:
    one = _known(visit, name)
    known = nouns.load(visit)
    return render.page(
        visit,
        "objects/edit.html",
        one=one,
        shown=[one.properties[each].label for each in one.display],
        associated=[other for other in known.associable(one.name) if other.takes_labels],
        further=[
            other
            for other in known.object_types.values()
            if one.takes_labels and other.takes_labels and not known.can_associate(one.name, other.name)
        ],
    )


def update(visit: Visit, name: str) -> Answer:
    one = _known(visit, name)
    object_types.rename(visit.tx, visit.actor, one, visit.field("label"), visit.field("label_plural"))
    return render.go("/settings/objects", said=visit.gettext("The object is renamed."))


def _known(visit: Visit, name: str) -> ObjectType:
    access.require_settings(visit.actor)
    one = nouns.load(visit).object_types.get(name)
    if one is None:
        raise errors.NotFound(visit.gettext("There is no object “%(name)s”.") % {"name": name})
    return one


def _wanted(visit: Visit, object_type: str) -> list[Property]:
    """The lines that say something; the first of them names a record."""
    found: list[Property] = []
    for label, kind in zip(visit.fields("property"), visit.fields("kind"), strict=False):
        if label.strip() and kind in KINDS:
            type, field_type = TYPES[kind]
            name = properties.plain_name(label)
            found.append(Property(0, object_type, name, label.strip(), type, field_type, "", required=not found))
    return found
