"""Whether what an import ended may begin again: limits and families hold for an undo as for everybody else.

Files seldom end associations, so nearly always there is nothing to ask.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace

import polars as pl

from kartotek.domain import Tx, bounds, returning
from kartotek.domain.undoing import links
from kartotek.model.catalogue import Catalogue
from kartotek.model.undos import Why
from kartotek.store import associations as store
from kartotek.store import deeds

Hold = Callable[[Tx, bounds.Holds], None]
_ENDS = list(deeds.PAIR)


def fitted(
    tx: Tx, id: int, known: Catalogue, plan: links.Plan, firsts: pl.Series, back: pl.DataFrame, hold: Hold
) -> links.Plan:
    """The plan without what has no room, which stays ended and is told.

    `firsts`: records of which the import's associations have ended, or are about to. `back`: pairs of batches before
    this one that begin again. Other records are locked by now; who deadlocks over `hold` begins the batch again.
    """
    due = pl.concat([plan.relink, plan.relabel.select(*store.TYPED)])
    holds = returning.holds(known, due.select("first_type", "second_type").unique().rows())
    if not _is_counted(known, holds):
        return plan
    hold(tx, holds)
    set_by_now = store.labels_among(tx, plan.relabel).drop_nulls("type")
    fit = returning.room(
        tx, known, plan.relink,
        plan.relabel.join(set_by_now, on=list(store.LABEL), how="anti", maintain_order="left"),
        coming=back.join(store.among(tx, back), on=_ENDS, how="anti"),
        leaving=_leaving(tx, id, due, firsts, plan.kept),
    )  # fmt: skip
    out = pl.concat([fit.crowded, fit.unlabelled.select(*store.TYPED)]).select(*_ENDS, "first_type")
    stays = out.with_columns(why=pl.lit(Why.FULL.value), own=pl.lit(False))
    return replace(
        plan,
        stays=pl.concat([plan.stays, stays]).unique(_ENDS, keep="first", maintain_order=True),
        relink=fit.pairs,
        relabel=fit.labels,
        primaries=plan.primaries.join(fit.crowded, on=_ENDS, how="anti", maintain_order="left"),
    )


def _is_counted(known: Catalogue, holds: Mapping[tuple[int, int], bool]) -> bool:
    return any(holds.values()) or any(known.by_number(number).one_home for pair in holds for number in pair)


def _leaving(tx: Tx, id: int, due: pl.DataFrame, firsts: pl.Series, kept: pl.DataFrame) -> pl.DataFrame:
    """The import's own pairs at the ends of these that end, too, and so take no room."""
    ends = pl.concat([due.select(id=end) for end in _ENDS])["id"].unique()
    there = store.all_of(tx, ends.to_list()).filter(pl.col("first").is_in(firsts.implode()))
    own = deeds.links(tx, id, there).filter("own")
    return there.join(own, on=_ENDS, how="semi").join(kept, on=_ENDS, how="anti")
