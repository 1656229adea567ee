"""Decides what writing a batch comes to, to the last value: what is new, what changes, who gets which address.

A decision is made from what a `Sight` shows of the records concerned. Whoever writes at once sees them locked
(writing.py). Whoever decides ahead of the batches before it, or only rehearses, sees them as they will be then
(foresight.py). The rules are the same.
"""

from collections.abc import Sequence
from dataclasses import replace

import polars as pl

from kartotek.domain import (
    Tx,
    access,
    belonging,
    catalogue,
    claiming,
    comparing,
    identifiers,
    labelling,
    linking,
    products,
    reach,
    rules,
    sights,
)
from kartotek.domain.comparing import OLD
from kartotek.domain.decisions import Decision, Work
from kartotek.domain.sights import Sight
from kartotek.model.catalogue import Catalogue
from kartotek.model.people import Actor
from kartotek.model.records import Batch, Changes


def decide(tx: Tx, actor: Actor, batch: Batch, sight: Sight) -> Decision:
    known = catalogue.load(tx)
    for changes in batch.changes:
        access.require(actor, "edit", changes.object_type)
        rules.writable(changes)
    there = sight.look(tx, sights.asked(known, batch))
    # The decision is kept until it is written: what was seen need not be kept twice.
    batch = replace(batch, changes=tuple(replace(changes, seen=None) for changes in batch.changes))
    reach.require_batch(tx, actor, batch)
    kept = {one.asked.object_type.name: one.kept for one in there}
    alive = {one.asked.object_type.name: one.known() for one in there}
    works = tuple(_prepare(tx, actor, known, changes, kept[changes.object_type.name]) for changes in batch.changes)
    # What belongs to others comes last: whether those are kept is settled by then.
    for work in sorted(works, key=lambda work: bool(work.object_type.homes)):
        if work.object_type.homes:
            written = {one.object_type.name: one.keys() for one in works}
            work.drop(belonging.homeless(actor, work.object_type, work.new, batch.links, written, alive))
        claiming.claim(tx, actor, work, sight.memory())
    _number(tx, works, sight)
    keys = {work.object_type.name: work.keys() for work in works}
    links = linking.plan(tx, known, batch.links, keys, alive, sight.pairs())
    labelling.add(tx, known, batch.links, keys, alive, links, sight)
    return Decision(works, links, known, tuple(there))


def _prepare(tx: Tx, actor: Actor, known: Catalogue, changes: Changes, locked: pl.DataFrame) -> Work:
    one = changes.object_type
    there = locked.filter(~pl.col("_archived"))
    existing = changes.frame.filter(pl.col("_id").is_not_null())
    gone = existing.join(there, on="_id", how="anti")
    fresh = rules.dated(tx, one, changes.frame.filter(pl.col("_id").is_null()))
    whole, strangers = products.filled(tx, actor, known, one, fresh)
    new, misplaced = rules.staged(known, one, whole)
    old = comparing.compare(actor, changes, existing.join(gone, on="_key", how="anti", maintain_order="left"), there)
    work = Work(
        changes, new, old, pl.concat([misplaced, rules.problems(one, gone, None, "INVALID_RECORD_ID", pl.col("_id"))])
    )
    work.drop(pl.concat([strangers, products.strangers(tx, actor, known, one, work.old)]))
    work.drop(rules.needed(one, work.new))
    if changes.empties:
        work.drop(rules.emptied(one, work.old.filter("_changed")))
    work.drop(rules.within_limits(actor, one, work.new, work.old))
    _keep_to_pipelines(known, work)
    _keep_in_order(actor, work)
    return work


def _keep_to_pipelines(known: Catalogue, work: Work) -> None:
    """A record whose stage would not belong to its pipeline keeps both as they were."""
    one = work.object_type
    _, wrong = rules.staged(known, one, work.old)
    if wrong.is_empty():
        return
    _take_back(work, [name for name in (one.pipeline, one.stage) if name], wrong)


def _keep_in_order(actor: Actor, work: Work) -> None:
    """What would end before it begins begins alone, or keeps both as they were; what is put back is not asked."""
    one = work.object_type
    if not one.spans or actor.source in rules.PUTTING_BACK:
        return
    if found := rules.backwards(one, work.new):
        (_, ends), wrong = found
        mine = pl.col("_key").is_in(wrong["_key"].implode())
        work.new = work.new.with_columns_seq(pl.when(~mine).then(pl.col(ends)).alias(ends))
        work.problems = pl.concat([work.problems, wrong])
    if found := rules.backwards(one, work.old.filter("_changed")):
        both, wrong = found
        _take_back(work, both, wrong)


def _take_back(work: Work, names: Sequence[str], wrong: pl.DataFrame) -> None:
    mine = pl.col("_key").is_in(wrong["_key"].implode())
    kept = (pl.when(mine).then(pl.col(OLD + name)).otherwise(pl.col(name)).alias(name) for name in names)
    work.old = comparing.with_changed(work.old.with_columns_seq(kept), work.names)
    work.problems = pl.concat([work.problems, wrong])


def _number(tx: Tx, works: Sequence[Work], sight: Sight) -> None:
    """Gives every new record its id, out of one block for the whole batch."""
    first = sight.reserve(tx, sum(len(work.new) for work in works))
    for work in works:
        work.new = work.new.with_columns_seq(_id=pl.int_range(first, first + len(work.new), dtype=pl.Int64))
        first += len(work.new)
        named = work.new.select_seq("_key", new_id="_id")
        work.claims = work.claims.join(named, on="_key", how="left", maintain_order="left").select_seq(
            pl.coalesce("_id", "new_id").alias(name) if name == "_id" else pl.col(name)
            for name in identifiers.IDENTIFIER
        )
