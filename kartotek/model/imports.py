"""Import: a file on its way to records; Books: what became of its rows."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any


class State(StrEnum):
    """imports.md 15.4, and what comes before an import is one."""

    DRAFT = "DRAFT"  # the wizard is open
    STARTED = "STARTED"
    PROCESSING = "PROCESSING"
    PAUSED = "PAUSED"  # between two batches, until somebody lets it go on
    DONE = "DONE"
    FAILED = "FAILED"
    CANCELED = "CANCELED"
    REHEARSED = "REHEARSED"  # a dry run; it has no id


# States in which an import will not change any more.
ENDED = (State.DONE, State.FAILED, State.CANCELED)
# States in which no worker is to touch it.
RESTING = (*ENDED, State.PAUSED)


class Cells(StrEnum):
    """What became of a cell; together they make up the rows times the columns of the file."""

    CREATED = "created"  # a value of a new record
    UPDATED = "updated"  # changed what a record said
    UNCHANGED = "unchanged"  # the record says so already, keeps its own, or has it from another row
    LABELS = "labels"  # of associations, which have books of their own
    EMPTY = "empty"  # says nothing, and changed nothing
    SKIPPED = "skipped"  # of a column, or of a row, that is not imported
    FAILED = "failed"  # could not be read, or went down with its row
    HELD = "held"


@dataclass(frozen=True, slots=True)
class Books:
    """What became of the rows; each object's outcomes add up to `rows`."""

    rows: int
    objects: dict[str, dict[str, int]]  # object type → outcome → rows
    associations: dict[str, int]  # created, updated, unchanged, removed, failed
    problems: dict[str, int] = field(default_factory=dict)  # error type → how many
    cells: dict[str, int] = field(default_factory=dict)  # as Cells: all of them add up to rows × columns
    # What came of no row: companies made, and contacts associated, by their domain
    by_domain: dict[str, int] = field(default_factory=lambda: {"companies": 0, "contacts": 0})


@dataclass(frozen=True, slots=True)
class File:
    id: int
    name: str
    path: str  # inside the file store
    size: int
    digest: bytes


@dataclass(frozen=True, slots=True)
class Import:
    id: int
    name: str
    files: tuple[File, ...]
    person: int | None
    person_name: str | None
    state: State
    plan: dict[str, Any] | None  # imports.table.Plan as JSON
    draft: dict[str, Any]  # what the wizard knows so far
    rows: int | None
    position: int  # rows done
    message: str | None
    cancelled: datetime | None
    created: datetime
    started: datetime | None
    finished: datetime | None
    seen: datetime | None = None  # the worker's last sign of life
    read: int | None = None  # rows read so far, before the first one is written
    since: datetime | None = None  # when its present worker began to write
    since_position: int = 0  # rows that had been done by then
    paused: datetime | None = None  # when somebody asked for it
    rehearsed: bool = False  # whether it holds what is not as its rehearsal found it
    held_of: int | None = None  # the import whose held rows these are, instead of the whole file
    lines: tuple[int, ...] = ()  # of each source, how many lines the ones before it have

    @property
    def file(self) -> File:
        """The first one; most imports have no other."""
        return self.files[0]

    @property
    def file_names(self) -> str:
        return ", ".join(file.name for file in self.files)

    @property
    def is_to_stop(self) -> bool:
        """Whether somebody has asked for it, be it for a while or for good."""
        return self.cancelled is not None or self.paused is not None


@dataclass(frozen=True, slots=True)
class Asked:
    """Which imports of the history: in a state, by a person, of an object, with a text in their name or file's."""

    state: State | None = None
    person: int | None = None
    object_type: str | None = None
    search: str | None = None
