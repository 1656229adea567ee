"""Query to SQL: which records, in which order, how many. Names are the catalogue's own; values are quoted by psycopg.

A page of a million records must not cost a look at each of them. So the total is exact only as far as that is cheap,
and an estimate beyond. When few fit, one statement finds them, counts them, and takes the page from them: PostgreSQL
goes through the table once, with all its workers. When many fit, the page is taken from the records in their order,
where it is soon full (paging.py), and the total is counted without sorting, up to a limit.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from psycopg import sql

from kartotek import errors
from kartotek.model.filters import Query
from kartotek.model.object_types import ObjectType
from kartotek.model.people import Narrowing
from kartotek.store import tables
from kartotek.store.database import Tx
from kartotek.store.search import conditions, depths, keys, paging, words
from kartotek.store.search.reach import within_reach

# So many are sorted at once; totals are exact up to these, and of what the search box finds up to words.COUNTED.
SORTED_AT_ONCE = 10_000
COUNT_EXACTLY = 100_000
# Rows of a table that can be counted while somebody waits.
SMALL = 200_000
# Figures of an estimate that say something.
_FIGURES = 3

__all__ = ["Fitting", "Found", "all_that_fit", "find", "fitting", "within_reach"]

# Beside what it created: which outcomes of an import are asked for, as letters of import_outcomes.
_MET = {None: "u", "updated": "u", "unchanged": "=", "all": "u="}


@dataclass(frozen=True, slots=True)
class Found:
    ids: list[int]
    total: int
    exact: bool


@dataclass(frozen=True, slots=True)
class Fitting:
    """What is asked for, as a condition on a row of the type's table, and the order of what fits."""

    where: sql.Composable
    order: sql.Composable


def find(tx: Tx, object_type: ObjectType, query: Query, narrowing: Narrowing) -> Found:
    """The ids of one page, in order, and how many there are in all."""
    alone = narrowing.reach == "all" and not _is_narrow(replace(query, search=None), narrowing)
    soon = query.offset + query.limit if alone and query.sort is None and not query.from_end else 0
    sought = words.sought(tx, object_type, query.search, soon) if query.search else None
    if sought and sought.newest:
        asked = _parts(tx, object_type, query, narrowing, sought.newest)
        ids = paging.ids(tx, asked, query, paging.place(query))
        if len(ids) == query.limit:
            return Found(ids, _rounded(sought.many), False)
        sought = words.sought(tx, object_type, query.search or "", 0)
    parts = _parts(tx, object_type, query, narrowing, sought.where if sought else None)
    if sought and sought.many and alone:
        return Found(paging.ids(tx, parts, query, paging.place(query)), _rounded(sought.many), False)
    if _is_told(query) and not query.search and not query.filters and not query.asked_by_list:
        return _all_counted(tx, parts, query)
    # What is associated with one record is hardly ever much, and the first few tell.
    is_few = query.search or query.associated_with is not None
    planned = 0 if is_few else int(tx.value(_PLANNED.format(**parts))[0]["Plan"]["Plan Rows"])
    if not _is_narrow(query, narrowing):
        if planned <= COUNT_EXACTLY:
            return _all_counted(tx, parts, query)
        return Found(paging.ids(tx, parts, query, paging.place(query)), _rounded(planned), False)
    if planned > COUNT_EXACTLY:
        return _many(tx, parts, query, 0)
    few = tx.row(_FEW.format(**parts, **_cut(parts, query)))
    if few and few["total"] <= SORTED_AT_ONCE:
        return Found(few["ids"] or [], few["total"], True)
    return _many(tx, parts, query, SORTED_AT_ONCE + 1)


def all_that_fit(tx: Tx, object_type: ObjectType, query: Query, narrowing: Narrowing) -> sql.Composable:
    """The statement that gives the ids of all of them, in order; the query's limit and offset do not count."""
    asked = fitting(tx, object_type, query, narrowing)
    return _ALL.format(table=tables.table(object_type), where=asked.where, order=asked.order)


def fitting(tx: Tx, object_type: ObjectType, query: Query, narrowing: Narrowing) -> Fitting:
    """For statements that ask something else of what fits than a page of it."""
    order = _ORDERS[query.descending].format(key=_sorted_by(object_type, query))
    sought = words.sought(tx, object_type, query.search, 0).where if query.search else None
    return Fitting(_where(tx, object_type, query, narrowing, sought), order)


