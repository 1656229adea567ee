"""Keys that tie the sources of a run together (imports.md 9.2): which record a row of another table belongs to.

Such a key means something inside the run's own files only. Where its object type has columns of its own, its home, the
value leads to the row's record; what else bears that value belongs to that record. A value that leads to two records
leads nowhere: nothing is guessed. Only hashes are kept, as of other keys.
"""

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl

from kartotek.imports.table import ROW, UNMET, As, ColumnPlan, Plan, key_name
from kartotek.values import frames

_REFERRING = (As.KEY, As.ASSOCIATION)
_HASHES = {ROW: pl.UInt32, "h1": pl.UInt64, "h2": pl.UInt32}
_LEADS = {"h1": pl.UInt64, "h2": pl.UInt32, "group": pl.UInt32, "several": pl.Boolean}


@dataclass(frozen=True, slots=True)
class Tie:
    """One key: its columns where the records are at home, and those that refer to them from later sources.

    What refers to a record that is read later, or of the row's own type, waits until all records are in.
    """

    object_type: str
    key: str
    homes: tuple[ColumnPlan, ...]
    references: tuple[ColumnPlan, ...]
    waiting: tuple[ColumnPlan, ...]

    def hashes(self, value: pl.Expr) -> tuple[pl.Expr, pl.Expr]:
        seed = zlib.crc32(f"{self.object_type} {self.key}".encode())
        return value.hash(seed), (value.hash(seed + 1) % 2**32).cast(pl.UInt32)


def of(plan: Plan) -> tuple[Tie, ...]:
    places = {source: place for place, source in enumerate(in_order(plan))}
    return tuple(_tie(object_type, key, columns, places) for (object_type, key), columns in _named(plan).items())


def in_order(plan: Plan) -> tuple[int, ...]:
    """The sources as they are to be read: the homes of keys first, as far as they do not need each other."""
    needs: dict[int, set[int]] = {source: set() for source in range(len(plan.sources))}
    for columns in _named(plan).values():
        homes = {c.source for c in columns if c.imported_as not in _REFERRING}
        for column in columns:
            if column.imported_as is As.KEY:
                needs[column.source] |= homes - {column.source}
    order: list[int] = []
    while needs:
        ready = min(needs, key=lambda source: (len(needs[source] - set(order)), source))
        order.append(ready)
        del needs[ready]
    return tuple(order)


def _named(plan: Plan) -> dict[tuple[str, str], list[ColumnPlan]]:
    named: dict[tuple[str, str], list[ColumnPlan]] = {}
    for column in plan.columns:
        if column.key is not None:
            named.setdefault((str(column.object_type), column.key), []).append(column)
    return named


def _tie(object_type: str, key: str, columns: Sequence[ColumnPlan], places: Mapping[int, int]) -> Tie:
    homes = tuple(c for c in columns if c.imported_as not in _REFERRING)
    last = max((places[c.source] for c in homes), default=len(places))
    others = [c for c in columns if c not in homes]
    at_once = tuple(c for c in others if c.imported_as is As.KEY and places[c.source] > last)
    return Tie(object_type, key, homes, at_once, tuple(c for c in others if c not in at_once))


@dataclass(slots=True)
class Tying:
    """Takes the checked rows batch by batch; then `groups` says of the rows that refer to a record which it is."""

    ties: tuple[Tie, ...]
    _homes: dict[Tie, list[pl.DataFrame]] = field(default_factory=dict)
    _references: dict[Tie, list[pl.DataFrame]] = field(default_factory=dict)

    def add(self, values: pl.DataFrame) -> None:
        for tie in self.ties:
            for kept, columns in ((self._homes, tie.homes), (self._references, tie.references)):
                said = [_said(tie, column, values) for column in columns if key_name(column.index) in values.columns]
                kept.setdefault(tie, []).extend(part for part in said if len(part))

    def leads(self, tie: Tie, groups: pl.Series) -> pl.DataFrame:
        """As _LEADS, a line for each value; `groups`: of every row its record of this type."""
        parts = self._homes.get(tie, [])
        homes = pl.concat(parts) if parts else pl.DataFrame(schema=_HASHES)
        told = homes.with_columns_seq(group=groups.gather(homes[ROW])).drop_nulls("group")
        return told.group_by("h1", "h2").agg(
            pl.col("group").min(), several=pl.col("group").min() != pl.col("group").max()
        ).select_seq(_LEADS.keys())  # fmt: skip

    def tied(self, frame: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
        """`frame` (as Numbers.frame) with the records that rows refer to; and what leads nowhere, as UNMET."""
        unmet = [pl.DataFrame(schema=UNMET)]
        for tie in self.ties:
            if not (parts := self._references.get(tie)):
                continue
            found = pl.concat(parts).join(self.leads(tie, frame[tie.object_type]), on=["h1", "h2"], how="left")
            met = found.filter(~pl.col("several"))
            groups = frame[tie.object_type].clone().scatter(met[ROW], met["group"])
            frame = frame.with_columns_seq(groups.alias(tie.object_type))
            unmet.append(_unmet(tie, found.filter(pl.col("several").fill_null(True))))
        return frame, pl.concat(unmet).sort(ROW)


def unmet_type(several: pl.Expr) -> pl.Expr:
    """What a value is told as that leads to several records, or (null) to none."""
    return (
        pl.when(several).then(pl.lit("DUPLICATE_ASSOCIATION_ID"))
        .otherwise(pl.lit("NO_OBJECT_ID_FROM_ASSOCIATION_IDENTIFIER"))
    )  # fmt: skip


def _said(tie: Tie, column: ColumnPlan, values: pl.DataFrame) -> pl.DataFrame:
    text = pl.col(key_name(column.index))
    h1, h2 = tie.hashes(text)
    rows = values.filter(text.is_not_null()).select_seq(ROW, h1=h1, h2=h2, place=pl.lit(column.index, pl.Int64))
    return frames.cast(rows, _HASHES)


def _unmet(tie: Tie, rows: pl.DataFrame) -> pl.DataFrame:
    return rows.select_seq(
        pl.col(ROW).cast(pl.Int64), "place", object_type=pl.lit(tie.object_type), type=unmet_type(pl.col("several"))
    )


def waiting(plan: Plan) -> Mapping[int, list[ColumnPlan]]:
    """Per source the columns that name records for which the rows have to wait until all are in."""
    found: dict[int, list[ColumnPlan]] = {}
    tied = {column.index for tie in of(plan) for column in tie.waiting}
    for column in plan.columns:
        if column.imported_as is As.ASSOCIATION or column.index in tied:
            found.setdefault(column.source, []).append(column)
    return found
