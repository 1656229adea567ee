"""The primary company of many records at once; one is a batch of one (records-and-associations.md 4)."""

import polars as pl

from kartotek.domain import Tx, catalogue, linking
from kartotek.model.object_types import ObjectType
from kartotek.model.people import Actor
from kartotek.store import associations as store
from kartotek.store import records as rows


def settle(
    tx: Tx, actor: Actor, one: ObjectType, company: int, ids: pl.Series, *, replace: bool
) -> tuple[pl.Series, pl.Series]:
    """Makes a company the primary one of those of these records that are associated with it; gives those that it was
    not before, and those that keep another one, whose place it takes only with `replace`."""
    locked = rows.lock(tx, one, ids.sort(), []).filter(~pl.col("_archived"))
    linked = store.of_firsts(tx, locked["_id"], store.COMPANY).filter(pl.col("second") == company)["first"]
    others = locked.filter(pl.col("_id").is_in(linked.implode()) & pl.col("_primary").ne_missing(company))
    due = others if replace else others.filter(pl.col("_primary").is_null())
    give(tx, actor, one, company, due)
    return due["_id"], others.filter(~pl.col("_id").is_in(due["_id"].implode()))["_id"]


def give(tx: Tx, actor: Actor, one: ObjectType, company: int, holders: pl.DataFrame) -> None:
    """Enters it as the primary one of these locked records, which are associated with it. `_primary`: the former."""
    if holders.is_empty():
        return
    known = catalogue.load(tx)
    lost = holders[["_id", "_primary"]].drop_nulls().rename({"_id": "first", "_primary": "second"})
    marks = linking.pairs(one, known.object_type("companies"), lost)
    store.remember_primary(tx, actor, linking.named(tx, known, marks))
    ids, companies = holders["_id"].to_list(), [company] * len(holders)
    rows.set_primary(tx, one, ids, companies)
    store.mark_primary(tx, actor, ids, companies)
