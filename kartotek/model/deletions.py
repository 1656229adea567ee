"""Deletion: the records that an import created, on their way out."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Deletion:
    import_id: int
    person: int
    records: int  # that were there when it was asked for
    archived: int
    message: str | None
    created: datetime
    finished: datetime | None

    @property
    def percent(self) -> int:
        return min(100, self.archived * 100 // self.records) if self.records else 100
