"""Which addresses and unique values the rows of a batch take and give up.

Who gets what several ask for is settled in claims.py; whoever cannot have theirs leaves the work, or does without a
further address.
"""

import polars as pl

from kartotek.domain import Tx, claims, comparing, identifiers
from kartotek.domain.comparing import OLD
from kartotek.domain.decisions import Work
from kartotek.model.people import Actor


def claim(tx: Tx, actor: Actor, work: Work, memory: claims.Memory | None) -> None:
    """Enters into the work what its rows take and give up, and drops the rows that cannot have theirs."""
    one = work.object_type
    fresh, freed = _moves(work)
    lost = claims.clashes(tx, actor, one, fresh, freed, work.changes.looked_up, memory)
    if len(lost):
        further = claims.is_further(actor)
        grave = lost.filter(~further)
        work.drop(identifiers.as_problems(one, grave))
        _leave_out(work, lost.filter(further).join(grave, on="_key", how="anti", maintain_order="left"))
        fresh, freed = _moves(work)
    work.claims, work.freed = fresh, freed


def _moves(work: Work) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The identifiers that the records would hold and do not hold now, and those that they would not hold any more."""
    changed, own = work.old.filter("_changed"), ["_key", "property", "value"]
    held = identifiers.wanted(
        work.object_type, changed.select_seq("_key", "_id", *(pl.col(OLD + n).alias(n) for n in work.names))
    )
    later = pl.concat([identifiers.wanted(work.object_type, work.new), identifiers.wanted(work.object_type, changed)])
    if held.is_empty():
        return later, held
    if later.select_seq(own).equals(held.select_seq(own)):
        return later.clear(), held.clear()
    fresh = later.join(held, on=own, how="anti", maintain_order="left")
    return fresh, held.join(later, on=own, how="anti", maintain_order="left")


def _leave_out(work: Work, lost: pl.DataFrame) -> None:
    """Takes further addresses that belong to other records out of the rows that name them."""
    for (name,), some in lost.group_by("name", maintain_order=True):
        theirs = some.group_by("_key").agg(_lost="value")
        left = pl.col(str(name)).list.set_difference("_lost")
        new = (
            work.new.join(theirs, on="_key", how="left", maintain_order="left")
            if name in work.new.columns
            else work.new
        )
        if name in work.new.columns:
            mended = pl.when(pl.col("_lost").is_null()).then(str(name)).when(left.list.len() > 0).then(left)
            new = new.with_columns_seq(mended.alias(str(name))).drop("_lost")
        texts = pl.col(str(name)).str.split(";").list.set_difference("_lost").list.join(";").replace("", None)
        old = work.old.join(theirs, on="_key", how="left", maintain_order="left")
        kept = pl.when(pl.col("_lost").is_null()).then(str(name)).otherwise(texts)
        work.new, work.old = (
            new,
            comparing.with_changed(old.with_columns_seq(kept.alias(str(name))).drop("_lost"), work.names),
        )
    problems = identifiers.as_problems(work.object_type, lost)
    work.problems = pl.concat([work.problems, problems.with_columns_seq(type=pl.lit("SECONDARY_EMAIL_WRITE_FAILURE"))])
