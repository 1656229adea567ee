"""Who is on a list: put ticked records on one, or take them off it."""

from collections.abc import Sequence

from kartotek import errors
from kartotek.domain import access
from kartotek.domain import lists as domain
from kartotek.domain import records as found
from kartotek.model.object_types import ObjectType
from kartotek.model.records import Record
from kartotek.pages import nouns, records, render
from kartotek.pages.render import Answer
from kartotek.pages.visit import Visit

NAMED = 8  # so many are named, the others counted


def new(visit: Visit, objects: str) -> Answer:
    """Which list the ticked ones go on: one that is there, or a new one."""
    object_type = records.known(visit, objects)
    access.require(visit.actor, "edit", object_type.name)
    ticked = _ticked(visit, object_type)
    known = domain.of_object(visit.tx, visit.actor, object_type)
    return render.page(
        visit, "lists/membership.html", object_type=object_type, found=ticked, named=ticked[:NAMED], lists=known
    )


def create(visit: Visit, objects: str) -> Answer:
    object_type = records.known(visit, objects)
    name, chosen = visit.field("name"), visit.field("list")
    if not name and not chosen.isdecimal():
        raise errors.Invalid(visit.gettext("Choose a list, or name a new one."))
    id = domain.create(visit.tx, visit.actor, object_type, name) if name else int(chosen)
    if domain.get(visit.tx, visit.actor, id).object_type != object_type.name:
        raise errors.Invalid(visit.gettext("That list holds records of another kind. Choose another one."))
    count = domain.add(visit.tx, visit.actor, id, visit.numbers("ids"))
    return render.go(
        f"/lists/{id}", said=_said(visit, visit.gettext("%(count)s %(objects)s put on the list."), object_type, count)
    )


def removal(visit: Visit, id: int) -> Answer:
    one = domain.get(visit.tx, visit.actor, id)
    object_type = nouns.load(visit).object_types[one.object_type]
    access.require(visit.actor, "edit", object_type.name)
    ticked = _ticked(visit, object_type)
    return render.page(
        visit, "lists/removal.html", list=one, object_type=object_type, found=ticked, named=ticked[:NAMED]
    )


def remove(visit: Visit, id: int) -> Answer:
    one = domain.get(visit.tx, visit.actor, id)
    object_type = nouns.load(visit).object_types[one.object_type]
    count = domain.remove(visit.tx, visit.actor, id, visit.numbers("ids"))
    return render.go(
        f"/lists/{id}",
        said=_said(visit, visit.gettext("%(count)s %(objects)s taken off the list."), object_type, count),
    )


def _ticked(visit: Visit, object_type: ObjectType) -> Sequence[Record]:
    wanted = visit.queries("ids") or visit.fields("ids")
    ids = [int(id) for id in wanted if id.isdecimal() and len(id) < 19]
    ticked = found.many(visit.tx, visit.actor, object_type, ids)
    if not ticked:
        raise errors.Invalid(
            visit.gettext("Tick some %(objects)s first.") % {"objects": object_type.label_plural.lower()}
        )
    return ticked


def _said(visit: Visit, sentence: str, object_type: ObjectType, count: int) -> str:
    label = object_type.label if count == 1 else object_type.label_plural
    return sentence % {"count": count, "objects": label.lower()}
