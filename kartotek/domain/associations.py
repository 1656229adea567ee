"""Associations: link, unlink, choose the primary company, and what a record's cards show.

A contact with companies has exactly one primary, always (records-and-associations.md 4). So every verb here first
locks the records at both ends, in one order, and decides from what it reads after that.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import polars as pl

from kartotek import errors
from kartotek.domain import Tx, access, bounds, catalogue, linking, primaries, reach, records, writing
from kartotek.domain import labels as labels_of
from kartotek.model.associations import Association, AssociationType
from kartotek.model.catalogue import Catalogue
from kartotek.model.object_types import ObjectType
from kartotek.model.people import Actor
from kartotek.model.records import Batch, Links, Record, Source
from kartotek.store import associations as store
from kartotek.store import records as rows
from kartotek.store.search import ends as ends_within

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
    replaces: int | None = None,
    labels: Mapping[int, Sequence[int]] | None = None,
) -> int:
    """Associates a record with others, labels and primary company with it, all or nothing; how many are new.

    `primary`: the company among them that is to become the record's primary one. Taking another one's place needs that
    one named as `replaces` (records-and-associations.md A-29): somebody else may have chosen anew meanwhile.
    `labels`: per other record the labels that its association is to have beside those it has, as the record at hand
    sees them.
    """
    known = catalogue.load(tx)
    _may_link(tx, actor, object_type, id, other, others)
    if not known.can_associate(object_type.name, other.name):
        raise errors.Invalid(
            f"{object_type.label_plural} and {other.label_plural.lower()} cannot be associated: that association "
            "is not defined. An administrator can do so under Settings, Associations."
        )
    _check(id, others, primary, told := labels or {})
    # The first of several companies becomes the primary one by itself.
    ends = _ends(id, sorted(others, key=lambda each: each != primary))
    wanted = [(each, type) for each, types in told.items() for type in types]
    types = pl.Series("type", [type for _, type in wanted], pl.Int64)
    labels_of.require(known, object_type, other, types)
    typed = _ends(id, [each for each, _ in wanted]).with_columns(types) if wanted else None
    decision = writing.decide(tx, actor, Batch(links=(Links(object_type, other, ends, typed),)))
    _refuse(known, decision, other)
    if primary is not None:
        _may_become_primary(tx, actor, object_type, id, primary, replaces)
    writing.deliver(tx, writing.pack(actor, decision, tx.now))
    if primary is not None:
        set_primary(tx, actor, object_type, id, primary)
    return len(decision.links.added)


def unlink(
    tx: Tx,
    actor: Actor,
    object_type: ObjectType,
    id: int,
    other: ObjectType,
    other_id: int,
    new_primary: int | None = None,
) -> None:
    """Ends an association. Where it was to the primary company and others are left, one of them takes its place.

    Which one must be said (A-61): `new_primary`, unless none is left.
    """
    _may_link(tx, actor, object_type, id, other, [other_id])
    known = catalogue.load(tx)
    pair = linking.pair(object_type, id, other, other_id)
    _, second, first_type, _ = pair.row(0)
    held = linking.lock_ends(tx, known, pair)
    named = linking.called(pair, held)
    one = known.by_number(first_type)
    is_primary = held[first_type]["_primary"].eq_missing(second).any()
    if is_primary or (new_primary is not None and one.has_primary_company):
        _succeed(tx, actor, one, named, new_primary, is_primary=is_primary)
    if not store.remove(tx, actor, named):
        raise errors.Conflict("These two records are not associated any more.")


def replace_primary(tx: Tx, actor: Actor, object_type: ObjectType, id: int, company: int, replaces: int | None) -> None:
    """As set_primary, for whoever has looked: in place of the company that they saw there, or of none."""
    _may_become_primary(tx, actor, object_type, id, company, replaces)
    set_primary(tx, actor, object_type, id, company)


def set_primary(tx: Tx, actor: Actor, object_type: ObjectType, id: int, company: int) -> None:
    """Makes an associated company the record's primary one, whoever was; the former stays associated."""
    former = _primary(tx, actor, object_type, id)
    if former == company:
        return
    if store.among(tx, pl.DataFrame({"first": [id], "second": [company]})).is_empty():
        raise errors.Invalid("Only an associated company can be the primary one: associate it first.")
    held = pl.DataFrame({"_id": [id], "_primary": [former]}, schema={"_id": pl.Int64, "_primary": pl.Int64})
    primaries.give(tx, actor, object_type, company, held)


