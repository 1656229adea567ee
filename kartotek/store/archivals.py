"""Archived records: who archived them and when, and the statements that bring them back."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from psycopg import sql

from kartotek.model.object_types import ObjectType
from kartotek.model.people import Actor
from kartotek.store import tables
from kartotek.store.database import Tx

_LISTED = """
SELECT _id AS id, _archived AS at, _archived_actor AS person, _archived_source::text AS source,
       _archived_source_id AS source_id
  FROM {table} AS r
 WHERE _archived IS NOT NULL AND _archived > now() - make_interval(days => %(days)s)
   AND (_archived, _id) < (%(at)s::timestamptz, %(id)s::bigint)
   AND NOT EXISTS (SELECT FROM kartotek.merges AS m WHERE m.record = r._id)
   AND (%(search)s::text IS NULL OR {name} ILIKE %(search)s)
 ORDER BY _archived DESC, _id DESC LIMIT %(limit)s"""

_FACTS = """
SELECT _id AS id, _archived_source::text AS source, _archived_source_id AS source_id, _primary AS primary,
       _archived > now() - make_interval(days => %(days)s) AS recent
  FROM {table} WHERE _id = ANY(%(ids)s::bigint[]) AND _archived IS NOT NULL ORDER BY _id"""

# The mark that a record had until it was archived becomes history now that it may get another one.
_END_MARKS = """
WITH given AS (
    DELETE FROM kartotek.primary_marks WHERE first = ANY(%(ids)s::bigint[])
    RETURNING first, second, began, actor, source, source_id
)
INSERT INTO kartotek.association_history
       (first, second, first_type, second_type, what, began, began_actor, began_source, began_source_id,
        ended, ended_actor, ended_source, ended_source_id)
SELECT r._id, r._primary, {number}, a.second_type, 'primary',
       coalesce(g.began, a.began),
       CASE WHEN g.first IS NULL THEN a.began_actor ELSE g.actor END,
       CASE WHEN g.first IS NULL THEN a.began_source ELSE g.source END,
       CASE WHEN g.first IS NULL THEN a.began_source_id ELSE g.source_id END,
       r._archived, r._archived_actor, coalesce(r._archived_source, 'UNKNOWN'), r._archived_source_id
  FROM {table} AS r
 CROSS JOIN LATERAL (
       SELECT h.second_type, h.began, h.began_actor, h.began_source, h.began_source_id
         FROM kartotek.association_history AS h
        WHERE h.first = r._id AND h.second = r._primary AND h.what = 'association'
        ORDER BY h.ended DESC LIMIT 1) AS a
  LEFT JOIN given AS g ON g.first = r._id AND g.second = r._primary
 WHERE r._id = ANY(%(ids)s::bigint[]) AND r._archived IS NOT NULL AND r._primary IS NOT NULL"""

_RESTORE = """
WITH before AS (
    SELECT _id, _archived, _archived_actor, _archived_source, _archived_source_id FROM {table}
     WHERE _id = ANY(%(ids)s::bigint[]) AND _archived IS NOT NULL
), kept AS (
    INSERT INTO kartotek.archivals (record, archived, archived_actor, archived_source, archived_source_id,
                                    restored_actor, restored_source, restored_source_id)
    SELECT _id, _archived, _archived_actor, _archived_source, _archived_source_id,
           %(actor)s::integer, %(source)s::kartotek.source, %(source_id)s::bigint
      FROM before
)
UPDATE {table} AS r
   SET _archived = NULL, _archived_actor = NULL, _archived_source = NULL, _archived_source_id = NULL,
       _primary = NULL, _updated = now()
  FROM before AS b WHERE r._id = b._id"""

_PURGE = """
WITH late AS (
    SELECT _id FROM {table} AS r
     WHERE _archived < now() - make_interval(days => %(days)s)
       AND NOT EXISTS (SELECT FROM kartotek.merges AS m WHERE m.record = r._id)
     ORDER BY _archived LIMIT %(limit)s FOR UPDATE SKIP LOCKED
), rows AS (
    DELETE FROM {table} AS r USING late WHERE r._id = late._id RETURNING r._id
), said AS (
    DELETE FROM kartotek.changes AS c USING late WHERE c.record = late._id
), times AS (
    DELETE FROM kartotek.archivals AS a USING late WHERE a.record = late._id
), pinned AS (
    DELETE FROM kartotek.pins AS p USING late WHERE p.record = late._id OR p.activity = late._id
), marks AS (
    DELETE FROM kartotek.primary_marks AS m USING late WHERE m.first = late._id
), listed AS (
    DELETE FROM kartotek.list_members AS l USING late WHERE l.record = late._id
)
SELECT count(*) FROM rows"""


def listed(
    tx: Tx, object_type: ObjectType, *, days: int, after: tuple[datetime, int], search: str | None, limit: int
) -> list[dict[str, Any]]:
    """`id`, `at`, `person`, `source`, `source_id` of those archived within so many days, the last first."""
    statement = sql.SQL(_LISTED).format(table=tables.table(object_type), name=tables.display_name(object_type))
    pattern = f"%{search}%" if search else None
    rows = tx.rows(statement, {"days": days, "at": after[0], "id": after[1], "search": pattern, "limit": limit})
    return [dict(row) for row in rows]


def facts(tx: Tx, object_type: ObjectType, ids: Sequence[int], days: int) -> list[dict[str, Any]]:
    """Of those that are archived: `id`, `source` and `source_id` of that, `primary`, and whether it is `recent`."""
    statement = sql.SQL(_FACTS).format(table=tables.table(object_type))
    return [dict(row) for row in tx.rows(statement, {"ids": list(ids), "days": days})]


def restore(tx: Tx, actor: Actor, object_type: ObjectType, ids: Sequence[int]) -> int:
    """Back in sight, with no primary company; what was until now becomes history."""
    parts = {"table": tables.table(object_type), "number": sql.Literal(object_type.number)}
    tx.run(sql.SQL(_END_MARKS).format(**parts), {"ids": list(ids)})
    booked = {"actor": actor.person, "source": actor.source.value, "source_id": actor.source_id}
    return tx.run(sql.SQL(_RESTORE).format(**parts), {"ids": list(ids), **booked})


def purge(tx: Tx, object_type: ObjectType, days: int, limit: int) -> int:
    """Removes some of what was archived more than so many days ago; how many. Their words stay in the directory."""
    statement = sql.SQL(_PURGE).format(table=tables.table(object_type))
    return int(tx.value(statement, {"days": days, "limit": limit}))
