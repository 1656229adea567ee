"""What records are associated with, of what their reader may see: for those who may not see everything.

Who may reads it from the associations alone (associations.sql), without a look at the records at the other end.
"""

from typing import Any

from psycopg import sql

from kartotek.model.object_types import ObjectType
from kartotek.model.people import Narrowing
from kartotek.store import tables
from kartotek.store.database import Tx
from kartotek.store.search.reach import within_reach


def of(tx: Tx, other: ObjectType, narrowing: Narrowing, asked: dict[str, int]) -> list[dict[str, Any]]:
    """As associations.seconds_of and firsts_of together, of what is within reach only."""
    return list(tx.rows(_ENDS.format(table=tables.table(other), where=within_reach(other, narrowing)), asked))


def count(tx: Tx, other: ObjectType, narrowing: Narrowing, asked: dict[str, Any]) -> list[dict[str, Any]]:
    """As associations.counts_for, of what is within reach only."""
    return list(tx.rows(_COUNTED_ENDS.format(table=tables.table(other), where=within_reach(other, narrowing)), asked))


_ENDS = sql.SQL("""
SELECT a.id, a.began, a.source, a.source_id, d.starts_on, d.ends_on
  FROM (SELECT first, second, second AS id, began, source::text, source_id
          FROM kartotek.associations WHERE first = %(id)s AND second_type = %(other)s
         UNION ALL
        SELECT first, second, first, began, source::text, source_id
          FROM kartotek.associations WHERE second = %(id)s AND first_type = %(other)s) AS a
  JOIN {table} AS r ON r._id = a.id
  LEFT JOIN kartotek.association_dates AS d ON d.first = a.first AND d.second = a.second
 WHERE {where}
 ORDER BY a.began, a.id
 LIMIT %(limit)s OFFSET %(offset)s
""")
_COUNTED_ENDS = sql.SQL("""
SELECT i.id, count(a.other) AS n, min(a.other) AS other
  FROM unnest(%(ids)s::bigint[]) AS i(id)
 CROSS JOIN LATERAL (
        SELECT second AS other FROM kartotek.associations WHERE first = i.id AND second_type = %(other)s
         UNION ALL
        SELECT first FROM kartotek.associations WHERE second = i.id AND first_type = %(other)s
       ) AS a
  JOIN {table} AS r ON r._id = a.other
 WHERE {where}
 GROUP BY i.id
""")
