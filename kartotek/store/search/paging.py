"""One page of what fits, in order, wherever it lies.

Records in order are read along an index where there is one (store/sorting.py): forwards for the first pages,
backwards for the last. Up, what is empty comes last, which is an index's own order. Down, it comes last too, so a page
that goes down is read in two parts: what is known along the index from its end, then what is empty.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from psycopg import sql

from kartotek.model.filters import Query
from kartotek.store.database import Tx

FARTHEST = 2**62
UNSORTED = sql.SQL("NULL::bigint")
FORWARDS, BACKWARDS = sql.SQL("{key} ASC NULLS LAST, _id DESC"), sql.SQL("{key} DESC NULLS FIRST, _id ASC")
_PAGE = sql.SQL("SELECT _id FROM {table} WHERE {where} ORDER BY {order} LIMIT {limit} OFFSET {offset}")
_COUNT = sql.SQL("SELECT count(*) FROM {table} WHERE {where}")
# To pass over so many, several processes go along the index together, though the planner thinks it too dear.
_DEEP = 50_000
_COSTS = ("parallel_tuple_cost", "parallel_setup_cost")
_TOGETHER = sql.SQL("; ").join(sql.SQL(f"SET LOCAL {name} = 0") for name in _COSTS)
_ALONE = sql.SQL("; ").join(sql.SQL(f"SET LOCAL {name} TO DEFAULT") for name in _COSTS)
Parts = Mapping[str, sql.Composable]


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
    if parts["key"] is UNSORTED:
        order = sql.SQL("_id ASC" if place.from_end else "_id DESC")
        found = _read(tx, parts, order, place.offset, place.limit)
    elif not query.descending:
        found = _read(tx, parts, BACKWARDS if place.from_end else FORWARDS, place.offset, place.limit)
    else:
        found = _down(tx, parts, place)
    return found[::-1] if place.from_end else found


def _down(tx: Tx, parts: Parts, place: Place) -> list[int]:
    known, empty = sql.SQL("{key} IS NOT NULL").format(**parts), sql.SQL("{key} IS NULL").format(**parts)
    order, ways = (FORWARDS, (empty, known)) if place.from_end else (BACKWARDS, (known, empty))
    first = _narrowed(parts, ways[0])
    found = _read(tx, first, order, place.offset, place.limit)
    if len(found) == place.limit:
        return found
    before = place.offset + len(found) if found or not place.offset else int(tx.value(_COUNT.format(**first)))
    rest = _narrowed(parts, ways[1])
    return found + _read(tx, rest, order, max(0, place.offset - before), place.limit - len(found))


def _narrowed(parts: Parts, condition: sql.Composable) -> Parts:
    return {**parts, "where": sql.SQL("{} AND {}").format(parts["where"], condition)}


def _read(tx: Tx, parts: Parts, order: sql.SQL, offset: int, limit: int) -> list[int]:
    asked = {**parts, "order": order.format(**parts), "offset": sql.Literal(offset), "limit": sql.Literal(limit)}
    if offset >= _DEEP:
        tx.run(_TOGETHER)
    found = [row["_id"] for row in tx.rows(_PAGE.format(**asked))]
    if offset >= _DEEP:
        tx.run(_ALONE)
    return found
