"""Columns that say something of associations: their labels, their days, which company is the primary one.

A row says it of the association between two records, and has to name both. Where it names one of them, or none, what it
says is of nothing, and that is told.
"""

from dataclasses import dataclass

import polars as pl

from kartotek.imports.check.columns import as_it_stood, says_something, told
from kartotek.imports.table import LINE, OF_RECORDS, PROBLEM, ROW, As, ColumnPlan, Plan, cell
from kartotek.values import TYPES, Reading, cells, frames


@dataclass(frozen=True, slots=True)
class End:
    """The columns of a row that name the record at one end; `own`: the object that the row itself has there, if any."""

    columns: tuple[ColumnPlan, ...]
    own: str | None


@dataclass(frozen=True, slots=True)
class Labels:
    """One such column: of labels, the options of `reading` are those that there are."""

    plan: ColumnPlan
    reading: Reading
    ends: tuple[End, End]

    @property
    def kind(self) -> str:
        return {As.PRIMARY: "boolean", As.STARTS: "date", As.ENDS: "date"}.get(self.plan.imported_as, "choices")

    def both(self) -> pl.Expr:
        """A struct of `value` and `wrong`: a cell with a label that nobody knows has none."""
        read = TYPES[self.kind].check(told(self.plan), self.reading)
        if self.kind != "choices":
            return read
        unknown = read.struct.field("wrong").is_not_null()
        wrong = pl.when(unknown).then(pl.lit("ASSOCIATION_LABEL_NOT_FOUND"))
        return cells.both(read.struct.field("value"), wrong)

    def of_nothing(self, batch: pl.DataFrame, values: pl.Series) -> pl.DataFrame:
        """As PROBLEM, the rows that do not name both records; `values`: what the column says in each row."""
        # That a company is not the primary one needs none.
        says = values if self.kind == "boolean" else values.is_not_null()
        first, second = (_nameless(batch, says.fill_null(False), end.columns) for end in self.ends)
        if first.is_empty() and second.is_empty():
            return pl.DataFrame(schema=PROBLEM)
        has_first, has_second = (~pl.col(ROW).is_in(rows.implode()) for rows in (first, second))
        found = batch.filter(~has_first | ~has_second).select_seq(
            ROW,
            pl.col(LINE).alias("line"),
            pl.lit(self.plan.index, pl.Int64).alias("place"),
            pl.when(has_first).then(pl.lit(self.ends[0].own)).when(has_second).then(pl.lit(self.ends[1].own))
            .alias("object_type"),
            pl.lit(None, pl.String).alias("property"),
            pl.lit("ASSOCIATION_RECORD_NOT_FOUND").alias("type"),
            as_it_stood(self.plan.index).alias("value"),
        )  # fmt: skip
        return frames.cast(found, PROBLEM)


def ends_of(plan: Plan, column: ColumnPlan) -> tuple[End, End]:
    """What names the two records in the table of this column: cells about them, a key that leads to them in another
    table, and of two records of one object the one that is associated with the row's own."""
    first, second = str(column.object_type), str(column.other)
    if first == second:
        return _end(plan, column, first, *OF_RECORDS), _end(plan, column, first, As.ASSOCIATION)
    return _end(plan, column, first, *OF_RECORDS, As.KEY), _end(plan, column, second, *OF_RECORDS, As.KEY)


def _end(plan: Plan, column: ColumnPlan, name: str, *named: As) -> End:
    mine = [c for c in plan.columns if c.source == column.source and c.object_type == name and c.imported_as in named]
    return End(tuple(mine), name if any(c.imported_as in OF_RECORDS for c in mine) else None)


def _nameless(batch: pl.DataFrame, says: pl.Series, columns: tuple[ColumnPlan, ...]) -> pl.Series:
    """The rows that say something and name no record in these columns; nearly all do so in the first or the second."""
    rows = batch.select_seq(ROW, *(cell(c.index) for c in columns)).filter(says)
    for column in columns:
        if rows.is_empty():
            break
        rows = rows.filter(~says_something(told(column)))
    return rows[ROW]
