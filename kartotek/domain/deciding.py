"""Decides what writing a batch comes to, to the last value: what is new, what changes, who gets which address.

A decision is made from what a `Sight` shows of the records concerned. Whoever writes at once sees them locked
(writing.py). Whoever decides ahead of the batches before it, or only rehearses, sees them as they will be then
(foresight.py). The rules are the same.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

import polars as pl

from kartotek.domain import (
    Tx,
    access,
    belonging,
    catalogue,
    claims,
    comparing,
    identifiers,
    labelling,
    linking,
    products,
    reach,
    rules,
)
from kartotek.domain.comparing import OLD
from kartotek.model.catalogue import Catalogue
from kartotek.model.object_types import ObjectType
from kartotek.model.people import Actor
from kartotek.model.properties import Property
from kartotek.model.records import Batch, Changes, Outcome, Written
from kartotek.store import records as store

_NOBODY = pl.Series(dtype=pl.Int64)


@dataclass(frozen=True, slots=True)
class Asked:
    """The records of one type that a batch concerns, by their ids.

    `kept`: those that it may change, whose `properties` matter; `ends`: those that it only associates others with.
    `seen`: as Changes.seen.
    """

    object_type: ObjectType
    kept: pl.Series
    ends: pl.Series
    properties: tuple[Property, ...] = ()
    seen: pl.DataFrame | None = None


@dataclass(frozen=True, slots=True)
class There:
    """What there is of them. `kept`: as store.lock gives it, or store.glimpse; `ends`: as store.KNOWN."""

    asked: Asked
    kept: pl.DataFrame
    ends: pl.DataFrame

    def known(self) -> pl.DataFrame:
        if self.kept.is_empty():
            return self.ends
        kept = self.kept[list(store.KNOWN)]
        return pl.concat([kept, self.ends]) if len(self.ends) else kept


class Sight(Protocol):
    """How whoever decides sees what is there."""

    def look(self, tx: Tx, asked: Sequence[Asked]) -> list[There]: ...

    def reserve(self, tx: Tx, count: int) -> int:
        """The first of so many numbers for new records."""
        ...

    def memory(self) -> claims.Memory | None:
        """What batches that are decided, and not written yet, take and give up."""
        ...

    def pairs(self) -> pl.DataFrame:
        """The associations (as linking.PAIR) that those will make."""
        ...

    def labels(self) -> pl.DataFrame:
        """The labels (as linking.LABEL) that those will set."""
        ...


@dataclass(slots=True)
class Work:
    """What is to be done to the records of one type, as it takes shape."""

    changes: Changes
    new: pl.DataFrame  # _key, _id (from the block), typed properties
    old: pl.DataFrame  # _key, _id, final texts, _old_ texts, _changed
    problems: pl.DataFrame
    claims: pl.DataFrame = field(default_factory=identifiers.none)
    freed: pl.DataFrame = field(default_factory=identifiers.none)

    @property
    def object_type(self) -> ObjectType:
        return self.changes.object_type

    @property
    def properties(self) -> list[Property]:
        """What is written, and what a rule reads beside it."""
        return read_with(self.changes)

    @property
    def names(self) -> list[str]:
        return [prop.name for prop in self.properties]

    def drop(self, problems: pl.DataFrame) -> None:
        """Takes the rows that these problems concern out of the work."""
        if problems.is_empty():
            return
        self.problems = pl.concat([self.problems, problems])
        self.new = self.new.join(problems, on="_key", how="anti", maintain_order="left")
        self.old = self.old.join(problems, on="_key", how="anti", maintain_order="left")

    def without_values(self, names: Collection[str]) -> "Work":
        """The same rows, and what they say of these properties only."""
        kept = (pl.selectors.starts_with("_") - pl.selectors.starts_with(OLD)) | pl.selectors.by_name(
            *names, *(OLD + name for name in names), require_all=False
        )
        frame = self.changes.frame.select_seq(kept)
        return replace(
            self,
            changes=replace(self.changes, frame=frame),
            new=self.new.select_seq(kept),
            old=self.old.select_seq(kept),
        )

    def keys(self) -> pl.DataFrame:
        """`_key`, `_id` of every row that is still in the work."""
        return pl.concat([self.new.select_seq("_key", "_id"), self.old.select_seq("_key", "_id")])


@dataclass(frozen=True, slots=True)
class Decision:
    """A batch, checked and numbered: what will be written, to the last value."""

    works: tuple[Work, ...]
    links: linking.Plan
    catalogue: Catalogue
    there: tuple[There, ...]  # what it was decided from

    def touched(self) -> pl.Series:
        """The records that it writes or gives associations; the others it only looks at."""
        changed = [work.old.filter("_changed")["_id"] for work in self.works]
        primaries = [frame["_id"] for frame in self.links.primaries.values()]
        ends = [frame[end] for frame in (self.links.added, self.links.labels) for end in ("first", "second")]
        return _ids([*changed, *primaries, *ends])

    def without_values(self, names: Collection[str]) -> "Decision":
        """What is left to ask when what the records are to say stands in the delivery, but for these properties."""
        return replace(self, works=tuple(work.without_values(names) for work in self.works))

    def written(self) -> Written:
        return Written(
            outcomes={work.object_type.name: _outcomes(work) for work in self.works},
            problems=pl.concat([rules.none(), *(work.problems for work in self.works)]),
            links=self.links.outcomes,
            lost=self.links.lost,
        )


def decide(tx: Tx, actor: Actor, batch: Batch, sight: Sight) -> Decision:
    known = catalogue.load(tx)
    for changes in batch.changes:
        access.require(actor, "edit", changes.object_type)
        rules.writable(changes)
    there = sight.look(tx, _asked(known, batch))
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
        _claim(tx, actor, work, sight.memory())
    _number(tx, works, sight)
    keys = {work.object_type.name: work.keys() for work in works}
    links = linking.plan(tx, known, batch.links, keys, alive, sight.pairs())
    labelling.add(tx, known, batch.links, keys, alive, links, sight)
    return Decision(works, links, known, tuple(there))


def _asked(known: Catalogue, batch: Batch) -> list[Asked]:
    """Of each type, in the order in which types are locked.

    Records that may get a primary company are kept: whether they have one must not change meanwhile. So are the first
    ends of pairs that get a label: who ends a pair locks that end.
    """
    kept: dict[str, list[pl.Series]] = {}
    ends: dict[str, list[pl.Series]] = {}
    for changes in batch.changes:
        kept.setdefault(changes.object_type.name, []).append(changes.frame["_id"])
    for link in batch.links:
        for one, other, column in ((link.first, link.second, "first_id"), (link.second, link.first, "second_id")):
            gets_primary = one.has_primary_company and other.name == "companies"
            (kept if gets_primary else ends).setdefault(one.name, []).append(link.frame[column])
            if link.labels is not None:
                held = gets_primary or linking.is_first(one, other)
                (kept if held else ends).setdefault(one.name, []).append(link.labels[column])
    properties = {changes.object_type.name: tuple(read_with(changes)) for changes in batch.changes}
    seen = {changes.object_type.name: changes.seen for changes in batch.changes}
    found = []
    for one in sorted((known.object_types[name] for name in kept.keys() | ends.keys()), key=store.lock_order):
        mine = _ids(kept.get(one.name, []))
        others = _ids(ends.get(one.name, []))
        if len(mine) and len(others):
            others = others.filter(~others.is_in(mine.implode()))
        found.append(Asked(one, mine, others, properties.get(one.name, ()), seen.get(one.name)))
    return found


def _ids(parts: Sequence[pl.Series]) -> pl.Series:
    every = pl.concat([_NOBODY, *(part.cast(pl.Int64) for part in parts)])
    # Of one record nothing need be asked that takes as long as to read it.
    whole = every.drop_nulls() if every.null_count() else every
    return whole.unique().sort() if len(whole) > 1 else whole


def read_with(changes: Changes) -> list[Property]:
    """The properties that are written, and those to read beside them: a rule may look at both of a pair."""
    return beside(changes.object_type, [name for name in changes.frame.columns if not name.startswith("_")])


def beside(object_type: ObjectType, names: Sequence[str]) -> list[Property]:
    """The same of the properties' names."""
    wanted = dict.fromkeys(names)
    if object_type.pipeline and object_type.stage and {object_type.pipeline, object_type.stage} & set(names):
        wanted |= dict.fromkeys([object_type.pipeline, object_type.stage])
    for further, main in identifiers.FURTHER.items():
        if {main, further} & set(names) and {main, further} <= object_type.properties.keys():
            wanted |= dict.fromkeys([main, further])
    for group in (*object_type.needs, *object_type.spans):
        if set(group) & set(names):
            wanted |= dict.fromkeys(group)
    return [object_type.properties[name] for name in wanted]


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


