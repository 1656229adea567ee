"""The filter builder of an index page: a panel of conditions, which are read, shown in words, and put into the page's
address.

It works without scripts: adding, removing and choosing a property draw the panel anew. With scripts the last does so
by itself.
"""

from collections.abc import Sequence

from kartotek.domain import filters
from kartotek.model.filters import Query
from kartotek.pages import records, render
from kartotek.pages.index import condition_lines, conditions
from kartotek.pages.index import state as states
from kartotek.pages.index.conditions import Asked
from kartotek.pages.index.state import State
from kartotek.pages.render import Answer
from kartotek.pages.visit import Visit


def edit(visit: Visit, objects: str) -> Answer:
    """The conditions that the address brings; one empty line when there are none."""
    object_type = records.known(visit, objects)
    state = states.of(visit, object_type)
    asked = conditions.saved(state.filters)
    if not asked or visit.query("add"):
        asked.append(Asked())
    return _panel(
        visit, state, asked, focus=f"property-{len(asked) - 1}" if visit.query("add") or len(asked) == 1 else ""
    )


def create(visit: Visit, objects: str) -> Answer:
    """Applies them, or draws the panel anew."""
    object_type = records.known(visit, objects)
    state = states.of(visit, object_type)
    asked, wish = conditions.sent(visit), visit.field("do")
    if wish == "apply":
        wanted = conditions.filters_of(asked)
        filters.read(visit.tx, visit.actor, object_type, Query(filters=wanted))
        return render.go(state.filtered(wanted))
    return _panel(visit, state, *conditions.pressed(asked, wish, visit.field("changed")))


def again(visit: Visit, objects: str) -> Answer:
    """With what was filled in, and what is wrong with it."""
    state = states.of(visit, records.known(visit, objects))
    return _panel(visit, state, conditions.sent(visit) if visit.asked.form else [Asked()])


def _panel(visit: Visit, state: State, asked: Sequence[Asked], focus: str = "") -> Answer:
    one = state.object_type
    return render.page(
        visit,
        "filters/edit.html",
        object_type=one,
        address=state.address().replace(f"/{one.name}", f"/{one.name}/filters", 1),
        back=state.address(),
        drawn=condition_lines.drawn(visit, one, asked, focus),
        counted=None,
    )
