"""The frame around every page: the objects, the imports that run, the person."""

from dataclasses import dataclass

from kartotek.domain import imports, undoing
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
    id: int
    percent: int
    what: str = ""  # what follows the import's address


@dataclass(frozen=True, slots=True)
class Frame:
    objects: list[ObjectType]
    others: list[ObjectType]  # those behind "More"
    keys: dict[str, str]
    openings: dict[str, str]
    here: str
    theme: str
    running: Running | None


def of(visit: Visit) -> Frame | None:
    """None for those who are not in: they get a page without a frame."""
    if visit.guest is None:
        return None
    types = nouns.load(visit).object_types
    own = [one.name for one in types.values() if one.is_custom]
    shown = [*FIRST, *own, *(name for name in BAR if name not in FIRST)]
    return Frame(
        objects=[types[name] for name in shown],
        others=[one for one in types.values() if one.name not in shown],
        keys=BAR,
        openings=OPENINGS,
        here=visit.asked.path.split("/")[1],
        theme=visit.preferences.theme or "auto",
        running=_running(visit),
    )


def _running(visit: Visit) -> Running | None:
    """The import under way, the first of them when there are several; of those that the person may look at."""
    if not visit.actor.rights.imports:
        return None
    under_way = [
        *((one, "/undo") for one in undoing.running(visit.tx)),
        *((one, "") for one in imports.running(visit.tx)),
    ]
    seen = imports.seen(visit.tx, visit.actor, [one["id"] for one, _ in under_way]) if under_way else ()
    for one, what in under_way:
        if one["id"] in seen:
            return Running(one["id"], one["position"] * 100 // one["rows"] if one["rows"] else 0, what)
    return None
