"""Search over all objects: as a page, and as the palette's list while somebody types."""

import re
from dataclasses import dataclass

from kartotek.domain import access, records, search
from kartotek.model.object_types import ObjectType
from kartotek.model.records import Record
from kartotek.pages import card, nouns, render
from kartotek.pages import records as pages
from kartotek.pages.render import Answer
from kartotek.pages.visit import Visit

EACH, IN_PALETTE = 10, 4
RECENT = 8
_VISITED = re.compile(r"([a-z0-9_]+)/([1-9][0-9]{0,17})")


@dataclass(frozen=True, slots=True)
class Found:
    object_type: ObjectType
    hits: list[tuple[Record, list[str]]]
    more: bool


def show(visit: Visit) -> Answer:
    text = visit.query("q")
    if visit.asked.fragment:
        return _palette(visit, text)
    return render.page(visit, "search/show.html", text=text, found=_found(visit, text, EACH))


def _palette(visit: Visit, text: str) -> Answer:
    """Before anything is typed, the records that the browser says were open last."""
    types = nouns.load(visit).object_types
    here = types.get(visit.query("here"), types["contacts"])
    within = here if access.may(visit.actor, "view", here.name) else None
    found = _found(visit, text, IN_PALETTE)
    recent = [] if text else _recent(visit)
    return render.page(visit, "search/_palette.html", text=text, found=found, recent=recent, within=within)


def _found(visit: Visit, text: str, each: int) -> list[Found]:
    groups = search.find(visit.tx, visit.actor, text, each=each) if text else []
    words = pages.words(visit)
    types = nouns.load(visit).object_types  # which have their names in the person's language
    return [
        Found(types[one.object_type.name], [(hit, card.facts(hit, words)) for hit in one.records], one.more)
        for one in groups
    ]


def _recent(visit: Visit) -> list[tuple[Record, list[str]]]:
    types, words = nouns.load(visit).object_types, pages.words(visit)
    visited = list(dict.fromkeys(_VISITED.findall(visit.query("recent"))))[:RECENT]
    found: dict[tuple[str, int], Record] = {}
    for name in {name for name, _ in visited} & types.keys():
        if access.may(visit.actor, "view", name):
            ids = [int(id) for one, id in visited if one == name]
            some = records.many(visit.tx, visit.actor, types[name], ids, search.shown_of(types[name]))
            found |= {(name, one.id): one for one in some if not one.archived}
    shown = [found[name, int(id)] for name, id in visited if (name, int(id)) in found]
    return [(one, card.facts(one, words)) for one in shown]
