"""A property becomes another kind while people and programs go on reading and writing it.

A job in four phases. Every value is read once, as in the preview, which says what the property is to be. Part by part
the new values are written beside the old ones, over and over until next to nothing has changed since. The switch is one
short transaction in which nobody else is at the table: what is left is done, and the new column stands in the place of
the old one. Then history is told what records said before, part by part, as of that moment. A part is one transaction,
so a worker may be killed at any moment; until the switch nobody sees any of it, and it can be stopped.

Imports that write the property go first: the switch waits for them. Where few have a value, all of it is done at once.
"""

from collections.abc import Callable
from dataclasses import asdict, replace
from functools import partial
from typing import Any

import polars as pl

from kartotek import errors
from kartotek.domain import Database, Tx, access, audit, catalogue, definitions, jobs, people, retyping
from kartotek.domain.retyping import Wish
from kartotek.model.object_types import ObjectType
from kartotek.model.people import SYSTEM, Actor
from kartotek.model.properties import Option, Property
from kartotek.model.retypings import Retyping
from kartotek.store import catalogue as stored
from kartotek.store import retypings as store
from kartotek.values.limits import Limits

# So many values are rewritten while the person waits.
AT_ONCE = 100
PART = 10_000


def ask(tx: Tx, actor: Actor, prop: Property, wish: Wish) -> Retyping:
    """Does it now, or puts it in line for a worker."""
    stored.only_writer(tx)
    one, now = retyping.own(tx, actor, prop, wish)
    return _begin(tx, actor, one, now, wish)


def make_unique(tx: Tx, actor: Actor, prop: Property) -> Retyping | None:
    """The same for a property that is to hold no value twice; None where it is so already."""
    stored.only_writer(tx)
    one, now = definitions.to_be_unique(tx, actor, prop)
    return None if now.unique else _begin(tx, actor, one, now, Wish(now.kind, unique=True))


def _begin(tx: Tx, actor: Actor, one: ObjectType, now: Property, wish: Wish) -> Retyping:
    definitions.require_unwritten(tx, one, now)
    about = {"property": now.id, "object_type": one.name, "name": now.name, "before": now.kind, "wish": asdict(wish)}
    definitions.require_settled(tx, now)
    id = int(tx.query("retypings.begin", {**about, "person": actor.person})[0]["id"])
    if store.is_little(tx, one, now, AT_ONCE):
        while _next(tx, id, PART):
            pass
    else:
        jobs.enqueue(tx, "retyping", {"id": id})
    return get(tx, actor, id)


def get(tx: Tx, actor: Actor, id: int) -> Retyping:
    access.require_properties(actor)
    rows = tx.query("retypings.get", {"id": id})
    if not rows:
        raise errors.NotFound(f"No property becomes another kind under the number {id}.")
    return Retyping(**rows[0])


def under_way(tx: Tx, prop: Property) -> int | None:
    """The number of the one that this property is in, if any."""
    rows = tx.query("retypings.under_way", {"property": prop.id})
    return int(rows[0]["id"]) if rows else None


def cancel(tx: Tx, actor: Actor, id: int) -> None:
    """It stops before its next part, and all stays as it was; too late once the property holds something else."""
    get(tx, actor, id)
    tx.call("retypings.cancel", {"id": id})


# ---------------------------------------------------------------- for the one who does it


def work(database: Database, id: int, tell: Callable[[], object], size: int = PART) -> None:
    """Part by part until all is done. Safe beside another worker; waits for whoever is in the way."""
    try:
        while database.retried(partial(_next, id=id, size=size)):
            tell()
    except errors.Unavailable:
        raise
    except errors.Conflict as error:
        said = error.sentence if error.__cause__ is None else _IN_THE_WAY
        with database.transaction() as tx:
            tx.call("retypings.wait", {"id": id, "waiting": said})
        raise errors.Unavailable(said) from error
    except errors.KartotekError as error:
        give_up(database, id, error.sentence)


def give_up(database: Database, id: int, why: str) -> None:
    """All stays as it was before; once it has switched, it goes on all the same."""
    try:
        ended = database.retried(partial(_end, id=id, why=why))
    except errors.Conflict as error:
        raise errors.Unavailable(_IN_THE_WAY) from error
    if not ended:
        raise errors.Unavailable(why)


_IN_THE_WAY = "Somebody has been reading or writing these records for a long time. It goes on when they are done."


def _next(tx: Tx, id: int, size: int) -> bool:
    """Does the next part; whether there may be more."""
    row = _claimed(tx, id)
    if row is None:
        return False
    actor, (one, prop) = _acting(tx, row), _property(tx, row)
    if row["switched"] is not None:
        return _tell(tx, actor, one, prop, row, size)
    if row["cancelled"]:
        return not _end(tx, id, None)
    wish = Wish(**row["wish"])
    if wish.unique:
        _make_unique(tx, actor, one, prop, id)
        return False
    if row["phase"] == "switching":
        stored.only_writer(tx)
    one, prop = retyping.own(tx, actor, prop, wish)
    if row["phase"] == "reading":
        _read(tx, one, prop, wish, id)
    elif row["phase"] == "filling":
        _fill(tx, one, prop, wish, row, size)
    else:
        _switch(tx, actor, one, prop, wish, row, size)
    return True


