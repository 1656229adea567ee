"""The frame around every page: the objects, what goes on in the background, the person."""

from dataclasses import dataclass

from kartotek.domain import access, bulk_runs, imports, undoing
from kartotek.model.object_types import ObjectType
from kartotek.pages import nouns
from kartotek.pages.visit import Visit

# Objects that have a place in the bar from the start, with the key that follows "g".
BAR = {"contacts": "c", "companies": "o", "deals": "d", "tickets": "t", "products": "p", "tasks": "k"}
# People's own objects come behind these.
FIRST = ("contacts", "companies", "deals", "tickets")
# How a place of the bar opens, where not as a table: tasks as what there is to do.
OPENINGS = {"tasks": "?show=due"}
THEMES = ("auto", "light", "dark")


@dataclass(frozen=True, slots=True)
class Running:
    """`what`: how the tip on it begins."""

    href: str
    percent: int
    what: str


@dataclass(frozen=True, slots=True)
class Frame:
    objects: list[ObjectType]
    others: list[ObjectType]  # those behind "More"
    makes: list[ObjectType]  # those of which the person may make new ones
    imports: bool
    keys: dict[str, str]
    openings: dict[str, str]
    here: str
    theme: str
    running: Running | None


def of(visit: Visit) -> Frame | None:
    """None for those who are not in: they get a page without a frame. Nothing in it leads to a closed door."""
    if visit.guest is None:
        return None
    objects, others = places(visit)
    return Frame(
        objects=objects,
        others=others,
        makes=[one for one in objects if access.may(visit.actor, "edit", one.name)],
        imports=visit.actor.rights.imports,
        keys=BAR,
        openings=OPENINGS,
        here=visit.asked.path.split("/")[1],
        theme=visit.preferences.theme or "auto",
        running=_running(visit),
    )


def places(visit: Visit) -> tuple[list[ObjectType], list[ObjectType]]:
    """The objects of which the person may look at some: those in the bar, and the others."""
    known = nouns.load(visit).object_types
    types = {name: one for name, one in known.items() if access.may(visit.actor, "view", name)}
    own = [one.name for one in types.values() if one.is_custom]
    shown = [name for name in (*FIRST, *own, *(name for name in BAR if name not in FIRST)) if name in types]
    return [types[name] for name in shown], [one for one in types.values() if one.name not in shown]


def _running(visit: Visit) -> Running | None:
    """One's own bulk change under way; else the first import, of those that the person may look at."""
    if (own := bulk_runs.running(visit.tx, visit.actor)) is not None:
        return Running(f"/bulk/{own[0]}", own[1], visit.gettext("A bulk change goes on: %(percent)s %%"))
    if not visit.actor.rights.imports:
        return None
    undone = visit.gettext("An import is being undone: %(percent)s %%")
    going = visit.gettext("An import is running: %(percent)s %%")
    under_way = [
        *((one, "/undo", undone) for one in undoing.running(visit.tx)),
        *((one, "", going) for one in imports.running(visit.tx)),
    ]
    seen = imports.seen(visit.tx, visit.actor, [one["id"] for one, *_ in under_way]) if under_way else ()
    for one, what, words in under_way:
        if one["id"] in seen:
            percent = one["position"] * 100 // one["rows"] if one["rows"] else 0
            return Running(f"/imports/{one['id']}{what}", percent, words)
    return None
