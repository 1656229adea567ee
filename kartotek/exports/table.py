"""What the parts of an export hand each other: Format, Style, Column. Nothing here does any work."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Format(StrEnum):
    CSV = "csv"
    XLSX = "xlsx"
    JSONL = "jsonl"


class Said(StrEnum):
    """How headers and options are written: as people see them, or by the names that programs know them by."""

    LABELS = "labels"
    NAMES = "names"


LANGUAGES = ("en", "da")


@dataclass(frozen=True, slots=True)
class Style:
    format: Format = Format.CSV
    headers: Said = Said.LABELS
    options: Said = Said.LABELS
    language: str = "en"  # of labels


class Kind(StrEnum):
    """What a cell holds, as far as a format makes a difference."""

    TEXT = "text"
    SEVERAL = "several"  # texts, with semicolons between them
    NUMBER = "number"
    DATE = "date"
    BOOLEAN = "boolean"
    ID = "id"
    IDS = "ids"  # a list of record ids
    LIST = "list"  # a list of texts
    LABELS = "labels"  # for each of those ids a list of texts


@dataclass(frozen=True, slots=True)
class Column:
    """`source` is the column of a batch as domain/extracts gives it; `words` say what its options are called."""

    header: str
    source: str
    kind: Kind
    words: Mapping[str, str] = field(default_factory=dict)
    domains: bool = False  # whether its texts are kept as the DNS has them, and written as people do
