"""One page of what fits, in order, wherever it lies.

Records in order are read along an index where there is one (store/sorting.py): forwards for the first pages,
backwards for the last. Up, what is empty comes last, which is an index's own order. Down, it comes last too, so a page
that goes down is read in two parts: what is known along the index from its end, then what is empty.
"""

from dataclasses import dataclass

from psycopg import sql

from kartotek.model.filters import Query
from kartotek.store.database import Tx
from kartotek.store.search import depths, unindexed

FARTHEST = 2**62
Parts = depths.Parts


@dataclass(frozen=True, slots=True)
class Place:
    """Where the page lies in what fits; `from_end` counts from the last."""

    offset: int
    limit: int
    from_end: bool = False


def place(query: Query, total: int | None = None) -> Place:
    """`total`, where it is known: what lies behind the middle is sooner reached from the end."""
    offset = min(query.offset, FARTHEST)
    if query.from_end or total is None or offset <= total // 2:
        return Place(offset, query.limit, query.from_end)
    limit = max(0, min(query.limit, total - offset))
    return Place(max(0, total - offset - limit), limit, True)


def ids(tx: Tx, parts: Parts, query: Query, place: Place) -> list[int]:
    """`parts` names the table, what is asked, and the key that is sorted by."""
    if place.limit == 0:
        return []
    if parts["key"] is depths.UNSORTED:
        order = sql.SQL("_id ASC" if place.from_end else "_id DESC")
        found = depths.read(tx, parts, order, place.offset, place.limit)
    elif place.offset < depths.DEEP and unindexed.is_missing(tx, parts):
        order = depths.FORWARDS if query.descending == place.from_end else depths.BACKWARDS
        read = unindexed.read_back if place.from_end else unindexed.read
        found = read(tx, parts, order, place.offset, place.limit)
    elif not query.descending:
        order = depths.BACKWARDS if place.from_end else depths.FORWARDS
        found = depths.read(tx, parts, order, place.offset, place.limit)
    else:
        found = _down(tx, parts, place)
    return found[::-1] if place.from_end else found


def _down(tx: Tx, parts: Parts, place: Place) -> list[int]:
    known, empty = sql.SQL("{key} IS NOT NULL").format(**parts), sql.SQL("{key} IS NULL").format(**parts)
    order, ways = (depths.FORWARDS, (empty, known)) if place.from_end else (depths.BACKWARDS, (known, empty))
    return depths.along(tx, depths.each(parts, ways), order, place.offset, place.limit, depths.read)
