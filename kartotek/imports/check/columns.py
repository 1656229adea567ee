"""The columns of a file, each with what it takes to read it."""

from dataclasses import dataclass

import polars as pl

from kartotek.imports.table import ColumnPlan, cell, value_name
from kartotek.model.properties import Property
from kartotek.values import TYPES, Reading, cells, limits

_MOST_SHOWN = 1_000  # characters of a bad cell that are kept


@dataclass(frozen=True, slots=True)
class Column:
    """A mapped column with what it takes to read it."""

    plan: ColumnPlan
    property: Property
    reading: Reading

    def raw(self) -> pl.Expr:
        return told(self.plan)

    def name(self) -> str:
        return value_name(self.property.object_type, self.property.name)

    def fits(self, value: pl.Expr) -> pl.Expr:
        """Whether it breaks none of the rules of the property; a blank one breaks none."""
        text = TYPES[self.property.kind].text(value)
        return limits.broken(self.property.kind, text, self.property.limits).is_null()


@dataclass(frozen=True, slots=True)
class Given:
    """A value that every row has, though no column says it."""

    property: Property
    value: pl.Series  # of length 1

    def name(self) -> str:
        return value_name(self.property.object_type, self.property.name)


def as_it_stood(index: int) -> pl.Expr:
    """A cell as a report shows it."""
    return TYPES["multiline"].read(pl.col(cell(index)).str.slice(0, _MOST_SHOWN), Reading())


def told(column: ColumnPlan) -> pl.Expr:
    """The cell, or what somebody said to read instead of it."""
    raw = pl.col(cell(column.index))
    if not column.values:
        return raw
    instead = dict(column.values)
    return as_it_stood(column.index).replace_strict(
        list(instead), list(instead.values()), default=raw, return_dtype=pl.String
    )


def says_something(raw: pl.Expr) -> pl.Expr:
    return cells.clean(raw).is_not_null()


def record_id(column: ColumnPlan) -> pl.Expr:
    number = TYPES["number"].read(told(column), Reading()).cast(pl.Int64, strict=False)
    return pl.when(number > 0).then(number)


def wrong_id(column: ColumnPlan) -> pl.Expr:
    unread = says_something(told(column)) & record_id(column).is_null()
    return pl.when(unread).then(pl.lit("INVALID_RECORD_ID"))
