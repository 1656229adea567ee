"""What an import created and what is still there, by the number that the records bear: what it made by domain, too."""

from psycopg import sql

from kartotek.model.object_types import ObjectType
from kartotek.store import tables
from kartotek.store.database import Tx

_CREATED = sql.SQL("FROM {} WHERE _source IN ('IMPORT', 'DOMAIN') AND _source_id = {} AND _archived IS NULL")


def count(tx: Tx, object_type: ObjectType, import_id: int) -> int:
    return int(tx.value(sql.SQL("SELECT count(*) ") + _created(object_type, import_id)))


def some(tx: Tx, object_type: ObjectType, import_id: int, most: int) -> list[int]:
    """The ids of up to `most` of them."""
    select = sql.SQL("SELECT _id ") + _created(object_type, import_id)
    return [row["_id"] for row in tx.rows(select + sql.SQL(" ORDER BY _id LIMIT {}").format(sql.Literal(most)))]


def associations(tx: Tx, object_type: ObjectType, import_id: int) -> int:
    """How many pairs end with them, counted from either end."""
    ids = sql.SQL("SELECT _id ") + _created(object_type, import_id)
    found = sql.SQL(
        "SELECT count(*) FROM kartotek.associations WHERE (first_type = {0} AND first = ANY (ARRAY({1}))) "
        "OR (second_type = {0} AND second = ANY (ARRAY({1})))"
    )
    return int(tx.value(found.format(sql.Literal(object_type.number), ids)))


def _created(object_type: ObjectType, import_id: int) -> sql.Composed:
    return _CREATED.format(tables.table(object_type), sql.Literal(import_id))
