"""The history of a record's associations: what was made and removed, when, by whom and by which way.

What stands now has its beginning on its row; what has ended has beginning and end in history. Both are read as one
list, newest first, from a place on (the keyset of the moment, the record at the other end, and made before removed).
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from kartotek.domain import Tx, access, catalogue, records
from kartotek.domain.history import origins
from kartotek.model.catalogue import Catalogue
from kartotek.model.history import Origin, Update
from kartotek.model.object_types import ObjectType
from kartotek.model.people import Actor
from kartotek.model.records import Record, Source
from kartotek.store import records as rows

Place = tuple[datetime, int, int]
_NEWEST: Place = (datetime.max.replace(tzinfo=UTC), rows.LAST_ID, 2)
_WORDS = {
    "association": ("created", "removed"),
    "label": ("label added", "label removed"),
    "primary": ("primary set", "primary removed"),
    "dates": ("dates set", "dates removed"),
}


def of(
    tx: Tx, actor: Actor, record: Record, other: ObjectType, *, after: Place | None = None, limit: int = 50
) -> list[Update]:
    """What of one type the record has been associated with, present and past, newest first."""
    access.require(actor, "view", record.object_type)
    at, id, place = after or _NEWEST
    asked = {"records": same(tx, record), "type": other.number, "at": at, "other": id, "place": place, "limit": limit}
    found = [dict(row) for row in tx.query("history.links", asked)]
    names = called(tx, actor, other, {row["other"]: row["name"] for row in found})
    updates = [
        _update(row["at"], _WORDS["association"][row["place"]], other, row["other"], row["mine"], names, _origin(row))
        for row in found
    ]
    return _placed(tx, record, other, updates)


def between(tx: Tx, actor: Actor, record: Record, other: ObjectType, id: int) -> list[Update]:
    """All that happened to one association, newest first: labels and primary marks too."""
    access.require(actor, "view", record.object_type)
    known = catalogue.load(tx)
    mine = same(tx, record)
    # A company may have tens of thousands, those at its other end have a few.
    few, many = ([id], mine) if record.object_type.name == "companies" else (mine, [id])
    found = [dict(row) for row in tx.query("history.stretches", {"records": few, "others": many})]
    found = [row for row in found if {row["first"], row["second"]} & {id} and {row["first"], row["second"]} & {*mine}]
    found += _mark(tx, record, other, id, found)
    names = called(tx, actor, other, {id: _kept_name(found, id)})
    updates = []
    for row in found:
        told = label(known, row, id) if row["what"] == "label" else None
        own = row["second"] if row["first"] == id else row["first"]
        for end, words in zip(("began", "ended"), _WORDS[row["what"]], strict=True):
            if row[end] is not None:
                said = _update(row[end], words, other, id, own, names, _end_origin(row, end))
                updates.append(replace(said, label=told, starts_on=row.get("starts_on"), ends_on=row.get("ends_on")))
    order = [words for pair in _WORDS.values() for words in pair]
    updates.sort(key=lambda one: (one.at, order.index(one.what)), reverse=True)
    return _placed(tx, record, other, updates)


def same(tx: Tx, record: Record) -> list[int]:
    """The record's number and those of the records that were merged into it: their history is its own."""
    merged = tx.query("history.merged", {"record": record.id})
    return [record.id, *(row["record"] for row in merged)]


def called(
    tx: Tx, actor: Actor, other: ObjectType, kept: Mapping[int, str | None]
) -> dict[int, tuple[str | None, bool]]:
    """What records are called and whether they have a page: None for those the actor may not view.

    `kept`: the names in history, for records that are not there any more.
    """
    known: dict[int, tuple[str | None, bool]] = dict.fromkeys(kept, (None, False))
    if not kept or not access.may(actor, "view", other.name):
        return known
    known |= {one.id: (one.name, True) for one in records.many(tx, actor, other, list(kept), other.naming)}
    if access.narrow(actor, "view", other.name).reach == "all":
        known |= {id: (name, False) for id, name in kept.items() if not known[id][1]}
    return known


def label(known: Catalogue, row: Mapping[str, Any], id: int) -> str | None:
    """What the label is called from the end that is not `id`."""
    types = {one.id: one for one in known.association_types}
    kept = types.get(row["type"])
    if kept is None:
        return None
    turned = types.get(kept.inverse) if kept.inverse is not None and row["first"] == id else None
    return (turned or kept).label or (turned or kept).name


def _update(
    at: datetime,
    what: str,
    other: ObjectType,
    id: int,
    own: int,
    names: Mapping[int, tuple[str | None, bool]],
    origin: Origin,
) -> Update:
    name, exists = names[id]
    return Update(at, what, other, id, name, origin, exists=exists, record=own)


def _origin(row: Mapping[str, Any]) -> Origin:
    return Origin(Source(row["source"] or Source.UNKNOWN), row["source_id"], row["person"], row["actor"])


def _end_origin(row: Mapping[str, Any], end: str) -> Origin:
    source = Source(row[f"{end}_source"] or Source.UNKNOWN)
    return Origin(source, row[f"{end}_source_id"], row[f"{end}_actor"], row[f"{end}_name"])


def _mark(
    tx: Tx, record: Record, other: ObjectType, id: int, found: Sequence[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """The primary mark that stands on the association now."""
    pair = next((row for row in found if row["what"] == "association" and row["ended"] is None), None)
    if pair is None:
        return []
    holder = record.object_type if pair["first"] == record.id else other
    [held] = rows.read(tx, holder, [pair["first"]], [])
    if held["_primary"] != pair["second"]:
        return []
    mark = {**pair, "what": "primary"}
    given = tx.query("history.marks", {"records": [pair["first"]]})
    if given:
        row = given[0]
        mark |= {
            "began": row["began"], "began_source": row["source"], "began_source_id": row["source_id"],
            "began_actor": row["actor"], "began_name": row["name"],
        }  # fmt: skip
    return [mark]


def _kept_name(found: Sequence[Mapping[str, Any]], id: int) -> str | None:
    kept = [row["first_name" if row["first"] == id else "second_name"] for row in found]
    return next((name for name in reversed(kept) if name), None)


def _placed(tx: Tx, record: Record, other: ObjectType, updates: list[Update]) -> list[Update]:
    """With the file and line of those that imports made."""
    wanted = [
        (one.origin.source_id, record.id, one.other)
        for one in updates
        if one.origin.source is Source.IMPORT and one.origin.source_id is not None
    ]
    files = origins.files(tx, {import_id for import_id, _, _ in wanted})
    lines = origins.lines_of_pairs(tx, record.object_type, other, wanted)
    found = []
    for one in updates:
        id = one.origin.source_id
        if one.origin.source is Source.IMPORT and id is not None:
            file, line = files.get(id, origins.NOWHERE).place(lines.get((id, record.id, one.other)))
            one = replace(one, origin=replace(one.origin, file=file, line=line))
        found.append(one)
    return found
