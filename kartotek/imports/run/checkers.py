"""The cells of several sources to values: a checker for each source, and the same columns from all of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import combinations

import polars as pl

from kartotek.domain import Tx, labelling, properties
from kartotek.imports import check, write
from kartotek.imports.table import BROKEN, EXTRA, LINE, ROW, WIDTH, As, Checked, ColumnPlan, Plan, cell
from kartotek.model.catalogue import Catalogue
from kartotek.model.object_types import ObjectType
from kartotek.model.properties import Property
from kartotek.values import Reading

RECORD_ID = "hs_object_id"
_ABOUT: dict[str, pl.DataType | type[pl.DataType]] = {
    ROW: pl.Int64,
    LINE: pl.Int64,
    WIDTH: pl.Int32,
    EXTRA: pl.List(pl.String),
    BROKEN: pl.String,
}


@dataclass(frozen=True)  # without slots, for what is worked out once
class Checkers:
    """One for each source of the plan, in their order."""

    parts: tuple[check.Checker, ...]

    @property
    def objects(self) -> tuple[ObjectType, ...]:
        return self.parts[0].objects

    def check(self, batch: pl.DataFrame, source: int) -> Checked:
        return self._alike(self.parts[source].check(batch))

    def told_of(self, one: ObjectType) -> list[str]:
        """The columns of the checked values that say something of this object's records."""
        return write.columns_of(one, self._schema)

    def says_more(self, one: ObjectType, source: int, keys: Sequence[str]) -> bool:
        """Whether a source says anything of such records beside who they are."""
        said = [c for c in self.parts[source].columns if c.property.object_type == one.name]
        return len(self.parts) == 1 or any(c.property.name not in keys for c in said) or len(said) > 1

    def _alike(self, checked: Checked) -> Checked:
        """With the columns of all sources: what a source does not say is blank there."""
        if len(self.parts) == 1:
            return checked
        values, wanted = checked.values, self._schema
        missing = [_blank(name, kind) for name, kind in wanted.items() if name not in values.columns]
        return replace(checked, values=values.with_columns(missing).select(wanted.keys()))

    @cached_property
    def _schema(self) -> Mapping[str, pl.DataType]:
        found: dict[str, pl.DataType] = {}
        for part in self.parts:
            nothing = pl.DataFrame(schema=_ABOUT | {cell(c.index): pl.String for c in part.plan.columns})
            found |= dict(part.check(nothing).values.schema)
        return found


def _blank(name: str, kind: pl.DataType) -> pl.Expr:
    return (pl.lit(False) if kind == pl.Boolean and name.endswith(("+", "-")) else pl.lit(None, kind)).alias(name)


def of_plan(tx: Tx, known: Catalogue, plan: Plan) -> Checkers:
    return Checkers(tuple(checker_of(tx, known, plan.part(source)) for source in range(len(plan.sources))))


def checker_of(tx: Tx, known: Catalogue, plan: Plan) -> check.Checker:
    """For a plan of one source, or the part of it that is about one."""
    objects = tuple(known.object_types[one.object_type] for one in plan.objects)
    how = Reading(dates=plan.dates, numbers=plan.numbers, zone=plan.zone, country=plan.country)
    columns = tuple(
        check.Column(column, prop, properties.reading(tx, known, known.object_types[prop.object_type], prop, own))
        for column, prop in check.columns_of(plan, objects)
        for own in (replace(how, dates=column.dates or how.dates, numbers=column.numbers or how.numbers),)
    )
    keys = tuple(_key(known, c) for c in plan.columns if c.key is not None or c.imported_as is As.ASSOCIATION)
    dated = next((_dated(one, prop, how) for one, prop in check.dating_of(plan)), None)
    given, labels = _given(tx, known, plan), _labels(known, plan, how)
    return check.Checker(plan, objects, columns, known.pipelines, given, labels, dated, keys)


def _dated(column: ColumnPlan, prop: Property, how: Reading) -> check.Column:
    return check.Column(column, prop, replace(how, dates=column.dates or how.dates))


def _key(known: Catalogue, column: ColumnPlan) -> check.Key:
    """By what an associated record is known: a property of its own, its record id, or a key of the run."""
    if column.imported_as is not As.ASSOCIATION or column.key is not None or column.property in (None, RECORD_ID):
        return check.Key(column)
    return check.Key(column, known.object_types[str(column.object_type)].properties[str(column.property)])


def _labels(known: Catalogue, plan: Plan, how: Reading) -> tuple[check.Labels, ...]:
    """The columns that say something of associations, with what each pair's labels are called."""
    types = [known.object_types[one.object_type] for one in plan.objects]
    return tuple(
        check.Labels(
            column,
            Reading(options=_words(known, column, first, second), dates=column.dates or how.dates, zone=how.zone),
            check.ends_of(plan, column),
        )
        for first, second in (*combinations(types, 2), *((one, one) for one in types))
        for column in plan.told_of(first.name, second.name)
    )


def _words(known: Catalogue, column: ColumnPlan, first: ObjectType, second: ObjectType) -> Mapping[str, str]:
    return labelling.words(known, first, second) if column.imported_as is As.LABEL else {}


def _given(tx: Tx, known: Catalogue, plan: Plan) -> tuple[check.Given, ...]:
    """What every row says without a column of its own: the contacts' legal basis. A column goes before it."""
    object_type, prop = check.basis_of(known)
    given = [one.object_type for one in plan.objects if plan.given(one.object_type)]
    if plan.legal_basis is None or object_type.name not in given:
        return ()
    how = properties.reading(tx, known, object_type, prop, Reading())
    value = check.fixed(prop, plan.legal_basis, how)
    return () if value is None else (check.Given(prop, value),)
