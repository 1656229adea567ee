"""Many records associated with the same few: all pairs in one batch of the writing that associates anywhere.

The first company that a record gets becomes its primary one by itself. Where one of the companies is to be the primary
one, it takes the place of another one only if that was asked for (A-29); how often another one stays is told.
"""

from collections import Counter

import polars as pl

from kartotek import errors
from kartotek.domain import Tx, access, catalogue, labels, linking, primaries, reach, records, writing
from kartotek.domain.bulk_runs import fates
from kartotek.domain.bulk_runs.fates import Told
from kartotek.model.bulk_runs import KEPT_PRIMARY, Associate, Fate
from kartotek.model.object_types import ObjectType
from kartotek.model.people import Actor
from kartotek.model.records import Batch, Links

# More than these nobody means, and every one of them is a pair for each record.
MOST = 50


def check(tx: Tx, actor: Actor, object_type: ObjectType, task: Associate, count: int) -> None:
    """Refuses with a sentence what could be done to no record."""
    known = catalogue.load(tx)
    other = known.object_type(task.other)
    access.require(actor, "edit", object_type)
    if not known.can_associate(object_type.name, other.name):
        raise errors.Invalid(f"{object_type.label_plural} and {other.label_plural.lower()} cannot be associated.")
    if not 0 < len(task.others) <= MOST:
        raise errors.Invalid(f"Choose the {other.label_plural.lower()} to associate with: from 1 to {MOST}.")
    if task.primary is not None and (task.primary not in task.others or not _can_be_primary(object_type, other)):
        raise errors.Invalid("Choose the primary company among those that are being associated.")
    labels.require(known, object_type, other, pl.Series(task.labels, dtype=pl.Int64))
    reach.require(tx, actor, "view", other, task.others)


def do(tx: Tx, actor: Actor, object_type: ObjectType, task: Associate, ids: pl.Series) -> Told:
    other = catalogue.load(tx).object_type(task.other)
    mine, barred = fates.within(tx, actor, "edit", object_type, ids)
    ends = _ends(object_type, task, _standing(tx, actor, other, task), mine)
    decision = writing.decide(tx, actor, Batch(links=(Links(object_type, other, ends, _labels(task, ends)),)))
    writing.deliver(tx, writing.pack(actor, decision, tx.now))
    marked, kept = mine.clear(), mine.clear()
    if task.primary is not None:
        marked, kept = primaries.settle(tx, actor, object_type, task.primary, mine, replace=task.replace)
    told = fates.told(
        ids,
        barred,
        _lost(decision.links.lost, ends),
        fates.of(pl.concat([marked, _changed(object_type, other, decision, ends)]), Fate.CHANGED),
        fates.of(mine.filter(~mine.is_in(ends["first_id"].implode())), Fate.ITSELF),
    )
    return Told(told, Counter({KEPT_PRIMARY: len(kept)} if len(kept) else {}))


def _standing(tx: Tx, actor: Actor, other: ObjectType, task: Associate) -> pl.Series:
    """Those to associate with that are there still; the one that is to be primary comes first, and takes the place."""
    living = records.living(tx, other, pl.Series(task.others, dtype=pl.Int64))
    seen = reach.within(tx, actor, "view", other, living)
    if seen.is_empty() or (task.primary is not None and task.primary not in seen):
        raise errors.NotFound(f"The {other.label_plural.lower()} to associate with are not there any more.")
    return seen.to_frame().sort(pl.col("_id") != (task.primary or 0), maintain_order=True)["_id"]


def _ends(object_type: ObjectType, task: Associate, others: pl.Series, mine: pl.Series) -> pl.DataFrame:
    """As Links.frame: each record with each of the others, itself apart."""
    pairs = mine.alias("first_id").to_frame().join(others.alias("second_id").to_frame(), how="cross")
    if object_type.name == task.other:
        pairs = pairs.filter(pl.col("first_id") != pl.col("second_id"))
    key = pl.lit(None, pl.Int64)
    ends = pairs.with_columns(first_key=key, second_key=key).with_row_index(Links.ROW)
    return ends.cast({Links.ROW: pl.Int64})


def _labels(task: Associate, ends: pl.DataFrame) -> pl.DataFrame | None:
    if not task.labels:
        return None
    return ends.join(pl.DataFrame({"type": task.labels}, schema={"type": pl.Int64}), how="cross")


def _changed(object_type: ObjectType, other: ObjectType, decision: records.Decision, ends: pl.DataFrame) -> pl.Series:
    """The records at hand of the pairs that are new, or have a new label."""
    pairs = linking.pairs(object_type, other, ends.select(first="first_id", second="second_id"))
    new = [frame.select("first", "second") for frame in (decision.links.added, decision.links.labels)]
    mine = pairs.with_columns(_id=ends["first_id"]).join(pl.concat(new), on=["first", "second"], how="semi")
    return mine["_id"].unique()


def _lost(lost: pl.DataFrame, ends: pl.DataFrame) -> pl.DataFrame:
    """As fates.FATE: why links or labels were not made. A family of companies says whose."""
    why = (
        pl.when(pl.col("type") == "ASSOCIATION_LIMIT_EXCEEDED")
        .then(pl.lit(Fate.LIMIT.value))
        .when(pl.col("value").is_not_null())
        .then(pl.lit(Fate.FAMILY.value))
        .otherwise(pl.lit(Fate.GONE.value))
    )
    named = ends.select(Links.ROW, _id="first_id")
    return lost.join(named, left_on="row", right_on=Links.ROW).select("_id", fate=why)


def _can_be_primary(object_type: ObjectType, other: ObjectType) -> bool:
    return object_type.has_primary_company and other.name == "companies"
