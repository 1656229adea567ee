"""Which association cards a record shows, and in which order: for each object type, as each person likes it."""

from dataclasses import replace

from kartotek.domain import associations, preferences
from kartotek.model.object_types import ObjectType
from kartotek.pages import nouns, records, render
from kartotek.pages.render import Answer
from kartotek.pages.visit import Visit

_HIDDEN = "-"


def edit(visit: Visit, objects: str) -> Answer:
    object_type = records.known(visit, objects)
    shown = arranged(visit, object_type)
    hidden = [one for one in _all(visit, object_type) if one not in shown]
    return render.page(
        visit, "associations/cards.html", object_type=object_type, shown=shown, hidden=hidden, record=_record(visit)
    )


def create(visit: Visit, objects: str) -> Answer:
    """Keeps the cards in the order in which the form names them; those that it does not name are hidden."""
    object_type = records.known(visit, objects)
    names = [one.name for one in _all(visit, object_type)]
    shown = [name for name in dict.fromkeys(visit.fields("cards")) if name in names]
    kept = {name: value for name, value in visit.preferences.cards.items() if name != object_type.name}
    if not visit.field("standard"):
        kept[object_type.name] = (*shown, *(_HIDDEN + name for name in names if name not in shown))
    preferences.keep(visit.tx, visit.person, replace(visit.preferences, cards=kept))
    record = _record(visit)
    return render.go(f"/{object_type.name}/{record}?side=associations" if record else f"/{object_type.name}")


def arranged(visit: Visit, object_type: ObjectType) -> list[ObjectType]:
    """The types whose cards are shown. One that came after the person arranged them stands last."""
    wished = visit.preferences.cards.get(object_type.name, ())
    types = {one.name: one for one in _all(visit, object_type) if _HIDDEN + one.name not in wished}
    names = dict.fromkeys([*(name for name in wished if name in types), *types])
    return [types[name] for name in names]


def _all(visit: Visit, object_type: ObjectType) -> list[ObjectType]:
    known = nouns.load(visit).object_types
    return [known[one.name] for one in associations.carded(visit.tx, visit.actor, object_type)]


def _record(visit: Visit) -> int:
    """The record whose page asked, to go back to."""
    text = visit.field("record") or visit.query("record")
    return int(text) if text.isdecimal() and len(text) < 19 else 0
