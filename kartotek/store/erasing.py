"""Erasing: the rows of records go; what else was kept of them, erasing.sql forgets."""

from collections.abc import Sequence

from psycopg import sql

from kartotek.model.object_types import ObjectType
from kartotek.store import tables
from kartotek.store.database import Tx


def remove(tx: Tx, object_type: ObjectType, ids: Sequence[int]) -> None:
    statement = sql.SQL("DELETE FROM {} WHERE _id = ANY(%(ids)s::bigint[])").format(tables.table(object_type))
    tx.run(statement, {"ids": list(ids)})
