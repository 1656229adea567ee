"""Restoring: archived records come back within 90 days, and with them the associations whose other ends live.

Their addresses are taken again; one that belongs to somebody else by now refuses the whole, naming the holder. The
associations are made anew by the way that all are made, so that every rule about them holds: the company that was
primary comes first and is primary again, where there is no other meanwhile (records-and-associations.md 12.6).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import polars as pl

from kartotek import errors
from kartotek.domain import Tx, access, blocking, bounds, catalogue, identifiers, linking, records, returning, writing
from kartotek.model.catalogue import Catalogue
from kartotek.model.object_types import ObjectType
from kartotek.model.people import Actor
from kartotek.model.records import Batch, Links, Record, Source
from kartotek.store import archivals as store
from kartotek.store import association_dates as dates
from kartotek.store import associations, bulk
from kartotek.store import records as rows
from kartotek.store.associations import COMPANY

DAYS = 90
_NEWEST = (datetime.max.replace(tzinfo=UTC), rows.LAST_ID)
_ENDS = {"first_id": pl.Int64, "second_id": pl.Int64}
_NAMED = 3  # holders of addresses that are named, when several are in the way


@dataclass(frozen=True, slots=True)
class Archived:
    """A record that can come back: when it was archived, by whom and by which way."""

    record: Record
    at: datetime
    person: int | None
    by: str | None
    source: Source
    source_id: int | None

    @property
    def place(self) -> tuple[datetime, int]:
        return self.at, self.record.id


@dataclass(frozen=True, slots=True)
class Restored:
    """`left`: associations and labels that have no room any more."""

    records: int
    associations: int
    left: int = 0


def archived(
    tx: Tx,
    actor: Actor,
    object_type: ObjectType,
    *,
    after: tuple[datetime, int] | None = None,
    search: str | None = None,
    limit: int = 50,
) -> list[Archived]:
    """What can be restored, archived last first."""
    access.require(actor, "delete", object_type)
    found = store.listed(tx, object_type, days=DAYS, after=after or _NEWEST, search=search, limit=limit)
    named = {one.id: one for one in records.many(tx, actor, object_type, [row["id"] for row in found])}
    asked = {"ids": [row["person"] for row in found if row["person"] is not None]}
    people = {row["id"]: row["name"] for row in tx.query("archivals.people", asked)}
    return [
        Archived(
            named[row["id"]], row["at"].astimezone(UTC), row["person"], people.get(row["person"]),
            Source(row["source"] or Source.UNKNOWN), row["source_id"],
        )
        for row in found
        if row["id"] in named
    ]  # fmt: skip


def restore(tx: Tx, actor: Actor, object_type: ObjectType, ids: Sequence[int]) -> Restored:
    """All of these that are archived, or none."""
    records.require_reach(tx, actor, "delete", object_type, ids)
    booked = actor.acting_for(Source.RESTORE, actor.source_id)
    known = catalogue.load(tx)
    _lock(tx, known, object_type, ids)
    gone = rows.lock(tx, object_type, sorted(set(ids)), identifiers.identifying(object_type)).filter("_archived")
    facts = store.facts(tx, object_type, gone["_id"].to_list(), DAYS)
    _refuse_late(tx, object_type, facts)
    claims = identifiers.wanted(object_type, gone.with_columns(_key=pl.col("_id")))
    _refuse_taken(tx, actor, object_type, claims)
    former = _former(tx, facts)
    back = store.restore(tx, booked, object_type, [row["id"] for row in facts])
    bulk.send(tx, identifiers.pack(claims))
    marked = {row["id"]: row["primary"] for row in facts}
    associated, left = _relink(tx, booked, known, former, marked) if former else (0, 0)
    return Restored(back, associated, left)


def free(tx: Tx, object_type: ObjectType, ids: Sequence[int]) -> list[int]:
    """Those of these archived records that nothing hinders to come back: nobody else has their addresses meanwhile."""
    asked = pl.Series("_id", sorted(set(ids)), pl.Int64)
    gone = rows.peek(tx, object_type, asked, identifiers.identifying(object_type)).filter("_archived")
    claims = identifiers.wanted(object_type, gone.with_columns(_key=pl.col("_id")))
    held = [claims.clear().select("name", "value")]
    for (name,), some in claims.group_by("name", maintain_order=True):
        taken = identifiers.matching(tx, object_type, object_type.properties[str(name)], some["value"])
        held.append(taken.select(pl.lit(name).alias("name"), "value"))
    barred = [claims.join(pl.concat(held), on=["name", "value"], how="semi")["_id"]]
    if object_type.name == "contacts":
        barred.append(blocking.among(tx, claims)["_id"])
    late = {row["id"] for row in store.facts(tx, object_type, gone["_id"].to_list(), DAYS) if not row["recent"]}
    out = late.union(*(some.to_list() for some in barred))
    return [id for id in gone["_id"].to_list() if id not in out]


def _lock(tx: Tx, known: Catalogue, object_type: ObjectType, ids: Sequence[int]) -> None:
    """These and all at the other ends of what they were associated with: two ends may come back at once."""
    wanted = {object_type.number: set(ids)}
    former = _former(tx, store.facts(tx, object_type, ids, DAYS))
    bounds.hold(tx, returning.holds(known, {(row["first_type"], row["second_type"]) for row in former}))
    for row in former:
        wanted.setdefault(row["first_type"], set()).add(row["first"])
        wanted.setdefault(row["second_type"], set()).add(row["second"])
    for one in sorted(map(known.by_number, wanted), key=rows.lock_order):
        rows.lock(tx, one, sorted(wanted[one.number]), [])


def _former(tx: Tx, facts: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    asked = {f"{name}s": [row[name] for row in facts] for name in ("id", "source", "source_id")}
    return [dict(row) for row in tx.query("archivals.former", asked)]


def _refuse_late(tx: Tx, object_type: ObjectType, facts: Sequence[Mapping[str, Any]]) -> None:
    if any(not row["recent"] for row in facts):
        raise errors.Invalid(f"What was archived more than {DAYS} days ago cannot come back.")
    merged = tx.query("archivals.merged", {"ids": [row["id"] for row in facts]})
    if merged:
        one = merged[0]
        raise errors.Invalid(
            f"{object_type.label} {one['record']} is part of record {one['survivor']} since they were merged, "
            "so it cannot come back by itself."
        )


def _refuse_taken(tx: Tx, actor: Actor, object_type: ObjectType, claims: pl.DataFrame) -> None:
    """Addresses and unique values that belong to others by now, or to two of those that are to come back."""
    taken: list[tuple[str, int]] = []
    for (name,), some in claims.group_by("name", maintain_order=True):
        prop = object_type.properties[str(name)]
        held = identifiers.matching(tx, object_type, prop, some["value"])
        taken += list(zip(held["value"].to_list(), held["record"].to_list(), strict=True))
    if taken:
        names = {one.id: one.name for one in records.many(tx, actor, object_type, [record for _, record in taken])}
        said = [f"{value} belongs to {names.get(record, f'record {record}')}" for value, record in taken[:_NAMED]]
        raise errors.Conflict(f"{'; '.join(said)} now. Change it there first, then restore.")
    if object_type.name == "contacts" and len(blocking.among(tx, claims)):
        raise errors.Conflict(
            "An address of these was deleted permanently for privacy, so they cannot come back. "
            "Whoever runs Kartotek can let it come again: kartotek privacy unblock."
        )
    own = claims.select("property", "value", "_id", "exclusive").unique().filter("exclusive")
    twice = own.filter(pl.struct("property", "value").is_duplicated())
    if len(twice):
        raise errors.Conflict(f"Several of these have {twice['value'][0]}. Restore one of them.")


def _relink(
    tx: Tx, actor: Actor, known: Catalogue, former: list[dict[str, Any]], marked: Mapping[int, int | None]
) -> tuple[int, int]:
    """How many associations are there again, and of how many of those and their labels a limit kept us."""
    for row in former:
        row["was_primary"] = marked.get(row["first"]) == row["second"] or row["was_primary"]
    former.sort(key=lambda row: (not row["was_primary"], row["began"], row["first"], row["second"]))
    pairs = pl.DataFrame(former, infer_schema_length=None)
    alive = [_alive(tx, known, pairs, end) for end in ("first", "second")]
    pairs = pairs.filter(pl.col("first").is_in(alive[0].implode()) & pl.col("second").is_in(alive[1].implode()))
    if pairs.is_empty():
        return 0, 0
    labels = _labels(tx, pairs)
    links = tuple(
        _links(known, int(str(first)), int(str(second)), some, labels)
        for (first, second), some in pairs.group_by("first_type", "second_type", maintain_order=True)
    )
    written = writing.write(tx, actor, Batch(links=links))
    said = dates.former(tx, pairs).join(pairs.select(*associations.TYPED), on=["first", "second"])
    dates.say(tx, actor, linking.named(tx, known, said))
    _unmark(tx, known, pairs, marked)
    return len(written.links.filter(pl.col("outcome") == "created")), len(written.lost)


def _alive(tx: Tx, known: Catalogue, pairs: pl.DataFrame, end: str) -> pl.Series:
    found = [pl.Series(end, [], pl.Int64)]
    for (number,), some in pairs.group_by(f"{end}_type", maintain_order=True):
        one = known.by_number(int(str(number)))
        found.append(records.living(tx, one, some[end]).rename(end))
    return pl.concat(found)


def _labels(tx: Tx, pairs: pl.DataFrame) -> pl.DataFrame:
    asked = {
        "firsts": pairs["first"].to_list(),
        "seconds": pairs["second"].to_list(),
        "ended": pairs["ended"].to_list(),
    }
    found = [dict(row) for row in tx.query("archivals.former_labels", asked)]
    return pl.DataFrame(found, schema={"first": pl.Int64, "second": pl.Int64, "type": pl.Int64})


def _links(known: Catalogue, first: int, second: int, pairs: pl.DataFrame, labels: pl.DataFrame) -> Links:
    mine = labels.join(pairs.select("first", "second"), on=["first", "second"], how="semi", maintain_order="left")
    return Links(
        known.by_number(first),
        known.by_number(second),
        _keyless(pairs),
        _keyless(mine).with_columns(mine["type"]) if len(mine) else None,
    )


def _keyless(pairs: pl.DataFrame) -> pl.DataFrame:
    nobody = pl.lit(None, pl.Int64)
    return pairs.select(first_id="first", second_id="second").with_columns(first_key=nobody, second_key=nobody)


def _unmark(tx: Tx, known: Catalogue, pairs: pl.DataFrame, marked: Mapping[int, int | None]) -> None:
    """A deal or ticket that did without a primary company goes on without: its first company is not made it."""
    to_company = pairs.filter((pl.col("second_type") == COMPANY) & (pl.col("first_type") != COMPANY))
    had = to_company.filter("was_primary")["first"].implode()
    own = [id for id, company in marked.items() if company is not None]
    without = to_company.filter(~pl.col("first").is_in(had) & ~pl.col("first").is_in(own))
    for (number,), some in without.group_by("first_type"):
        one = known.by_number(int(str(number)))
        if one.name == "contacts" or not one.has_primary_company:
            continue
        firsts = some["first"].unique().to_list()
        before = rows.lock(tx, one, firsts, [])
        fresh = before.filter(pl.col("_primary").is_in(some["second"].implode()))["_id"].to_list()
        rows.set_primary(tx, one, fresh, [None] * len(fresh))