def _claim(tx: Tx, actor: Actor, work: Work, memory: claims.Memory | None) -> None:
    """Works out which identifiers the rows take and give up, and drops the rows that cannot have theirs."""
    one = work.object_type
    held, later = _identifiers(work)
    own = ["_key", "property", "value"]
    fresh = later.join(held, on=own, how="anti", maintain_order="left")
    freed = held.join(later, on=own, how="anti", maintain_order="left")
    lost = claims.clashes(tx, actor, one, fresh, freed, work.changes.looked_up, memory)
    if len(lost):
        grave = lost.filter(~claims.is_further(actor))
        work.drop(identifiers.as_problems(one, grave))
        _leave_out(
            work, lost.filter(claims.is_further(actor)).join(grave, on="_key", how="anti", maintain_order="left")
        )
        held, later = _identifiers(work)
        fresh = later.join(held, on=own, how="anti", maintain_order="left")
        freed = held.join(later, on=own, how="anti", maintain_order="left")
    work.claims, work.freed = fresh, freed


def _identifiers(work: Work) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Those that the records hold now, and those that they would hold then."""
    changed = work.old.filter("_changed")
    held = identifiers.wanted(
        work.object_type, changed.select_seq("_key", "_id", *(pl.col(OLD + n).alias(n) for n in work.names))
    )
    later = [identifiers.wanted(work.object_type, work.new), identifiers.wanted(work.object_type, changed)]
    return held, pl.concat(later)


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


def _outcomes(work: Work) -> pl.DataFrame:
    updated = pl.when("_changed").then(pl.lit(Outcome.UPDATED.value)).otherwise(pl.lit(Outcome.UNCHANGED.value))
    done = pl.concat(
        [
            work.new.select_seq("_key", "_id", outcome=pl.lit(Outcome.CREATED.value)),
            work.old.select_seq("_key", "_id", outcome=updated),
        ]
    )
    rows = work.changes.frame.select_seq("_key").join(done, on="_key", how="left", maintain_order="left")
    return rows.with_columns_seq(pl.col("outcome").fill_null(Outcome.FAILED.value))
