"""A label goes from all associations that carry it: of few at once, of many part by part, by a worker.

A part is one transaction, so a worker may be killed at any moment. People and programs go on meanwhile; until all is
done the label is there, and whoever still gives it to somebody has it taken off again: in the last part, when nobody
writes associations of these two objects, the rest goes and with it the label.
"""

from collections.abc import Callable
from functools import partial

from kartotek import errors
from kartotek.domain import Database, Tx, access, association_types, catalogue, jobs, people
from kartotek.model.label_removals import LabelRemoval
from kartotek.model.people import SYSTEM, Actor
from kartotek.store import association_types as store

# So many are taken off while the person waits: a second's worth.
AT_ONCE = 10_000
PART = 10_000


def ask(tx: Tx, actor: Actor, id: int) -> LabelRemoval | None:
    """None where it is done already."""
    one = association_types.own(tx, actor, id)
    carried = association_types.carried(tx, actor, id)
    if carried <= AT_ONCE:
        association_types.remove(tx, actor, id)
        return None
    number = min(association_types.both_ways(one))
    tx.call("label_removals.begin", {"type": number, "person": actor.person, "rows": carried})
    jobs.enqueue(tx, "label", {"id": number})
    return under_way(tx, actor)[number]


def under_way(tx: Tx, actor: Actor) -> dict[int, LabelRemoval]:
    """Those that are not done yet, by the label's number, the smaller of its two."""
    access.require_settings(actor)
    return {row["type"]: LabelRemoval(**row) for row in tx.query("label_removals.under_way")}


# ---------------------------------------------------------------- for the one who does it


def work(database: Database, id: int, tell: Callable[[], object], size: int = PART) -> None:
    """Part by part until none is left. Safe beside another worker."""
    jobs.part_by_part(database, partial(_next, id=id, size=size), tell, partial(give_up, database, id))


def give_up(database: Database, id: int, why: str) -> None:
    """What was taken off so far stays off; asked again, it goes on."""
    with database.transaction() as tx:
        tx.call("label_removals.give_up", {"type": id, "message": why})


def _next(tx: Tx, id: int, size: int) -> bool:
    """Does the next part; whether there may be more."""
    rows = tx.query("label_removals.claim", {"type": id})
    if not rows:
        return False
    known, row = catalogue.load(tx), rows[0]
    one = known.association_type(id)
    if one is None:  # somebody else was quicker
        tx.call("label_removals.finish", {"type": id})
        return False
    actor = _acting(tx, row["person"])
    access.require_settings(actor)
    ends = known.object_types[one.from_type], known.object_types[one.to_type]
    after = row["first"], row["second"]
    some = store.unlabel_some(tx, actor, association_types.both_ways(one), ends, after, size)
    if some:
        tx.call("label_removals.advance", {"type": id, **some})
        return True
    if association_types.carried(tx, actor, id) > size:  # they were given it meanwhile
        tx.call("label_removals.advance", {"type": id, "done": 0, "first": 0, "second": 0})
        return True
    association_types.remove(tx, actor, id)
    tx.call("label_removals.finish", {"type": id})
    return False


def _acting(tx: Tx, person: int | None) -> Actor:
    """Whoever asked for it, with the rights that they have now."""
    if person is None:
        return SYSTEM
    asked = people.get(tx, person)
    if asked.archived:
        raise errors.NotAllowed(f"{asked.name} is not here any more, so nobody goes on with this.")
    return people.actor_of(asked)
