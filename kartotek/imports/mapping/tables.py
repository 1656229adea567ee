"""The columns of several tables at once: what each table holds, and by which columns they belong together.

A header may bear the name of its table in front, as a cell of a spreadsheet does: `Contacts!Email`. Without it, it is
meant in every table that has it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import polars as pl

from kartotek import errors
from kartotek.imports import table
from kartotek.imports.mapping import choices, guesses, headers, joins, policies, spelling
from kartotek.imports.table import OF_RECORDS, As, Choices, ColumnPlan, Join
from kartotek.model.object_types import ObjectType

_OPTION = "--join"
_POLICIES = ("keep", "only_new", "newest", "trust", "clear", "add", "remove", "replace", "end")


@dataclass(frozen=True, slots=True)
class Table:
    """`name`: of the sheet or file. `samples`: the first rows, their cells named by their place among all columns."""

    name: str
    columns: Sequence[str]
    samples: pl.DataFrame | None = None


def of_tables(
    tables: Sequence[Table],
    catalogue: Mapping[str, ObjectType],
    objects: Sequence[str],
    said: Choices,
    language: str | None = None,
) -> tuple[ColumnPlan, ...]:
    """A plan for every column, in the order of the tables; those that tie them together are what `said.joins` names."""
    _require_known(tables, said)
    columns: list[ColumnPlan] = []
    for number, one in enumerate(tables):
        own = _of_table(one, len(columns), tables, catalogue, objects, said, language)
        first = len(columns)
        columns += [replace(column, index=first + i, source=number) for i, column in enumerate(own)]
    return joins.joined(columns, list(_joins(tables, catalogue, objects, said, language)), catalogue)


def held(
    one: Table, catalogue: Mapping[str, ObjectType], objects: Sequence[str], language: str | None
) -> tuple[str, ...]:
    """Which of the chosen objects a table's rows are about, the first one best: what it is called by, else of which it
    has all that a new one needs, else of which it says most; and those whose records its columns can tell apart."""
    word = spelling.fold(one.name)
    named = [name for name in objects if word in headers.words_of(catalogue[name], language or "en")]
    order = [*named, *(name for name in objects if name not in named)]
    found: dict[str, list[ColumnPlan]] = {name: [] for name in order}
    for column in guesses.guess(one.columns, catalogue, order, one.samples, language):
        if column.imported_as in OF_RECORDS:
            found[str(column.object_type)].append(column)
    first = named[0] if named else max(order, key=lambda name: _told_alone(one, name, catalogue, language))
    others = (name for name in order if name != first and _tells_apart(found[name], catalogue[name]))
    return (first, *others)


def _told_alone(one: Table, name: str, catalogue: Mapping[str, ObjectType], language: str | None) -> tuple[bool, int]:
    """Were its rows about this object alone: whether new ones have all that they need, and how much is said of them."""
    columns = guesses.guess(one.columns, catalogue, [name], one.samples, language)
    said = {c.property or c.imported_as for c in columns if c.imported_as in OF_RECORDS}
    return bool(said) and all(not said.isdisjoint(group) for group in catalogue[name].needs), len(said)


def _tells_apart(columns: Sequence[ColumnPlan], one: ObjectType) -> bool:
    return any(c.imported_as is As.RECORD_ID or (c.property and one.properties[c.property].unique) for c in columns)


def _of_table(
    one: Table,
    first: int,
    tables: Sequence[Table],
    catalogue: Mapping[str, ObjectType],
    objects: Sequence[str],
    said: Choices,
    language: str | None,
) -> Sequence[ColumnPlan]:
    own = _said_of(one, tables, said)
    samples = one.samples
    if samples is not None and first:
        places = {table.cell(first + i): table.cell(i) for i in range(len(one.columns))}
        samples = samples.rename(places, strict=False)
    chosen: Sequence[str] = objects
    if len(tables) > 1:
        told = _told(one, tables, said)
        if told == ():
            return [ColumnPlan(i, header) for i, header in enumerate(one.columns)]
        chosen = told or [
            *dict.fromkeys(
                [*held(replace(one, samples=samples), catalogue, objects, language), *_named_in(own, objects)]
            )
        ]
    columns = choices.from_user(one.columns, catalogue, chosen, own.maps, samples, language)
    return policies.with_policies(columns, own)


def _told(one: Table, tables: Sequence[Table], said: Choices) -> tuple[str, ...] | None:
    """What somebody said that a table holds."""
    place = next(i for i, each in enumerate(tables, 1) if each is one)
    return next((objects for name, objects in said.holds if _is_called(one, name, place)), None)


def _named_in(own: Choices, objects: Sequence[str]) -> Iterator[str]:
    """Objects that somebody maps a column of this table to."""
    for each in own.maps:
        name = each.rpartition("=")[2].partition(".")[0].strip()
        if name in objects:
            yield name


# ---------------------------------------------------------------- which table a header stands in


def _said_of(one: Table, tables: Sequence[Table], said: Choices) -> Choices:
    """What is said of this table's columns, without its name in front."""
    if len(tables) == 1:
        return said
    plain: dict[str, Any] = {name: tuple(_each(getattr(said, name), one, tables)) for name in _POLICIES}
    maps = [(header, target) for each in said.maps for header, _, target in [each.rpartition("=")]]
    own_maps = tuple(f"{own}={target}" for header, target in maps for own in _each([header], one, tables))
    values = tuple((own, told, read) for header, told, read in said.values for own in _each([header], one, tables))
    dated_by = next(_each([said.dated_by] if said.dated_by else [], one, tables), None)
    return replace(said, maps=own_maps, values=values, dated_by=dated_by, **plain)


