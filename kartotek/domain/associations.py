"""Associations: link, unlink, choose the primary company, and what a record's cards show.

A contact with companies has exactly one primary, always (records-and-associations.md 4). So every verb here first
locks the records at both ends, in one order, and decides from what it reads after that.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import polars as pl

from kartotek import errors
from kartotek.domain import Tx, access, catalogue, records, writing
from kartotek.model.associations import Association
from kartotek.model.filters import Query
from kartotek.model.object_types import ObjectType
from kartotek.model.people import Actor
from kartotek.model.records import Batch, Links, Record, Source
from kartotek.store import associations as store
from kartotek.store import records as rows

ACTIVITIES = ("calls", "emails", "meetings", "notes", "tasks")
_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Card:
    """What is associated of one type: the newest few, and how many in all."""

    object_type: ObjectType
    total: int
    associations: tuple[Association, ...]


def link(
    tx: Tx,
    actor: Actor,
    object_type: ObjectType,
    id: int,
    other: ObjectType,
    others: Sequence[int],
    primary: int | None = None,
    replace: bool = False,
) -> int:
    """Associates a record with others, all or none; how many are new.

    `primary`: the company among them that is to become the record's primary one; taking another one's place
    needs `replace` (records-and-associations.md A-29).
    """
    _may_link(actor, object_type, other)
    if not catalogue.load(tx).can_associate(object_type.name, other.name):
        raise errors.Invalid(f"{object_type.label_plural} and {other.label_plural.lower()} cannot be associated.")
    if primary is not None and primary not in others:
        raise errors.Invalid("Choose the primary company among those that are being associated.")
    ends = pl.DataFrame(
        {"first_id": [id] * len(others), "second_id": list(others)}, schema={"first_id": pl.Int64, "second_id": pl.Int64}
    ).with_columns(first_key=pl.lit(None, pl.Int64), second_key=pl.lit(None, pl.Int64))
    written = writing.write(tx, actor, Batch(links=(Links(object_type, other, ends),)))
    if len(written.links.filter(pl.col("outcome") == "failed")):
        raise errors.NotFound("One of the records is not there any more (or is this very record), so nothing was associated.")
    if primary is not None:
        set_primary(tx, actor, object_type, id, primary, replace=replace)
    return len(written.links.filter(pl.col("outcome") == "created"))


def unlink(
    tx: Tx, actor: Actor, object_type: ObjectType, id: int, other: ObjectType, other_id: int, new_primary: int | None = None
) -> None:
    """Ends an association. Where it was to the primary company and others are left, one of them takes its place.

    Which one must be said (A-61): `new_primary`, unless none is left.
    """
    _may_link(actor, object_type, other)
    pair = _pair(object_type, id, other, other_id)
    known = catalogue.load(tx)
    first_type = known.by_number(pair["first_type"][0])
    lock_ends(tx, pair, object_type, [id])
    first, second = int(pair["first"][0]), int(pair["second"][0])
    there = store.of_firsts(tx, [first], int(pair["second_type"][0]))
    if second not in there["second"]:
        raise errors.NotFound("These two records are not associated any more.")
    if pair["second_type"][0] == store.COMPANY and first_type.has_primary_company:
        _succeed(tx, actor, first_type, first, second, there["second"].to_list(), new_primary)
    store.remove(tx, actor, [first], [second])


def set_primary(
    tx: Tx, actor: Actor, object_type: ObjectType, id: int, company: int, *, replace: bool = True
) -> None:
    """Makes an associated company the record's primary one; the former stays associated."""
    access.require(actor, "edit", object_type.name)
    if not object_type.has_primary_company:
        raise errors.Invalid(f"{object_type.label_plural} have no primary company.")
    locked = rows.lock(tx, object_type, [id], [])
    if locked.is_empty() or locked["_archived"][0]:
        raise errors.NotFound(f"There is no {object_type.singular} with record id {id}.")
    if company not in store.of_firsts(tx, [id], store.COMPANY)["second"]:
        raise errors.Invalid("Only an associated company can be the primary one: associate it first.")
    former = locked["_primary"][0]
    if former == company:
        return
    if former is not None and not replace:
        name = _names(tx, actor, [former]).get(former, f"company {former}")
        raise errors.Conflict(f"{name} is the primary company now. Tick that it is to be replaced.")
    if former is not None:
        store.remember_primary(tx, actor, object_type.number, [id], [former])
    rows.set_primary(tx, object_type, [id], [company])


