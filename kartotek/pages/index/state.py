"""What an index page shows: the view that its address names, and what the address says instead of the view.

Every state has an address. A view brings filters, sort and columns; each of them that stands in the address takes
the view's place. An address that says nothing opens the tab that the person wants first.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from kartotek import errors
from kartotek.domain import access, boards, tasks, views
from kartotek.model import filter_texts
from kartotek.model.filters import Filters, Query
from kartotek.model.object_types import ObjectType
from kartotek.model.views import STANDARD, Arrangement, View
from kartotek.pages import language
from kartotek.pages.visit import Visit

# What the address of an index page may carry, in the order in which it is written.
PARAMETERS = (
    "view", "show", "pipeline", "q", "where", "with", "import", "outcome", "list", "columns", "sort", "page", "cards",
)  # fmt: skip
# Those that say how records are shown, and not which.
_LOOKS = ("show", "pipeline")
BOARD, DUE = "board", "due"
OUTCOMES = ("created", "updated", "unchanged", "all")
# Said where a view would say something: no filters, and newest first.
ANY, NEWEST = "any", "newest"
PER_PAGE = 50


@dataclass(frozen=True, slots=True)
class State:
    object_type: ObjectType
    pairs: Mapping[str, str]  # what the address says
    key: str  # of the tab: "all", "my", "unassigned", or a view's number
    view: View | None
    where: str  # the filters, as filter_texts reads them
    sort: str
    columns: tuple[str, ...]  # those that the address or the view names
    arrangement: Arrangement

    @property
    def filters(self) -> Filters:
        return filter_texts.parsed(self.where)

    @property
    def sorted_by(self) -> str:
        return self.sort.removeprefix("-")

    @property
    def descending(self) -> bool:
        return self.sort.startswith("-")

    @property
    def is_board(self) -> bool:
        return self.pairs.get("show") == BOARD and boards.has_board(self.object_type)

    @property
    def is_due(self) -> bool:
        return self.pairs.get("show") == DUE and tasks.has_due(self.object_type)

    @property
    def page(self) -> int:
        """From 1; from -1 on counted from the end."""
        text = self.pairs.get("page", "")
        back = text.startswith("-")
        number = int(text.removeprefix("-")) if text.removeprefix("-").isdecimal() and len(text) < 12 else 1
        return -max(1, number) if back else max(1, number)

    @property
    def is_changed(self) -> bool:
        """Whether it shows something else than the view that was saved."""
        asked = {name for name in ("where", "sort", "columns") if name in self.pairs}
        if self.view is None or not asked:
            return False
        saved = (self.view.filters, self.view.sort, self.view.columns)
        return (self.where, self.sort, self.columns or self.view.columns) != saved

    def address(self, **changed: object) -> str:
        pairs = dict(self.pairs) | {name: "" if value is None else str(value) for name, value in changed.items()}
        return f"/{self.object_type.name}" + language.query_string([(n, pairs.get(n, "")) for n in PARAMETERS])

    def opening(self, key: str) -> str:
        """The address of another tab, shown as this one is."""
        pairs = [("view", key), *((name, self.pairs.get(name, "")) for name in _LOOKS)]
        return f"/{self.object_type.name}" + language.query_string(pairs)

    def filtered(self, filters: Filters) -> str:
        """The address of the same with these filters."""
        text = filter_texts.spelled(filters)
        return self.address(where=text or (ANY if _brought(self.key, self.view) else None), page=None)

    def sorted(self, sort: str) -> str:
        return self.address(sort=sort or (NEWEST if self.view and self.view.sort else None), page=None)


@dataclass(frozen=True, slots=True)
class Framed:
    """What an index page shows, in whichever way: all that its frame, with search, filters and sorting, needs of it."""

    state: State

    @property
    def object_type(self) -> ObjectType:
        return self.state.object_type

    @property
    def pairs(self) -> dict[str, str]:
        return dict(self.state.pairs)

    @property
    def sort(self) -> str:
        return self.state.sorted_by

    @property
    def descending(self) -> bool:
        return self.state.descending

    @property
    def page(self) -> int:
        """From 1, or from -1 when it counts from the end."""
        return 1

    def address(self, **changed: object) -> str:
        """The same with something else about it: its address is its state."""
        return self.state.address(**changed)


def of(visit: Visit, object_type: ObjectType) -> State:
    access.require(visit.actor, "view", object_type)
    pairs = {name: visit.query(name) for name in PARAMETERS if visit.query(name)}
    arrangement = visit.preferences.arrangements.get(object_type.name, Arrangement())
    asked = {name: value for name, value in pairs.items() if name not in _LOOKS}
    # What there is to do is first of all what oneself has to do.
    usual = "my" if pairs.get("show") == DUE and not asked and "my" in standard(object_type) else "all"
    key, view = _tab(visit, object_type, asked, arrangement, usual)
    if key != "all" and not asked:
        pairs["view"] = key
    columns = tuple(name for name in pairs.get("columns", "").split(",") if name)
    return State(
        object_type=object_type,
        pairs=pairs,
        key=key,
        view=view,
        where=_asked(pairs.get("where"), ANY, _brought(key, view)),
        sort=_asked(pairs.get("sort"), NEWEST, view.sort if view else ""),
        columns=columns or (view.columns if view else ()),
        arrangement=arrangement,
    )


def query(visit: Visit, state: State) -> Query:
    """What the page is narrowed to, and how it is sorted; all of it, from the first record on."""
    return Query(
        filters=state.filters,
        search=visit.query("q") or None,
        sort=state.sorted_by or None,
        descending=bool(state.sorted_by) and state.descending,
        associated_with=visit.number("with") or None,
        from_import=visit.number("import") or None,
        on_list=visit.number("list") or None,
        outcome=visit.query("outcome") if visit.query("outcome") in OUTCOMES else None,
    )


def standard(object_type: ObjectType) -> list[str]:
    """The keys of the tabs that are always there."""
    return list(STANDARD) if "hubspot_owner_id" in object_type.properties else ["all"]


def _tab(
    visit: Visit, object_type: ObjectType, pairs: Mapping[str, str], arrangement: Arrangement, usual: str
) -> tuple[str, View | None]:
    """The tab asked for; else, where nothing is asked for, the person's first one."""
    asked = pairs.get("view", "")
    key = asked or ("" if pairs else arrangement.first) or usual
    if key in standard(object_type):
        return key, None
    if key.isdecimal() and len(key) < 19:
        if asked:
            return key, views.get(visit.tx, visit.actor, object_type, int(key))
        # The first tab may have been deleted since.
        for one in views.of(visit.tx, visit.actor, object_type):
            if str(one.id) == key:
                return key, one
    if asked:
        raise errors.UnknownName("view", asked)
    return "all", None


def _brought(key: str, view: View | None) -> str:
    return view.filters if view else STANDARD[key]


def _asked(text: str | None, nothing: str, otherwise: str) -> str:
    if text is None:
        return otherwise
    return "" if text == nothing else text