_FEW = sql.SQL("""
WITH few AS MATERIALIZED (SELECT _id, {key} AS key FROM {table} WHERE {where} LIMIT {most})
SELECT (SELECT count(*) FROM few) AS total,
       ARRAY(SELECT _id FROM few ORDER BY {order} LIMIT {limit} OFFSET {offset}) AS ids
""")
_ALL = sql.SQL("SELECT _id FROM {table} WHERE {where} ORDER BY {order}")
_PLANNED = sql.SQL("EXPLAIN (FORMAT JSON) SELECT FROM {table} WHERE {where}")
# Every hundredth block of the table, always the same ones, so that the total stays while one turns the pages.
_SAMPLED = sql.SQL("SELECT 100 * count(*) FROM {table} TABLESAMPLE SYSTEM (1) REPEATABLE (1) WHERE {where}")
_SIZE = sql.SQL("SELECT reltuples FROM pg_class WHERE oid = {name}::regclass")
_COUNTED = sql.SQL("SELECT count(*) FROM (SELECT FROM {table} WHERE {where} LIMIT {most}) AS counted")
# Up and down; what is empty comes last in both.
_ORDERS = {
    False: sql.SQL("{key} ASC NULLS LAST, _id DESC"),
    True: sql.SQL("{key} DESC NULLS LAST, _id ASC"),
}
_FROM_END = sql.SQL("greatest(0, (SELECT count(*) FROM few) - {})")


def _cut(parts: Mapping[str, sql.Composable], query: Query) -> dict[str, sql.Composable]:
    """Which of the few are wanted."""
    offset, limit = min(query.offset, paging.FARTHEST), sql.Literal(query.limit)
    key = (
        sql.SQL("_id DESC") if parts["key"] is depths.UNSORTED else _ORDERS[query.descending].format(key=sql.SQL("key"))
    )
    cut: dict[str, sql.Composable] = {
        "order": key,
        "most": sql.Literal(SORTED_AT_ONCE + 1),
        "limit": limit,
        "offset": sql.Literal(offset),
    }
    if query.from_end:
        cut["offset"] = _FROM_END.format(sql.Literal(offset + query.limit))
        cut["limit"] = sql.SQL("greatest(0, least({}, (SELECT count(*) FROM few) - {}))").format(
            limit, sql.Literal(offset)
        )
    return cut


def _all_counted(tx: Tx, parts: Mapping[str, sql.Composable], query: Query) -> Found:
    total = int(tx.value(_COUNTED.format(**parts, most=sql.SQL("ALL"))))
    return Found(paging.ids(tx, parts, query, paging.place(query, total)), total, True)


def _many(tx: Tx, parts: Mapping[str, sql.Composable], query: Query, least: int) -> Found:
    """More than are sorted at once, by what was found (at least so many) or by what the planner thinks, who may be
    wrong. In a large table a hundredth of it says how many, unless an index or the page itself tells."""
    is_told = query.associated_with is not None and not (query.search or query.filters or query.asked_by_list)
    most = words.COUNTED if query.search else COUNT_EXACTLY
    total = most + 1
    if is_told or (not query.search and int(tx.value(_SIZE.format(**parts))) <= SMALL):
        total = int(tx.value(_COUNTED.format(**parts, most=sql.Literal(most + 1))))
    if total <= most:
        return Found(paging.ids(tx, parts, query, paging.place(query, total)), total, True)
    ids = paging.ids(tx, parts, query, paging.place(query))
    if len(ids) < query.limit and not query.from_end and (ids or not query.offset):
        return Found(ids, query.offset + len(ids), True)
    sampled = int(tx.value(_SAMPLED.format(**parts)))
    return Found(ids, _rounded(max(sampled, least, query.offset + len(ids))), False)


def _rounded(total: int) -> int:
    """An estimate, without figures that it does not know."""
    return round(total, _FIGURES - len(str(total)))


def _is_told(query: Query) -> bool:
    """Whether a list or an import says itself which records are its own, so that all of them are soon counted."""
    return query.from_import is not None or (query.on_list is not None and not query.asked_by_list)


