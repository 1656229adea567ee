"""A record as it was at a moment: its values, what it was associated with, under which labels, and its primary company.

Values are the present ones with every later change taken back. Associations, labels and marks each have a stretch of
time, on their row while they last and in history when they have ended.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from kartotek import errors
from kartotek.domain import Tx, access, catalogue, records
from kartotek.domain.history import links
from kartotek.model.catalogue import Catalogue
from kartotek.model.history import Past, PastLink
from kartotek.model.object_types import ObjectType
from kartotek.model.people import Actor
from kartotek.model.records import Record
from kartotek.store.tables import FACTS

SHOWN = 5


def as_of(tx: Tx, actor: Actor, object_type: ObjectType, id: int, at: datetime, *, shown: int = SHOWN) -> Past:
    """The record as it was; before it was made there is nothing to show. `shown`: of each type's associations."""
    record = records.get(tx, actor, object_type, id)
    if record.created > at:
        raise errors.NotFound(f"{record.name} was not there yet: it was made on {record.created:%Y-%m-%d %H:%M} UTC.")
    gone = record.archived is not None and record.archived <= at
    gone = gone or bool(tx.query("history.archived_at", {"record": id, "at": at}))
    primary = None if gone else _primary(tx, record, at)
    past = replace(
        record, values=_values(tx, record, at, primary), primary=primary, archived=at if gone else None
    )  # fmt: skip
    known = catalogue.load(tx)
    asked = {"record": id, "at": at, "limit": shown, "primary": primary}
    stood = [] if gone else [dict(row) for row in tx.query("history.links_at", asked)]
    totals = {known.by_number(row["type"]).name: int(row["n"]) for row in stood}
    return Past(past, at, tuple(_links(tx, actor, known, past, stood, at)), totals, gone)


def _values(tx: Tx, record: Record, at: datetime, primary: int | None) -> dict[str, str | None]:
    said = dict(record.values)
    last = record.created
    for row in tx.query("history.of", {"record": record.id}):
        if row["at"] > at:
            said |= row["old"]
        else:
            last = max(last, row["at"])
    shown = {"_primary": None if primary is None else str(primary)}
    shown["_updated"] = last.strftime("%Y-%m-%dT%H:%M:%S.") + f"{last.microsecond // 1000:03}Z"
    return {name: shown.get(FACTS.get(name, ""), value) for name, value in said.items()}


def _primary(tx: Tx, record: Record, at: datetime) -> int | None:
    ended = tx.query("history.primary_at", {"record": record.id, "at": at})
    if ended:
        return int(ended[0]["second"])
    if record.primary is None:
        return None
    since = tx.query("history.primary_since", {"record": record.id, "company": record.primary})[0]["began"]
    return record.primary if since is not None and since <= at else None


def _links(
    tx: Tx, actor: Actor, known: Catalogue, record: Record, stood: Sequence[Mapping[str, Any]], at: datetime
) -> list[PastLink]:
    labels = _labels(tx, known, record, [row["other"] for row in stood], at)
    said = _dates(tx, record, [row["other"] for row in stood], at)
    found = []
    for number in dict.fromkeys(row["type"] for row in stood):
        other = known.by_number(number)
        mine = [row for row in stood if row["type"] == number]
        if not access.may(actor, "view", other.name):
            continue
        names = links.called(tx, actor, other, {row["other"]: row["name"] for row in mine})
        for row in mine:
            name, exists = names[row["other"]]
            found.append(
                PastLink(
                    other, row["other"], name, row["began"], tuple(labels.get(row["other"], ())),
                    other.name == "companies" and row["other"] == record.primary, exists,
                    *said.get(row["other"], (None, None)),
                )
            )  # fmt: skip
    return found


def _labels(tx: Tx, known: Catalogue, record: Record, others: Sequence[int], at: datetime) -> dict[int, list[str]]:
    """Per associated record the labels, in the words of this record's end."""
    found: dict[int, list[str]] = {}
    for row in tx.query("history.labels_at", _pairs(record, others, at)):
        other = row["second"] if row["first"] == record.id else row["first"]
        label = links.label(known, row, other)
        if label:
            found.setdefault(other, []).append(label)
    return {other: sorted(names) for other, names in found.items()}


def _dates(tx: Tx, record: Record, others: Sequence[int], at: datetime) -> dict[int, tuple[date | None, date | None]]:
    """Per associated record from when until when the association held, as was said then."""
    rows = tx.query("history.dates_at", _pairs(record, others, at))
    return {
        row["second"] if row["first"] == record.id else row["first"]: (row["starts_on"], row["ends_on"]) for row in rows
    }


def _pairs(record: Record, others: Sequence[int], at: datetime) -> dict[str, Any]:
    both = [(record.id, other) for other in others] + [(other, record.id) for other in others]
    return {"firsts": [first for first, _ in both], "seconds": [second for _, second in both], "at": at}
