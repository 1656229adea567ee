"""What history tells: Update, one thing that happened to an association, and where it came from."""

from dataclasses import dataclass
from datetime import datetime

from kartotek.model.object_types import ObjectType
from kartotek.model.records import Source


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
class Update:
    """Something that happened to an association, seen from one end; `name` is null for those who may not see it.

    `what`: created, removed, label added, label removed, primary set or primary removed; `label` as this end calls it.
    """

    at: datetime
    what: str
    object_type: ObjectType
    other: int
    name: str | None
    origin: Origin
    label: str | None = None
    exists: bool = True  # whether the other record has a page still

    @property
    def place(self) -> tuple[datetime, int, int]:
        """Where it stands in the list, for the page that follows."""
        return self.at, self.other, int(self.what == "removed")