def remove_primary(
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
        set_primary(tx, actor, object_type, id, successor)
        return
    former = _primary(tx, actor, object_type, id)
    if former is None:
        return
    if object_type.name == "contacts":
        raise errors.Invalid("A contact with companies has a primary one. Choose which other company takes its place.")
    mark = linking.pair(object_type, id, _companies(tx), former)
    store.remember_primary(tx, actor, linking.named(tx, catalogue.load(tx), mark))
    rows.set_primary(tx, object_type, [id], [None])


def cards(tx: Tx, actor: Actor, record: Record) -> list[Card]:
    """One per type that can be associated and seen, activities aside, in the catalogue's order."""
    counts = {row["other"]: row["n"] for row in tx.query("associations.counts_of", {"id": record.id})}
    found = []
    for other in carded(tx, actor, record.object_type):
        total = int(counts.get(other.number, 0))
        if total and access.narrow(actor, "view", other.name).reach != "all":
            total = next((row["n"] for row in _counted(tx, actor, [record.id], other)), 0)
        shown = of(tx, actor, record, other, limit=_SHOWN) if total else []
        found.append(Card(other, total, tuple(shown)))
    return found


def carded(tx: Tx, actor: Actor, object_type: ObjectType) -> list[ObjectType]:
    """The types that a record of this type has a card for."""
    types = catalogue.load(tx).associable(object_type.name)
    return [other for other in types if other.kind != "activity" and access.may(actor, "view", other.name)]


def of(
    tx: Tx, actor: Actor, record: Record, other: ObjectType, *, limit: int = 50, offset: int = 0
) -> list[Association]:
    """What of one type the record is associated with; its primary company first."""
    found = _page_of(tx, actor, record, other, limit, offset)
    about = {row["id"]: row for row in found}
    if record.primary is not None and other.name == "companies" and offset == 0 and record.primary not in about:
        about = {record.primary: {"began": record.created, "source": "UNKNOWN", "source_id": None}, **about}
    named = records.many(tx, actor, other, list(about), _shown(other))
    called = labels_of.of(tx, record.object_type, record.id, other, [each.id for each in named])
    links = [_association(each, about[each.id], record, called.get(each.id, ())) for each in named]
    return sorted(links, key=lambda link: not link.primary)[:limit]


def counts(
    tx: Tx, actor: Actor, object_type: ObjectType, ids: Sequence[int], other: ObjectType
) -> dict[int, tuple[int, Record | None]]:
    """Per record how many of the other type it is associated with, and the one there is when it is one."""
    found = _counted(tx, actor, ids, other)
    single = [row["other"] for row in found if row["n"] == 1]
    named = {one.id: one for one in records.many(tx, actor, other, single, _shown(other))} if single else {}
    return {row["id"]: (row["n"], named.get(row["other"]) if row["n"] == 1 else None) for row in found}


def _page_of(tx: Tx, actor: Actor, record: Record, other: ObjectType, limit: int, offset: int) -> list[dict[str, Any]]:
    """A page of what the record is associated with, of what the actor may see."""
    narrowing = access.narrow(actor, "view", other.name)
    asked = {"id": record.id, "other": other.number, "limit": limit, "offset": offset}
    if narrowing.reach != "all":
        return ends_within.of(tx, other, narrowing, asked)
    found: list[dict[str, Any]] = []
    if linking.is_first(record.object_type, other):
        found += tx.query("associations.seconds_of", asked)
    if linking.is_first(other, record.object_type):
        found += tx.query("associations.firsts_of", asked)
    return found


def _counted(tx: Tx, actor: Actor, ids: Sequence[int], other: ObjectType) -> list[dict[str, Any]]:
    """Per record how many of the other type the actor may see (`id`, `n`), and one of them (`other`)."""
    narrowing = access.narrow(actor, "view", other.name)
    asked = {"ids": list(ids), "other": other.number}
    if narrowing.reach != "all":
        return ends_within.count(tx, other, narrowing, asked)
    return list(tx.query("associations.counts_for", asked))


def _may_link(tx: Tx, actor: Actor, one: ObjectType, id: int, other: ObjectType, others: Sequence[int]) -> None:
    """It takes the right to edit the record at hand and to view the others (records-and-associations.md 15)."""
    reach.require(tx, actor, "edit", one, [id])
    reach.require(tx, actor, "view", other, others)


def _ends(id: int, others: Sequence[int]) -> pl.DataFrame:
    """As Links.frame: one record with each of these."""
    nobody = [None] * len(others)
    ends = {"first_id": [id] * len(others), "first_key": nobody, "second_id": list(others), "second_key": nobody}
    return pl.DataFrame(ends, schema=dict.fromkeys(ends, pl.Int64))


def _check(id: int, others: Sequence[int], primary: int | None, labels: Mapping[int, Sequence[int]]) -> None:
    if id in others:
        raise errors.Invalid("A record cannot be associated with itself. Choose another one.")
    if primary is not None and primary not in others:
        raise errors.Invalid("Choose the primary company among those that are being associated.")
    if not set(labels) <= set(others):
        raise errors.Invalid("Choose labels for those that are being associated.")
    if not all(0 < each <= rows.LAST_ID for each in (id, *others)):
        raise errors.NotFound("One of these records is not there, so nothing was associated.")


def _refuse(known: Catalogue, decision: records.Decision, other: ObjectType) -> None:
    """Raises why not all of it can be done."""
    for lost in decision.links.lost.to_dicts():
        raise bounds.refusal(known, lost, other)
    if (decision.links.outcomes["outcome"] == "failed").any():
        raise errors.NotFound("One of the records is not there any more, so nothing was associated.")


def _may_become_primary(
    tx: Tx, actor: Actor, object_type: ObjectType, id: int, company: int, replaces: int | None
) -> None:
    """Locks the record, and refuses to take the place of another primary company than this one."""
    former = _primary(tx, actor, object_type, id)
    if former not in (None, company, replaces):
        companies = _companies(tx)
        mark = linking.named(tx, catalogue.load(tx), linking.pair(object_type, id, companies, former))
        name = mark["second_name"][0] if reach.seen(tx, actor, companies, [former]) else "Another company"
        raise errors.Conflict(f"{name} is the primary company now. Tick that it is to be replaced.")


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


def _succeed(
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


def _shown(one: ObjectType) -> list[str]:
    wanted = [name for name in (*one.naming, *one.secondary) if name in one.properties]
    return list(dict.fromkeys([*wanted, *filter(None, map(one.currency_of, wanted))]))


def _companies(tx: Tx) -> ObjectType:
    return catalogue.load(tx).object_type("companies")


def _association(
    other: Record, about: dict[str, object], record: Record, labels: tuple[AssociationType, ...]
) -> Association:
    began, source_id = about["began"], about["source_id"]
    days = [day if isinstance(day := about.get(name), date) else None for name in ("starts_on", "ends_on")]
    assert isinstance(began, datetime)
    return Association(
        other, began, Source(str(about["source"])), source_id if isinstance(source_id, int) else None,
        primary=other.object_type.name == "companies" and other.id == record.primary, labels=labels,
        starts_on=days[0], ends_on=days[1],
    )  # fmt: skip