def _is_narrow(query: Query, narrowing: Narrowing) -> bool:
    """Whether anything is asked for, so that there may be few."""
    return _is_asked(query) or narrowing.reach != "all"


def _is_asked(query: Query) -> bool:
    asked = query.search or query.filters or query.associated_with is not None or query.on_list is not None
    return bool(asked) or _is_told(query)


def _parts(
    tx: Tx, object_type: ObjectType, query: Query, narrowing: Narrowing, sought: sql.Composable | None
) -> dict[str, sql.Composable]:
    """What statements are put together from (paging.py)."""
    return {
        "table": tables.table(object_type),
        "name": sql.Literal(tables.table(object_type).as_string()),
        "where": _where(tx, object_type, query, narrowing, sought),
        **_sorting(object_type, query),
        **({} if _is_asked(query) else {"plain": sql.SQL("")}),
    }


def _where(
    tx: Tx, object_type: ObjectType, query: Query, narrowing: Narrowing, sought: sql.Composable | None
) -> sql.Composable:
    parts = [within_reach(object_type, narrowing)]
    if sought:
        parts.append(sought)
    parts += conditions.any_of(tx, object_type, query.filters)
    if query.associated_with is not None:
        parts.append(_associated(object_type, query.associated_with))
    parts += conditions.any_of(tx, object_type, query.asked_by_list)
    if query.on_list is not None and not query.asked_by_list:
        members = sql.SQL("_id = ANY (ARRAY(SELECT record FROM kartotek.list_members WHERE list = {}))")
        parts.append(members.format(sql.Literal(query.on_list)))
    if query.from_import is not None:
        parts.append(_imported(object_type, query.from_import, query.outcome))
    return sql.SQL(" AND ").join(parts)


def _associated(object_type: ObjectType, record: int) -> sql.Composable:
    return sql.SQL(
        "_id IN (SELECT second FROM kartotek.associations WHERE first = {0} AND second_type = {1} "
        "UNION ALL SELECT first FROM kartotek.associations WHERE second = {0} AND first_type = {1})"
    ).format(sql.Literal(record), sql.Literal(object_type.number))


def _imported(object_type: ObjectType, import_id: int, outcome: str | None) -> sql.Composable:
    """What an import created bears its number, which is quick to see; the others stand in its arrays.

    `= ANY (ARRAY(…))` is hashed once; IN is planned for a hundred rows and takes a minute for a million.
    """
    created = sql.SQL("(_source = 'IMPORT' AND _source_id = {})").format(sql.Literal(import_id))
    if outcome == "created":
        return created
    met = sql.SQL(
        "_id = ANY (ARRAY(SELECT o.record FROM kartotek.import_outcomes AS i, "
        "unnest(i.records, string_to_array(i.outcomes, NULL)) AS o(record, outcome) "
        "WHERE i.import = {} AND i.object_type = {} AND o.outcome = ANY ({}::text[])))"
    ).format(sql.Literal(import_id), sql.Literal(object_type.number), sql.Literal(list(_MET[outcome])))
    if outcome == "unchanged":
        # A record is unchanged by its second row too; here are those that the import wrote in none.
        return sql.SQL("({} AND NOT {} AND NOT {})").format(met, created, _imported(object_type, import_id, "updated"))
    return met if outcome == "updated" else sql.SQL("({} OR {})").format(created, met)


def _sorted_by(object_type: ObjectType, query: Query) -> sql.Composable:
    return _sorting(object_type, query)["key"]


def _sorting(object_type: ObjectType, query: Query) -> dict[str, sql.Composable]:
    """What it is sorted by, and what it needs to be sorted without an index: its value, and that index's name."""
    if query.sort is None:
        return {"key": depths.UNSORTED}
    prop = object_type.properties.get(query.sort)
    if prop is None:
        raise errors.UnknownName(f"property of {object_type.label_plural.lower()}", query.sort)
    if prop.name in tables.DERIVED or tables.fact(prop) == "_id":
        return {"key": keys.order(prop)}
    index = sql.Identifier("crm", keys.index(prop)).as_string()
    return {"key": keys.order(prop), "value": tables.value(prop), "index": sql.Literal(index)}
