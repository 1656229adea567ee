"""Associate many records with the same few: which object, which of its records, and how; nothing is stored before Save.

Each step is an address that carries what was chosen so far: the `other` object, the search `find`, the ticked `others`,
and the `step`.
"""

from dataclasses import dataclass
from typing import Any

from kartotek.domain import access, records
from kartotek.model.associations import AssociationType
from kartotek.model.bulk_runs import Associate
from kartotek.model.filters import Query
from kartotek.model.object_types import ObjectType
from kartotek.model.records import Record
from kartotek.pages import card, nouns, render
from kartotek.pages import records as pages
from kartotek.pages.index import bulk_words, selection
from kartotek.pages.render import Answer
from kartotek.pages.visit import Visit

OFFERED = 20
HOW = "how"


@dataclass(frozen=True, slots=True)
class Offer:
    record: Record
    facts: list[str]
    ticked: bool


def new(visit: Visit, objects: str) -> Answer:
    object_type = pages.known(visit, objects)
    access.require(visit.actor, "edit", object_type)
    chosen = selection.of(visit, object_type)
    other = _other(visit, object_type)
    if other is None:
        return render.page(visit, "bulk/objects.html", chosen=chosen, others=_possible(visit, object_type))
    ticked = records.many(visit.tx, visit.actor, other, _ticked(visit))
    labels = nouns.load(visit).labels(object_type.name, other.name)
    has_primary = object_type.has_primary_company and other.name == "companies"
    given: dict[str, Any] = {
        "chosen": chosen,
        "other": other,
        "ticked": ticked,
        "labels": labels,
        "has_primary": has_primary,
    }
    asks_how = bool(labels) or has_primary
    if ticked and asks_how and (visit.query("step") == HOW or visit.wrong):
        return render.page(visit, "bulk/how.html", picked=_labels(visit, labels), **given)
    offers = _offers(visit, other, ticked)
    return render.page(visit, "bulk/associate.html", offers=offers, next=HOW if asks_how else None, **given)


def create(visit: Visit, objects: str) -> Answer:
    object_type = pages.known(visit, objects)
    chosen = selection.of(visit, object_type)
    other = pages.known(visit, visit.field("other") or visit.query("other"))
    labels = _labels(visit, nouns.load(visit).labels(object_type.name, other.name))
    primary = visit.field("primary")
    task = Associate(
        other.name,
        tuple(dict.fromkeys(_ticked(visit))),
        tuple(labels),
        int(primary) if primary.isdecimal() and len(primary) < 19 else None,
        bool(visit.field("replace")),
    )
    run = selection.carry_out(visit, chosen, task)
    return selection.answer(chosen, run, bulk_words.said(visit, run), "")


def _possible(visit: Visit, object_type: ObjectType) -> list[ObjectType]:
    """What records of this object may be associated with."""
    types = nouns.load(visit).associable(object_type.name)
    return [one for one in types if access.may(visit.actor, "view", one.name)]


def _other(visit: Visit, object_type: ObjectType) -> ObjectType | None:
    name = visit.query("other") or visit.field("other")
    return next((one for one in _possible(visit, object_type) if one.name == name), None)


def _ticked(visit: Visit) -> list[int]:
    said = visit.queries("others") or visit.fields("others")
    return [int(id) for id in said if id.isdecimal() and len(id) < 19]


def _labels(visit: Visit, labels: tuple[AssociationType, ...]) -> list[int]:
    said = set(visit.fields("labels"))
    return [one.id for one in labels if str(one.id) in said]


def _offers(visit: Visit, other: ObjectType, ticked: list[Record]) -> list[Offer]:
    """What is ticked stays on top; below it what the search finds."""
    words = pages.words(visit)
    query = Query(search=visit.query("find") or None, limit=OFFERED)
    found = records.find(visit.tx, visit.actor, other, query, other.secondary).records
    first = {one.id for one in ticked}
    every = [*ticked, *(one for one in found if one.id not in first)]
    return [Offer(one, card.facts(one, words), one.id in first) for one in every]
