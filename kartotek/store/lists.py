"""Lists and who is on them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import polars as pl
from psycopg import sql

from kartotek.model.filters import Filters, Query
from kartotek.model.lists import Counted
from kartotek.model.object_types import ObjectType
from kartotek.model.people import Narrowing
from kartotek.store import bulk, search, tables
from kartotek.store.database import Tx

# A page of lists counts what filters match in tables of so many rows; in larger ones each list is counted by itself.
SOON = 50_000


def add(tx: Tx, id: int, records: Sequence[int], import_id: int | None = None) -> int:
    """How many were not on it before. `import_id`: of the import that puts them on it."""
    return tx.call("lists.add", {"list": id, "records": bulk.array(records), "import": import_id})


def missing(tx: Tx, id: int | None, records: Sequence[int]) -> list[int]:
    """Those of the records that are not on the list; all of them when there is none yet."""
    if id is None:
        return list(records)
    return [row["id"] for row in tx.query("lists.missing", {"list": id, "records": bulk.array(records)})]


def remove(tx: Tx, id: int, records: Sequence[int]) -> int:
    return tx.call("lists.remove", {"list": id, "records": bulk.array(records)})


def take_off(tx: Tx, import_id: int, records: pl.Series) -> int:
    """Those of these records that an import has put on its list leave it; how many there were."""
    return tx.call("lists.take_off", {"import": import_id, "records": bulk.array(records)})


def members(tx: Tx, object_type: ObjectType, ids: Sequence[int], narrowing: Narrowing) -> dict[int, int]:
    """How many living records within reach stand on each of these lists of one object type."""
    rows = tx.rows(
        sql.SQL(
            "SELECT m.list, count(*) AS members FROM kartotek.list_members AS m "
            "JOIN {} AS r ON r._id = m.record WHERE m.list = ANY({}) AND {} GROUP BY m.list"
        ).format(tables.table(object_type), sql.Literal(list(ids)), search.within_reach(object_type, narrowing))
    )
    return {row["list"]: row["members"] for row in rows}


def met_by(tx: Tx, object_type: ObjectType, import_id: int, letters: Sequence[str]) -> pl.Series:
    """The records to which an import did this, each once."""
    statement = sql.SQL(
        "SELECT DISTINCT o.record FROM kartotek.import_outcomes AS i,"
        " unnest(i.records, string_to_array(i.outcomes, NULL)) AS o(record, outcome)"
        " WHERE i.import = {} AND i.object_type = {} AND o.outcome = ANY({}) AND o.record > 0"
    ).format(*map(sql.Literal, (import_id, object_type.number, list(letters))))
    return bulk.fetch(tx, statement, {"_id": pl.Int64})["_id"]


def count(tx: Tx, object_type: ObjectType, query: Query, narrowing: Narrowing) -> Counted:
    """How many records fit a query that was read: exact as far as that is cheap."""
    found = search.find(tx, object_type, replace(query, limit=0, offset=0, sort=None), narrowing)
    return Counted(found.total, found.exact)


def is_soon_counted(tx: Tx, object_type: ObjectType) -> bool:
    """Whether what filters match in its table can be counted for many lists while somebody waits."""
    size = sql.SQL("SELECT reltuples FROM pg_class WHERE oid = {}::regclass")
    return int(tx.value(size.format(sql.Literal(tables.table(object_type).as_string())))) <= SOON


def holding(tx: Tx, object_type: ObjectType, record: int, asked: Mapping[int, Filters]) -> set[int]:
    """Those of these active lists that a record is on; one statement for all of them."""
    conditions = [part for filters in asked.values() for part in search.conditions.any_of(tx, object_type, filters)]
    if not conditions:
        return set()
    fits = sql.SQL(", ").join(sql.SQL("{} IS TRUE").format(one) for one in conditions)
    found = tx.value(
        sql.SQL("SELECT ARRAY[{}] FROM {} WHERE _id = {}").format(fits, tables.table(object_type), sql.Literal(record))
    )
    return {id for id, fit in zip(asked, found or [], strict=False) if fit}
