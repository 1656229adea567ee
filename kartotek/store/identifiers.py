"""Addresses, domains and unique values: which record holds each of them."""

from collections.abc import Sequence

import polars as pl
from psycopg import sql
from psycopg.errors import SerializationFailure

from kartotek.model.object_types import ObjectType
from kartotek.model.properties import Property
from kartotek.store import bulk, tables
from kartotek.store.database import Tx

_SHARING = 1263424336  # the advisory locks of properties whose values several may hold, by their ids


def find(tx: Tx, prop: Property, values: pl.Series) -> pl.DataFrame:
    """Who holds these values: `value`, `record`. A value that several records hold comes several times.

    The only look-up of identifiers by many values; spread over machines, it is the one to rewrite.
    """
    schema = {"value": pl.String, "record": pl.Int64}
    if values.is_empty():
        return pl.DataFrame(schema=schema)
    select = sql.SQL(
        "SELECT value, record FROM kartotek.identifiers WHERE property = {} AND value = ANY(%(values)s::text[]) AND {}"
    ).format(sql.Literal(prop.id), sql.SQL("exclusive" if prop.exclusive else "NOT exclusive"))
    return bulk.fetch(tx, select, schema, {"values": values})


def any_of(tx: Tx, prop: Property) -> bool:
    """Whether anybody holds a value of this property."""
    kind = "exclusive" if prop.exclusive else "NOT exclusive"  # each kind has an index of its own
    return bool(tx.value(f"SELECT EXISTS (SELECT FROM kartotek.identifiers WHERE property = %s AND {kind})", [prop.id]))


def with_further(tx: Tx, object_type: ObjectType, main: Property, further: Property, most: int) -> pl.DataFrame:
    """Up to so many records that have further values beside a main one: both as canonical texts."""
    select = sql.SQL("SELECT {} FROM {} WHERE {} IS NOT NULL AND _archived IS NULL LIMIT {}").format(
        tables.texts([main, further]), tables.table(object_type), tables.value(further), sql.Literal(most)
    )
    with bulk.by_keys(tx, most):
        return bulk.fetch(tx, select, {"main": pl.String, "further": pl.String})


def parcel(frame: pl.DataFrame) -> bulk.Parcel:
    """`property`, `value`, `record`, `exclusive`, sorted by the first two."""
    return bulk.Parcel(sql.Identifier("kartotek", "identifiers"), frame)


def keep_alone(tx: Tx, property: int, values: pl.Series, records: pl.Series) -> None:
    """Nobody but `records` holds these values, and nobody else who asks for this takes any before the transaction ends.

    Fails as two that were in each other's way do when somebody does hold one: the same work again helps.
    """
    tx.run("SELECT pg_advisory_xact_lock(%s, %s)", [_SHARING, property])
    taken = (
        "SELECT EXISTS (SELECT FROM kartotek.identifiers WHERE property = %s AND NOT exclusive"
        " AND value = ANY(%s::text[]) AND record <> ALL(%s::bigint[]))"
    )
    with bulk.by_keys(tx, len(values)):
        if tx.value(taken, [property, bulk.array(values), bulk.array(records)]):
            raise SerializationFailure("Somebody has taken one of these values in the meantime.")


def free(tx: Tx, records: Sequence[int], properties: Sequence[int], values: Sequence[str]) -> None:
    """Takes these values from these records, element by element."""
    keys = {"records": bulk.array(records), "properties": bulk.array(properties), "values": bulk.array(values)}
    tx.call("identifiers.free_exclusive", keys)
    tx.call("identifiers.free_shared", keys)
