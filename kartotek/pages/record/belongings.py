"""What an activity belongs to, changed from the timeline: ticks on all of it, and a search for more.

`home` in the address is the record whose timeline it was opened from; its own associations are what is offered first.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from kartotek import errors
from kartotek.domain import access, companions, records
from kartotek.domain.companions import Ends
from kartotek.model.filters import Query
from kartotek.model.object_types import ObjectType
from kartotek.model.records import Record
from kartotek.pages import nouns, render
from kartotek.pages import records as pages
from kartotek.pages.render import Answer
from kartotek.pages.visit import Visit

OFFERED, EACH = 12, 5  # of what the home record is associated with; of each type that is searched


@dataclass(frozen=True, slots=True)
class Offer:
    record: Record
    key: str
    ticked: bool


def edit(visit: Visit, objects: str, id: int) -> Answer:
    activity = _activity(visit, objects, id)
    now = companions.of(visit.tx, visit.actor, [id], companions.MOST)[id].named
    asked = bool(visit.query("asked") or visit.wrong)
    ticked = {*visit.queries("ends"), *visit.fields("ends")} if asked else {_key(one) for one in now}
    chosen = [one for one in _read(visit, _parted(ticked)) if _key(one) not in {_key(each) for each in now}]
    others = _searched(visit, activity.object_type) if visit.query("q") else _near(visit, activity.object_type)
    shown = {_key(one): one for one in (*now, *chosen, *others)}
    return render.page(
        visit,
        "record/belongings.html",
        activity=activity,
        there=f"/{activity.object_type.name}/{id}",
        home=visit.query("home") or visit.field("home"),
        back=_back(visit, activity),
        now=[_key(one) for one in now],
        offers=[Offer(one, key, key in ticked) for key, one in shown.items()],
    )


def update(visit: Visit, objects: str, id: int) -> Answer:
    """The ticks as they are now; or, from a toast, exactly what is to come and to go."""
    activity = _activity(visit, objects, id)
    if visit.field("undo"):
        add, remove = (_parted(visit.field(name).split(",")) for name in ("add", "remove"))
    else:
        ends = visit.fields("ends")
        add, remove = _parted(ends), _parted(set(visit.fields("offered")) - set(ends))
    came, went = companions.change(visit.tx, visit.actor, activity.object_type, id, add=add, remove=remove)
    total = companions.of(visit.tx, visit.actor, [id], 0)[id].total
    _ = visit.gettext
    said = (
        _("“%(name)s” belongs to %(count)s records now.") if total != 1 else _("“%(name)s” belongs to one record now.")
    )
    fields = {"undo": "1", "add": _joined(went), "remove": _joined(came), "home": visit.field("home")}
    again = render.Back(f"/{activity.object_type.name}/{id}/belongings", _("Undo"), fields) if came or went else None
    return render.go(_back(visit, activity), said=said % {"name": activity.name, "count": total}, back=again)


def _activity(visit: Visit, objects: str, id: int) -> Record:
    one = pages.known(visit, objects)
    if one.kind != "activity":
        raise errors.NotFound(visit.gettext("Only activities belong to several records of any kind."))
    found = records.get(visit.tx, visit.actor, one, id)
    records.require_reach(visit.tx, visit.actor, "edit", one, [id])
    return found


def _home(visit: Visit) -> Record | None:
    """None where it was not opened from a timeline, or that record may not be seen."""
    objects, _, id = (visit.query("home") or visit.field("home")).partition("/")
    found = _read(visit, {objects: [int(id)]}) if id.isdecimal() and len(id) < 19 else []
    return found[0] if found else None


def _back(visit: Visit, activity: Record) -> str:
    record = _home(visit) or activity
    return f"/{record.object_type.name}/{record.id}?side=activities"


def _associable(visit: Visit, kind: ObjectType) -> list[ObjectType]:
    types = nouns.load(visit).associable(kind.name)
    return [one for one in types if one.kind == "record" and access.may(visit.actor, "view", one.name)]


def _near(visit: Visit, kind: ObjectType) -> list[Record]:
    """The home record, and what it is associated with."""
    home = _home(visit)
    if home is None:
        return []
    names = {one.name for one in _associable(visit, kind)}
    found = companions.of(visit.tx, visit.actor, [home.id], companions.MOST)[home.id].named
    return [one for one in (home, *found) if one.object_type.name in names][:OFFERED]


def _searched(visit: Visit, kind: ObjectType) -> list[Record]:
    query = Query(search=visit.query("q"), limit=EACH)
    return [
        one
        for other in _associable(visit, kind)
        for one in records.find(visit.tx, visit.actor, other, query, ()).records
    ]


def _read(visit: Visit, ends: Ends) -> list[Record]:
    types = nouns.load(visit).object_types
    return [
        one
        for name, ids in ends.items()
        if name in types and access.may(visit.actor, "view", name)
        for one in records.many(visit.tx, visit.actor, types[name], ids, types[name].naming)
    ]


def _key(record: Record) -> str:
    return f"{record.object_type.name}/{record.id}"


def _parted(keys: Iterable[str]) -> dict[str, list[int]]:
    """ "contacts/5" and the like, by type; what is none is left out."""
    found: dict[str, list[int]] = {}
    for key in keys:
        name, _, id = key.partition("/")
        if id.isdecimal() and len(id) < 19:
            found.setdefault(name, []).append(int(id))
    return found


def _joined(ends: Ends) -> str:
    return ",".join(f"{name}/{id}" for name, ids in ends.items() for id in ids)
