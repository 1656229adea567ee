"""Association: two records that belong together; AssociationType: what kind of link, seen from one end."""

from dataclasses import dataclass
from datetime import date, datetime

from kartotek.model.records import Record, Source


@dataclass(frozen=True, slots=True)
class AssociationType:
    id: int
    category: str  # HUBSPOT_DEFINED or USER_DEFINED
    from_type: str  # "contacts"
    to_type: str  # "companies"
    kind: str  # unlabeled, primary, labeled, legacy_v1
    name: str
    label: str | None
    inverse: int | None
    most: int | None = None  # how many a record of `from_type` may have; None: any number

    @property
    def is_own(self) -> bool:
        """Whether people have made it themselves."""
        return self.category == "USER_DEFINED"


@dataclass(frozen=True, slots=True)
class Association:
    """One associated record as its card shows it, seen from the other end."""

    record: Record
    began: datetime
    source: Source
    source_id: int | None
    primary: bool = False
    labels: tuple[AssociationType, ...] = ()  # what the record is to the other end
    starts_on: date | None = None  # from when until when it holds, as somebody says
    ends_on: date | None = None
