"""Who has said what the properties of records say, and when."""

from collections.abc import Sequence

import polars as pl
from psycopg import sql

from kartotek.model.object_types import ObjectType
from kartotek.store import bulk, tables
from kartotek.store.database import Tx

# `others`: when somebody changed it last, imports apart; in microseconds, as is `created`.
CHANGED = {"_id": pl.Int64, "property": pl.String, "source": pl.String, "others": pl.Int64}
MADE = {"_id": pl.Int64, "source": pl.String, "created": pl.Int64}


def changed(tx: Tx, ids: pl.Series, properties: Sequence[str]) -> pl.DataFrame:
    """As CHANGED, properties that have changed. What an import wrote and its undo took back counts for neither."""
    select = sql.SQL(
        "SELECT c.record, k.name, (array_agg(c.source::text ORDER BY c.at DESC))[1], "
        "(extract(epoch FROM max(c.at) FILTER (WHERE c.source <> 'IMPORT')) * 1000000)::bigint "
        "FROM kartotek.changes AS c CROSS JOIN LATERAL jsonb_object_keys(c.old) AS k(name) "
        "WHERE c.record = ANY(%(ids)s::bigint[]) AND k.name = ANY(%(names)s::text[]) AND c.source <> 'UNDO' "
        "AND NOT EXISTS (SELECT FROM kartotek.changes AS u WHERE u.record = c.record AND u.source = 'UNDO' "
        "AND c.source = 'IMPORT' AND u.source_id = c.source_id AND u.old ? k.name) "
        "GROUP BY c.record, k.name"
    )
    return bulk.fetch(tx, select, CHANGED, {"ids": ids, "names": list(properties)})


def made(tx: Tx, object_type: ObjectType, ids: pl.Series) -> pl.DataFrame:
    """As MADE, the records."""
    select = sql.SQL(
        "SELECT _id, _source::text, (extract(epoch FROM _created) * 1000000)::bigint FROM {} "
        "WHERE _id = ANY(%(ids)s::bigint[])"
    ).format(tables.table(object_type))
    return bulk.fetch(tx, select, MADE, {"ids": ids})
