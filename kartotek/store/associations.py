"""Pairs of records, many at once. A pair's first end is never a company beside a non-company: see `ordered`."""

from collections.abc import Sequence

import polars as pl
from psycopg import sql

from kartotek.model.people import Actor
from kartotek.store import bulk
from kartotek.store.database import Tx

COMPANY = 2  # the number of object type 0-2

PAIR = {"first": pl.Int64, "second": pl.Int64}
_TABLE = sql.Identifier("kartotek", "associations")


def ordered(frame: pl.DataFrame) -> pl.DataFrame:
    """Puts the ends of `first`, `second`, `first_type`, `second_type` in the order in which pairs are kept.

    If exactly one end is a company the other is first; else the lower type; within one type the lower id.
    """
    a, b = pl.col("first_type"), pl.col("second_type")
    swap = (
        pl.when((a == COMPANY) != (b == COMPANY))
        .then(a == COMPANY)
        .when(a != b)
        .then(a > b)
        .otherwise(pl.col("first") > pl.col("second"))
    )
    def end(one: str, other: str) -> pl.Expr:
        return pl.when(swap).then(pl.col(other)).otherwise(pl.col(one)).alias(one)

    return frame.with_columns(
        end("first", "second"), end("second", "first"),
        end("first_type", "second_type"), end("second_type", "first_type"),
    )  # fmt: skip


def of_firsts(tx: Tx, ids: Sequence[int], second_type: int) -> pl.DataFrame:
    """The pairs whose first end is one of these and whose second is of that type: `first`, `second`, `mine`.

    `mine` tells whether the pair was made from the source and source id that are asked about by the caller.
    """
    schema = {**PAIR, "began": pl.String, "source": pl.String, "source_id": pl.Int64}
    if not ids:
        return pl.DataFrame(schema=schema)
    select = sql.SQL(
        "SELECT first, second, began, source, source_id FROM kartotek.associations "
        "WHERE first = ANY(%(ids)s::bigint[]) AND second_type = {} ORDER BY began, second"
    ).format(sql.Literal(second_type))
    return bulk.fetch(tx, select, schema, {"ids": list(ids)})


def insert(tx: Tx, actor: Actor, frame: pl.DataFrame) -> None:
    """New pairs by COPY: `first`, `second`, `first_type`, `second_type`, already ordered and known to be new."""
    booked = frame.select(
        "first", "second", "first_type", "second_type",
        actor=pl.lit(actor.person, pl.Int64), source=pl.lit(actor.source.value), source_id=pl.lit(actor.source_id, pl.Int64),
    )  # fmt: skip
    bulk.copy_in(tx, _TABLE, booked)


def remove(tx: Tx, actor: Actor, firsts: Sequence[int], seconds: Sequence[int]) -> int:
    """Ends these pairs and their labels, and keeps when and by whom they began and ended."""
    return tx.call(
        "associations.remove",
        {
            "firsts": list(firsts), "seconds": list(seconds),
            "actor": actor.person, "source": actor.source.value, "source_id": actor.source_id,
        },
    )  # fmt: skip


def remember_primary(tx: Tx, actor: Actor, first_type: int, firsts: Sequence[int], seconds: Sequence[int]) -> None:
    """Keeps that these records lost these companies as their primary one."""
    tx.call(
        "associations.remember_primary",
        {
            "firsts": list(firsts), "seconds": list(seconds), "first_type": first_type,
            "actor": actor.person, "source": actor.source.value, "source_id": actor.source_id,
        },
    )  # fmt: skip


def all_of(tx: Tx, ids: Sequence[int]) -> pl.DataFrame:
    """Every pair that one of these records is an end of: `first`, `second`, `first_type`, `second_type`."""
    schema = {**PAIR, "first_type": pl.Int64, "second_type": pl.Int64}
    if not ids:
        return pl.DataFrame(schema=schema)
    select = sql.SQL(
        "SELECT first, second, first_type, second_type FROM kartotek.associations WHERE first = ANY(%(ids)s::bigint[]) "
        "UNION SELECT first, second, first_type, second_type FROM kartotek.associations WHERE second = ANY(%(ids)s::bigint[])"
    )
    return bulk.fetch(tx, select, schema, {"ids": list(ids)})
