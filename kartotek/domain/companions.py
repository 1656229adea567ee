"""What many records at once are associated with, over all types: by name, as far as the actor may see."""

from collections.abc import Sequence
from dataclasses import dataclass

from kartotek.domain import Tx, access, catalogue, records
from kartotek.model.people import Actor
from kartotek.model.records import Record
from kartotek.store import activities as store

# Of one record so many are looked at: an activity belongs to few.
MOST = 200


@dataclass(frozen=True, slots=True)
class Companions:
    """`named`: the first of all those that may be seen."""

    total: int
    named: list[Record]


def of(tx: Tx, actor: Actor, ids: Sequence[int], most: int) -> dict[int, Companions]:
    """For each of these activities what it belongs to: contacts first, then as the catalogue has them."""
    ends = store.ends(tx, ids, MOST)
    found: dict[int, list[Record]] = {id: [] for id in ids}
    for one in catalogue.load(tx).object_types.values():
        others = ends.get(one.number, [])
        if not others or not access.may(actor, "view", one.name):
            continue
        naming = [*one.display, *filter(None, [one.display_fallback])]
        read = {each.id: each for each in records.many(tx, actor, one, sorted({id for _, id in others}), naming)}
        for id, other in others:
            if other in read and not read[other].archived:
                found[id].append(read[other])
    return {id: Companions(len(some), some[:most]) for id, some in found.items()}
