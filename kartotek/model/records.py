"""Record: one card of the index; Changes, Links and Batch: the one thing that is ever written.

A form makes a batch of one, the API of up to a hundred, an import of fifty thousand. Whatever
their number, they travel as Polars frames, a column for each property, typed as `values` says.
"""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import ClassVar

import polars as pl

from kartotek.model.object_types import ObjectType


class Source(StrEnum):
    """Where a value or an association comes from (records-and-associations.md 9.2)."""

    UNKNOWN = "UNKNOWN"
    USER = "USER"
    IMPORT = "IMPORT"
    API = "API"
    DELETION = "DELETION"
    MERGE = "MERGE"
    RESTORE = "RESTORE"
    DOMAIN = "DOMAIN"
    JOB = "JOB"
    MIGRATION = "MIGRATION"
    UNDO = "UNDO"  # of an import, which is its id; beyond the ten of 9.2


class Outcome(StrEnum):
    """What became of a row, for one object type; together they make up all rows."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    SKIPPED = "skipped"
    FAILED = "failed"
    HELD = "held"


@dataclass(frozen=True, slots=True)
class Record:
    object_type: ObjectType
    id: int
    values: dict[str, str | None]  # canonical text, as `values` writes it
    created: datetime
    updated: datetime
    archived: datetime | None = None
    primary: int | None = None  # the primary company
    source: Source = Source.UNKNOWN
    source_id: int | None = None
    person: int | None = None  # who made it

    @property
    def name(self) -> str:
        shown = " ".join(text for one in self.object_type.display if (text := self.values.get(one)))
        fallback = self.object_type.display_fallback
        return shown or (self.values.get(fallback) if fallback else None) or f"{self.object_type.label} {self.id}"


@dataclass(frozen=True, slots=True)
class Changes:
    """What to write to records of one object type.

    `frame` has `_key` (Int64, unique: the caller's number for the record), `_id` (Int64, null: create it)
    and a column per property that is present. A null leaves the value alone, unless `clear` says that it empties it.
    `SOUGHT`, where there is such a column, names the property by whose value nobody was found, for new records.
    """

    object_type: ObjectType
    frame: pl.DataFrame
    clear: bool = False
    # Properties that only fill what is empty ("don't overwrite", imports.md 8).
    fill_only: frozenset[str] = frozenset()
    # Properties of which the values that are named go, and the others stay.
    removing: frozenset[str] = frozenset()
    SOUGHT: ClassVar[str] = "_sought"
    # Unique properties whose values the caller looked up in this very transaction and found free for new records.
    looked_up: frozenset[str] = frozenset()
    # What a glimpse at these records, or some of them, showed a moment ago; for whoever decides ahead of their turn.
    seen: pl.DataFrame | None = None

    @staticmethod
    def adds(name: str) -> str:
        """The column of `frame`, where there is one, that says of which rows the options are added to those there."""
        return f"_adds_{name}"

    @property
    def empties(self) -> bool:
        """Whether a record may say less afterwards than it did."""
        marked = any(name.startswith(self.clears("")) for name in self.frame.columns)
        return self.clear or marked or bool(self.removing)

    @staticmethod
    def clears(name: str) -> str:
        """The column of `frame`, where there is one, that says of which rows the property is emptied."""
        return f"_clears_{name}"


@dataclass(frozen=True, slots=True)
class Links:
    """Pairs of records to associate.

    `frame` has, for each end, its record id or the `_key` that it has in this batch's Changes:
    `first_id`, `first_key`, `second_id`, `second_key` (Int64; exactly one of each two is given).
    Which end is named first does not matter. Where there is a column `HOLDS` (Boolean), only the links that it marks
    count as what an end belongs to. `labels`: the same ends once more, of pairs that are linked here or were before,
    and the `type` (Int64) of a label that they get beside those they have, as the first end sees it;
    and ROW, if any.
    """

    HOLDS: ClassVar[str] = "_holds"
    ROW: ClassVar[str] = "_row"  # the caller's number for the link, by which `Written.lost` names it

    first: ObjectType
    second: ObjectType
    frame: pl.DataFrame
    labels: pl.DataFrame | None = None


@dataclass(frozen=True, slots=True)
class Batch:
    changes: tuple[Changes, ...] = ()
    links: tuple[Links, ...] = ()


@dataclass(frozen=True, slots=True)
class Written:
    """What came of a batch.

    `outcomes`: per object type's name a frame `_key`, `_id` (null when failed), `outcome` (String).
    `problems`: `object_type`, `_key`, `property`, `type` (imports.md 14), `value`.
    `links`: `first`, `second` (record ids), `outcome` ("created", "unchanged" or "failed").
    `lost`: why links or labels were not made whose ends were both there to be had: `row` (as Links.ROW), `object_type`,
    `type`, `value`.
    """

    outcomes: dict[str, pl.DataFrame] = field(default_factory=dict)
    problems: pl.DataFrame = field(default_factory=pl.DataFrame)
    links: pl.DataFrame = field(default_factory=pl.DataFrame)
    lost: pl.DataFrame = field(default_factory=pl.DataFrame)
