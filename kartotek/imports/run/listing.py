"""The list of an import's records: put on it batch by batch, in the transaction that writes them.

A record that the import only puts on the list counts as updated (imports.md 11.4), without a change of its own.
"""

from collections.abc import Callable
from dataclasses import replace

import polars as pl

from kartotek.domain import Tx, lists
from kartotek.imports import write
from kartotek.imports.table import ROW, Plan
from kartotek.model.object_types import ObjectType
from kartotek.model.people import Actor
from kartotek.model.records import Outcome

_MET = [Outcome.CREATED.value, Outcome.UPDATED.value, Outcome.UNCHANGED.value]
PutOn = Callable[[ObjectType, str, pl.Series], pl.Series]


def put_on(tx: Tx, actor: Actor, import_id: int) -> PutOn:
    return lambda object_type, name, ids: lists.put_on(tx, actor, import_id, object_type, name, ids)


def would_put_on(tx: Tx) -> PutOn:
    return lambda object_type, name, ids: lists.would_put_on(tx, object_type, name, ids)


def listed(plan: Plan, objects: tuple[ObjectType, ...], rows: write.Rows, done: write.Done, way: PutOn) -> write.Done:
    """What was done, with the records on the plan's list, if it has one."""
    object_type = next((one for one in objects if one.name == plan.listed), None)
    if plan.list is None or object_type is None:
        return done
    outcomes = done.outcomes[object_type.name]
    met = outcomes.filter(pl.col("outcome").is_in(_MET) & (pl.col("record") > 0))["record"].unique()
    new = way(object_type, plan.list, met)
    firsts = rows.values.filter(pl.col(ROW) == pl.col(object_type.name))[ROW]
    only_listed = (
        (pl.col("outcome") == Outcome.UNCHANGED.value)
        & pl.col("record").is_in(new.implode())
        & pl.col(ROW).is_in(firsts.implode())
    )
    said = pl.when(only_listed).then(pl.lit(Outcome.UPDATED.value)).otherwise("outcome").alias("outcome")
    return replace(done, outcomes={**done.outcomes, object_type.name: outcomes.with_columns(said)})
