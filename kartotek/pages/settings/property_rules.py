"""The rules of a property: bounds, lengths, the form of its values, and that no two records have the same one."""

from kartotek.domain import limits, retypings
from kartotek.pages import nouns, render
from kartotek.pages.render import Answer
from kartotek.pages.settings import properties
from kartotek.pages.visit import Visit, whole
from kartotek.values.limits import Limits


def update(visit: Visit, objects: str, name: str) -> Answer:
    """Kept although values break them: those stay, and how many they are is said."""
    prop = nouns.load(visit).property(properties.known(visit, objects), name)
    wanted = Limits(
        least=visit.field("least"),
        most=visit.field("most"),
        shortest=_number(visit, "shortest"),
        longest=_number(visit, "longest"),
        pattern=visit.field("pattern"),
        example=visit.field("example"),
    )
    _, broken = limits.set_limits(visit.tx, visit.actor, prop, wanted)
    said = visit.gettext("The rules are kept.")
    if broken and broken.values:
        said = visit.gettext("The rules are kept. %(number)s values break them, and stay until somebody changes them.")
    return render.go(_path(objects, name), said=said % {"number": f"{broken.values:,}"} if broken else said)


def make_unique(visit: Visit, objects: str, name: str) -> Answer:
    prop = nouns.load(visit).property(properties.known(visit, objects), name)
    run = retypings.make_unique(visit.tx, visit.actor, prop)
    if run is not None and not run.finished:
        return render.go(f"/settings/retypings/{run.id}")
    said = visit.gettext("From now on, no two records have the same %(label)s.") % {"label": prop.label}
    return render.go(_path(objects, name), said=said)


def _number(visit: Visit, name: str) -> int | None:
    found = whole(visit.field(name))
    return None if found is None else min(found, 10**6)


def _path(objects: str, name: str) -> str:
    return f"/settings/properties/{objects}/{name}"
