"""What many records at once are associated with, over all types: by name, as far as the actor may see.

For activities, which belong to several records of several types, it is also changed here, all of it in one step.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kartotek import errors
from kartotek.domain import Tx, access, associations, catalogue, reach, records
from kartotek.model.object_types import ObjectType
from kartotek.model.people import Actor
from kartotek.model.records import Record
from kartotek.store import activities as store

# Of one record so many are looked at: an activity belongs to few.
MOST = 200
Ends = Mapping[str, Sequence[int]]  # per type's name the ids of its records


@dataclass(frozen=True, slots=True)
class Companions:
    """`named`: the first of all those that may be seen."""

    total: int
    named: list[Record]


def of(tx: Tx, actor: Actor, ids: Sequence[int], most: int) -> dict[int, Companions]:
    """For each of these activities what it belongs to: contacts first, then as the catalogue has them.

    Only what is named is read: a page of emails to hundreds of people costs no more than one of notes.
    """
    types = catalogue.load(tx).object_types
    seen = _seen(tx, actor, ids)
    wanted: dict[str, set[int]] = {}
    for some in seen.values():
        for name, other in some[:most]:
            wanted.setdefault(name, set()).add(other)
    read: dict[int, Record] = {}
    for name, others in wanted.items():
        one = types[name]
        read |= {each.id: each for each in records.many(tx, actor, one, sorted(others), one.naming)}
    return {
        id: Companions(len(some), [read[other] for _, other in some[:most] if other in read])
        for id, some in seen.items()
    }


def _seen(tx: Tx, actor: Actor, ids: Sequence[int]) -> dict[int, list[tuple[str, int]]]:
    """Type and number of what each belongs to, as far as the actor may see it."""
    ends = store.ends(tx, ids, MOST)
    found: dict[int, list[tuple[str, int]]] = {id: [] for id in ids}
    for one in catalogue.load(tx).object_types.values():
        others = ends.get(one.number, [])
        if not others or not access.may(actor, "view", one.name):
            continue
        every = sorted({other for _, other in others})
        within = set(every) if access.sees_all(actor, [one.name]) else reach.seen(tx, actor, one, every)
        for id, other in others:
            if other in within:
                found[id].append((one.name, other))
    return found


def change(
    tx: Tx, actor: Actor, object_type: ObjectType, id: int, *, add: Ends, remove: Ends
) -> tuple[dict[str, list[int]], dict[str, list[int]]]:
    """What an activity belongs to, changed by the verbs that change any association. What came to it, and what went.

    What is associated already, or not any more, needs nothing. An email, a meeting or a note keeps at least one.
    """
    record = records.get(tx, actor, object_type, id)
    if object_type.kind != "activity":
        raise errors.Invalid(f"{object_type.label_plural} are associated on their own pages, object by object.")
    known, there = catalogue.load(tx), store.ends(tx, [id], None)
    came: dict[str, list[int]] = {}
    went: dict[str, list[int]] = {}
    for name in dict.fromkeys([*add, *remove]):
        other = known.object_type(name)
        now = {end for _, end in there.get(other.number, [])}
        if new := sorted(set(add.get(name, ())) - now):
            associations.link(tx, actor, object_type, id, other, new)
            came[name] = new
        for gone in sorted(set(remove.get(name, ())) & now - set(add.get(name, ()))):
            associations.unlink(tx, actor, object_type, id, other, gone)
            went.setdefault(name, []).append(gone)
    if object_type.homes and not store.ends(tx, [id], 1):
        raise errors.Invalid(f"“{record.name}” would belong to nothing, and nobody would find it. Tick at least one.")
    return came, went
