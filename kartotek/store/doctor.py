"""Counts what must never be: the rules that hold between tables, looked at from outside the code that keeps them."""

from collections.abc import Sequence
from typing import LiteralString

from psycopg import sql

from kartotek.model.object_types import ObjectType
from kartotek.model.properties import Property
from kartotek.store import migrate, tables
from kartotek.store.database import Tx

# A company is the second end of its pairs (migrations/0002), and this is its type's number.
_COMPANY = 2

_WITHOUT_PRIMARY = """
SELECT count(*) FROM {table} AS r
 WHERE r._archived IS NULL AND r._primary IS NULL
   AND EXISTS (SELECT FROM kartotek.associations AS a
                 JOIN crm.companies AS c ON c._id = a.second AND c._archived IS NULL
                WHERE a.first = r._id AND a.second_type = {company})"""

_STRAY_PRIMARY = """
SELECT count(*) FROM {table} AS r
 WHERE r._archived IS NULL AND r._primary IS NOT NULL
   AND NOT EXISTS (SELECT FROM kartotek.associations AS a
                    WHERE a.first = r._id AND a.second = r._primary AND a.second_type = {company})"""

_WITHOUT_END = """
SELECT count(*) FROM kartotek.associations AS a
 WHERE a.first_type = {number}
   AND NOT EXISTS (SELECT FROM {table} AS r WHERE r._id = a.first AND r._archived IS NULL)
    OR a.second_type = {number}
   AND NOT EXISTS (SELECT FROM {table} AS r WHERE r._id = a.second AND r._archived IS NULL)"""

_WITHOUT_PAIR = """
SELECT count(*) FROM {table} AS l
 WHERE NOT EXISTS (SELECT FROM kartotek.associations AS a WHERE a.first = l.first AND a.second = l.second)"""

# What each batch noted of its rows must add up to the rows that the import has done.
# Beyond its rows an import goes on with what could not be associated before (imports/run/waiting.py).
_UNBALANCED = """
SELECT i.id
  FROM kartotek.imports AS i
  JOIN kartotek.import_outcomes AS o ON o.import = i.id
 WHERE i.state IN ('DONE', 'CANCELED', 'FAILED')
 GROUP BY i.id, least(i.position, i.rows), o.object_type
HAVING sum(cardinality(o.lines)) <> least(i.position, i.rows)
    OR sum(cardinality(o.records)) <> least(i.position, i.rows)
    OR sum(length(o.outcomes)) <> least(i.position, i.rows)
    OR sum((SELECT sum(c.value::bigint) FROM jsonb_each_text(o.counts) AS c)) <> least(i.position, i.rows)
 ORDER BY i.id"""

_MISSING_IDENTIFIERS = """
SELECT count(*)
  FROM (SELECT _id, {value} AS value FROM {table} WHERE _archived IS NULL) AS r
  LEFT JOIN kartotek.identifiers AS i ON i.property = {home} AND i.value = r.value AND i.record = r._id
 WHERE r.value <> '' AND i.record IS NULL"""

_STRAY_IDENTIFIERS = """
SELECT count(*) FROM kartotek.identifiers AS i
 WHERE i.property = {home}
   AND NOT EXISTS (SELECT FROM {table} AS r WHERE r._id = i.record AND r._archived IS NULL AND ({holds}))"""


def server_version(tx: Tx) -> str:
    return str(tx.value("SHOW server_version"))


def missing_migrations(tx: Tx) -> list[str]:
    done = {row["name"] for row in tx.rows("SELECT name FROM kartotek.migrations")}
    return [file.stem for file in migrate.files() if file.stem not in done]


def without_primary(tx: Tx, object_type: ObjectType) -> int:
    """Records that have companies and none of them as the primary one."""
    return _count(tx, _WITHOUT_PRIMARY, table=tables.table(object_type), company=sql.Literal(_COMPANY))


def stray_primary(tx: Tx, object_type: ObjectType) -> int:
    """Records whose primary company is not one of their companies."""
    return _count(tx, _STRAY_PRIMARY, table=tables.table(object_type), company=sql.Literal(_COMPANY))


def without_end(tx: Tx, object_type: ObjectType) -> int:
    """Associations that name a record of this type which is not there, or not any more."""
    return _count(tx, _WITHOUT_END, table=tables.table(object_type), number=sql.Literal(object_type.number))


def without_pair(tx: Tx) -> int:
    """Labels of associations that are not there."""
    return _count(tx, _WITHOUT_PAIR, table=sql.Identifier("kartotek", "association_labels"))


def days_without_pair(tx: Tx) -> int:
    """Associations that are not there, and of which days are said."""
    return _count(tx, _WITHOUT_PAIR, table=sql.Identifier("kartotek", "association_dates"))


def unbalanced(tx: Tx) -> list[int]:
    """Imports whose rows do not add up."""
    return sorted({row["id"] for row in tx.rows(_UNBALANCED)})


def missing_identifiers(tx: Tx, object_type: ObjectType, prop: Property, home: Property) -> int:
    """Values of `prop` that do not stand in the table of identifiers under `home`."""
    value = tables.value(prop)
    each = sql.SQL("unnest({})").format(value) if _is_many(prop) else value
    return _count(tx, _MISSING_IDENTIFIERS, table=tables.table(object_type), value=each, home=sql.Literal(home.id))


def stray_identifiers(tx: Tx, object_type: ObjectType, home: Property, props: Sequence[Property]) -> int:
    """Identifiers under `home` whose record has that value in none of `props`."""
    holds = [
        sql.SQL("i.value = ANY({})" if _is_many(prop) else "i.value = {}").format(tables.value(prop)) for prop in props
    ]
    query = {"table": tables.table(object_type), "home": sql.Literal(home.id), "holds": sql.SQL(" OR ").join(holds)}
    return _count(tx, _STRAY_IDENTIFIERS, **query)


def _is_many(prop: Property) -> bool:
    return tables.sql_type(prop) == "text[]"


def _count(tx: Tx, query: LiteralString, **parts: sql.Composable) -> int:
    return int(tx.value(sql.SQL(query).format(**parts)))
