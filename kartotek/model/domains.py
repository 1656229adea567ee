"""DomainRun: a run over all contacts that have no company, which finds them theirs by domain."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class DomainRun:
    id: int
    rows: int  # contacts without a company when it began
    looked: int  # of those, so far
    companies: int  # made
    contacts: int  # associated
    stopped: bool  # because the setting was switched off
    created: datetime
    finished: datetime | None
