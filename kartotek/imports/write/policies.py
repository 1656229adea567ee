"""What a column may do to records that exist, as its plan says: overwrite, fill, empty, add, remove, or nothing.

Two policies ask where the present value is from (domain/origins.py). With NEWEST, what people or programs said last
stays unless the row is of a later date; a row without a date is never later. With TRUSTED, what those said stays who
are trusted more. Imports among themselves take turns: the later one wins.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import polars as pl

from kartotek.domain import Tx, origins
from kartotek.imports.table import ColumnPlan, Overwrite, Plan, Several, Trusted, adds_name, at_name, clears_name
from kartotek.model.object_types import ObjectType
from kartotek.model.records import Changes, Source

_IS_NEW = pl.col("_id").is_null()
_ASKING = (Overwrite.NEWEST, Overwrite.TRUSTED)
# Who is behind a source; what Kartotek does by itself nobody is.
_BEHIND = {
    Source.USER: Trusted.PEOPLE,
    Source.MERGE: Trusted.PEOPLE,
    Source.RESTORE: Trusted.PEOPLE,
    Source.API: Trusted.PROGRAMS,
    Source.IMPORT: Trusted.IMPORTS,
    Source.MIGRATION: Trusted.IMPORTS,
}


@dataclass(frozen=True, slots=True)
class Policies:
    """Of the columns of one object; `rows` as they are about to be written, with what stays in columns of their own."""

    one: ObjectType
    columns: tuple[ColumnPlan, ...]
    rows: pl.DataFrame

    @staticmethod
    def of(tx: Tx, plan: Plan, one: ObjectType, rows: pl.DataFrame) -> "Policies":
        columns = tuple(plan.properties(one.name).values())
        asking = [c for c in columns if c.overwrite in _ASKING]
        return Policies(one, columns, _staying(tx, one, asking, rows) if asking else rows)

    def named(self, which: Callable[[ColumnPlan], bool]) -> frozenset[str]:
        return frozenset(str(c.property) for c in self.columns if which(c))

    @property
    def removing(self) -> frozenset[str]:
        return self.named(lambda c: c.several is Several.REMOVE)

    def allowed(self, value: pl.Expr, name: str) -> pl.Expr:
        """The value where it may be written at all: nothing is removed from a new record."""
        if name in self.named(lambda c: c.overwrite is Overwrite.NEVER):
            value = pl.when(_IS_NEW).then(value)
        if name in self.named(lambda c: c.overwrite in _ASKING):
            value = pl.when(~pl.col(_stays(name))).then(value)
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
            *(self._clears(c).alias(Changes.clears(str(c.property))) for c in clearing),
        ]

    def _clears(self, column: ColumnPlan) -> pl.Expr:
        name = str(column.property)
        blank = pl.col(clears_name(self.one.name, name)).fill_null(False)
        return blank & ~pl.col(_stays(name)) if column.overwrite in _ASKING else blank


def _stays(name: str) -> str:
    return f"_stays_{name}"


def _staying(tx: Tx, one: ObjectType, columns: Sequence[ColumnPlan], rows: pl.DataFrame) -> pl.DataFrame:
    """Adds, for each of these columns, whether the record's own value stays."""
    ids = rows["_id"].drop_nulls().unique().sort()
    said = origins.of(tx, one, ids, [str(c.property) for c in columns])
    for column in columns:
        name = str(column.property)
        mine = said.filter(pl.col("property") == name).select_seq("_id", "source", "others")
        joined = rows.select_seq("_id", *_moment(one, column)).join(mine, on="_id", how="left", maintain_order="left")
        rows = rows.with_columns_seq(joined.select_seq(_is_kept(column).fill_null(False).alias(_stays(name))))
    return rows


def _moment(one: ObjectType, column: ColumnPlan) -> list[pl.Expr]:
    if column.overwrite is not Overwrite.NEWEST:
        return []
    return [pl.col(at_name(one.name, str(column.property))).dt.epoch("us").alias("moment")]


def _is_kept(column: ColumnPlan) -> pl.Expr:
    if column.overwrite is Overwrite.NEWEST:
        return pl.col("others").is_not_null() & ~(pl.col("moment") > pl.col("others")).fill_null(False)
    return pl.col("source").is_in([source.value for source, behind in _BEHIND.items() if behind in column.trusted])