def _make_unique(tx: Tx, actor: Actor, one: ObjectType, prop: Property, id: int) -> None:
    """One statement over all records; meanwhile others read them, and whoever writes waits."""
    definitions.require_unwritten(tx, one, prop)
    tx.call("retypings.finish", {"id": id, "message": None})
    try:
        definitions.make_unique(tx, actor, prop)
    except errors.Conflict as error:
        raise errors.Invalid(error.sentence) from error  # no waiting helps here


def _read(tx: Tx, one: ObjectType, prop: Property, wish: Wish, id: int) -> None:
    wanted, settled, read = retyping.decide(tx, one, prop, wish)
    store.add_columns(tx, one, prop, wanted)
    told = {"wish": asdict(settled), "wanted": _kept(wanted), "rows": int(read["records"].sum())}
    tx.call("retypings.read", {"id": id, **told})


def _fill(tx: Tx, one: ObjectType, prop: Property, wish: Wish, row: dict[str, Any], size: int) -> None:
    wanted = _wanted(prop, row)
    some = store.unsettled(tx, one, prop, wanted, row["position"], size)
    if some.is_empty():
        # What is written while a last small part is done, the switch does.
        tx.call("retypings.pass", {"id": row["id"], "phase": "switching" if row["found"] <= size else "filling"})
        return
    wanted = _settle(tx, one, prop, wanted, wish, some)
    done = {"position": some["_id"][-1], "found": len(some), "wanted": _kept(wanted)}
    tx.call("retypings.filled", {"id": row["id"], **done})


def _switch(tx: Tx, actor: Actor, one: ObjectType, prop: Property, wish: Wish, row: dict[str, Any], size: int) -> None:
    definitions.require_unwritten(tx, one, prop)
    store.hold(tx, one)
    wanted = _wanted(prop, row)
    some = store.unsettled(tx, one, prop, wanted, 0, size)
    if len(some) == size:
        tx.call("retypings.pass", {"id": row["id"], "phase": "filling"})
        return
    wanted = _settle(tx, one, prop, wanted, wish, some)
    if prop.unique and (same := store.twice(tx, one, prop)):
        raise errors.Invalid(
            f"{prop.label} is unique, and “{same[0]}” and “{same[1]}” would become the same value. "
            "Change one of them first."
        )
    store.switch(tx, one, prop, wanted)
    tx.call("retypings.switch", {"id": row["id"], "wanted": _kept(wanted)})
    audit.note(tx, actor, "changed kind of property", object=one.name, property=prop.name, label=prop.label,
               before=prop.kind, after=wanted.kind)  # fmt: skip


def _settle(tx: Tx, one: ObjectType, prop: Property, wanted: Property, wish: Wish, some: pl.DataFrame) -> Property:
    wider = retyping.widened(prop, wanted, some)
    store.settle(tx, one, prop, wider, retyping.become(tx, one, prop, wider, wish, some))
    return wider


def _tell(tx: Tx, actor: Actor, one: ObjectType, prop: Property, row: dict[str, Any], size: int) -> bool:
    told = store.tell(tx, actor, one, prop, row["id"], row["position"], size)
    if told["last"]:
        tx.call("retypings.told", {"id": row["id"], "position": told["last"], "lost": told["lost"]})
        return True
    store.drop_columns(tx, one, prop)
    tx.call("retypings.finish", {"id": row["id"], "message": None})
    return False


def _end(tx: Tx, id: int, why: str | None) -> bool:
    row = _claimed(tx, id)
    if row is None:
        return True
    if row["switched"] is not None:
        return False
    if not row["wish"]["unique"]:
        store.drop_columns(tx, *_property(tx, row))
    tx.call("retypings.finish", {"id": id, "message": why})
    return True


def _claimed(tx: Tx, id: int) -> dict[str, Any] | None:
    rows = tx.query("retypings.claim", {"id": id})
    return rows[0] if rows and rows[0]["finished"] is None else None


def _property(tx: Tx, row: dict[str, Any]) -> tuple[ObjectType, Property]:
    known = catalogue.load(tx)
    one = known.object_type(row["object_type"])
    return one, known.property(one, row["name"])


def _acting(tx: Tx, row: dict[str, Any]) -> Actor:
    """Whoever asked for it, with the rights that they have now; once it is done, history is told in any case."""
    if row["person"] is None:
        return SYSTEM
    asked = people.get(tx, row["person"])
    if asked.archived and row["switched"] is None:
        raise errors.NotAllowed(f"{asked.name} is not here any more, so nobody goes on with this.")
    return people.actor_of(asked)


def _kept(wanted: Property) -> dict[str, Any]:
    said = {name: rule for name, rule in asdict(wanted.limits).items() if rule is not None}
    options = [asdict(option) for option in wanted.options]
    return {"type": wanted.type, "field_type": wanted.field_type, "options": options, "limits": said}


def _wanted(prop: Property, row: dict[str, Any]) -> Property:
    told = row["wanted"]
    options = tuple(Option(**{**one, "also": tuple(one["also"])}) for one in told["options"])
    limits = Limits(**told["limits"])
    return replace(prop, type=told["type"], field_type=told["field_type"], options=options, limits=limits)
