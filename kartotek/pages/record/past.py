"""A record as it was on a day: its values then, and what it was associated with."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from kartotek.domain import records
from kartotek.domain.history import past
from kartotek.model.history import Past, PastLink
from kartotek.model.object_types import ObjectType
from kartotek.model.properties import Property
from kartotek.model.records import Record
from kartotek.pages import layouts, nouns, render, zones
from kartotek.pages import records as pages
from kartotek.pages.render import Answer
from kartotek.pages.shown import Words
from kartotek.pages.visit import Visit

SHOWN = 20


@dataclass(frozen=True, slots=True)
class Line:
    label: str
    text: str
    whole: str
    changed: bool  # whether it says something else now


@dataclass(frozen=True, slots=True)
class Group:
    label: str
    lines: list[Line]


@dataclass(frozen=True, slots=True)
class Side:
    object_type: ObjectType
    total: int
    links: list[PastLink]


def show(visit: Visit, objects: str, id: int) -> Answer:
    object_type = pages.known(visit, objects)
    now = records.get(visit.tx, visit.actor, object_type, id)
    day = _day(visit)
    at = min(datetime.combine(day, time.max, visit.zone), visit.tx.now)
    there = now.created <= at
    then = past.as_of(visit.tx, visit.actor, object_type, id, at, shown=SHOWN) if there else None
    return render.page(
        visit,
        "history/past.html",
        now=now,
        then=then,
        day=day,
        today=_today(visit),
        groups=_groups(visit, then.record, now, pages.words(visit)) if then else [],
        sides=_sides(visit, then) if then else [],
    )


def _day(visit: Visit) -> date:
    """The day asked for, today when there is none or it is still to come."""
    today = _today(visit)
    try:
        return min(date.fromisoformat(visit.query("on")), today)
    except ValueError:
        return today


def _today(visit: Visit) -> date:
    return zones.local(visit.tx.now, visit.zone).date()


def _groups(visit: Visit, then: Record, now: Record, words: Words) -> list[Group]:
    labels = {one.name: one.label for one in nouns.load(visit).groups.get(now.object_type.name, ())}
    properties = now.object_type.properties
    key = [one.name for one in layouts.key_facts(now.object_type)]
    filled = [one for name, one in properties.items() if then.values.get(name) and (not one.read_only or name in key)]
    found = [
        Group(
            visit.gettext("Key facts"),
            _lines(
                sorted((one for one in filled if one.name in key), key=lambda one: key.index(one.name)),
                then,
                now,
                words,
            ),
        )
    ]
    rest = [one for one in filled if one.name not in key]
    for name in dict.fromkeys([*labels, *(one.group for one in rest)]):
        mine = [one for one in rest if one.group == name]
        found.append(Group(labels.get(name, name), _lines(mine, then, now, words)))
    return [group for group in found if group.lines]


def _lines(properties: Sequence[Property], then: Record, now: Record, words: Words) -> list[Line]:
    return [
        Line(
            one.label,
            words.value(one, then.values.get(one.name)),
            words.whole(one, then.values.get(one.name)),
            (then.values.get(one.name) or None) != (now.values.get(one.name) or None),
        )
        for one in properties
    ]


def _sides(visit: Visit, then: Past) -> list[Side]:
    types = nouns.load(visit).object_types
    names = dict.fromkeys(link.object_type.name for link in then.links)
    return [
        Side(types[name], then.totals[name], sorted(
            (link for link in then.links if link.object_type.name == name), key=lambda link: not link.primary
        ))
        for name in types
        if name in names
    ]  # fmt: skip
