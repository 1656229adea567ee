"""Where the values of records are from: who said last what a property says, and when."""

from collections.abc import Sequence

import polars as pl

from kartotek.domain import Tx
from kartotek.model.object_types import ObjectType
from kartotek.model.records import Source
from kartotek.store import origins as store
from kartotek.store import records


def of(tx: Tx, object_type: ObjectType, ids: pl.Series, properties: Sequence[str]) -> pl.DataFrame:
    """As store.CHANGED, a line for each property of a record that somebody has said something of.

    A value that never changed is the one that its record was made with.
    """
    changed = store.changed(tx, ids, properties)
    there = records.peek(tx, object_type, ids, [object_type.properties[name] for name in properties])
    first = there.unpivot(list(properties), index="_id", variable_name="property", value_name="value")
    first = first.drop_nulls("value").join(changed, on=["_id", "property"], how="anti")
    by_others = pl.when(pl.col("source") != Source.IMPORT.value).then("created").alias("others")
    made = first.join(store.made(tx, object_type, ids), on="_id").with_columns(by_others)
    return pl.concat([changed, made.select(store.CHANGED.keys())])
