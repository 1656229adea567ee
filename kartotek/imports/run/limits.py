"""How much an import takes: the one list that pages, documentation and tests read. Nothing beyond it is cut off."""

from dataclasses import dataclass
from enum import StrEnum

from kartotek.domain import identifiers
from kartotek.imports.readers import limits as readers
from kartotek.settings import Settings
from kartotek.values import text


class Limit(StrEnum):
    BYTES = "bytes"  # of a file
    COLUMNS = "columns"  # of a sheet
    CELL = "cell"  # characters
    IDENTIFIER = "identifier"  # characters of a value that identifies a record


@dataclass(frozen=True, slots=True)
class Most:
    limit: Limit
    most: int


def limits(settings: Settings) -> tuple[Most, ...]:
    """As they are here and now: the size of a file is a setting."""
    return (
        Most(Limit.BYTES, settings.file_limit),
        Most(Limit.COLUMNS, readers.MOST_COLUMNS),
        Most(Limit.CELL, text.LONGEST),
        Most(Limit.IDENTIFIER, identifiers.LONGEST),
    )
