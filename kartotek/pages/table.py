"""The table of an index page: which columns, and every cell in words.

The number of queries depends on the columns, never on the rows: one for the records, one for each association
column, one for the names of all primary companies.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from kartotek.domain import access, associations, records
from kartotek.model.catalogue import Catalogue
from kartotek.model.filters import Query
from kartotek.model.object_types import ObjectType
from kartotek.model.records import Record
from kartotek.pages import language, layouts, nouns
from kartotek.pages.shown import Words
from kartotek.pages.visit import Visit

PER_PAGE = 50
NUMERIC = ("number",)
# What the address of an index page may carry, in the order in which it is written.
PARAMETERS = ("q", "with", "import", "outcome", "list", "columns", "sort", "page")
OUTCOMES = ("created", "updated", "unchanged", "all")


@dataclass(frozen=True, slots=True)
class Column:
    name: str
    label: str
    numeric: bool = False
    sortable: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    text: str
    whole: str  # on hover
    href: str | None = None
    numeric: bool = False
    label: str = ""  # the column's, for cards on a phone


@dataclass(frozen=True, slots=True)
class Row:
    record: Record
    href: str
    cells: list[Cell]


@dataclass(frozen=True, slots=True)
class Table:
    object_type: ObjectType
    columns: list[Column]
    rows: list[Row]
    total: int
    exact: bool
    first: int
    last: int
    page: int
    sort: str
    descending: bool
    pairs: dict[str, str]

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // PER_PAGE))

    def address(self, **changed: object) -> str:
        """This table with something else about it: its address is its state."""
        pairs = self.pairs | {name: "" if value is None else str(value) for name, value in changed.items()}
        return f"/{self.object_type.name}" + language.query_string([(n, pairs.get(n, "")) for n in PARAMETERS])

    def sorted_by(self, column: Column) -> str:
        """The address that a click on a header leads to: up, then down, then as it was."""
        if self.sort != column.name:
            wanted: str | None = column.name
        else:
            wanted = None if self.descending else f"-{column.name}"
        return self.address(sort=wanted, page=None)


def of(visit: Visit, object_type: ObjectType, words: Words) -> Table:
    cat = nouns.load(visit)
    names = column_names(visit, object_type)
    sort = visit.query("sort")
    page = max(1, visit.number("page", 1))
    query = replace(asked(visit), limit=PER_PAGE, offset=(page - 1) * PER_PAGE)
    found = records.find(visit.tx, visit.actor, object_type, query, _read(object_type, names))
    columns = [_column(cat, object_type, name, visit) for name in names]
    cells = [_cells(visit, object_type, column, found.records, words) for column in columns]
    return Table(
        object_type=object_type,
        columns=columns,
        rows=[
            Row(record, f"/{object_type.name}/{record.id}", [column[at] for column in cells])
            for at, record in enumerate(found.records)
        ],
        total=found.total,
        exact=found.exact,
        first=query.offset + 1 if found.records else 0,
        last=query.offset + len(found.records),
        page=page,
        sort=sort.removeprefix("-"),
        descending=sort.startswith("-"),
        pairs={name: visit.query(name) for name in PARAMETERS if visit.query(name)},
    )


def asked(visit: Visit) -> Query:
    """What the address narrows the page to, and how it is sorted."""
    sort = visit.query("sort")
    return Query(
        search=visit.query("q") or None,
        sort=sort.removeprefix("-") or None,
        descending=sort.startswith("-"),
        associated_with=visit.number("with") or None,
        from_import=visit.number("import") or None,
        on_list=visit.number("list") or None,
        outcome=visit.query("outcome") if visit.query("outcome") in OUTCOMES else None,
    )


def column_names(visit: Visit, object_type: ObjectType) -> list[str]:
    """From the address, else as the person arranged them, else the standard ones; what no longer exists is left out."""
    asked = [name for name in visit.query("columns").split(",") if name]
    wanted = asked or list(visit.preferences.columns.get(object_type.name, ())) or layouts.columns(object_type)
    return [name for name in dict.fromkeys(wanted) if name in possible(visit, object_type)]


def possible(visit: Visit, object_type: ObjectType) -> dict[str, str]:
    """Every column there could be, with its label: associations first, then properties by label."""
    cat = nouns.load(visit)
    linked = {
        layouts.ASSOCIATED + other.name: other.label_plural
        for other in cat.associable(object_type.name)
        if access.may(visit.actor, "view", other.name)
    }
    primary = {layouts.PRIMARY: visit.gettext("Company (primary)")} if object_type.has_primary_company else {}
    labels = sorted((one.label, one.name) for one in object_type.properties.values())
    return primary | linked | {name: label for label, name in labels}


def _column(cat: Catalogue, object_type: ObjectType, name: str, visit: Visit) -> Column:
    if name == layouts.PRIMARY:
        return Column(name, visit.gettext("Company (primary)"))
    if name.startswith(layouts.ASSOCIATED):
        return Column(name, cat.object_types[name[1:]].label_plural)
    prop = object_type.properties[name]
    return Column(name, prop.label, numeric=prop.kind in NUMERIC, sortable=True)


def _read(object_type: ObjectType, names: Sequence[str]) -> tuple[str, ...]:
    naming = (*object_type.display, *((object_type.display_fallback,) if object_type.display_fallback else ()))
    return tuple(dict.fromkeys([*naming, *(name for name in names if name in object_type.properties)]))


def _cells(visit: Visit, object_type: ObjectType, column: Column, found: Sequence[Record], words: Words) -> list[Cell]:
    if column.name == layouts.PRIMARY:
        return _primaries(visit, column, found)
    if column.name.startswith(layouts.ASSOCIATED):
        return _associated(visit, object_type, column, found)
    prop = object_type.properties[column.name]
    return [
        Cell(
            words.value(prop, text := record.values.get(column.name)),
            words.whole(prop, text),
            href=f"mailto:{text}" if text and prop.kind == "email" else None,
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
            cells.append(_link(text, f"/{other.name}?with={record.id}", column))
    return cells


def _link(text: str, href: str, column: Column) -> Cell:
    return Cell(text, text, href=href if text else None, label=column.label)
