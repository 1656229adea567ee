"""Many records put on a list at once, or taken off it."""

import polars as pl

from kartotek.domain import Tx, access, lists
from kartotek.domain.bulk_runs import fates
from kartotek.domain.bulk_runs.fates import Told
from kartotek.model.bulk_runs import Delist, Enlist, Fate
from kartotek.model.object_types import ObjectType
from kartotek.model.people import Actor


def check(tx: Tx, actor: Actor, object_type: ObjectType, task: Enlist | Delist, count: int) -> None:
    access.require(actor, "edit", object_type)
    lists.require_of(tx, actor, object_type, task.list)


def do(tx: Tx, actor: Actor, object_type: ObjectType, task: Enlist | Delist, ids: pl.Series) -> Told:
    lists.require_of(tx, actor, object_type, task.list)
    seen, others = fates.within(tx, actor, "view", object_type, ids)
    if isinstance(task, Delist):
        return Told(fates.told(ids, others, fates.of(lists.delist(tx, actor, task.list, seen), Fate.CHANGED)))
    living, new = lists.enlist(tx, actor, object_type, task.list, seen)
    gone = seen.filter(~seen.is_in(living.implode()))
    return Told(fates.told(ids, others, fates.of(gone, Fate.GONE), fates.of(new, Fate.CHANGED)))
