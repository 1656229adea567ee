"""The ways in which an index page shows its records: as a table; by stage on a board; by when they are due."""

from dataclasses import dataclass

from kartotek.domain import boards as stages
from kartotek.domain import tasks
from kartotek.pages import table
from kartotek.pages.index import boards, due
from kartotek.pages.index.state import BOARD, DUE, State
from kartotek.pages.shown import Words
from kartotek.pages.visit import Visit

Shown = table.Table | boards.Board | due.Due


@dataclass(frozen=True, slots=True)
class Way:
    icon: str
    words: str
    address: str
    current: bool


def of(visit: Visit, state: State, words: Words) -> Shown:
    if state.is_board:
        return boards.of(visit, state, words)
    return due.of(visit, state, words) if state.is_due else table.of(visit, state, words)


def template(state: State) -> str:
    if state.is_board:
        return "index/board.html"
    return "index/due.html" if state.is_due else "records/index.html"


def offered(visit: Visit, state: State) -> list[Way]:
    """None where there is only the table."""
    _ = visit.gettext
    found = []
    if tasks.has_due(state.object_type):
        found.append(Way("calendar", _("By due date"), state.address(show=DUE, page=None), state.is_due))
    if stages.has_board(state.object_type):
        found.append(Way("layout-kanban", _("Board"), state.address(show=BOARD, page=None), state.is_board))
    plain = state.address(show=None, pipeline=None, cards=None)
    return [Way("table", _("Table"), plain, not state.is_board and not state.is_due), *found] if found else []
