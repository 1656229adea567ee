"""What was associated once and is to be so again, or elsewhere: undo, restore and merge ask here whether it may.

Meanwhile a limit may have been set or reached, a line item have another deal, a company another parent. What has no
room any more stays ended, and whoever asked is told.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import polars as pl

from kartotek.domain import Tx, belonging, bounds
from kartotek.model.catalogue import Catalogue
from kartotek.store import associations as store

_ENDS = list(store.PAIR)
LABELLED = {**store.TYPED, "type": pl.Int64}


@dataclass(frozen=True, slots=True)
class Room:
    """`pairs` (as store.TYPED) and `labels` (as LABELLED) that may be again; and those that may not, labels only where
    their association may be."""

    pairs: pl.DataFrame
    labels: pl.DataFrame
    crowded: pl.DataFrame
    unlabelled: pl.DataFrame


def holds(known: Catalogue, types: Iterable[Sequence[int]]) -> dict[tuple[int, int], bool]:
    """As bounds.holds, of pairs of object types by their numbers: alone wherever anything may be counted."""
    limited = [{each.from_type, each.to_type} for each in known.association_types if each.most is not None]
    found = {}
    for one, other in types:
        ends = {known.by_number(one).name, known.by_number(other).name}
        found[min(one, other), max(one, other)] = ends in limited or ends == {"companies"}
    return found


def room(
    tx: Tx, known: Catalogue, pairs: pl.DataFrame, labels: pl.DataFrame,
    *, coming: pl.DataFrame | None = None, leaving: pl.DataFrame | None = None,
) -> Room:  # fmt: skip
    """`pairs`: not associated now, the first come first. `labels`: of those, or of pairs that are there.

    `coming`: pairs that are decided and not written yet. `leaving`: pairs that are there, and end in the same
    transaction with their labels, so that they take no room.
    """
    nothing = pl.DataFrame(schema=store.TYPED)
    coming, leaving = nothing if coming is None else coming, nothing if leaving is None else leaving
    added = pairs.select(*store.TYPED).with_row_index("_place").cast({"_place": pl.Int64})
    fitting, _ = belonging.with_room(tx, known, added, coming, leaving)
    fitting, _ = bounds.with_room(tx, known, fitting, coming, leaving)
    there = store.among(tx, labels).join(leaving, on=_ENDS, how="anti")
    linked = pl.concat([fitting.select(_ENDS), coming.select(_ENDS), there]).unique()
    wanted = labels.join(linked, on=_ENDS, how="semi", maintain_order="left")
    told = wanted.select(*store.LABEL, _row=pl.lit(None, pl.Int64))
    going = store.labels_among(tx, leaving).drop_nulls("type")
    fit, _ = bounds.labels_with_room(tx, known, told, told.drop("_row").clear(), going)
    return Room(
        fitting.select(*store.TYPED),
        wanted.join(fit, on=list(store.LABEL), how="semi", maintain_order="left").select(*LABELLED),
        pairs.select(*store.TYPED).join(fitting, on=_ENDS, how="anti", maintain_order="left"),
        wanted.join(fit, on=list(store.LABEL), how="anti", maintain_order="left").select(*LABELLED),
    )
