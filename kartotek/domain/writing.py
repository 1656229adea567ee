"""Writes a batch: any number of new and existing records of several types, and the links between them.

The order matters. First everything that the batch touches is locked, then read, and only what is read after that
decides: old values, who holds an address, whether the other end of a link still lives, which company is primary.
New rows never pass through a staging table: they get their ids in one block and go by COPY straight to where they
stay, primary company included, so the database sees each of them once.
"""

import itertools
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import polars as pl

from kartotek.domain import Tx, access, belonging, catalogue, claims, identifiers, linking, rules
from kartotek.model.catalogue import Catalogue
from kartotek.model.object_types import ObjectType
from kartotek.model.people import Actor
from kartotek.model.properties import Property
from kartotek.model.records import Batch, Changes, Outcome, Written
from kartotek.store import records as store
from kartotek.values import TYPES

Reader = Callable[[Tx, ObjectType, Sequence[int], Sequence[Property]], pl.DataFrame]
Reserver = Callable[[Tx, int], int]

_OLD = "_old_"
_PROVISIONAL = itertools.count(1)


@dataclass(slots=True)
class _Work:
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
        return _read_with(self.changes)

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

    def keys(self) -> pl.DataFrame:
        """`_key`, `_id` of every row that is still in the work."""
        return pl.concat([self.new.select("_key", "_id"), self.old.select("_key", "_id")])


@dataclass(frozen=True, slots=True)
class Decision:
    """A batch, checked and numbered: what will be written, to the last value."""

    works: tuple[_Work, ...]
    links: linking.Plan
    catalogue: Catalogue

    def written(self) -> Written:
        return Written(
            outcomes={work.object_type.name: _outcomes(work) for work in self.works},
            problems=pl.concat([rules.none(), *(work.problems for work in self.works)]),
            links=self.links.outcomes,
        )


def write(tx: Tx, actor: Actor, batch: Batch) -> Written:
    """Writes all of it that can be written; what cannot comes back as problems."""
    decision = _decide(tx, actor, batch, store.lock, store.reserve_ids)
    with ThreadPoolExecutor(1) as sender:
        # While the server takes the records in, the rest is put in order.
        sending = sender.submit(_send_records, tx, actor, decision)
        asked = identifiers.ordered(pl.concat([identifiers.none(), *(work.claims for work in decision.works)]))
        written = decision.written()
        sending.result()
    identifiers.release(tx, pl.concat([identifiers.none(), *(work.freed for work in decision.works)]))
    linking.carry_out(tx, actor, decision.catalogue, decision.links)
    # Last, and all of them in one order: who waits here for an address that another is taking holds up nobody else.
    identifiers.take(tx, asked)
    return written


def _send_records(tx: Tx, actor: Actor, decision: Decision) -> None:
    for work in decision.works:
        _insert(tx, actor, work, decision.links)
        _update(tx, actor, work)


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """What writing one batch after the other would do, without locking or writing anything.

    New records get numbers below zero instead of ids, and a later batch may link to those as if they were there.
    """

    memory: claims.Memory = field(default_factory=claims.Memory)

    def write(self, tx: Tx, actor: Actor, batch: Batch) -> Written:
        decision = _decide(tx, actor, batch, store.peek, _provisional_ids, self.memory)
        for work in decision.works:
            self.memory.add(work.freed, work.claims.filter(~pl.col("name").is_in(list(work.changes.looked_up))))
        return decision.written()


def rehearse(tx: Tx, actor: Actor, batch: Batch) -> Written:
    """What writing this batch alone would do."""
    return Rehearsal().write(tx, actor, batch)


def _decide(
    tx: Tx, actor: Actor, batch: Batch, read: Reader, reserve: Reserver, memory: claims.Memory | None = None
) -> Decision:
    known = catalogue.load(tx)
    for changes in batch.changes:
        access.require(actor, "edit", changes.object_type.name)
        rules.writable(changes)
    there = _read(tx, batch, read)
    works = tuple(_prepare(tx, actor, known, changes, there[changes.object_type.name]) for changes in batch.changes)
    # What belongs to others comes last: whether those are kept is settled by then.
    for work in sorted(works, key=lambda work: bool(work.object_type.homes)):
        if work.object_type.homes:
            kept = {one.object_type.name: one.keys() for one in works}
            work.drop(belonging.homeless(actor, work.object_type, work.new, batch.links, kept, there))
        _claim(tx, actor, work, memory)
    _number(tx, works, reserve)
    keys = {work.object_type.name: work.keys() for work in works}
    return Decision(works, linking.plan(tx, known, batch.links, keys, there), known)


def _provisional_ids(tx: Tx, count: int) -> int:
    """The first of a block of numbers below zero, unlike any that another batch of this process gets."""
    return -next(_PROVISIONAL) * 10_000_000


