"""Search over all objects: the first few of each, and the way to the rest."""

from dataclasses import dataclass

from kartotek.domain import access, records
from kartotek.model.filters import Query
from kartotek.model.object_types import ObjectType
from kartotek.model.records import Record
from kartotek.pages import card, layouts, nouns, render
from kartotek.pages import records as pages
from kartotek.pages.render import Answer
from kartotek.pages.visit import Visit

EACH = 5


@dataclass(frozen=True, slots=True)
class Found:
    object_type: ObjectType
    total: int
    hits: list[tuple[Record, list[str]]]


def show(visit: Visit) -> Answer:
    text = visit.query("q")
    words = pages.words(visit)
    types = [one for one in nouns.load(visit).object_types.values() if one.kind == "record"]
    found = []
    for object_type in types if text else []:
        if not access.may(visit.actor, "view", object_type.name):
            continue
        names = (
            *object_type.display,
            *object_type.secondary,
            *(n for n in layouts.columns(object_type) if n in object_type.properties),
        )
        page = records.find(
            visit.tx, visit.actor, object_type, Query(search=text, limit=EACH), tuple(dict.fromkeys(names))
        )
        if page.records:
            found.append(Found(object_type, page.total, [(one, card.facts(one, words)) for one in page.records]))
    return render.page(visit, "search/show.html", text=text, found=found)
