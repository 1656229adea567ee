"""Query to SQL: which records, in which order, how many. Values travel as parameters; names are the catalogue's own."""

from collections.abc import Sequence
from dataclasses import dataclass

from psycopg import sql

from kartotek import errors
from kartotek.model.filters import Filter, Query
from kartotek.model.object_types import ObjectType
from kartotek.model.people import Narrowing
from kartotek.model.properties import Property
from kartotek.store import tables
from kartotek.store.database import Tx

_COMPARE = {"EQ": "=", "NEQ": "IS DISTINCT FROM", "LT": "<", "LTE": "<=", "GT": ">", "GTE": ">="}
_MOST_WORDS = 8

# Rows are counted exactly up to this many; beyond, the total is what the statistics say. Counting a million rows that
# match takes longer than finding the first fifty of them.
COUNT_EXACTLY = 100_000


@dataclass(frozen=True, slots=True)
class Found:
    ids: list[int]
    total: int
    exact: bool


def find(tx: Tx, object_type: ObjectType, query: Query, narrowing: Narrowing) -> Found:
    """The ids of one page, in order, and how many there are in all."""
    where = _where(object_type, query, narrowing)
    table = tables.table(object_type)
    page = sql.SQL("SELECT _id FROM {} WHERE {} ORDER BY {} LIMIT {} OFFSET {}").format(
        table, where, _order(object_type, query), sql.Literal(query.limit), sql.Literal(query.offset)
    )
    ids = [row["_id"] for row in tx.rows(page)]
    counted = tx.value(
        sql.SQL("SELECT count(*) FROM (SELECT FROM {} WHERE {} LIMIT {}) AS found").format(
            table, where, sql.Literal(COUNT_EXACTLY + 1)
        )
    )
    if counted <= COUNT_EXACTLY:
        return Found(ids, counted, True)
    return Found(ids, max(_estimate(tx, table, where), counted), False)


def _estimate(tx: Tx, table: sql.Composable, where: sql.Composable) -> int:
    plan = tx.value(sql.SQL("EXPLAIN (FORMAT JSON) SELECT FROM {} WHERE {}").format(table, where))
    return int(plan[0]["Plan"]["Plan Rows"])


def _where(object_type: ObjectType, query: Query, narrowing: Narrowing) -> sql.Composable:
    parts: list[sql.Composable] = [sql.SQL("_archived IS NULL"), _narrowed(object_type, narrowing)]
    if query.search:
        parts += [_searched(object_type, word) for word in query.search.split()[:_MOST_WORDS]]
    if query.filters:
        either = [sql.SQL(" AND ").join(_filtered(object_type, one) for one in group) for group in query.filters if group]
        if either:
            parts.append(sql.SQL("({})").format(sql.SQL(" OR ").join(sql.SQL("({})").format(one) for one in either)))
    if query.associated_with is not None:
        parts.append(_associated(object_type, query.associated_with))
    if query.from_import is not None:
        parts.append(_imported(object_type, query.from_import))
    return sql.SQL(" AND ").join(parts)


def _narrowed(object_type: ObjectType, narrowing: Narrowing) -> sql.Composable:
    if narrowing.reach == "all":
        return sql.SQL("true")
    owner = object_type.properties.get("hubspot_owner_id")
    if narrowing.reach == "none" or owner is None:
        return sql.SQL("false")
    return sql.SQL("{} = {}").format(tables.value(owner), sql.Literal(narrowing.owner))


def _searched(object_type: ObjectType, word: str) -> sql.Composable:
    """A word is found anywhere in what names a record: its display, fallback and secondary properties, its phone."""
    names = dict.fromkeys(
        [*object_type.display, object_type.display_fallback or "", *object_type.secondary, "email", "domain", "phone"]
    )
    props = [object_type.properties[name] for name in names if name in object_type.properties]
    texts = [prop for prop in props if tables.sql_type(prop) == "text"]
    like = sql.Literal("%" + word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%")
    if not texts:
        return sql.SQL("false")
    return sql.SQL("({})").format(
        sql.SQL(" OR ").join(
            sql.SQL("{} COLLATE pg_c_utf8 ILIKE {}").format(tables.value(prop), like) for prop in texts
        )
    )


def _filtered(object_type: ObjectType, one: Filter) -> sql.Composable:
    prop = object_type.properties.get(one.property)
    if prop is None:
        raise errors.UnknownName(f"property of {object_type.name}", one.property)
    value = tables.value(prop)
    if one.operator == "HAS_PROPERTY":
        return sql.SQL("{} IS NOT NULL").format(value)
    if one.operator == "NOT_HAS_PROPERTY":
        return sql.SQL("{} IS NULL").format(value)
    literals = [tables.from_text(sql.Literal(text), tables.sql_type(prop)) for text in one.values]
    if one.operator in ("IN", "NOT_IN") and literals:
        inside = sql.SQL("{} IN ({})").format(value, sql.SQL(", ").join(literals))
        return inside if one.operator == "IN" else sql.SQL("NOT coalesce({}, false)").format(inside)
    if one.operator == "BETWEEN" and len(literals) == 2:
        return sql.SQL("{} BETWEEN {} AND {}").format(value, *literals)
    if one.operator in ("CONTAINS_TOKEN", "NOT_CONTAINS_TOKEN") and one.values:
        like = sql.SQL("{} ILIKE {}").format(tables.text(prop), sql.Literal("%" + one.values[0].strip("*") + "%"))
        return like if one.operator == "CONTAINS_TOKEN" else sql.SQL("NOT coalesce({}, false)").format(like)
    if one.operator in _COMPARE and len(literals) == 1:
        return sql.SQL("{} {} {}").format(value, sql.SQL(_COMPARE[one.operator]), literals[0])  # type: ignore[arg-type]
    raise errors.Invalid(f"The filter on {prop.label} ({one.operator}) does not fit the values it is given.")


def _associated(object_type: ObjectType, record: int) -> sql.Composable:
    return sql.SQL(
        "_id IN (SELECT second FROM kartotek.associations WHERE first = {0} AND second_type = {1} "
        "UNION ALL SELECT first FROM kartotek.associations WHERE second = {0} AND first_type = {1})"
    ).format(sql.Literal(record), sql.Literal(object_type.number))


def _imported(object_type: ObjectType, import_id: int) -> sql.Composable:
    return sql.SQL(
        "_id IN (SELECT o.record FROM kartotek.import_outcomes AS i, "
        "unnest(i.records, string_to_array(i.outcomes, NULL)) AS o(record, outcome) "
        "WHERE i.import = {} AND i.object_type = {} AND o.outcome IN ('c', 'u'))"
    ).format(sql.Literal(import_id), sql.Literal(object_type.number))


def _order(object_type: ObjectType, query: Query) -> sql.Composable:
    direction = sql.SQL("DESC" if query.descending else "ASC")
    if query.sort is None:
        return sql.SQL("_id DESC")
    prop = object_type.properties.get(query.sort)
    if prop is None:
        raise errors.UnknownName(f"property of {object_type.name}", query.sort)
    return sql.SQL("{} {} NULLS LAST, _id DESC").format(_key(prop), direction)


def _key(prop: Property) -> sql.Composable:
    value = tables.value(prop)
    kind = tables.sql_type(prop)
    if kind == "text":
        return sql.SQL("kartotek.sort_key({})").format(value)
    return sql.SQL("array_to_string({}, ';')").format(value) if kind == "text[]" else value


