"""Takes back what associated many records: the associations, labels and primary marks that are the run's own.

An association stays where somebody has leaned on it since: given it a label, or made its company the primary one. A
mark goes back to the company that had it, unless it has moved on meanwhile.
"""

from dataclasses import dataclass

import polars as pl

from kartotek.domain import Tx, catalogue, linking, reach, relations
from kartotek.domain.bulk_runs import fates
from kartotek.domain.bulk_runs.fates import Told
from kartotek.domain.relations import Relations
from kartotek.model.bulk_runs import Associate, Fate
from kartotek.model.catalogue import Catalogue
from kartotek.model.object_types import ObjectType
from kartotek.model.people import Actor
from kartotek.store import associations as store
from kartotek.store import bulk_runs as runs
from kartotek.store import records as rows

_PAIR, _TYPED = list(store.PAIR), list(store.TYPED)


@dataclass(frozen=True, slots=True)
class Marks:
    """Pairs whose company is the primary one: `chosen` by others since; those that go `back`, to `second` or null."""

    chosen: pl.DataFrame
    back: pl.DataFrame


def do(tx: Tx, actor: Actor, object_type: ObjectType, run: int, task: Associate, ids: pl.Series) -> Told:
    known = catalogue.load(tx)
    other = known.object_type(task.other)
    mine, barred = fates.within(tx, actor, "edit", object_type, ids)
    of_record = _pairs(tx, actor, object_type, other, task, mine)
    pairs = of_record.select(_TYPED).unique(_PAIR)
    if pairs.is_empty():
        return Told(fates.told(ids, barred, otherwise=Fate.SINCE))
    held = linking.lock_ends(tx, known, pairs)
    own = pairs.join(runs.linked(tx, run, pairs).filter("own"), on=_PAIR, how="semi")
    labels = runs.labelled(tx, run, pairs)
    what = _what(known, pairs)
    marks = _marks(tx, run, what, pairs, own)
    stays = pl.concat([labels.filter(~pl.col("own")).select(_PAIR), marks.chosen])
    going = own.join(stays, on=_PAIR, how="anti")
    unlabel = pairs.join(labels.filter("own"), on=_PAIR).join(going, on=_PAIR, how="anti").select(*_TYPED, "type")
    relations.mark(tx, actor, known, what, marks.back.select(_PAIR))
    relations.inherit(tx, actor, known, what, going)
    store.unlabel(tx, actor, linking.called(unlabel, held))
    store.remove(tx, actor, linking.called(going, held))
    moved = of_record.join(marks.back, on="first", how="semi")
    touched = of_record.join(pl.concat([going.select(_PAIR), unlabel.select(_PAIR)]), on=_PAIR, how="semi")
    changed = pl.concat([touched["_id"], moved["_id"]]).unique()
    return Told(fates.told(ids, barred, fates.of(changed, Fate.CHANGED), otherwise=Fate.SINCE))


def _pairs(
    tx: Tx, actor: Actor, object_type: ObjectType, other: ObjectType, task: Associate, mine: pl.Series
) -> pl.DataFrame:
    """As store.TYPED, with the record at hand as `_id`: each with each of those that it was associated with."""
    others = reach.within(tx, actor, "view", other, pl.Series("second", task.others, pl.Int64))
    ends = (
        mine.alias("first").to_frame().join(others.to_frame(), how="cross").filter(pl.col("first") != pl.col("second"))
    )
    return linking.pairs(object_type, other, ends).with_columns(_id=ends["first"])


def _what(known: Catalogue, pairs: pl.DataFrame) -> Relations:
    """All pairs are of the same two types."""
    ends = [known.by_number(pairs[name][0]) for name in ("first_type", "second_type")]
    return Relations(ends[0], ends[1], pairs.clear())


def _marks(tx: Tx, run: int, what: Relations, pairs: pl.DataFrame, own: pl.DataFrame) -> Marks:
    nothing = pairs.select(_PAIR).clear()
    if not what.first.has_primary_company or what.second.name != "companies":
        return Marks(nothing, nothing)
    now = rows.lock(tx, what.first, pairs["first"].unique().sort(), []).select(first="_id", second="_primary")
    held = now.join(pairs, on=_PAIR, how="semi")
    given = runs.marked(tx, run, held)  # those that were given later than the association
    chosen = held.join(given.filter(~pl.col("own")), on=_PAIR, how="semi")
    came = own.join(given, on=_PAIR, how="anti").select(_PAIR)
    mine = held.join(pl.concat([given.filter("own").select(_PAIR), came]), on=_PAIR, how="semi")
    linked = store.of_firsts(tx, mine["first"], store.COMPANY)
    former = runs.moved(tx, run, mine["first"]).join(linked, on=_PAIR, how="semi")
    bare = mine.join(former, on="first", how="anti").join(own, on=_PAIR, how="anti")
    if what.first.name == "contacts":
        bare = bare.clear()  # a contact with companies has a primary one
    return Marks(chosen, pl.concat([former, bare.with_columns(second=pl.lit(None, pl.Int64))]))
