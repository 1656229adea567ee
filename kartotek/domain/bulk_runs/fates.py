"""What became of the records of a part, and which of them somebody may do anything to."""

from collections import Counter
from dataclasses import dataclass, field

import polars as pl

from kartotek.domain import Tx, reach
from kartotek.model.bulk_runs import Fate
from kartotek.model.object_types import ObjectType
from kartotek.model.people import Actor

FATE = {"_id": pl.Int64, "fate": pl.String}


@dataclass(frozen=True, slots=True)
class Told:
    """`fates`: as FATE, a line for each record of the part. `notes`: what else there is to count."""

    fates: pl.DataFrame
    notes: Counter[str] = field(default_factory=Counter)


def of(ids: pl.Series, fate: Fate) -> pl.DataFrame:
    """As FATE, one for all of them."""
    return pl.DataFrame({"_id": ids, "fate": [fate.value] * len(ids)}, schema=FATE)


def within(tx: Tx, actor: Actor, verb: str, object_type: ObjectType, ids: pl.Series) -> tuple[pl.Series, pl.DataFrame]:
    """Those of the records that the actor may do this to, and the fates of the others. One that may not be seen is as
    good as gone."""
    seen = reach.within(tx, actor, "view", object_type, ids)
    free = reach.within(tx, actor, verb, object_type, seen)
    hidden, barred = ids.filter(~ids.is_in(seen.implode())), seen.filter(~seen.is_in(free.implode()))
    return free, pl.concat([of(hidden, Fate.GONE), of(barred, Fate.NO_RIGHT)])


def told(ids: pl.Series, *parts: pl.DataFrame, otherwise: Fate = Fate.UNCHANGED) -> pl.DataFrame:
    """As FATE, for all of `ids`: what the first of the parts says that speaks of a record, or else `otherwise`."""
    said = pl.concat([pl.DataFrame(schema=FATE), *parts]).unique("_id", keep="first", maintain_order=True)
    joined = ids.alias("_id").to_frame().join(said, on="_id", how="left", maintain_order="left")
    return joined.with_columns(pl.col("fate").fill_null(otherwise.value))
