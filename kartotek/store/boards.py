"""Boards: what lies in each stage of a pipeline, counted, added up, and the first few of it.

Two statements, however many stages there are: one goes through all that fits, the other takes the first of each stage.
The newest are soon found from the end of the table, stage by stage; for any other order all that fits is sorted once.
"""

from collections.abc import Sequence
from typing import Any

from psycopg import sql

from kartotek.model.object_types import ObjectType
from kartotek.model.properties import Property
from kartotek.store import search, tables
from kartotek.store.database import Tx

_TOTALS = sql.SQL("""
SELECT {stage} AS stage, {currency} AS currency, count(*) AS count, sum({amount}) AS amount
  FROM {table} WHERE {where} AND {pipeline} = {id} GROUP BY 1, 2 ORDER BY 1, 3 DESC
""")
_FIRSTS = sql.SQL("""
SELECT _wanted, array_agg(_id ORDER BY _place) AS ids
  FROM (SELECT {stage} AS _wanted, _id,
               row_number() OVER (PARTITION BY array_position({stages}::text[], {stage}) ORDER BY {order}) AS _place
          FROM {table} WHERE {where} AND {pipeline} = {id} AND {stage} = ANY ({stages}::text[])) AS ranked
 WHERE _place <= {most} GROUP BY _wanted
""")
_NEWEST = sql.SQL("""
SELECT _wanted, ARRAY(SELECT _id FROM {table} WHERE {where} AND {pipeline} = {id} AND {stage} = _wanted
                       ORDER BY _id DESC LIMIT {most}) AS ids
  FROM unnest({stages}::text[]) AS asked(_wanted)
""")


def totals(
    tx: Tx, object_type: ObjectType, asked: search.Fitting, pipeline: str, amount: Property | None,
    currency: Property | None,
) -> list[dict[str, Any]]:  # fmt: skip
    """`stage`, `currency`, `count`, `amount`; a stage has a row for each currency."""
    return list(
        tx.rows(
            _TOTALS.format(
                **_parts(object_type, asked, pipeline),
                currency=tables.text(currency) if currency else sql.SQL("NULL::text"),
                amount=tables.value(amount) if amount else sql.SQL("NULL::numeric"),
            )
        )
    )


def firsts(
    tx: Tx, object_type: ObjectType, asked: search.Fitting, pipeline: str, stages: Sequence[str], most: int
) -> dict[str, list[int]]:
    """The first records of each stage, in order."""
    return _of_each(tx, _FIRSTS, _parts(object_type, asked, pipeline), stages, most)


def newest(
    tx: Tx, object_type: ObjectType, asked: search.Fitting, pipeline: str, stages: Sequence[str], most: int
) -> dict[str, list[int]]:
    """The newest records of each stage."""
    return _of_each(tx, _NEWEST, _parts(object_type, asked, pipeline), stages, most)


def _of_each(
    tx: Tx, statement: sql.SQL, parts: dict[str, sql.Composable], stages: Sequence[str], most: int
) -> dict[str, list[int]]:
    filled = statement.format(**parts, most=sql.Literal(most), stages=sql.Literal(list(stages)))
    return {row["_wanted"]: row["ids"] for row in tx.rows(filled)}


def _parts(object_type: ObjectType, asked: search.Fitting, pipeline: str) -> dict[str, sql.Composable]:
    return {
        "table": tables.table(object_type),
        "where": asked.where,
        "order": asked.order,
        "pipeline": sql.Identifier(str(object_type.pipeline)),
        "stage": sql.Identifier(str(object_type.stage)),
        "id": sql.Literal(pipeline),
    }
