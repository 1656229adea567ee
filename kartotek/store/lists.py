"""Lists and who is on them."""

from collections.abc import Sequence

import polars as pl
from psycopg import sql

from kartotek.model.object_types import ObjectType
from kartotek.model.people import Narrowing
from kartotek.store import bulk, search, tables
from kartotek.store.database import Tx


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
