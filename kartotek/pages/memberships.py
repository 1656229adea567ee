"""Who is on a list: put records on one, or take them off it: those that are ticked, or all that a page shows."""

from kartotek import errors
from kartotek.domain import access
from kartotek.domain import lists as domain
from kartotek.model.bulk_runs import Delist, Enlist
from kartotek.model.lists import List
from kartotek.pages import nouns, records, render
from kartotek.pages.index import bulk_words, selection
from kartotek.pages.index.selection import Selection
from kartotek.pages.render import Answer
from kartotek.pages.visit import Visit


def new(visit: Visit, objects: str) -> Answer:
    """Which list they go on: one that is there, or a new one."""
    object_type = records.known(visit, objects)
    access.require(visit.actor, "edit", object_type)
    chosen = selection.of(visit, object_type)
    known = [one for one in domain.of_object(visit.tx, visit.actor, object_type) if not one.is_active]
    return render.page(visit, "lists/membership.html", chosen=chosen, lists=known)


def create(visit: Visit, objects: str) -> Answer:
    object_type = records.known(visit, objects)
    chosen = selection.of(visit, object_type)
    name, list = visit.field("name"), visit.field("list")
    if not name and not list.isdecimal():
        raise errors.Invalid(visit.gettext("Choose a list, or name a new one."))
    id = domain.create(visit.tx, visit.actor, object_type, name) if name else int(list)
    one = domain.get(visit.tx, visit.actor, id)
    if one.object_type != object_type.name:
        raise errors.Invalid(visit.gettext("That list holds records of another kind. Choose another one."))
    run = selection.carry_out(visit, chosen, Enlist(id, one.name))
    home = f"/lists/{id}"
    return selection.answer(chosen, run, bulk_words.said(visit, run), visit.gettext("Undo"), home)


def removal(visit: Visit, id: int) -> Answer:
    one, chosen = _on(visit, id)
    return render.page(visit, "lists/removal.html", list=one, chosen=chosen)


def remove(visit: Visit, id: int) -> Answer:
    one, chosen = _on(visit, id)
    run = selection.carry_out(visit, chosen, Delist(id, one.name))
    return selection.answer(chosen, run, bulk_words.said(visit, run), visit.gettext("Undo"), f"/lists/{id}")


def _on(visit: Visit, id: int) -> tuple[List, Selection]:
    one = domain.get(visit.tx, visit.actor, id)
    object_type = nouns.load(visit).object_types[one.object_type]
    access.require(visit.actor, "edit", object_type)
    return one, selection.of(visit, object_type)
