"""What a merge changes that no other writing does: when a record was made; and where merged records have gone."""

from datetime import datetime

import polars as pl
from psycopg import sql

from kartotek.model.object_types import ObjectType
from kartotek.store import bulk, tables
from kartotek.store.database import Tx


def make_older(tx: Tx, object_type: ObjectType, id: int, created: datetime) -> None:
    """The record, which must be locked, is as old as the older one that became part of it."""
    statement = sql.SQL("UPDATE {} SET _created = least(_created, %s) WHERE _id = %s")
    tx.run(statement.format(tables.table(object_type)), [created, id])


def survivors(tx: Tx, object_type: ObjectType, ids: pl.Series) -> pl.DataFrame:
    """`asked`, `id`: of these records those that were merged, and what they are part of."""
    known = {"records": bulk.array(ids), "object_type": object_type.number}
    rows = tx.query("merges.survivors", known) if len(ids) else []
    return pl.DataFrame([tuple(row.values()) for row in rows], {"asked": pl.Int64, "id": pl.Int64}, orient="row")


def met(tx: Tx, object_type: ObjectType, most: int) -> pl.Series | None:
    """The records of this type that were merged, and what they are part of; None when there are more than so many."""
    rows = tx.query("merges.met", {"object_type": object_type.number, "most": most + 1})
    return None if len(rows) > most else pl.Series("id", [id for row in rows for id in row.values()], pl.Int64).unique()
