"""Associations: link, unlink, and what a record's cards show.

A contact with companies has exactly one primary, always (primaries.py). So both verbs first lock the records at both
ends, in one order, and decide from what they read after that.
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
        primaries.require_free(tx, actor, object_type, id, primary, replaces)
    writing.deliver(tx, writing.pack(actor, decision, tx.now))
    if primary is not None:
        primaries.choose(tx, actor, object_type, id, primary)
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
        primaries.succeed(tx, actor, one, named, new_primary, is_primary=is_primary)
    if not store.remove(tx, actor, named):
        raise errors.Conflict("These two records are not associated any more.")


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


def _shown(one: ObjectType) -> list[str]:
    wanted = [name for name in (*one.naming, *one.secondary) if name in one.properties]
    return list(dict.fromkeys([*wanted, *filter(None, map(one.currency_of, wanted))]))


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