def remove_primary(tx: Tx, actor: Actor, object_type: ObjectType, id: int, successor: int | None = None) -> None:
    """Takes the mark away, or gives it to `successor`; a contact with companies must keep one (A-52, A-53)."""
    if successor is not None:
        set_primary(tx, actor, object_type, id, successor)
        return
    access.require(actor, "edit", object_type.name)
    locked = rows.lock(tx, object_type, [id], [])
    former = locked["_primary"][0] if len(locked) else None
    if former is None:
        return
    if object_type.name == "contacts":
        raise errors.Invalid("A contact with companies has a primary one. Choose which other company takes its place.")
    store.remember_primary(tx, actor, object_type.number, [id], [former])
    rows.set_primary(tx, object_type, [id], [None])


def end(tx: Tx, actor: Actor, pairs: pl.DataFrame, gone: set[int]) -> None:
    """Ends pairs of records that are being archived; what lost its primary company gets the one associated longest."""
    known = catalogue.load(tx)
    orphans = pairs.filter((pl.col("second_type") == store.COMPANY) & ~pl.col("first").is_in(list(gone)))
    for number in orphans["first_type"].unique().to_list():
        one = known.by_number(number)
        if not one.has_primary_company:
            continue
        ids = orphans.filter(pl.col("first_type") == number)["first"].unique().sort().to_list()
        locked = rows.lock(tx, one, ids, [])
        lost = locked.filter(pl.col("_primary").is_in(list(gone)))
        left = store.of_firsts(tx, lost["_id"].to_list(), store.COMPANY).filter(~pl.col("second").is_in(list(gone)))
        heirs = lost.join(left.unique("first", keep="first", maintain_order=True), left_on="_id", right_on="first", how="left")
        if one.name != "contacts":
            heirs = heirs.with_columns(second=pl.lit(None, pl.Int64))
        store.remember_primary(tx, actor, number, heirs["_id"].to_list(), heirs["_primary"].to_list())
        rows.set_primary(tx, one, heirs["_id"].to_list(), heirs["second"].to_list())
    store.remove(tx, actor, pairs["first"].to_list(), pairs["second"].to_list())


def lock_ends(tx: Tx, pairs: pl.DataFrame, object_type: ObjectType, ids: Sequence[int]) -> None:
    """Locks every record at an end of these pairs, and `ids`, types in a fixed order."""
    known = catalogue.load(tx)
    ends = pl.concat(
        [
            pairs.select(id="first", type="first_type"),
            pairs.select(id="second", type="second_type"),
            pl.DataFrame({"id": list(ids), "type": [object_type.number] * len(ids)}, schema={"id": pl.Int64, "type": pl.Int64}),
        ]
    ).unique()
    for number in sorted(ends["type"].unique().to_list()):
        rows.lock(tx, known.by_number(number), ends.filter(pl.col("type") == number)["id"].sort().to_list(), [])


def cards(tx: Tx, actor: Actor, record: Record) -> list[Card]:
    """One per type that can be associated, activities aside, in the catalogue's order; those not to be seen are left out."""
    counts = {row["other"]: row["n"] for row in tx.query("associations.counts_of", {"id": record.id})}
    found = []
    for other in catalogue.load(tx).associable(record.object_type.name):
        if other.kind == "activity" or not access.may(actor, "view", other.name):
            continue
        total = int(counts.get(other.number, 0))
        shown = of(tx, actor, record, other, limit=_SHOWN) if total else []
        found.append(Card(other, total, tuple(shown)))
    return found


