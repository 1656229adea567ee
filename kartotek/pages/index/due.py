"""Tasks by when they are due, narrowed as their index page is: each with what it belongs to, and a tick that does it.

Its address is the page's own with `show=due`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from kartotek.domain import companions, reach, tasks
from kartotek.domain.boards import may_move
from kartotek.domain.companions import Companions
from kartotek.model.filters import Condition, Filter, Filters
from kartotek.model.records import Record
from kartotek.pages import records as pages
from kartotek.pages import render
from kartotek.pages.index import state as states
from kartotek.pages.index.state import Framed, State
from kartotek.pages.render import Answer
from kartotek.pages.shown import Words
from kartotek.pages.visit import Visit

LINES, MOST = 25, 500  # of each section at first, and at most
BELONGS = 3  # of what a task belongs to, so many are named
KIND, PRIORITY = "hs_task_type", "hs_task_priority"


@dataclass(frozen=True, slots=True)
class Line:
    record: Record
    done: bool
    due: datetime | None
    kind: str
    priority: str
    urgent: bool
    owner: str
    belongs: Companions
    may_tick: bool


@dataclass(frozen=True, slots=True)
class Section:
    name: str
    label: str
    total: int
    lines: list[Line]
    more: str | None  # the address with more lines


@dataclass(frozen=True, slots=True)
class Quick:
    """A property to narrow by at once: its values with the addresses that they lead to."""

    label: str
    chosen: str
    choices: list[tuple[str, str, bool]]


@dataclass(frozen=True, slots=True)
class Due(Framed):
    sections: list[Section]
    quick: list[Quick]

    @property
    def total(self) -> int:
        return sum(one.total for one in self.sections)


def of(visit: Visit, state: State, words: Words) -> Due:
    object_type, shown = state.object_type, min(MOST, max(LINES, visit.number("cards")))
    names = [name for name in (*object_type.display, KIND, PRIORITY, reach.OWNER) if name in object_type.properties]
    found = tasks.of(visit.tx, visit.actor, object_type, states.query(visit, state), names, shown, visit.zone)
    ids = [record.id for section in found for record in section.records]
    belongs = companions.of(visit.tx, visit.actor, ids, BELONGS)
    labels = _labels(visit)
    sections = [
        Section(
            one.name,
            labels[one.name],
            one.total,
            [_line(visit, record, words, belongs[record.id]) for record in one.records],
            state.address(cards=shown + LINES) if len(one.records) < one.total and shown < MOST else None,
        )
        for one in found
        if one.total
    ]
    quick = [_quick(visit, state, name, words) for name in (PRIORITY, KIND) if name in object_type.properties]
    return Due(state, sections, quick)


def tick(visit: Visit, objects: str, id: int) -> Answer:
    """Done, or what it was before: `status` says which, and `home` from whose timeline."""
    object_type = pages.known(visit, objects)
    state = states.of(visit, object_type)
    status = visit.field("status") or tasks.DONE
    record, before = tasks.mark(visit.tx, visit.actor, object_type, id, status)
    _ = visit.gettext
    said = (_("“%(name)s” is done.") if status == tasks.DONE else _("“%(name)s” is to be done again.")) % {
        "name": record.name
    }
    home = _home(visit)
    back = f"/{home}?side=activities" if home else state.address() if state.is_due else f"/{object_type.name}/{id}"
    if before == status:
        return render.go(back, said=said)
    undone = {"status": before or tasks.OPEN, "home": home}
    return render.go(back, said=said, back=render.Back(_ticks(state, id), _("Undo"), undone))


def _home(visit: Visit) -> str:
    """The record whose timeline the task was ticked in: "contacts/7"."""
    objects, _, id = visit.field("home").partition("/")
    return f"{pages.known(visit, objects).name}/{int(id)}" if id.isdecimal() and len(id) < 19 else ""


def _labels(visit: Visit) -> dict[str, str]:
    _ = visit.gettext
    return {
        "overdue": _("Overdue"),
        "today": _("Due today"),
        "upcoming": _("Upcoming"),
        "undated": _("Without a date"),
        "done": _("Done"),
    }


def _line(visit: Visit, record: Record, words: Words, belongs: Companions) -> Line:
    props, said = record.object_type.properties, record.values

    def spoken(name: str) -> str:
        return words.value(props[name], said.get(name)) if name in props else ""

    stamp = said.get(tasks.DUE)
    return Line(
        record,
        said.get(tasks.STATUS) == tasks.DONE,
        datetime.fromisoformat(stamp) if stamp else None,
        spoken(KIND),
        spoken(PRIORITY) if said.get(PRIORITY) not in (None, "NONE") else "",
        said.get(PRIORITY) == "HIGH",
        spoken(reach.OWNER),
        belongs,
        may_move(visit.actor, record),
    )


def _quick(visit: Visit, state: State, name: str, words: Words) -> Quick:
    prop = state.object_type.properties[name]
    asked = (one for group in state.filters for one in group if isinstance(one, Filter) and _is_of(one, name))
    now = next((one.values[0] for one in asked), "")
    options = [(value, label) for value, label in words.options(prop) if value != "NONE"]
    choices = [(visit.gettext("All"), state.filtered(_with(state.filters, name, "")), not now)]
    choices += [(label, state.filtered(_with(state.filters, name, value)), value == now) for value, label in options]
    return Quick(prop.label, dict(options).get(now, ""), choices)


def _is_of(one: Condition, name: str) -> bool:
    return isinstance(one, Filter) and (one.property, one.operator) == (name, "EQ")


def _with(filters: Filters, name: str, value: str) -> Filters:
    """The filters with this value asked for in each group; "" asks for none."""
    asked: Iterable[Condition] = (Filter(name, "EQ", (value,)),) if value else ()
    groups = [(*(one for one in group if not _is_of(one, name)), *asked) for group in filters or ((),)]
    return tuple(group for group in groups if group)


def _ticks(state: State, id: int) -> str:
    return state.address().replace(f"/{state.object_type.name}", f"/{state.object_type.name}/{id}/ticks", 1)