def _read(tx: Tx, batch: Batch, read: Reader) -> dict[str, pl.DataFrame]:
    """Reads (and locks) all records that the batch touches, types in a fixed order."""
    ids: dict[str, list[pl.Series]] = {}
    types: dict[str, ObjectType] = {}
    properties: dict[str, list[Property]] = {}
    for changes in batch.changes:
        one = types[changes.object_type.name] = changes.object_type
        ids.setdefault(one.name, []).append(changes.frame["_id"].cast(pl.Int64))
        properties[one.name] = _read_with(changes)
    for link in batch.links:
        for one, column in ((link.first, "first_id"), (link.second, "second_id")):
            types[one.name] = one
            ids.setdefault(one.name, []).append(link.frame[column].cast(pl.Int64))
    found = {}
    for one in sorted(types.values(), key=store.lock_order):
        wanted = pl.concat(ids[one.name]).drop_nulls().unique().sort()
        found[one.name] = read(tx, one, wanted.filter(wanted > 0).to_list(), properties.get(one.name, []))
    return found


def _read_with(changes: Changes) -> list[Property]:
    """The properties that are written, and those to read beside them: a rule may look at both of a pair."""
    object_type = changes.object_type
    names = [name for name in changes.frame.columns if not name.startswith("_")]
    wanted = dict.fromkeys(names)
    if object_type.pipeline and object_type.stage and {object_type.pipeline, object_type.stage} & set(names):
        wanted |= dict.fromkeys([object_type.pipeline, object_type.stage])
    for further, main in identifiers.FURTHER.items():
        if {main, further} & set(names) and {main, further} <= object_type.properties.keys():
            wanted |= dict.fromkeys([main, further])
    for group in object_type.needs:
        if set(group) & set(names):
            wanted |= dict.fromkeys(group)
    return [object_type.properties[name] for name in wanted]


def _prepare(tx: Tx, actor: Actor, known: Catalogue, changes: Changes, locked: pl.DataFrame) -> _Work:
    one = changes.object_type
    there = locked.filter(~pl.col("_archived"))
    existing = changes.frame.filter(pl.col("_id").is_not_null())
    gone = existing.join(there, on="_id", how="anti")
    fresh = rules.dated(tx, one, changes.frame.filter(pl.col("_id").is_null()))
    new, misplaced = rules.staged(known, one, fresh)
    old = _compare(actor, changes, existing.join(gone, on="_key", how="anti", maintain_order="left"), there)
    work = _Work(
        changes, new, old, pl.concat([misplaced, rules.problems(one, gone, None, "INVALID_RECORD_ID", pl.col("_id"))])
    )
    work.drop(rules.needed(one, work.new))
    if changes.clear:
        work.drop(rules.emptied(one, work.old.filter("_changed")))
    _keep_to_pipelines(known, work)
    return work


def _compare(actor: Actor, changes: Changes, existing: pl.DataFrame, there: pl.DataFrame) -> pl.DataFrame:
    """Final and former texts of the records that exist, and whether they differ."""
    names = [name for name in changes.frame.columns if not name.startswith("_")]
    read = [name for name in there.columns if not name.startswith("_")]
    adding = [name for name in names if Changes.adds(name) in existing.columns]
    texts = existing.select(
        "_key", "_id", *(TYPES[changes.object_type.properties[n].kind].text(pl.col(n)).alias(n) for n in names),
        *map(Changes.adds, adding),
    )  # fmt: skip
    joined = texts.join(
        there.select("_id", *(pl.col(n).alias(_OLD + n) for n in read)), on="_id", how="left", maintain_order="left"
    ).with_columns(map(_added, adding))
    final = [
        pl.when(_differs(actor, changes, name)).then(pl.col(name)).otherwise(pl.col(_OLD + name)).alias(name)
        if name in names
        else pl.col(_OLD + name).alias(name)
        for name in read
    ]
    return _with_changed(_swap_first(joined.with_columns(final), read), read)


def _added(name: str) -> pl.Expr:
    """The options that were there and those that a row adds to them."""
    together = pl.concat_str(_OLD + name, name, separator=";", ignore_nulls=True)
    every = together.str.split(";").list.unique(maintain_order=True).list.join(";")
    return pl.when(pl.col(Changes.adds(name)) & pl.col(name).is_not_null()).then(every).otherwise(name).alias(name)


def _swap_first(rows: pl.DataFrame, names: Sequence[str]) -> pl.DataFrame:
    """A further address that becomes the first one leaves its place to it (imports.md 5.9)."""
    for further, main in identifiers.FURTHER.items():
        if further in names and main in names:
            listed = pl.col(_OLD + further).str.split(";")
            risen = pl.col(main).ne_missing(pl.col(_OLD + main)) & listed.list.contains(pl.col(main))
            others = listed.list.set_difference(pl.concat_list(main)).list.join(";")
            left = pl.concat_str(pl.col(_OLD + main), others.replace("", None), separator=";", ignore_nulls=True)
            rows = rows.with_columns(pl.when(risen).then(left).otherwise(pl.col(further)).alias(further))
    return rows


def _with_changed(rows: pl.DataFrame, names: Sequence[str]) -> pl.DataFrame:
    differs = [pl.col(name).ne_missing(pl.col(_OLD + name)) for name in names]
    return rows.with_columns(
        pl.any_horizontal(differs).alias("_changed") if differs else pl.lit(False).alias("_changed")
    )