def _each(names: Sequence[str], one: Table, tables: Sequence[Table]) -> Iterator[str]:
    for name in names:
        own = name if name == table.ALL else _own(name, one, tables)
        if own is not None:
            yield own


def _own(name: str, one: Table, tables: Sequence[Table]) -> str | None:
    """The header as it stands in this table; None when another one is meant."""
    meant, mark, header = name.partition("!")
    if mark and any(_is_called(other, meant, place) for place, other in enumerate(tables, 1)):
        return header if any(_is_called(one, meant, i) for i, each in enumerate(tables, 1) if each is one) else None
    try:
        choices.column(name, one.columns)
    except errors.UnknownName:
        return None
    return name


def _is_called(one: Table, name: str, place: int) -> bool:
    if name.strip().startswith("#"):  # a sheet may be called 2, and stand first
        return name.strip() in (f"#{place}", one.name.strip())
    return spelling.fold(one.name) == spelling.fold(name)


def _require_known(tables: Sequence[Table], said: Choices) -> None:
    """Every header that is named stands somewhere."""
    if len(tables) == 1:
        return
    named = [each.rpartition("=")[0] for each in said.maps] + [header for header, *_ in said.values]
    named += [name for policy in _POLICIES for name in getattr(said, policy)]
    named += [said.dated_by] if said.dated_by else []
    every = [header for one in tables for header in one.columns]
    for name in named:
        if name == table.ALL or any(_own(name, one, tables) is not None for one in tables):
            continue
        meant, mark, header = name.partition("!")
        if mark and not any(_is_called(one, meant, place) for place, one in enumerate(tables, 1)):
            raise errors.UnknownName("sheet or file", meant, nearest=next(iter(one.name for one in tables)))
        choices.column(header or name, every)


# ---------------------------------------------------------------- joins


def _joins(
    tables: Sequence[Table],
    catalogue: Mapping[str, ObjectType],
    objects: Sequence[str],
    said: Choices,
    language: str | None,
) -> Iterator[Join]:
    for each in said.joins:
        name, equals, named = each.rpartition("=")
        if not equals:
            raise errors.Invalid(f'“{each}” has no equals sign: write {_OPTION} "Header=companies".')
        one = choices.object_named(named.strip(), catalogue, language or "en")
        if one is None or one not in objects:
            raise errors.Invalid(f"“{named.strip()}” is not imported, so no column can tell its records apart.")
        yield Join(one, tuple(_columns_called(name, tables)), name)


def _columns_called(name: str, tables: Sequence[Table]) -> Iterator[tuple[int, int]]:
    """A header may hold commas itself."""
    whole = any(name in one.columns for one in tables)
    for header in [name] if whole else name.split(","):
        for number, each in enumerate(tables):
            if (own := _own(header.strip(), each, tables)) is not None:
                yield number, choices.column(own, each.columns)
