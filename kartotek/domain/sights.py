"""What has to be seen before a batch can be decided: which records, which of their properties, and how they are.

Whoever decides asks for `Asked`, and a `Sight` answers with what is `There`: the records locked (writing.py), or as
they will be when the batch has its turn (foresight.py).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import polars as pl

from kartotek.domain import Tx, claims, identifiers, linking
from kartotek.model.catalogue import Catalogue
from kartotek.model.object_types import ObjectType
from kartotek.model.properties import Property
from kartotek.model.records import Batch, Changes
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


def asked(known: Catalogue, batch: Batch) -> list[Asked]:
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
        mine = each_once(kept.get(one.name, []))
        others = each_once(ends.get(one.name, []))
        if len(mine) and len(others):
            others = others.filter(~others.is_in(mine.implode()))
        found.append(Asked(one, mine, others, properties.get(one.name, ()), seen.get(one.name)))
    return found


def each_once(parts: Sequence[pl.Series]) -> pl.Series:
    """The ids in any of these, each once, in their order."""
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
