"""Labels of associations: what words name them, and which of them a batch newly sets.

A label is added to those that an association has, and never takes the place of one (imports.md 9.5).
"""

from collections.abc import Mapping, Sequence
from typing import Protocol

import polars as pl

from kartotek import standard
from kartotek.domain import Tx, bounds, linking
from kartotek.model.catalogue import Catalogue
from kartotek.model.object_types import ObjectType
from kartotek.model.people import Actor
from kartotek.model.records import Links
from kartotek.store import associations as store
from kartotek.store import bulk
from kartotek.values import cells


class Coming(Protocol):
    """What batches that are decided, and not written yet, will make."""

    def pairs(self) -> pl.DataFrame: ...

    def labels(self) -> pl.DataFrame: ...


def words(known: Catalogue, first: ObjectType, second: ObjectType) -> dict[str, str]:
    """Folded text → the number of the label, as `first` sees it; either end may be the one that the text is said of."""
    found: list[tuple[str, int]] = []
    for one, other in ((first.name, second.name), (second.name, first.name)):
        for each in known.association_types:
            if each.kind == "labeled" and (each.from_type, each.to_type) == (one, other):
                number = each.id if one == first.name else each.inverse or each.id
                danish = standard.danish_label(each.id, each.label)
                found += [(text, number) for text in (each.label, danish, each.name) if text]
    folded = cells.fold_texts(text for text, _ in found)
    pairs = [(word, str(number)) for word, (_, number) in zip(folded, found, strict=True) if word]
    return dict(reversed(pairs))


def add(
    tx: Tx,
    known: Catalogue,
    links: Sequence[Links],
    keys: Mapping[str, pl.DataFrame],
    locked: Mapping[str, pl.DataFrame],
    plan: linking.Plan,
    coming: Coming,
) -> None:
    """Adds to the plan the labels that are new, of pairs that it makes or that are there."""
    asked = [_wanted(known, one, keys, locked) for one in links if one.labels is not None and len(one.labels)]
    if not asked:
        return
    wanted = pl.concat(asked).unique(list(linking.LABEL), keep="first", maintain_order=True)
    ends = list(store.PAIR)
    old = wanted.select_seq(ends).unique().join(plan.added, on=ends, how="anti")
    there = store.labels_among(tx, old)
    linked = pl.concat([frame.select_seq(ends) for frame in (plan.added, coming.pairs(), there)]).unique()
    taken = pl.concat([there.drop_nulls("type"), coming.labels()])
    mine = wanted.join(linked, on=ends, how="semi", maintain_order="left")
    new = mine.join(taken, on=list(linking.LABEL), how="anti", maintain_order="left")
    fitting, lost = bounds.labels_with_room(tx, known, new, coming.labels())
    plan.labels = fitting.select_seq(linking.LABEL.keys())
    plan.lost = pl.concat([plan.lost, lost])


def pack(actor: Actor, plan: linking.Plan) -> bulk.Parcel:
    """The new labels, ready to be sent."""
    return store.labels_parcel(actor, plan.labels)


def are_held(tx: Tx, plan: linking.Plan, coming: pl.DataFrame) -> bool:
    """Whether every label has its pair, when all first ends are locked. `coming`: pairs of the batch ahead of it."""
    if plan.labels.is_empty():
        return True
    ends = list(store.PAIR)
    made = pl.concat([frame.select_seq(ends) for frame in (plan.added, coming)])
    old = plan.labels.select_seq(ends).unique().join(made, on=ends, how="anti")
    return len(store.among(tx, old)) == len(old)


def _wanted(
    known: Catalogue, one: Links, keys: Mapping[str, pl.DataFrame], locked: Mapping[str, pl.DataFrame]
) -> pl.DataFrame:
    """As LABEL, each as the end sees it that stands first in the pair, and the caller's number for it as `_row`."""
    labels = pl.DataFrame() if one.labels is None else one.labels
    row = pl.col(Links.ROW) if Links.ROW in labels.columns else pl.lit(None)
    said = labels.select_seq("type", _row=row.cast(pl.Int64))
    pairs, _ = linking.resolved(
        Links(one.first, one.second, labels.drop("type", Links.ROW, strict=False)), keys, locked
    )
    told = pairs.with_columns_seq(
        type=said["type"].gather(pairs["_place"]), _row=said["_row"].gather(pairs["_place"]), was="first"
    ).drop_nulls(["first", "second"])
    inverse = {each.id: each.inverse for each in known.association_types if each.inverse is not None}
    turned = pl.col("type").replace(list(inverse), list(inverse.values()))
    kept = pl.when(pl.col("was") == pl.col("first")).then("type").otherwise(turned)
    return store.ordered(told).select_seq("first", "second", type=kept.cast(pl.Int64), _row="_row")
