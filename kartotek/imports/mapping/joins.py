"""Columns that tie several tables together: which of them tell an object's records apart, and which only name those."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from kartotek import errors
from kartotek.imports.mapping import wording
from kartotek.imports.table import As, ColumnPlan, Join
from kartotek.model.object_types import ObjectType

_REFERRING = (As.KEY, As.ASSOCIATION)


def joined(
    columns: Sequence[ColumnPlan], joins: Sequence[Join], catalogue: Mapping[str, ObjectType]
) -> tuple[ColumnPlan, ...]:
    """The columns of several tables, with those of each join telling which record of its object a row belongs to."""
    for join in joins:
        columns = _joined(columns, join, catalogue)
    return tuple(_known_by(columns, catalogue))


def _joined(columns: Sequence[ColumnPlan], join: Join, catalogue: Mapping[str, ObjectType]) -> list[ColumnPlan]:
    one = catalogue[join.object_type]
    meant = _meant(columns, join)
    name = join.name or meant[0].header
    if len({column.source for column in meant}) < 2:
        raise errors.Invalid(f"“{name}” has to stand in two of the files or sheets at least, to tie them together.")
    for column in meant:
        if column.key is not None and column.object_type != one.name:
            known = wording.plural(catalogue[str(column.object_type)])
            raise errors.Invalid(
                f"“{column.header}” ties files together as the key of {known} already: let it be the key of one object."
            )
    homes = _homes(columns, meant, one)
    if not homes:
        raise errors.Invalid(
            f"No file or sheet that has “{name}” holds {wording.plural(one)} of its own: say which of them does, or "
            "choose another column."
        )
    if len(homes) == len(meant):
        plural = wording.plural(one)
        raise errors.Invalid(
            f"Every file or sheet that has “{name}” holds {plural} of its own, so it leads from none to another: say "
            "which of them only name such records, or leave this out."
        )
    key = _called(columns, homes, one)
    told = {c.index: _home(c, one, key) for c in homes}
    told |= {
        c.index: ColumnPlan(c.index, c.header, As.KEY, one.name, source=c.source, key=key)
        for c in meant if c.index not in told
    }  # fmt: skip
    return [told.get(column.index, column) for column in columns]


def _meant(columns: Sequence[ColumnPlan], join: Join) -> list[ColumnPlan]:
    firsts: dict[int, int] = {}
    for column in columns:
        firsts.setdefault(column.source, column.index)
    return [columns[index] for index in sorted({firsts[source] + place for source, place in join.columns})]


def _homes(columns: Sequence[ColumnPlan], meant: Sequence[ColumnPlan], one: ObjectType) -> list[ColumnPlan]:
    """Those whose tables hold such records: where another column says something of them, else where this one does."""
    saying = {(c.source, c.index) for c in columns if c.object_type == one.name and c.imported_as not in _REFERRING}
    beside = [c for c in meant if any(source == c.source and index != c.index for source, index in saying)]
    return beside or [c for c in meant if (c.source, c.index) in saying]


def _called(columns: Sequence[ColumnPlan], homes: Sequence[ColumnPlan], one: ObjectType) -> str:
    """What the key is called: as before where it is one already, else by its header; no other key is called so."""
    if known := next((c.key for c in homes if c.key), None):
        return known
    taken = {c.key for c in columns if c.object_type == one.name}
    header = homes[0].header.strip() or f"#{homes[0].index + 1}"
    names = (header if number == 1 else f"{header} ({number})" for number in range(1, len(taken) + 2))
    return next(name for name in names if name not in taken)


def _home(column: ColumnPlan, one: ObjectType, key: str) -> ColumnPlan:
    """A column that no property of this object takes ties the tables together all the same."""
    if column.object_type != one.name or column.imported_as in _REFERRING:
        return ColumnPlan(column.index, column.header, object_type=one.name, source=column.source, key=key)
    return replace(column, key=key)


def _known_by(columns: Sequence[ColumnPlan], catalogue: Mapping[str, ObjectType]) -> Iterator[ColumnPlan]:
    """Marks the columns by whose values associated records are known, and lets a key that everybody knows records by,
    as an email address, be just that in every table."""
    named = {(c.object_type, c.key) for c in columns if c.imported_as is As.ASSOCIATION and c.key}
    homes = {
        (c.object_type, c.key): c for c in columns
        if c.key and c.imported_as not in _REFERRING
    }  # fmt: skip
    for column in columns:
        home = homes.get((column.object_type, str(column.key)))
        if column.imported_as is As.KEY and home is not None and _is_identifier(home, catalogue):
            yield replace(column, imported_as=home.imported_as, property=home.property, key=None)
        elif column.key is None and column.object_type and (column.object_type, column.header) in named:
            yield replace(column, key=column.header)
        else:
            yield column


def _is_identifier(column: ColumnPlan, catalogue: Mapping[str, ObjectType]) -> bool:
    if column.imported_as is As.PROPERTY and column.property:
        return catalogue[str(column.object_type)].properties[column.property].unique
    return column.imported_as is As.RECORD_ID
