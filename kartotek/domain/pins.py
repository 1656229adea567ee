"""Pins: activities that stay on top of a record's timeline, for everybody who sees it.

A pin lasts as long as the activity belongs to the record; it moves with a merge and goes with an erasure.
"""

from kartotek import errors
from kartotek.domain import Tx, access, catalogue, records
from kartotek.model.object_types import ObjectType
from kartotek.model.people import Actor
from kartotek.model.records import Record

MOST = 10  # on top of one timeline


def of(tx: Tx, actor: Actor, record: Record) -> list[Record]:
    """What is pinned to the record and may be seen, what was pinned last first."""
    rows = tx.query("pins.of", {"record": record.id})
    known = catalogue.load(tx)
    found: dict[int, Record] = {}
    for number in {row["object_type"] for row in rows}:
        one = known.by_number(number)
        if access.may(actor, "view", one.name):
            ids = [row["activity"] for row in rows if row["object_type"] == number]
            found |= {each.id: each for each in records.many(tx, actor, one, ids) if not each.archived}
    return [found[row["activity"]] for row in rows if row["activity"] in found]


def pin(tx: Tx, actor: Actor, object_type: ObjectType, id: int, kind: ObjectType, activity: int) -> None:
    """To pin takes the right to edit the record."""
    records.require_reach(tx, actor, "edit", object_type, [id])
    record, said = records.get(tx, actor, object_type, id), records.get(tx, actor, kind, activity)
    if kind.kind != "activity":
        raise errors.Invalid(f"{kind.label_plural} cannot be pinned: only activities can.")
    pinned = tx.query("pins.of", {"record": id})
    if len(pinned) >= MOST:
        raise errors.Invalid(f"{record.name} has {MOST} pinned activities already. Unpin one of them first.")
    tx.call("pins.add", {"record": id, "activity": activity, "object_type": kind.number, "actor": actor.person})
    if activity not in {row["activity"] for row in tx.query("pins.of", {"record": id})}:
        raise errors.Conflict(f"“{said.name}” does not belong to {record.name} any more, so it cannot be pinned there.")


def unpin(tx: Tx, actor: Actor, object_type: ObjectType, id: int, activity: int) -> None:
    records.require_reach(tx, actor, "edit", object_type, [id])
    records.get(tx, actor, object_type, id)
    tx.call("pins.remove", {"record": id, "activity": activity})