def _differs(actor: Actor, changes: Changes, name: str) -> pl.Expr:
    new, old = pl.col(name), pl.col(_OLD + name)
    differs = new.ne_missing(old)
    if not changes.clear:
        differs &= new.is_not_null()
    if name in changes.fill_only:
        differs &= old.is_null()
    backwards = rules.forwards(actor, changes.object_type, name)
    return differs if backwards is None else differs & ~backwards


def _keep_to_pipelines(known: Catalogue, work: _Work) -> None:
    """A record whose stage would not belong to its pipeline keeps both as they were."""
    one = work.object_type
    _, wrong = rules.staged(known, one, work.old)
    if wrong.is_empty():
        return
    mine = pl.col("_key").is_in(wrong["_key"].implode())
    both = [name for name in (one.pipeline, one.stage) if name]
    kept = (pl.when(mine).then(pl.col(_OLD + name)).otherwise(pl.col(name)).alias(name) for name in both)
    work.old = _with_changed(work.old.with_columns(kept), work.names)
    work.problems = pl.concat([work.problems, wrong])


def _claim(tx: Tx, actor: Actor, work: _Work, memory: claims.Memory | None) -> None:
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


def _identifiers(work: _Work) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Those that the records hold now, and those that they would hold then."""
    changed = work.old.filter("_changed")
    held = identifiers.wanted(
        work.object_type, changed.select("_key", "_id", *(pl.col(_OLD + n).alias(n) for n in work.names))
    )
    later = [identifiers.wanted(work.object_type, work.new), identifiers.wanted(work.object_type, changed)]
    return held, pl.concat(later)


def _leave_out(work: _Work, lost: pl.DataFrame) -> None:
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
            new = new.with_columns(mended.alias(str(name))).drop("_lost")
        texts = pl.col(str(name)).str.split(";").list.set_difference("_lost").list.join(";").replace("", None)
        old = work.old.join(theirs, on="_key", how="left", maintain_order="left")
        kept = pl.when(pl.col("_lost").is_null()).then(str(name)).otherwise(texts)
        work.new, work.old = new, _with_changed(old.with_columns(kept.alias(str(name))).drop("_lost"), work.names)
    problems = identifiers.as_problems(work.object_type, lost)
    work.problems = pl.concat([work.problems, problems.with_columns(type=pl.lit("SECONDARY_EMAIL_WRITE_FAILURE"))])


def _number(tx: Tx, works: Sequence[_Work], reserve: Reserver) -> None:
    """Gives every new record its id, out of one block for the whole batch."""
    first = reserve(tx, sum(len(work.new) for work in works))
    for work in works:
        work.new = work.new.with_columns(_id=pl.int_range(first, first + len(work.new), dtype=pl.Int64))
        first += len(work.new)
        named = work.new.select("_key", new_id="_id")
        work.claims = work.claims.join(named, on="_key", how="left", maintain_order="left").select(
            pl.coalesce("_id", "new_id").alias(name) if name == "_id" else pl.col(name)
            for name in identifiers.IDENTIFIER
        )


def _insert(tx: Tx, actor: Actor, work: _Work, links: linking.Plan) -> None:
    primaries = links.primaries.get(work.object_type.name)
    rows = work.new.drop("_key")
    if primaries is not None:
        rows = rows.join(primaries.select("_id", _primary="company"), on="_id", how="left", maintain_order="left")
    store.insert(tx, actor, work.object_type, rows)


def _update(tx: Tx, actor: Actor, work: _Work) -> None:
    changed = work.old.filter("_changed")
    if changed.is_empty():
        return
    moved = [prop for prop in work.properties if (changed[prop.name].ne_missing(changed[_OLD + prop.name])).any()]
    pieces = [
        pl.when(pl.col(prop.name).ne_missing(pl.col(_OLD + prop.name))).then(
            pl.struct(pl.col(_OLD + prop.name).alias(prop.name)).struct.json_encode()
            .str.strip_prefix("{").str.strip_suffix("}")
        )
        for prop in moved
    ]  # fmt: skip
    body = pl.concat_str(pieces, separator=",", ignore_nulls=True)
    old = changed.select(record="_id", old=pl.concat_str(pl.lit("{"), body, pl.lit("}")))
    store.remember(tx, actor, old)
    store.update(tx, work.object_type, changed, moved)


def _outcomes(work: _Work) -> pl.DataFrame:
    updated = pl.when("_changed").then(pl.lit(Outcome.UPDATED.value)).otherwise(pl.lit(Outcome.UNCHANGED.value))
    done = pl.concat(
        [
            work.new.select("_key", "_id", outcome=pl.lit(Outcome.CREATED.value)),
            work.old.select("_key", "_id", outcome=updated),
        ]
    )
    rows = work.changes.frame.select("_key").join(done, on="_key", how="left", maintain_order="left")
    return rows.with_columns(pl.col("outcome").fill_null(Outcome.FAILED.value))
