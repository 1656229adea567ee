"""The rows of a run, checked and numbered, and what their columns are called."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import polars as pl

from kartotek.model.object_types import ObjectType

ROW = "_row"  # Int64: the row's number in the file, from 0
RECORD_ID = "_id"  # stands for the record id among the properties that a record is found by

# A problem found in a row. `place` is the column's index in the file, null for the whole row.
PROBLEM = {
    ROW: pl.Int64,
    "line": pl.Int64,
    "place": pl.Int64,
    "object_type": pl.String,
    "property": pl.String,
    "type": pl.String,
    "value": pl.String,
}


def value_name(object_type: str, prop: str) -> str:
    return f"{object_type}.{prop}"


def adds_name(object_type: str, prop: str) -> str:
    """Whether the cell's options are added to those that are there (";new") instead of taking their place."""
    return f"{object_type}.{prop}+"


def clears_name(object_type: str, prop: str) -> str:
    """Whether the cell is blank and the property is to be emptied by it."""
    return f"{object_type}.{prop}-"


def at_name(object_type: str, prop: str) -> str:
    """When the cell's value was true, for a property of which the newest wins."""
    return f"{object_type}.{prop}@"


def id_name(object_type: str) -> str:
    return f"{object_type}.{RECORD_ID}"


def failed_name(object_type: str) -> str:
    """Whether a problem keeps the row from having any part in a record of this type."""
    return f"{object_type}._failed"


def absent_name(object_type: str) -> str:
    """Whether the row has no cell at all for this object."""
    return f"{object_type}._absent"


def twice_name(object_type: str) -> str:
    """Whether the row's record id stands on several rows of a file of one object."""
    return f"{object_type}._twice"


def parents_name(object_type: str) -> str:
    """Whether the row's record, which belongs to one other only, is given several in the file."""
    return f"{object_type}._parents"


def link_name(first: str, second: str) -> str:
    """Whether the row is the first to name these two records together."""
    return f"{first}>{second}"


def key_name(index: int) -> str:
    """What a column's cell says of a key that ties sources together (ColumnPlan.key), or of an associated record."""
    return f"_key_{index}"


def label_name(index: int) -> str:
    """The labels (numbers of their types, as the object that the plan names first sees them) in a column's cell."""
    return f"_labels_{index}"


@dataclass(frozen=True, slots=True)
class Checked:
    """`values`: ROW, LINE and, per object, its properties, id, failed and absent. `problems`: as PROBLEM."""

    values: pl.DataFrame
    problems: pl.DataFrame


@dataclass(frozen=True, slots=True)
class Chain:
    """By what rows find their record, best first: names of properties, and RECORD_ID.

    `further`: mapped properties that hold more values of one of these (additional emails), by that one's name.
    """

    object_type: ObjectType
    keys: tuple[str, ...]
    further: tuple[tuple[str, str], ...] = ()

    def kind(self) -> pl.Expr:
        """Which key of the chain a row has: its name, or null when it has none."""
        said = (pl.when(self.column(key).is_not_null()).then(pl.lit(key)) for key in self.keys)
        return pl.coalesce(*said, pl.lit(None, pl.String))

    def text(self) -> pl.Expr:
        return pl.coalesce(*(self.column(key).cast(pl.String) for key in self.keys), pl.lit(None, pl.String))

    def column(self, key: str) -> pl.Expr:
        return pl.col(value_name(self.object_type.name, key))


@dataclass(frozen=True, slots=True)
class Numbers:
    """Which record every row of the file is about.

    `frame`, a line per row in their order: per object's name its group, which is the row that first named the record
    (UInt32; null when the row has no part in one), and `twice_name`; per pair of objects `link_name`. `pinned`: per
    object's name the groups whose record was settled before the first batch: `group`, `id` (0: several fit). `unmet`,
    as UNMET: the rows that refer to a record of another source which is not there.
    """

    frame: pl.DataFrame
    pairs: tuple[tuple[ObjectType, ObjectType], ...]
    pinned: Mapping[str, pl.DataFrame]
    unmet: pl.DataFrame

    def without_rows(self) -> "Numbers":
        """What is the same for all batches."""
        return replace(self, frame=self.frame.clear())

    def spanning(self, name: str, firsts: Sequence[int]) -> pl.DataFrame:
        """The groups, as `group`, whose rows do not all stand in the same batch; `firsts`: the batches' first rows."""
        starts = pl.Series(firsts, dtype=pl.UInt32)
        rows = self.frame.select(group=name).with_row_index("row").drop_nulls("group")
        row_of, batch_of = (starts.search_sorted(rows[column], side="right") for column in ("row", "group"))
        return rows.filter(row_of != batch_of).select(pl.col("group").cast(pl.Int64)).unique().sort("group")


PINNED = {"group": pl.Int64, "id": pl.Int64}
# A cell that leads to no record, or to several: `place` is its column's index, `type` an error type of imports.md 14.
UNMET = {ROW: pl.Int64, "place": pl.Int64, "object_type": pl.String, "type": pl.String}
