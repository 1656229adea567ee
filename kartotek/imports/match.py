"""Each row to the record that it is about.

Before anything is written, one pass over the whole file gives every key a number of its own: the number of the first
row that has it. Rows with the same number are one record, wherever a batch ends. So the result does not depend on the
size of the batches, a rehearsal needs no writing to know what later rows will meet, and a company that half the rows
name is looked up once.

Only two 64-bit hashes of each key are kept in memory, 24 bytes a row; that two different keys of a file share both is
some 10^-26 likely for a million rows.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import combinations

import polars as pl

from kartotek.imports.check import ROW, absent_name, failed_name, id_name, value_name
from kartotek.imports.table import Plan
from kartotek.model.catalogue import Catalogue
from kartotek.model.object_types import ObjectType
from kartotek.model.properties import Property

RECORD_ID = "_id"
_HASHES = {ROW: pl.Int64, "h1": pl.UInt64, "h2": pl.UInt64}


@dataclass(frozen=True, slots=True)
class Chain:
    """By what rows find their record, best first: names of properties, and RECORD_ID."""

    object_type: ObjectType
    keys: tuple[str, ...]

    def kind(self) -> pl.Expr:
        """Which key of the chain a row has: its name, or null when it has none."""
        return pl.coalesce(
            *(pl.when(self._column(key).is_not_null()).then(pl.lit(key)) for key in self.keys), pl.lit(None, pl.String)
        )

    def text(self) -> pl.Expr:
        return pl.coalesce(*(self._column(key).cast(pl.String) for key in self.keys), pl.lit(None, pl.String))

    def _column(self, key: str) -> pl.Expr:
        name = self.object_type.name
        return pl.col(id_name(name) if key == RECORD_ID else value_name(name, key))


def chain(plan: Plan, one: ObjectType, match_by: str | None) -> Chain:
    """The record id, then the property the user chose, then other unique ones, email or domain last (imports.md 5)."""
    mapped = [one.properties[c.property] for c in plan.of(one.name) if c.property]
    unique = [prop for prop in mapped if prop.unique]
    customs = [prop for prop in unique if prop.kind not in ("email", "domain")]
    ranked = [*(p for p in unique if p.name == match_by), *customs, *unique]
    keys = [RECORD_ID] if plan.record_id_of(one.name) else []
    return Chain(one, tuple(dict.fromkeys([*keys, *(prop.name for prop in ranked)])))


def needed_for_keys(chains: Sequence[Chain], prop: Property) -> bool:
    """Whether this property has to be read to number the rows."""
    return any(c.object_type.name == prop.object_type and prop.name in c.keys for c in chains)


@dataclass(frozen=True, slots=True)
class Numbers:
    """What the first pass found out about every row of the file.

    `frame`: ROW and per object's name its group (the row that first named the record; null when the row has no part
    in it) and `<name>._twice` (a record id that stands on several rows of a file of one object); per pair of objects
    `a>b`, whether the row is the first to link those two records.
    """

    frame: pl.DataFrame
    pairs: tuple[tuple[ObjectType, ObjectType], ...]

    @property
    def rows(self) -> int:
        return len(self.frame)

    def of(self, first: int, count: int) -> pl.DataFrame:
        return self.frame.slice(first, count)

    def spanning(self, name: str, size: int) -> pl.DataFrame:
        """The groups, as `group`, whose rows do not all stand in the same batch."""
        later = pl.col(ROW) // size != pl.col(name) // size
        return self.frame.lazy().filter(later).select(group=pl.col(name)).unique().collect()


@dataclass(slots=True)
class Numbering:
    """Takes the checked rows batch by batch; `finish` numbers them."""

    chains: tuple[Chain, ...]
    catalogue: Catalogue
    _rows: int = 0
    _parts: dict[str, list[pl.DataFrame]] = field(default_factory=dict)

    def add(self, values: pl.DataFrame) -> None:
        self._rows += len(values)
        for one in self.chains:
            name = one.object_type.name
            key = pl.concat_str(one.kind(), one.text(), separator="\x1f")
            part = pl.col(failed_name(name)) | pl.col(absent_name(name))
            rows = values.lazy().filter(~part).select(ROW, key=key, by_id=one.kind() == RECORD_ID)
            self._parts.setdefault(name, []).append(
                rows.select(
                    ROW,
                    # A row without a key is a record of its own: its number stands in for the hash of a key.
                    h1=pl.when(pl.col("key").is_null()).then(pl.col(ROW).cast(pl.UInt64)).otherwise(pl.col("key").hash(1)),
                    h2=pl.when(pl.col("key").is_null()).then(pl.lit(0, pl.UInt64)).otherwise(pl.col("key").hash(2)),
                    by_id=pl.col("by_id").fill_null(False),
                ).collect()
            )

    def finish(self) -> Numbers:
        frame = pl.DataFrame({ROW: pl.int_range(self._rows, eager=True, dtype=pl.Int64)})
        alone = len(self.chains) == 1
        for one in self.chains:
            name = one.object_type.name
            frame = frame.join(_groups(pl.concat(self._parts.pop(name)), name, alone), on=ROW, how="left", maintain_order="left")
        pairs = tuple(
            (a.object_type, b.object_type)
            for a, b in combinations(self.chains, 2)
            if self.catalogue.can_associate(a.object_type.name, b.object_type.name)
        )
        firsts = [_first_link(a.name, b.name) for a, b in pairs]
        return Numbers(frame.with_columns(firsts), pairs)


def link_name(first: str, second: str) -> str:
    return f"{first}>{second}"


def twice_name(object_type: str) -> str:
    return f"{object_type}._twice"


def _groups(hashes: pl.DataFrame, name: str, alone: bool) -> pl.DataFrame:
    """ROW, the group and whether it is a record id that stands twice in a file of one object."""
    same = (pl.col("h1") == pl.col("h1").shift(1)) & (pl.col("h2") == pl.col("h2").shift(1))
    grouped = hashes.sort("h1", "h2", ROW).select(
        ROW, "by_id", group=pl.when(same.fill_null(False)).then(None).otherwise(pl.col(ROW)).forward_fill()
    )
    if alone:
        repeated = pl.col("group").is_duplicated() & pl.col("by_id")
        grouped = grouped.with_columns(twice=repeated)
    else:
        grouped = grouped.with_columns(twice=pl.lit(False))
    return grouped.select(ROW, pl.col("group").alias(name), pl.col("twice").alias(twice_name(name)))


def _first_link(first: str, second: str) -> pl.Expr:
    both = pl.col(first).is_not_null() & pl.col(second).is_not_null()
    return (both & pl.struct(first, second).is_first_distinct()).alias(link_name(first, second))
