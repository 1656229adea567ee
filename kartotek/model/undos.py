"""Undo: an import being taken back; UndoBooks: what became of all it did; Remainder: what stays of it, and why."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class UndoState(StrEnum):
    STARTED = "STARTED"
    PROCESSING = "PROCESSING"
    DONE = "DONE"
    FAILED = "FAILED"


class Why(StrEnum):
    """Why something of an import stays."""

    # A value that is not put back:
    CHANGED = "CHANGED"  # somebody has changed it since
    TAKEN = "TAKEN"  # the address or unique value belongs to another record by now
    TOGETHER = "TOGETHER"  # it goes with another value, which stays
    NEEDED = "NEEDED"  # without it the record would lack what its type needs
    UNFIT = "UNFIT"  # the property, or the stage in its pipeline, is not there any more
    ARCHIVED = "ARCHIVED"  # the whole record was archived since
    # A created record that is not archived:
    EDITED = "EDITED"  # somebody has changed a value of it since
    LINKED = "LINKED"  # somebody has associated it since
    # An association that does not end:
    LABELLED = "LABELLED"  # somebody has labelled it since
    PRIMARY = "PRIMARY"  # somebody has chosen the primary company since
    # An association or a label that does not come back:
    FULL = "FULL"  # a limit leaves no room for it by now, or a company has another parent


@dataclass(frozen=True, slots=True)
class UndoBooks:
    """What became of all that an import did, counted from the database.

    `records`: per object type of those created archived, kept, gone (archived by somebody before).
    `values`: per object type of those written over restored, kept, gone (with their record).
    `links`: of those made ended, kept, gone (ended by somebody before); and restored, which the import had ended.
    `labels` and `primaries`: ended, kept, restored. `lists`: memberships ended.
    """

    records: dict[str, dict[str, int]] = field(default_factory=dict)
    values: dict[str, dict[str, int]] = field(default_factory=dict)
    links: dict[str, int] = field(default_factory=dict)
    labels: dict[str, int] = field(default_factory=dict)
    primaries: dict[str, int] = field(default_factory=dict)
    lists: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Remainder:
    object_type: str
    record: int
    name: str  # what the record is called now
    property: str | None
    why: Why
    other: int | None
    value: str | None  # what would have come back
    other_type: str | None = None  # the object of the record `other`, while it has to do with this one
    other_name: str | None = None


@dataclass(frozen=True, slots=True)
class Undo:
    import_id: int
    person: int | None
    person_name: str | None
    state: UndoState
    done: int  # rows of the import taken back
    rows: int
    message: str | None
    created: datetime
    finished: datetime | None


@dataclass(frozen=True, slots=True)
class UndoPreview:
    """What an undo would do now. `remainders`: the first of those that would stay; `stays`: how many, by property."""

    books: UndoBooks
    remainders: tuple[Remainder, ...]
    stays: dict[tuple[str, str | None, Why], int]  # object type, property, why → how many
