"""Retyping: a property on its way to another kind."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Retyping:
    """`rows`: the records that had a value when it began; `lost`: those that say nothing now."""

    id: int
    object_type: str
    name: str
    before: str
    after: str
    is_unique: bool  # it goes on to hold what it does, and no value twice
    phase: str
    rows: int
    done: int
    lost: int
    cancelled: bool
    waiting: str | None  # for what, just now
    message: str | None  # why it could not go on
    created: datetime
    switched: datetime | None  # since when the property holds something else
    finished: datetime | None
    person_name: str | None

    @property
    def percent(self) -> int:
        return self.done * 100 // self.rows if self.rows else 0
