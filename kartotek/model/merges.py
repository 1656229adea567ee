"""Merge: what two records become when they become one, before it is done."""

from dataclasses import dataclass

from kartotek.model.object_types import ObjectType
from kartotek.model.properties import Property
from kartotek.model.records import Record


@dataclass(frozen=True, slots=True)
class Line:
    """One property that at least one of them fills. `result`: what it says afterwards."""

    property: Property
    kept: str | None
    gone: str | None
    result: str | None


@dataclass(frozen=True, slots=True)
class Merge:
    """`kept` stays, with its number; `gone` becomes part of it. `carried`: per type how many associations move over.
    `left`: what does not, for a limit leaves no room for it: per type and label (None: the association) how many."""

    kept: Record
    gone: Record
    lines: tuple[Line, ...]
    carried: tuple[tuple[ObjectType, int], ...]
    lists: int
    left: tuple[tuple[ObjectType, str | None, int], ...] = ()
