"""What became of every cell of a batch: the numbers add up to its rows times the columns of the file.

A cell goes with its row: where that made a record it is created, where the record failed it failed, where the row is a
further one about a record it is unchanged. In a row that changed a record it is updated when its property was.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl

from kartotek.domain import comparing
from kartotek.domain import records as domain
from kartotek.imports.table import (
    OF_ASSOCIATIONS,
    ROW,
    As,
    ColumnPlan,
    Plan,
    Several,
    id_name,
    key_name,
    label_name,
    value_name,
)
from kartotek.model.imports import Cells
from kartotek.model.records import Outcome

_IN = [Outcome.CREATED.value, Outcome.UPDATED.value, Outcome.UNCHANGED.value]
# What says how records belong together, and nothing of a record itself.
_ABOUT_OTHERS = (*OF_ASSOCIATIONS, As.KEY, As.ASSOCIATION)
_OF_ROW = {outcome.value: outcome.value for outcome in Outcome} | {Outcome.UPDATED.value: Cells.UNCHANGED.value}


def cells(
    plan: Plan,
    values: pl.DataFrame,
    problems: pl.DataFrame,
    outcomes: Mapping[str, pl.DataFrame],
    decision: domain.Decision,
) -> dict[str, int]:
    """`values` and `outcomes` row by row, `problems` as PROBLEM: how many cells of the batch came to what (Cells)."""
    tally = _Tally()
    places = problems.drop_nulls("place").group_by("place").agg(pl.col(ROW).unique())
    wrong = dict(places.rows())
    for name, became in outcomes.items():
        mine = [c for c in plan.columns if c.object_type == name and _source(c) in values.columns]
        told = values.select_seq(ROW, *(pl.col(str(_source(c))).is_not_null().alias(str(c.index)) for c in mine))
        told = told.with_columns_seq(became["outcome"])
        bad = [_bad(c, wrong[c.index]).alias(f"bad {c.index}") for c in mine if c.index in wrong]
        told = told.with_columns_seq(bad).with_columns_seq(
            (pl.col(str(c.index)) & ~pl.col(f"bad {c.index}")) for c in mine if c.index in wrong
        )
        tally.add(mine, told)
        work = next((one for one in decision.works if one.object_type.name == name), None)
        if work is not None and work.old["_changed"].any():
            tally.changed(mine, told, work.old.filter("_changed"))
    left = [c for c in plan.columns if _source(c) not in values.columns]
    tally.add_to(Cells.SKIPPED, len(values) * len(left))
    return {name: count for name, count in tally.counts.items() if count}


def _source(column: ColumnPlan) -> str | None:
    """The column of the checked values that holds its cells."""
    name = str(column.object_type)
    return {
        As.PROPERTY: value_name(name, str(column.property)),
        As.RECORD_ID: id_name(name),
        **dict.fromkeys(OF_ASSOCIATIONS, label_name(column.index)),
        As.KEY: key_name(column.index),
        As.ASSOCIATION: key_name(column.index),
    }.get(column.imported_as)


def _bad(column: ColumnPlan, rows: Sequence[int]) -> pl.Expr:
    """Whether the cell could not be read, or its value could not be had; a row that is out as a whole says more."""
    told = pl.col(ROW).is_in(pl.Series(rows, dtype=pl.Int64).implode())
    return told & (~pl.col(str(column.index)) | pl.col("outcome").is_in(_IN))


@dataclass(slots=True)
class _Tally:
    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(map(str, Cells), 0))

    def add_to(self, what: Cells, count: int) -> None:
        self.counts[what.value] += count

    def add(self, columns: Sequence[ColumnPlan], told: pl.DataFrame) -> None:
        """Every cell as its row; `told`: per column whether the cell says something, and where it is bad."""
        for row in told.drop(ROW).group_by("outcome").agg(pl.len(), pl.exclude("len").sum()).to_dicts():
            for c in columns:
                said, bad = row[str(c.index)], row.get(f"bad {c.index}", 0)
                self.counts[_fate(c, row["outcome"])] += said
                self.add_to(Cells.FAILED, bad)
                self.add_to(Cells.EMPTY, row["len"] - said - bad)

    def changed(self, columns: Sequence[ColumnPlan], told: pl.DataFrame, old: pl.DataFrame) -> None:
        """Cells of rows that changed a record are updated where their property is, blank ones where that empties it."""
        firsts = told[old["_key"] - int(told[ROW][0])]
        both = old.hstack(firsts.drop("outcome", ROW))
        props = [c for c in columns if c.imported_as is As.PROPERTY and c.property in old.columns]
        if not props:
            return
        moved = both.select_seq(
            *(self._moved(c).sum().alias(f"said {c.index}") for c in props),
            *(self._emptied(c, both).sum().alias(f"blank {c.index}") for c in props if c.clears),
        ).row(0, named=True)
        for name, count in moved.items():
            self.add_to(Cells.UPDATED, count)
            self.add_to(Cells.UNCHANGED if name.startswith("said") else Cells.EMPTY, -count)

    def _moved(self, c: ColumnPlan) -> pl.Expr:
        differs = pl.col(str(c.property)).ne_missing(pl.col(comparing.OLD + str(c.property)))
        return differs & pl.col(str(c.index))

    def _emptied(self, c: ColumnPlan, both: pl.DataFrame) -> pl.Expr:
        gone = pl.col(str(c.property)).is_null() & pl.col(comparing.OLD + str(c.property)).is_not_null()
        bad = pl.col(f"bad {c.index}") if f"bad {c.index}" in both.columns else pl.lit(False)
        return gone & ~pl.col(str(c.index)) & ~bad


def _fate(column: ColumnPlan, outcome: str) -> str:
    """What a cell that says something comes to in a row with this outcome, unless its property changes."""
    if column.imported_as in _ABOUT_OTHERS and (outcome in _IN or column.imported_as is As.KEY):
        return Cells.LABELS.value
    if outcome == Outcome.CREATED.value and column.several is Several.REMOVE:
        return Cells.UNCHANGED.value
    return _OF_ROW[outcome]
