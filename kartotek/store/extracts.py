"""Many records on their way out: which there are, and what they say, a batch at a time."""

import io
from collections.abc import Mapping
from typing import Any

import polars as pl
from psycopg import sql

from kartotek.model.filters import Query
from kartotek.model.object_types import ObjectType
from kartotek.model.people import Narrowing
from kartotek.model.properties import Property
from kartotek.store import bulk, queries, search, tables
from kartotek.store.database import Tx

_NAMED = "extracts.links"
_LINKS = {
    "id": pl.Int64,
    "other": pl.Int64,
    "other_type": pl.Int64,
    "turned": pl.Boolean,
    "began": pl.String,
    "labels": pl.String,
}


def begin(tx: Tx) -> None:
    """Must come first in its transaction."""
    tx.call("extracts.begin")


def ids(tx: Tx, object_type: ObjectType, query: Query, narrowing: Narrowing) -> pl.Series:
    """Of all records that fit, in order: 8 bytes each, so ten million are no matter."""
    return _fetched(tx, search.all_that_fit(tx, object_type, query, narrowing), {"_id": pl.Int64})["_id"]


def among(tx: Tx, object_type: ObjectType, wanted: pl.Series, narrowing: Narrowing) -> pl.Series:
    """Those of these ids, in their order, that are there and within reach."""
    select = sql.SQL("SELECT _id FROM {} JOIN {} ON _id = wanted.id WHERE {} ORDER BY place").format(
        tables.table(object_type), _wanted(wanted), search.within_reach(object_type, narrowing)
    )
    with bulk.by_keys(tx, len(wanted)):
        return _fetched(tx, select, {"_id": pl.Int64})["_id"]


def read(tx: Tx, object_type: ObjectType, wanted: pl.Series, properties: tuple[Property, ...]) -> pl.DataFrame:
    """`_id`, `_primary` and each property as canonical text, in the order of the ids."""
    texts = [sql.SQL(", "), tables.texts(properties)] if properties else []
    select = sql.SQL("SELECT _id, _primary{} FROM {} JOIN {} ON _id = wanted.id ORDER BY place").format(
        sql.Composed(texts), tables.table(object_type), _wanted(wanted)
    )
    schema = {"_id": pl.Int64, "_primary": pl.Int64, **{prop.name: pl.String for prop in properties}}
    with bulk.by_keys(tx, len(wanted)):
        return _fetched(tx, select, schema)


def links(tx: Tx, wanted: pl.Series, types: list[int]) -> pl.DataFrame:
    """`id`, `other`, `other_type`, `turned` (whether `id` is the second end) and `labels`, as `7;9`."""
    select = sql.SQL(queries.get(*_NAMED.split(".")).rstrip(";"))
    return bulk.fetch(tx, select, _LINKS, {"ids": wanted, "types": types}).drop("began")


def _wanted(ids: pl.Series) -> sql.Composable:
    return sql.SQL("unnest({}::bigint[]) WITH ORDINALITY AS wanted(id, place)").format(sql.Literal(bulk.array(ids)))


def _fetched(tx: Tx, select: sql.Composable, schema: Mapping[str, Any]) -> pl.DataFrame:
    """As `bulk.fetch`, for statements whose values stand in them: a pattern's per cent sign is no parameter."""
    out = io.BytesIO()
    statement = sql.SQL("COPY ({}) TO STDOUT (FORMAT csv)").format(select)
    with tx.connection.cursor() as cursor, cursor.copy(statement) as copy:
        for row in copy:
            out.write(row)
    if not out.tell():
        return pl.DataFrame(schema=dict(schema))
    out.seek(0)
    texts = pl.read_csv(out, has_header=False, schema=dict.fromkeys(schema, pl.String))
    return texts.with_columns(pl.col(name).cast(kind) for name, kind in schema.items() if kind != pl.String)
