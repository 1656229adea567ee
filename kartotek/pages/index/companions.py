"""What a record is associated with, as a small list over an index page: the same records as its count tells, and as
the other index page shows when it is narrowed to them."""

from kartotek.domain import records as domain
from kartotek.model.filters import Query
from kartotek.pages import card, layouts, records, render
from kartotek.pages.render import Answer
from kartotek.pages.visit import Visit

MOST = 100


def show(visit: Visit, objects: str, id: int, other: str) -> Answer:
    record = domain.get(visit.tx, visit.actor, records.known(visit, objects), id)
    kind = records.known(visit, other)
    names = [*kind.secondary, *(name for name in layouts.columns(kind) if name in kind.properties)]
    query = Query(associated_with=id, limit=MOST)
    found = domain.find(visit.tx, visit.actor, kind, query, tuple(dict.fromkeys([*kind.display, *names])))
    words = records.words(visit)
    lines = [(one, card.facts(one, words), one.id == record.primary) for one in found.records]
    return render.page(visit, "index/companions.html", record=record, other=kind, total=found.total, lines=lines)
