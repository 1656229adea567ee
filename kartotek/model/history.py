"""What history tells: Update, one thing that happened to an association; Past, a record as it was on a day."""

from dataclasses import dataclass
from datetime import date, datetime

from kartotek.model.object_types import ObjectType
from kartotek.model.records import Record, Source


@dataclass(frozen=True, slots=True)
class Origin:
    """By whom and by which way something came about. `file` and `line`: of the import, where it was one."""

    source: Source
    source_id: int | None
    person: int | None
    actor: str | None  # what the person is called, where that is known
    file: str | None = None
    line: int | None = None


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """What a property said until `at`, and what it says since. `record`: its number then, if it was merged since."""

    at: datetime
    property: str
    old: str | None
    new: str | None
    record: int
    origin: Origin


@dataclass(frozen=True, slots=True)
class Update:
    """Something that happened to an association, seen from one end; `name` is null for those who may not see it.

    `what`: created, removed, label added, label removed, primary set, primary removed, dates set or dates removed;
    `label` as this end calls it.
    """

    at: datetime
    what: str
    object_type: ObjectType
    other: int
    name: str | None
    origin: Origin
    label: str | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    exists: bool = True  # whether the other record has a page still
    record: int = 0  # the number that the record at this end had then, if it was merged since

    @property
    def place(self) -> tuple[datetime, int, int]:
        """Where it stands in the list, for the page that follows."""
        return self.at, self.other, int(self.what == "removed")


@dataclass(frozen=True, slots=True)
class PastLink:
    """A record that was associated, as it is called now or was when the association ended."""

    object_type: ObjectType
    other: int
    name: str | None
    began: datetime
    labels: tuple[str, ...]
    primary: bool
    exists: bool = True
    starts_on: date | None = None
    ends_on: date | None = None


@dataclass(frozen=True, slots=True)
class Past:
    """A record as it was at a moment. `links`: per type the newest few; `totals`: how many there were of each."""

    record: Record
    at: datetime
    links: tuple[PastLink, ...]
    totals: dict[str, int]
    archived: bool
