"""Words for tests of what is done to many records at once."""

import polars as pl

from kartotek.domain import records
from kartotek.model.bulk_runs import Chosen, Edit, How
from kartotek.model.records import Batch, Changes

CITY = Edit("city", How.SET, "Odense")


def many(tx, actor, object_type, count, **same):
    """So many records that differ in a name only; gives their ids."""
    name = {"contacts": "firstname", "companies": "name", "deals": "dealname"}[object_type.name]
    said = {name: [f"Number {n}" for n in range(count)]} | {key: [value] * count for key, value in same.items()}
    frame = pl.DataFrame(
        {"_key": range(count), "_id": None, **said}, schema_overrides={"_key": pl.Int64, "_id": pl.Int64}
    )
    written = records.write(tx, actor, Batch((Changes(object_type, frame),)))
    return written.outcomes[object_type.name]["_id"].to_list()


def values(tx, actor, object_type, ids, name):
    return [one.values[name] for one in records.many(tx, actor, object_type, ids, [name])]


def ticked(*found):
    return Chosen(ids=tuple(getattr(one, "id", one) for one in found))
