"""Erasure: what goes when a record is deleted permanently, told before."""

from dataclasses import dataclass

from kartotek.model.records import Record


@dataclass(frozen=True, slots=True)
class Erasure:
    """`records`: the record itself and those that became part of it; `lines`: import → the lines that tell of them."""

    record: Record
    records: tuple[int, ...]
    associations: int
    changes: int
    lists: int
    rehearsals: int
    lines: dict[int, tuple[int, ...]]
    addresses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ToDo:
    """Something that is left to be done to files: lines of an import to overwrite, or a path to remove."""

    id: int
    import_id: int | None
    lines: tuple[int, ...]
    path: str | None
