"""Many records out of sight at once."""

import polars as pl

from kartotek.domain import Tx, access, records
from kartotek.domain.bulk_runs import fates
from kartotek.domain.bulk_runs.fates import Told
from kartotek.model.bulk_runs import Archive, Fate
from kartotek.model.object_types import ObjectType
from kartotek.model.people import Actor


def check(tx: Tx, actor: Actor, object_type: ObjectType, task: Archive, count: int) -> None:
    access.require(actor, "delete", object_type)
    if count > 1:
        access.require_bulk_delete(actor)


def do(tx: Tx, actor: Actor, object_type: ObjectType, task: Archive, ids: pl.Series) -> Told:
    mine, others = fates.within(tx, actor, "delete", object_type, ids)
    living = records.living(tx, object_type, mine)
    records.archive(tx, actor, object_type, living.to_list())
    return Told(fates.told(ids, others, fates.of(living, Fate.CHANGED), otherwise=Fate.GONE))
