"""Reading along an order, from somewhere in it; far inside, from a record that is guessed and counted.

To pass over half a million records along an index takes a second: each is fetched, and its key worked out anew. But a
sample tells which record stands about there; along the index it is soon counted how many come before that one, without
their order; and from there it is not far to the page.
"""

from collections.abc import Callable, Iterable, Mapping

from psycopg import sql

from kartotek.store.database import Tx

UNSORTED = sql.SQL("NULL::bigint")
FORWARDS, BACKWARDS = sql.SQL("{key} ASC NULLS LAST, _id DESC"), sql.SQL("{key} DESC NULLS FIRST, _id ASC")
Parts = Mapping[str, sql.Composable]
Step = Callable[[Tx, Parts, sql.SQL, int, int], list[int]]

# From here on it is worth the guess; so many records are looked at for it.
DEEP, _SAMPLED = 50_000, 10_000
_PAGE = sql.SQL("SELECT _id FROM {table} WHERE {where} ORDER BY {order} LIMIT {limit} OFFSET {offset}")
_COUNT = sql.SQL("SELECT count(*) FROM {table} WHERE {where}")
_SIZE = sql.SQL("SELECT reltuples FROM pg_class WHERE oid = {name}::regclass")
# Of a hundred records sampled of a thousand, the tenth stands about where the hundredth does of all.
_GUESS = sql.SQL("""
WITH fitting AS MATERIALIZED (
    SELECT {key} AS key, _id FROM {table} TABLESAMPLE SYSTEM ({percent}) REPEATABLE (1) WHERE {where}
)
SELECT key, _id FROM fitting ORDER BY {order} LIMIT 1
OFFSET greatest(0, least((SELECT count(*) FROM fitting) - 1,
    {offset} * (SELECT count(*) FROM {table} TABLESAMPLE SYSTEM ({percent}) REPEATABLE (1)) / {size}))
""")
# To count what an index names, in the order of the table, though the planner thinks the order of the index cheaper.
_PLANS = ("enable_indexscan", "enable_seqscan")
_UNORDERED = sql.SQL("; ").join(sql.SQL(f"SET LOCAL {name} = off") for name in _PLANS)
# To pass over so many, several processes go along the index together, though the planner thinks it too dear.
_COSTS = ("parallel_tuple_cost", "parallel_setup_cost")
_TOGETHER = sql.SQL("; ").join(sql.SQL(f"SET LOCAL {name} = 0") for name in _COSTS)
_AS_USUAL = sql.SQL("; ").join(sql.SQL(f"SET LOCAL {name} TO DEFAULT") for name in (*_PLANS, *_COSTS))


def read(tx: Tx, parts: Parts, order: sql.SQL, offset: int, limit: int) -> list[int]:
    """A page of what fits, in an order: FORWARDS, BACKWARDS, or by `_id`.

    `parts` names table, condition and key; and `plain` stands among them where the condition asks nothing of other
    tables: else it is not known what counting without an order would cost.
    """
    if offset < DEEP:
        return walk(tx, parts, order, offset, limit)
    if order in (FORWARDS, BACKWARDS) and "plain" in parts:
        return leap(tx, parts, order, offset, limit)
    tx.run(_TOGETHER)
    found = walk(tx, parts, order, offset, limit)
    tx.run(_AS_USUAL)
    return found


def leap(tx: Tx, parts: Parts, order: sql.SQL, offset: int, limit: int) -> list[int]:
    """The same page, not by passing over all that comes before."""
    mark = _guess(tx, parts, order, offset)
    if mark is None:
        return walk(tx, parts, order, offset, limit)
    before, behind = _split(parts["key"], order, *mark)
    passed = _count(tx, narrowed(parts, sql.SQL("({})").format(sql.SQL(" OR ").join(before))))
    in_front = min(offset + limit, passed) - offset
    found: list[int] = []
    if in_front > 0:
        back = BACKWARDS if order is FORWARDS else FORWARDS
        # Who has leapt, and landed badly, would land there again: so from here on one walks.
        found = along(tx, each(parts, before[::-1]), back, passed - offset - in_front, in_front, walk)[::-1]
    return found + along(tx, each(parts, behind), order, max(0, offset - passed), limit - len(found), walk)


def along(tx: Tx, ways: Iterable[Parts], order: sql.SQL, offset: int, limit: int, step: Step) -> list[int]:
    """A page of what fits one way and then another, each in this order, found by `step`."""
    found: list[int] = []
    for way in ways:
        some = step(tx, way, order, offset, limit - len(found))
        found += some
        if len(found) >= limit:
            break
        passed = offset + len(some) if some or not offset else _count(tx, way)
        offset = max(0, offset - passed)
    return found


def each(parts: Parts, conditions: Iterable[sql.Composable]) -> list[Parts]:
    return [narrowed(parts, one) for one in conditions]


def narrowed(parts: Parts, condition: sql.Composable) -> Parts:
    return {**parts, "where": sql.SQL("{} AND {}").format(parts["where"], condition)}


def walk(tx: Tx, parts: Parts, order: sql.SQL, offset: int, limit: int) -> list[int]:
    asked = {**parts, "order": order.format(**parts), "offset": sql.Literal(offset), "limit": sql.Literal(limit)}
    return [row["_id"] for row in tx.rows(_PAGE.format(**asked))]


def _guess(tx: Tx, parts: Parts, order: sql.SQL, offset: int) -> tuple[object, int] | None:
    """The key and id of a record that stands about there; None where too little is known."""
    size = int(tx.value(_SIZE.format(**parts)))
    if size <= 0:
        return None
    asked = {
        **parts,
        "order": order.format(key=sql.SQL("key")),
        "offset": sql.Literal(offset),
        "size": sql.Literal(size),
        "percent": sql.Literal(min(100.0, 100 * _SAMPLED / size)),
    }
    row = tx.row(_GUESS.format(**asked))
    return (row["key"], row["_id"]) if row else None


def _split(
    key: sql.Composable, order: sql.SQL, value: object, id: int
) -> tuple[list[sql.Composable], list[sql.Composable]]:
    """What comes before that record, and it with what comes behind: conditions, one after the other in this order."""
    names = {"key": key, "value": sql.Literal(value), "id": sql.Literal(id)}
    if value is None:
        steps = ["{key} IS NOT NULL", "({key} IS NULL AND _id > {id})", "({key} IS NULL AND _id <= {id})"]
        turned = ["({key} IS NULL AND _id < {id})", "({key} IS NULL AND _id >= {id})", "{key} IS NOT NULL"]
        split, split_turned = 2, 1
    else:
        same = "({key} = {value} AND _id "
        steps = ["{key} < {value}", same + "> {id})", same + "<= {id})", "{key} > {value}", "{key} IS NULL"]
        turned = ["{key} IS NULL", "{key} > {value}", same + "< {id})", same + ">= {id})", "{key} < {value}"]
        split, split_turned = 2, 3
    if order is BACKWARDS:
        steps, split = turned, split_turned
    ways: list[sql.Composable] = [sql.SQL(step).format(**names) for step in steps]
    return ways[:split], ways[split:]


def _count(tx: Tx, parts: Parts) -> int:
    tx.run(_UNORDERED)
    found = int(tx.value(_COUNT.format(**parts)))
    tx.run(_AS_USUAL)
    return found
