"""The table of an index page: which columns, and every cell in words.

The number of queries depends on the columns, never on the rows: one for the records, one for each association
column, one for the names of all primary companies.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from kartotek.domain import access, associations, counting, records
from kartotek.model.catalogue import Catalogue
from kartotek.model.filters import Query
from kartotek.model.object_types import ObjectType
from kartotek.model.records import Record
from kartotek.pages import layouts, nouns
from kartotek.pages.index import state as states
from kartotek.pages.index.state import OUTCOMES, PARAMETERS, PER_PAGE, Framed, State
from kartotek.pages.shown import Words
from kartotek.pages.visit import Visit
from kartotek.values import alphabet

__all__ = ["OUTCOMES", "PARAMETERS", "PER_PAGE", "Table", "asked", "column_names", "columns_of", "of", "possible"]

NUMERIC = ("number",)


@dataclass(frozen=True, slots=True)
class Column:
    name: str
    label: str
    numeric: bool = False
    sortable: bool = False
    frozen: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    text: str
    whole: str  # on hover
    href: str | None = None
    numeric: bool = False
    label: str = ""  # the column's, for cards on a phone
    pops: bool = False  # whether its link opens a small list over the table
    frozen: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    record: Record
    href: str
    cells: list[Cell]


@dataclass(frozen=True, slots=True)
class Table(Framed):
    columns: list[Column]
    rows: list[Row]
    total: int
    exact: bool

    @property
    def page(self) -> int:
        return self.state.page

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // PER_PAGE))

    @property
    def first(self) -> int:
        return (abs(self.page) - 1) * PER_PAGE + 1 if self.rows else 0

    @property
    def last(self) -> int:
        return (abs(self.page) - 1) * PER_PAGE + len(self.rows)

    @property
    def widths(self) -> str:
        """The address of the style sheet that says how wide columns are and which stay; "" where nothing is said."""
        kept = self.state.arrangement
        sizes = [kept.widths.get(name, 0) for name in ("", *(one.name for one in self.columns))]
        if not any(sizes) and not kept.frozen:
            return ""
        return f"/widths.css?sizes={','.join(map(str, sizes))}&frozen={kept.frozen}"

    def sorted_by(self, column: Column) -> str:
        """The address that a click on a header leads to: up, then down, then as it was."""
        if self.sort != column.name:
            return self.state.sorted(column.name)
        return self.state.sorted("" if self.descending else f"-{column.name}")

    def before(self) -> str | None:
        """The page before; none on the first."""
        if self.page > 0:
            return self.address(page=self.page - 1 if self.page > 2 else None) if self.page > 1 else None
        return self.address(page=self.page - 1) if len(self.rows) == PER_PAGE else None

    def after(self) -> str | None:
        if self.page < 0:
            return self.address(page=self.page + 1) if self.page < -1 else None
        return self.address(page=self.page + 1) if self.page < self.pages and self.rows else None

    def end(self) -> str:
        """The last page; where the total is an estimate, counted from the end."""
        return self.address(page=self.pages if self.exact else -1)


def of(visit: Visit, state: State, words: Words) -> Table:
    object_type = state.object_type
    columns = columns_of(visit, state)
    names = [one.name for one in columns]
    offset = (abs(state.page) - 1) * PER_PAGE
    query = replace(states.query(visit, state), limit=PER_PAGE, offset=offset, from_end=state.page < 0)
    found = records.find(visit.tx, visit.actor, object_type, query, _read(object_type, names))
    cells = [_cells(visit, object_type, column, found.records, words) for column in columns]
    return Table(
        state=state,
        columns=columns,
        rows=[
            Row(
                record,
                f"/{object_type.name}/{record.id}",
                [replace(column[at], frozen=columns[n].frozen) for n, column in enumerate(cells)],
            )
            for at, record in enumerate(found.records)
        ],
        total=found.total,
        exact=found.exact,
    )


def columns_of(visit: Visit, state: State) -> list[Column]:
    cat = nouns.load(visit)
    names = column_names(visit, state.object_type, state)
    columns = [_column(cat, state.object_type, name, visit) for name in names]
    return [replace(one, frozen=at < state.arrangement.frozen) for at, one in enumerate(columns)]


def asked(visit: Visit, object_type: ObjectType) -> Query:
    """What the address narrows the page to, and how it is sorted."""
    return states.query(visit, states.of(visit, object_type))


def column_names(visit: Visit, object_type: ObjectType, state: State) -> list[str]:
    """From the address or the view, else as the person arranged them, else the standard ones; what no longer exists is
    left out."""
    arranged = list(visit.preferences.columns.get(object_type.name, ())) or layouts.columns(object_type)
    there = possible(visit, object_type)
    return [name for name in dict.fromkeys(state.columns or arranged) if name in there]


def possible(visit: Visit, object_type: ObjectType) -> dict[str, str]:
    """Every column there could be, with its label: associations first, then properties by label."""
    cat = nouns.load(visit)
    linked = {
        layouts.ASSOCIATED + other.name: other.label_plural
        for other in cat.associable(object_type.name)
        if access.may(visit.actor, "view", other.name)
    }
    primary = {layouts.PRIMARY: visit.gettext("Company (primary)")} if _sees_primary(visit, object_type) else {}
    offered = (one for one in object_type.properties.values() if one.is_offered)
    props = sorted(offered, key=lambda one: alphabet.key(one.label))
    return primary | linked | {one.name: one.label for one in props}


def _sees_primary(visit: Visit, object_type: ObjectType) -> bool:
    return object_type.has_primary_company and access.may(visit.actor, "view", "companies")


def _column(cat: Catalogue, object_type: ObjectType, name: str, visit: Visit) -> Column:
    if name == layouts.PRIMARY:
        return Column(name, visit.gettext("Company (primary)"))
    if name.startswith(layouts.ASSOCIATED):
        return Column(name, cat.object_types[name[1:]].label_plural)
    prop = object_type.properties[name]
    return Column(name, prop.label, numeric=prop.kind in NUMERIC, sortable=name not in counting.names(object_type))


def _read(object_type: ObjectType, names: Sequence[str]) -> tuple[str, ...]:
    wanted = [*object_type.naming, *(name for name in names if name in object_type.properties)]
    return tuple(dict.fromkeys([*wanted, *filter(None, map(object_type.currency_of, wanted))]))


def _cells(visit: Visit, object_type: ObjectType, column: Column, found: Sequence[Record], words: Words) -> list[Cell]:
    if column.name == layouts.PRIMARY:
        return _primaries(visit, column, found)
    if column.name.startswith(layouts.ASSOCIATED):
        return _associated(visit, object_type, column, found)
    prop = object_type.properties[column.name]
    return [
        Cell(
            words.told(prop, record.values),
            words.hover(prop, record.values),
            href=f"mailto:{text}" if (text := record.values.get(column.name)) and prop.kind == "email" else None,
            numeric=column.numeric,
            label=column.label,
        )
        for record in found
    ]


def _primaries(visit: Visit, column: Column, found: Sequence[Record]) -> list[Cell]:
    ids = list({record.primary for record in found if record.primary})
    companies = nouns.load(visit).object_types["companies"]
    named = records.many(visit.tx, visit.actor, companies, ids, _read(companies, ())) if ids else []
    names = {one.id: one.name for one in named}
    return [_link(names.get(one.primary or 0, ""), f"/companies/{one.primary}", column) for one in found]


def _associated(visit: Visit, object_type: ObjectType, column: Column, found: Sequence[Record]) -> list[Cell]:
    other = nouns.load(visit).object_types[column.name[1:]]
    counts = associations.counts(visit.tx, visit.actor, object_type, [record.id for record in found], other)
    cells = []
    for record in found:
        count, only = counts.get(record.id, (0, None))
        if only is not None:
            cells.append(_link(only.name, f"/{other.name}/{only.id}", column))
        else:
            text = f"{count} {column.label.lower()}" if count else ""
            href = f"/{object_type.name}/{record.id}/associated/{other.name}"
            cells.append(replace(_link(text, href, column), pops=True))
    return cells


def _link(text: str, href: str, column: Column) -> Cell:
    return Cell(text, text, href=href if text else None, label=column.label)
