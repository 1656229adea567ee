"""Decides what batches come to before those ahead of them are written, or without any ever being.

An import decides the next batches while the server takes in this one. `Foresight` sees the database as it is, and upon
it what the batches that are decided and not yet written will make of it. Whatever else happens in the meantime shows
when a batch's turn comes: its records are locked, read again, and compared (writing.py). `Rehearsal` writes nothing,
so what it decides stays ahead for ever.
"""

import itertools
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import polars as pl

from kartotek.domain import Tx, claims, deciding, linking, sights
from kartotek.domain.decisions import Decision
from kartotek.domain.sights import Asked, There
from kartotek.model.object_types import ObjectType
from kartotek.model.people import Actor
from kartotek.model.records import Batch, Written
from kartotek.store import records as store

# Two that are being written, one that waits for them, and those that were written while looks were taken: at the keys
# and the records of a batch while those before it are decided, and once more after that.
_AHEAD = 8
_PROVISIONAL = itertools.count(1)


@dataclass(frozen=True, slots=True)
class _Coming:
    """What those behind it have to know of a batch; all of it would keep the memory of several batches."""

    pairs: pl.DataFrame
    labels: pl.DataFrame
    primaries: Mapping[str, pl.DataFrame]
    made: Mapping[str, pl.Series]  # the new records' ids

    @classmethod
    def of(cls, decision: Decision) -> "_Coming":
        links, made = decision.links, {work.object_type.name: work.new["_id"] for work in decision.works}
        return cls(links.added, links.labels, links.primaries, made)


@dataclass(slots=True)
class Foresight:
    _coming: "deque[_Coming]" = field(default_factory=lambda: deque(maxlen=_AHEAD))
    _moves: "deque[claims.Move]" = field(default_factory=lambda: deque(maxlen=_AHEAD))

    def decide(self, tx: Tx, actor: Actor, batch: Batch) -> Decision:
        """Batches in their order; what is decided of one counts for the next when it has been remembered."""
        return deciding.decide(tx, actor, batch, self)

    def remember(self, decision: Decision) -> None:
        self._coming.append(_Coming.of(decision))
        self._moves.append(_move(decision))

    def look(self, tx: Tx, asked: Sequence[Asked]) -> list[There]:
        return [There(replace(one, seen=None), self._kept(tx, one), _alive(one.ends)) for one in asked]

    def reserve(self, tx: Tx, count: int) -> int:
        return store.reserve_ids(tx, count)

    def memory(self) -> claims.Memory | None:
        return claims.Memory.of(self._moves)

    def pairs(self) -> pl.DataFrame:
        return pl.concat([pl.DataFrame(schema=linking.PAIR), *(batch.pairs for batch in self._coming)])

    def labels(self) -> pl.DataFrame:
        return pl.concat([pl.DataFrame(schema=linking.LABEL), *(batch.labels for batch in self._coming)])

    def _kept(self, tx: Tx, asked: Asked) -> pl.DataFrame:
        """As they are, with the primary companies that they will have by then, and those that are not there yet."""
        there = _glimpsed(tx, asked)
        if asked.kept.is_empty():
            return there
        name = asked.object_type.name
        for batch in self._coming:
            primaries = batch.primaries.get(name, linking.no_primaries())
            moved = pl.col("_id").is_in(primaries["_id"].implode())
            there = there.update(primaries.select_seq("_id", _primary="company"), on="_id").with_columns_seq(
                _version=pl.when(~moved).then("_version")
            )
            made = batch.made.get(name, pl.Series("_id", [], pl.Int64)).to_frame()
            wanted = pl.col("_id").is_in(asked.kept.implode()) & ~pl.col("_id").is_in(there["_id"].implode())
            fresh = made.filter(wanted)
            known = fresh.join(primaries.select_seq("_id", _primary="company"), on="_id", how="left")
            there = pl.concat([there, known.with_columns_seq(_archived=pl.lit(False))], how="diagonal")
        return there


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """What writing one batch after the other would do.

    New records get numbers below zero instead of ids, and a later batch may link to those as if they were there. Pairs
    and labels are kept from batch to batch only where a limit counts them.
    """

    _memory: claims.Memory = field(default_factory=claims.Memory)
    _pairs: list[pl.DataFrame] = field(default_factory=list)
    _labels: list[pl.DataFrame] = field(default_factory=list)

    def decide(self, tx: Tx, actor: Actor, batch: Batch) -> Decision:
        decision = deciding.decide(tx, actor, batch, self)
        self._memory.add(_move(decision))
        if any(decision.links.holds.values()):
            self._pairs.append(decision.links.added)
            self._labels.append(decision.links.labels)
        return decision

    def look(self, tx: Tx, asked: Sequence[Asked]) -> list[There]:
        return [
            There(
                one,
                _glimpsed(tx, replace(one, kept=one.kept.filter(one.kept > 0))).drop(*store.VERSION),
                store.peek(tx, one.object_type, one.ends.filter(one.ends > 0), ()),
            )
            for one in asked
        ]

    def reserve(self, tx: Tx, count: int) -> int:
        """Unlike what any other batch of this process gets."""
        return -next(_PROVISIONAL) * 10_000_000

    def memory(self) -> claims.Memory | None:
        return self._memory

    def pairs(self) -> pl.DataFrame:
        return pl.concat([pl.DataFrame(schema=linking.PAIR), *self._pairs])

    def labels(self) -> pl.DataFrame:
        return pl.concat([pl.DataFrame(schema=linking.LABEL), *self._labels])


def rehearse(tx: Tx, actor: Actor, batch: Batch) -> Written:
    """What writing this batch alone would do."""
    return Rehearsal().decide(tx, actor, batch).written()


def _move(decision: Decision) -> claims.Move:
    taken = [
        work.claims.filter(~pl.col("name").is_in(list(work.changes.looked_up)) & pl.col("exclusive"))
        for work in decision.works
    ]
    return claims.move([work.freed for work in decision.works], taken)


def glimpse(tx: Tx, object_type: ObjectType, ids: pl.Series, names: Sequence[str]) -> pl.DataFrame:
    """These records, as whoever writes these properties needs to see them: as Changes.seen."""
    return store.glimpse(tx, object_type, ids, sights.beside(object_type, names))


def _glimpsed(tx: Tx, asked: Asked) -> pl.DataFrame:
    """As they are, or as they were a moment ago."""
    columns = [*store.KNOWN, *store.VERSION, *(prop.name for prop in asked.properties)]
    if asked.seen is None or not set(columns) <= set(asked.seen.columns):
        return store.glimpse(tx, asked.object_type, asked.kept, asked.properties)
    seen = asked.seen.filter(pl.col("_id").is_in(asked.kept.implode())).select_seq(columns)
    rest = asked.kept.filter(~asked.kept.is_in(seen["_id"].implode()))
    return pl.concat([seen, store.glimpse(tx, asked.object_type, rest, asked.properties)])


def _alive(ids: pl.Series) -> pl.DataFrame:
    """As store.KNOWN, unseen: whether they live is looked at when the batch is written."""
    return ids.to_frame("_id").with_columns_seq(_primary=pl.lit(None, pl.Int64), _archived=pl.lit(False))
