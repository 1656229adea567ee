"""What a merge changes that no other writing does: when a record was made."""

from datetime import datetime

from psycopg import sql

from kartotek.model.object_types import ObjectType
from kartotek.store import tables
from kartotek.store.database import Tx


def make_older(tx: Tx, object_type: ObjectType, id: int, created: datetime) -> None:
    """The record, which must be locked, is as old as the older one that became part of it."""
    statement = sql.SQL("UPDATE {} SET _created = least(_created, %s) WHERE _id = %s")
    tx.run(statement.format(tables.table(object_type)), [created, id])