def of(tx: Tx, actor: Actor, record: Record, other: ObjectType, *, limit: int = 50, offset: int = 0) -> list[Association]:
    """What of one type the record is associated with; its primary company first."""
    one = record.object_type
    asked = {"id": record.id, "other": other.number, "limit": limit, "offset": offset}
    found = []
    if _is_first(one, other):
        found += tx.query("associations.seconds_of", asked)
    if _is_first(other, one):
        found += tx.query("associations.firsts_of", asked)
    about = {row["id"]: row for row in found}
    if record.primary is not None and other.name == "companies" and offset == 0 and record.primary not in about:
        about = {record.primary: {"began": record.created, "source": "UNKNOWN", "source_id": None}, **about}
    named = records.many(tx, actor, other, list(about), _shown(other))
    links = [_association(each, about[each.id], record) for each in named]
    return sorted(links, key=lambda link: not link.primary)[:limit]


def activities(tx: Tx, actor: Actor, record: Record, kind: str | None = None, limit: int = 30) -> list[Record]:
    """The record's calls, emails, meetings, notes and tasks, newest first."""
    known = catalogue.load(tx)
    found: list[Record] = []
    for name in (kind,) if kind else ACTIVITIES:
        one = known.object_type(name)
        if not access.may(actor, "view", name):
            continue
        query = Query(associated_with=record.id, sort="hs_timestamp", descending=True, limit=limit)
        found += records.find(tx, actor, one, query, list(one.properties)).records
    return sorted(found, key=_when, reverse=True)[:limit]


def counts(tx: Tx, actor: Actor, object_type: ObjectType, ids: Sequence[int], other: ObjectType) -> dict[int, tuple[int, Record | None]]:
    """Per record how many of the other type it is associated with, and the one there is when it is one."""
    found = tx.query("associations.counts_for", {"ids": list(ids), "other": other.number})
    single = [row["other"] for row in found if row["n"] == 1]
    named = {one.id: one for one in records.many(tx, actor, other, single, _shown(other))} if single else {}
    return {row["id"]: (row["n"], named.get(row["other"]) if row["n"] == 1 else None) for row in found}


def _may_link(actor: Actor, one: ObjectType, other: ObjectType) -> None:
    """Associating takes the right to edit the record at hand and to view the other (records-and-associations.md 15)."""
    access.require(actor, "edit", one.name)
    access.require(actor, "view", other.name)


def _pair(one: ObjectType, id: int, other: ObjectType, other_id: int) -> pl.DataFrame:
    ends = {"first": [id], "second": [other_id], "first_type": [one.number], "second_type": [other.number]}
    return store.ordered(pl.DataFrame(ends, schema=dict.fromkeys(ends, pl.Int64)))


def _is_first(one: ObjectType, other: ObjectType) -> bool:
    """Whether records of `one` can be the first end of a pair with `other`."""
    if (one.number == store.COMPANY) != (other.number == store.COMPANY):
        return other.number == store.COMPANY
    return one.number <= other.number


def _succeed(
    tx: Tx, actor: Actor, one: ObjectType, id: int, company: int, companies: list[int], new_primary: int | None
) -> None:
    """Settles who is primary once `company` is gone."""
    locked = rows.lock(tx, one, [id], [])
    if locked.is_empty() or locked["_primary"][0] != company:
        return
    left = [each for each in companies if each != company]
    if left and new_primary is None:
        raise errors.Invalid("This is the primary company. Choose which of the other companies takes its place.")
    if new_primary is not None and new_primary not in left:
        raise errors.Invalid("Choose the new primary company among the other associated ones.")
    store.remember_primary(tx, actor, one.number, [id], [company])
    rows.set_primary(tx, one, [id], [new_primary])


def _shown(one: ObjectType) -> list[str]:
    fallback = [one.display_fallback] if one.display_fallback else []
    return [name for name in dict.fromkeys([*one.display, *fallback, *one.secondary]) if name in one.properties]


def _names(tx: Tx, actor: Actor, companies: Sequence[int]) -> dict[int, str]:
    one = catalogue.load(tx).object_type("companies")
    return {each.id: each.name for each in records.many(tx, actor, one, list(companies), _shown(one))}


def _association(other: Record, about: dict[str, object], record: Record) -> Association:
    began, source_id = about["began"], about["source_id"]
    assert isinstance(began, datetime)
    return Association(
        other, began, Source(str(about["source"])), source_id if isinstance(source_id, int) else None,
        primary=other.object_type.name == "companies" and other.id == record.primary,
    )  # fmt: skip


def _when(activity: Record) -> str:
    return activity.values.get("hs_timestamp") or activity.created.isoformat()
