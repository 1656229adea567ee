"""Recipe: the plan of an import, kept under a name."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Recipe:
    id: int
    name: str
    text: str  # TOML, as imports/recipes writes and reads it
    person: int | None
    person_name: str | None
    created: datetime
