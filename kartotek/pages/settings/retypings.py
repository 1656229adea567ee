"""A property becomes another kind: what every value would become, and then doing it."""

from kartotek.domain import definitions, retyping
from kartotek.pages import nouns, records, render
from kartotek.pages.render import Answer
from kartotek.pages.settings import properties
from kartotek.pages.visit import Visit


def new(visit: Visit, objects: str, name: str) -> Answer:
    """The preview; the formats of dates and numbers can be said otherwise."""
    one = properties.known(visit, objects)
    prop = nouns.load(visit).property(one, name)
    found = retyping.preview(visit.tx, visit.actor, prop, _wish(visit))
    words = records.words(visit)
    return render.page(
        visit,
        "properties/retyping.html",
        one=one,
        prop=prop,
        preview=found,
        kept=[(words.whole(prop, old), words.whole(found.property, text), count) for old, text, count in found.kept],
        lost=[(words.whole(prop, old), count) for old, count in found.lost],
        uses=definitions.uses(visit.tx, visit.actor, prop),
    )


def create(visit: Visit, objects: str, name: str) -> Answer:
    one = properties.known(visit, objects)
    prop = nouns.load(visit).property(one, name)
    done = retyping.retype(visit.tx, visit.actor, prop, _wish(visit))
    said = visit.gettext("%(label)s is changed. Values read: %(read)s, emptied: %(lost)s.")
    told = {"label": prop.label, "read": f"{done.records - done.losing:,}", "lost": f"{done.losing:,}"}
    return render.go(f"/settings/properties/{one.name}/{prop.name}", said=said % told)


def _wish(visit: Visit) -> retyping.Wish:
    asked = visit.field if visit.asked.method == "POST" else visit.query
    dates, numbers = asked("dates"), asked("numbers")
    return retyping.Wish(
        asked("kind"),
        dates if dates in retyping.DATES else None,
        numbers if numbers in retyping.NUMBERS else None,
    )
