"""Who of a batch gets the addresses and unique values that it asks for.

Rows have their turn in the order of their `_key`, as if each were written alone: what an earlier row has given up, a
later one can have, and what an earlier row has taken, it cannot. So the result is the same however many rows are
written at once. Nearly always no two rows want the same, and the whole batch is settled at once; the others have their
turns one by one.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from kartotek.domain import Tx, blocking, identifiers
from kartotek.model.object_types import ObjectType
from kartotek.model.people import Actor
from kartotek.model.records import Source

# A claim that cannot be had, as identifiers.IDENTIFIER, with the problem's name.
CLASH = {**identifiers.IDENTIFIER, "type": pl.String}
_HELD = {"property": pl.Int64, "value": pl.String, "record": pl.Int64}
_NOBODY = 0


# What a batch takes and gives up: `property`, `hash` of the value, and its `record`, _NOBODY for none.
Move = pl.DataFrame
_MOVE = {"property": pl.Int64, "hash": pl.UInt64, "record": pl.Int64}


def move(freed: Sequence[pl.DataFrame], taken: Sequence[pl.DataFrame]) -> Move:
    """`taken` with the numbers that stand for the ids of new records."""
    both = [*(one.with_columns_seq(_id=pl.lit(_NOBODY, pl.Int64)) for one in freed), *taken]
    fresh = [one.select_seq("property", hash=pl.col("value").hash(), record="_id") for one in both if len(one)]
    return pl.concat([pl.DataFrame(schema=_MOVE), *fresh])


@dataclass(slots=True)
class Memory:
    """What batches that are decided and not written have taken and given up so far."""

    _known: Move = field(default_factory=lambda: pl.DataFrame(schema=_MOVE))

    @classmethod
    def of(cls, moves: Iterable[Move]) -> "Memory":
        """Those of a few batches, in their order."""
        known = cls()
        for one in moves:
            known.add(one)
        return known

    def add(self, fresh: Move) -> None:
        if len(fresh):
            self._known = pl.concat([self._known, fresh]).unique(["property", "hash"], keep="last")

    def corrected(self, asked: pl.DataFrame, held: pl.DataFrame) -> pl.DataFrame:
        """Whose these values would be by now; `held` says whose they are in the database."""
        if self._known.is_empty():
            return held
        known = (
            asked.select_seq("property", "value", hash=pl.col("value").hash())
            .unique()
            .join(self._known, on=["property", "hash"])
        )
        others = held.join(known, on=["property", "value"], how="anti")
        return pl.concat([others, known.filter(pl.col("record") != _NOBODY).select_seq(_HELD.keys())])


def clashes(
    tx: Tx,
    actor: Actor,
    object_type: ObjectType,
    fresh: pl.DataFrame,
    freed: pl.DataFrame,
    looked_up: frozenset[str],
    memory: Memory | None,
) -> pl.DataFrame:
    """As CLASH, of the claims `fresh`; `freed` is what each row would give up."""
    if fresh.is_empty():
        return pl.DataFrame(schema=CLASH)
    too_long = fresh.filter(pl.col("value").str.len_chars() > identifiers.LONGEST)
    blocked = blocking.among(tx, fresh) if object_type.name == "contacts" else fresh.clear()
    refused = pl.concat([too_long, blocked])
    asked = _open(fresh, looked_up) if refused.is_empty() else fresh
    asked = asked.filter("exclusive") if actor.source is not Source.USER else asked
    if asked.is_empty() and refused.is_empty():
        return pl.DataFrame(schema=CLASH)
    # A record may name the same address twice; two records may not.
    asked = asked.unique(["_key", "property", "value"], keep="first", maintain_order=True)
    held = _held(tx, object_type, asked, looked_up)
    held = memory.corrected(asked, held) if memory else held
    others = asked.join(held, on=["property", "value"]).filter(
        pl.col("_id").is_null() | (pl.col("_id") != pl.col("record"))
    )
    turns = _turns(asked, others, freed)
    settled = others.join(turns, on="_key", how="anti")
    late = _one_by_one(
        asked.join(turns, on="_key", how="semi"), held, freed.join(turns, on="_key", how="semi"),
        set(refused["_key"].to_list()), lenient=actor.source is Source.IMPORT,
    )  # fmt: skip
    duplicate = "DUPLICATE_UNIQUE_PROPERTY_VALUE"
    kinds = (settled, duplicate), (late, duplicate), (too_long, "INVALID_ALTERNATE_ID"), (blocked, blocking.PROBLEM)
    found = [part.with_columns_seq(type=pl.lit(type)).select_seq(CLASH.keys()) for part, type in kinds]
    return pl.concat(found).unique(["_key", "name", "value"], maintain_order=True)


def _open(fresh: pl.DataFrame, looked_up: frozenset[str]) -> pl.DataFrame:
    """Without what was looked up for new records: that is theirs, each its own."""
    return fresh.filter(~(pl.col("name").is_in(list(looked_up)) & pl.col("_id").is_null())) if looked_up else fresh


def is_further(actor: Actor) -> pl.Expr:
    """Whether a clash costs the value alone: an import leaves out a further address that belongs to somebody else."""
    further = pl.col("name").is_in(list(identifiers.FURTHER)) & ~pl.col("type").is_in(
        ["INVALID_ALTERNATE_ID", blocking.PROBLEM]
    )
    return further & pl.lit(actor.source is Source.IMPORT)


def _held(tx: Tx, object_type: ObjectType, asked: pl.DataFrame, looked_up: frozenset[str]) -> pl.DataFrame:
    found = [pl.DataFrame(schema=_HELD)]
    for name in asked["name"].unique(maintain_order=True).to_list():
        rows = asked.filter(pl.col("name") == name)
        if name in looked_up:
            rows = rows.filter(pl.col("_id").is_not_null())
        prop = object_type.properties[name]
        held = identifiers.matching(tx, object_type, prop, rows["value"])
        home = identifiers.home(object_type, prop)
        found.append(held.select_seq(pl.lit(home.id, pl.Int64).alias("property"), "value", "record"))
    return pl.concat(found).unique()


def _turns(asked: pl.DataFrame, others: pl.DataFrame, freed: pl.DataFrame) -> pl.DataFrame:
    """The rows that need their turn: several want the same, or want what one of them gives up."""
    doubled = asked.filter(pl.struct("property", "value").is_duplicated())
    both = others.join(
        freed.select_seq("property", "value", giver="_key", record="_id"), on=["property", "value", "record"]
    )
    return pl.concat([doubled.select_seq("_key"), both.select_seq("_key"), both.select_seq(_key="giver")]).unique()


def _one_by_one(
    asked: pl.DataFrame, held: pl.DataFrame, freed: pl.DataFrame, failed: set[int], *, lenient: bool
) -> pl.DataFrame:
    """The claims that cannot be had at their turn."""
    holders: dict[tuple[int, str], object] = {
        (p, v): r for p, v, r in held.select_seq("property", "value", "record").iter_rows()
    }
    gives, asks = _by_key(freed), _by_key(asked)
    lost = []
    for key in sorted(gives.keys() | asks.keys()):
        mine, rows = ("row", key), asks.get(key, [])
        clash = [row for row in rows if holders.get((row["property"], row["value"]), mine) not in (mine, row["_id"])]
        lost += clash
        if key in failed or any(not (lenient and row["name"] in identifiers.FURTHER) for row in clash):
            continue
        for row in gives.get(key, []):
            if holders.get((row["property"], row["value"])) == row["_id"]:
                del holders[row["property"], row["value"]]
        holders |= {(row["property"], row["value"]): mine for row in rows if row not in clash}
    return pl.DataFrame(lost, schema=identifiers.IDENTIFIER)


def _by_key(rows: pl.DataFrame) -> dict[int, list[dict[str, Any]]]:
    found: dict[int, list[dict[str, Any]]] = {}
    for row in rows.to_dicts():
        found.setdefault(row["_key"], []).append(row)
    return found
