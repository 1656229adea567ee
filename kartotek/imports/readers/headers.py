"""Which row is the header: the first one, unless it is clearly a title above the table."""

from collections.abc import Sequence
from statistics import median_high

LOOK_AT = 60  # rows
_TITLES = 25  # so many rows above the header at most
# DATEV's exports begin with a row about the export itself, of numbers and dates, which is as wide as a table.
_FOREWORDS = frozenset({"EXTF", "DTVF"})


def find(rows: Sequence[Sequence[str]]) -> int | None:
    """The index of the header among the first rows of a table; blank rows may be among them.

    A title fills one cell, or a few, while the rows below fill many; a header of few columns, or a file that begins
    with data, is never skipped.
    """
    filled = [sum(1 for cell in row if cell.strip()) for row in rows]
    at = [i for i, count in enumerate(filled) if count]
    if len(at) > 1 and rows[at[0]][0].strip() in _FOREWORDS:
        return at[1]
    for position, index in enumerate(at[:_TITLES]):
        below = [filled[i] for i in at[position + 1 :]]
        if not below or not _is_title(filled[index], below):
            return index
    return at[0] if at else None


def last_named(header: Sequence[str]) -> int:
    """How many columns there are when those without a header at the end are left out."""
    return max((i + 1 for i, cell in enumerate(header) if cell.strip()), default=0)


def _is_title(count: int, below: list[int]) -> bool:
    usual = median_high(below)
    return (count == 1 and (usual >= 2 or below[0] >= 3)) or count * 2 < usual
