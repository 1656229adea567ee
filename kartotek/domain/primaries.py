"""The primary company of records, one or many (records-and-associations.md 4).

It is one of the associated ones, and a contact with companies has one. So every verb here first locks the record, and
decides from what it reads after that.
"""

import polars as pl

from kartotek import errors
from kartotek.domain import Tx, catalogue, linking, reach
from kartotek.model.object_types import ObjectType
from kartotek.model.people import Actor
from kartotek.store import associations as store
from kartotek.store import records as rows


def choose(tx: Tx, actor: Actor, object_type: ObjectType, id: int, company: int) -> None:
    """Makes an associated company the record's primary one, whoever was; the former stays associated."""
    former = _primary(tx, actor, object_type, id)
    if former == company:
        return
    if store.among(tx, pl.DataFrame({"first": [id], "second": [company]})).is_empty():
        raise errors.Invalid("Only an associated company can be the primary one: associate it first.")
    held = pl.DataFrame({"_id": [id], "_primary": [former]}, schema={"_id": pl.Int64, "_primary": pl.Int64})
    give(tx, actor, object_type, company, held)


def replace(tx: Tx, actor: Actor, object_type: ObjectType, id: int, company: int, replaces: int | None) -> None:
    """As choose, for whoever has looked: in place of the company that they saw there, or of none."""
    require_free(tx, actor, object_type, id, company, replaces)
    choose(tx, actor, object_type, id, company)


def remove(
    tx: Tx, actor: Actor, object_type: ObjectType, id: int, successor: int | None = None, *, company: int | None = None
) -> None:
    """Takes the mark away, or gives it to `successor`; a contact with companies must keep one (A-52, A-53).

    `company`: whose mark that is, for whoever has looked: another one's is left alone.
    """
    if company is not None and _primary(tx, actor, object_type, id) != company:
        raise errors.Conflict("This is not the primary company any more: somebody has changed it meanwhile.")
    if successor is not None:
        if successor not in reach.seen(tx, actor, _companies(tx), [successor]):
            raise errors.Invalid("Choose the new primary company among the other associated ones.")
        choose(tx, actor, object_type, id, successor)
        return
    former = _primary(tx, actor, object_type, id)
    if former is None:
        return
    if object_type.name == "contacts":
        raise errors.Invalid("A contact with companies has a primary one. Choose which other company takes its place.")
    mark = linking.pair(object_type, id, _companies(tx), former)
    store.remember_primary(tx, actor, linking.named(tx, catalogue.load(tx), mark))
    rows.set_primary(tx, object_type, [id], [None])


def require_free(tx: Tx, actor: Actor, object_type: ObjectType, id: int, company: int, replaces: int | None) -> None:
    """Locks the record, and refuses to take the place of another primary company than this one."""
    former = _primary(tx, actor, object_type, id)
    if former not in (None, company, replaces):
        companies = _companies(tx)
        mark = linking.named(tx, catalogue.load(tx), linking.pair(object_type, id, companies, former))
        name = mark["second_name"][0] if reach.seen(tx, actor, companies, [former]) else "Another company"
        raise errors.Conflict(f"{name} is the primary company now. Tick that it is to be replaced.")


def succeed(
    tx: Tx, actor: Actor, one: ObjectType, pair: pl.DataFrame, new_primary: int | None, *, is_primary: bool
) -> None:
    """Settles who is primary once the pair (as store.NAMED) has ended; its ends are locked."""
    first, company = pair.row(0)[:2]
    there = store.of_firsts(tx, [first], store.COMPANY)["second"].to_list()
    left = [each for each in there if each != company]
    seen = reach.seen(tx, actor, _companies(tx), left)
    if company in there and new_primary is not None and new_primary not in seen:
        raise errors.Invalid("Choose the new primary company among the other associated ones.")
    if not is_primary:
        return
    if seen and new_primary is None:
        raise errors.Invalid("This is the primary company. Choose which of the other companies takes its place.")
    if left and new_primary is None:
        new_primary = left[0]  # whoever sees none of them cannot choose
    store.remember_primary(tx, actor, pair)
    rows.set_primary(tx, one, [first], [new_primary])
    store.mark_primary(tx, actor, [first], [new_primary])


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


def _primary(tx: Tx, actor: Actor, object_type: ObjectType, id: int) -> int | None:
    """Locks the record and gives its primary company."""
    reach.require(tx, actor, "edit", object_type, [id])
    if not object_type.has_primary_company:
        raise errors.Invalid(f"{object_type.label_plural} have no primary company.")
    locked = rows.lock(tx, object_type, [id], [])
    if locked.is_empty() or locked["_archived"][0]:
        raise errors.NotFound(f"There is no {object_type.label.lower()} with record id {id}.")
    found: int | None = locked["_primary"][0]
    return found


def _companies(tx: Tx) -> ObjectType:
    return catalogue.load(tx).object_type("companies")
