"""The records of one import on an index page: what it created, updated, met unchanged, or all of them."""

from dataclasses import dataclass

from kartotek.domain import imports
from kartotek.pages import table
from kartotek.pages.index import ways
from kartotek.pages.visit import Visit


@dataclass(frozen=True, slots=True)
class Tab:
    label: str
    address: str
    current: bool


@dataclass(frozen=True, slots=True)
class FromImport:
    """`name` is the import's number for those who may not see imports; they get no way to its page either."""

    id: int
    name: str
    href: str | None
    tabs: list[Tab]


def of(visit: Visit, shown: ways.Shown) -> FromImport | None:
    """None on an index page that no import narrows."""
    id = visit.number("import")
    if not id:
        return None
    may = visit.actor.rights.imports
    name = imports.name(visit.tx, id) if may else None
    return FromImport(id, name or str(id), f"/imports/{id}" if may and name else None, _tabs(visit, shown))


def _tabs(visit: Visit, shown: ways.Shown) -> list[Tab]:
    _ = visit.gettext
    labels = {
        None: _("Created and updated"),
        "created": _("Created"),
        "updated": _("Updated"),
        "unchanged": _("Unchanged"),
        "all": _("All"),
    }
    now = visit.query("outcome") if visit.query("outcome") in table.OUTCOMES else None
    return [Tab(label, shown.address(outcome=outcome, page=None), outcome == now) for outcome, label in labels.items()]
