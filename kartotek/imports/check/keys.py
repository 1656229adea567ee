"""Keys that lead to other records than the row's own: those that tie sources together, and associated records.

A key that ties sources together is a text and nothing more: it means something inside the run's own files, whatever its
column is otherwise imported as. An associated record is known by a property that tells records apart, so its cell is
read as that property would be.
"""

from dataclasses import dataclass

import polars as pl

from kartotek.imports.check.columns import record_id, told, wrong_id
from kartotek.imports.table import As, ColumnPlan, key_name
from kartotek.model.properties import Property
from kartotek.values import TYPES, Reading, cells


@dataclass(frozen=True, slots=True)
class Key:
    """A column that says a key. `known_by`: by what it names an associated record, None for a record id or a text."""

    plan: ColumnPlan
    known_by: Property | None = None

    @property
    def is_reference(self) -> bool:
        """Whether it names a record of the row's own object type."""
        return self.plan.imported_as is As.ASSOCIATION

    def name(self) -> str:
        return key_name(self.plan.index)

    def both(self) -> pl.Expr:
        """A struct of `value`, a text, and `wrong`."""
        raw = told(self.plan)
        if self.plan.key is not None or not self.is_reference:
            return cells.both(TYPES["text"].read(raw, Reading()), pl.lit(None, pl.String))
        if self.known_by is None:
            wrong = pl.when(wrong_id(self.plan).is_not_null()).then(pl.lit("INVALID_ASSOCIATION_KEY"))
            return cells.both(record_id(self.plan).cast(pl.String), wrong)
        read = TYPES[self.known_by.kind].check(raw, Reading())
        wrong = pl.when(read.struct.field("wrong").is_not_null()).then(pl.lit("INVALID_ASSOCIATION_KEY"))
        return cells.both(read.struct.field("value").cast(pl.String), wrong)
