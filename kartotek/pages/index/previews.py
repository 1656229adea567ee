"""A record beside the table: its key facts and how much is associated with it, without leaving the page."""

from kartotek.domain import access, associations
from kartotek.domain import records as domain
from kartotek.pages import card, layouts, nouns, records, render
from kartotek.pages.render import Answer
from kartotek.pages.visit import Visit


def show(visit: Visit, objects: str, id: int) -> Answer:
    record = domain.get(visit.tx, visit.actor, records.known(visit, objects), id)
    words = records.words(visit)
    facts = [
        (prop.label, words.told(prop, record.values), words.hover(prop, record.values))
        for prop in layouts.key_facts(record.object_type)
        if record.values.get(prop.name)
    ]
    linked = []
    for other in nouns.load(visit).associable(record.object_type.name):
        if access.may(visit.actor, "view", other.name):
            counts = associations.counts(visit.tx, visit.actor, record.object_type, [record.id], other)
            count, only = counts.get(record.id, (0, None))
            if count:
                linked.append((other, count, only))
    subtitle = " · ".join(card.facts(record, words)) or record.object_type.label
    return render.page(visit, "index/preview.html", record=record, subtitle=subtitle, facts=facts, linked=linked)
