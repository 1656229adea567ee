"""The newest of what fits, of several types at once: what a timeline shows.

One statement for all of them, so that no more records are read than are shown.
"""

from collections.abc import Sequence

from psycopg import sql

from kartotek.model.filters import Query
from kartotek.model.object_types import ObjectType
from kartotek.model.people import Narrowing
from kartotek.store import search, tables
from kartotek.store.database import Tx


def of(
    tx: Tx, asked: Sequence[tuple[ObjectType, Query, Narrowing]], moment: str, most: int
) -> list[list[int]]:  # fmt: skip
    """For each that is asked the ids of those among the newest `most` of all, by this property or else by when they
    were made."""
    selects = [
        _SOME.format(
            place=sql.Literal(place),
            at=tables.value(one.properties[moment]),
            table=tables.table(one),
            where=search.fitting(tx, one, query, narrowing).where,
            most=sql.Literal(most),
        )
        for place, (one, query, narrowing) in enumerate(asked)
    ]
    found: list[list[int]] = [[] for _ in asked]
    if selects:
        some = sql.SQL(" UNION ALL ").join(selects)
        for row in tx.rows(_NEWEST.format(some=some, most=sql.Literal(most))):
            found[row["place"]].append(row["_id"])
    return found


_SOME = sql.SQL("""
(SELECT {place} AS place, _id, coalesce({at}, _created) AS at FROM {table} WHERE {where}
  ORDER BY coalesce({at}, _created) DESC, _id LIMIT {most})""")
_NEWEST = sql.SQL("SELECT place, _id FROM ({some}) AS each ORDER BY at DESC, place, _id LIMIT {most}")
