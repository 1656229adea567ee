"""A property becomes another kind: what every value would become, and then doing it."""

from kartotek.domain import definitions, retyping, retypings
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
    run = retypings.ask(visit.tx, visit.actor, prop, _wish(visit))
    if run.finished is None or run.message:
        return render.go(f"/settings/retypings/{run.id}")
    said = visit.gettext("%(label)s is changed. Values read: %(read)s, emptied: %(lost)s.")
    told = {"label": prop.label, "read": f"{run.rows - run.lost:,}", "lost": f"{run.lost:,}"}
    return render.go(f"/settings/properties/{one.name}/{prop.name}", said=said % told)


def show(visit: Visit, id: int) -> Answer:
    """Followed while it goes on, and what came of it."""
    run = retypings.get(visit.tx, visit.actor, id)
    one = properties.known(visit, run.object_type)
    known = nouns.load(visit).object_type(one.name).properties.get(run.name)
    return render.page(
        visit, "properties/retyped.html", one=one, run=run, label=known.label if known else run.name,
        goes_on=run.finished is None,
    )  # fmt: skip


def cancel(visit: Visit, id: int) -> Answer:
    retypings.cancel(visit.tx, visit.actor, id)
    return render.go(f"/settings/retypings/{id}")


def _wish(visit: Visit) -> retyping.Wish:
    asked = visit.field if visit.asked.method == "POST" else visit.query
    dates, numbers = asked("dates"), asked("numbers")
    return retyping.Wish(
        asked("kind"),
        dates if dates in retyping.DATES else None,
        numbers if numbers in retyping.NUMBERS else None,
    )
