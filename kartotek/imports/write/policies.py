"""What a column may do to records that exist, as its plan says: overwrite, fill, empty, add, remove, or nothing."""

from collections.abc import Callable
from dataclasses import dataclass

import polars as pl

from kartotek.imports.table import ColumnPlan, Overwrite, Plan, Several, adds_name, clears_name
from kartotek.model.object_types import ObjectType
from kartotek.model.records import Changes

_IS_NEW = pl.col("_id").is_null()


@dataclass(frozen=True, slots=True)
class Policies:
    """Of the columns of one object; `rows` as they are about to be written."""

    one: ObjectType
    columns: tuple[ColumnPlan, ...]
    rows: pl.DataFrame

    @staticmethod
    def of(plan: Plan, one: ObjectType, rows: pl.DataFrame) -> "Policies":
        return Policies(one, tuple(c for c in plan.of(one.name) if c.property), rows)

    def named(self, which: Callable[[ColumnPlan], bool]) -> frozenset[str]:
        return frozenset(str(c.property) for c in self.columns if which(c))

    @property
    def removing(self) -> frozenset[str]:
        return self.named(lambda c: c.several is Several.REMOVE)

    def allowed(self, value: pl.Expr, name: str) -> pl.Expr:
        """The value where it may be written at all: nothing is removed from a new record."""
        if name in self.named(lambda c: c.overwrite is Overwrite.NEVER):
            value = pl.when(_IS_NEW).then(value)
        if name in self.removing:
            value = pl.when(~_IS_NEW).then(value)
        return value.alias(name)

    def marks(self) -> list[pl.Expr]:
        """Of which rows values are added, and of which the property is emptied."""
        adding = [
            (name, mark)
            for c in self.columns
            if (name := str(c.property)) not in self.removing
            and (mark := adds_name(self.one.name, name)) in self.rows.columns
            and self.rows[mark].any()
        ]
        clearing = [c for c in self.columns if c.clears and c.overwrite is not Overwrite.NEVER]
        return [
            *(pl.col(mark).fill_null(False).alias(Changes.adds(name)) for name, mark in adding),
            *(
                pl.col(clears_name(self.one.name, str(c.property)))
                .fill_null(False)
                .alias(Changes.clears(str(c.property)))
                for c in clearing
            ),
        ]
