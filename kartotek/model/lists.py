"""List: records of one object type, picked by hand or by an import."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class List:
    id: int
    name: str
    object_type: str  # "contacts"
    person_name: str | None
    import_id: int | None  # the import that made it
    created: datetime
    members: int = 0  # records that are still there
