"""Those who work here, as whoever runs the place sees them: roles given, people leaving, records handed over."""

from dataclasses import dataclass

import polars as pl

from kartotek import errors
from kartotek.domain import Tx, access, audit, bulk_runs, catalogue, people, reach, roles
from kartotek.model.bulk_runs import Edit, How
from kartotek.model.filters import Filter, Query
from kartotek.model.object_types import ObjectType
from kartotek.model.people import Actor, Colleague, Narrowing, Person
from kartotek.store import extracts
from kartotek.store import people as store


@dataclass(frozen=True, slots=True)
class Owned:
    """How many records of a type somebody owns."""

    object_type: ObjectType
    records: int


@dataclass(frozen=True, slots=True)
class Handed:
    """How many records were handed over at once, and how many a worker still hands over, in so many runs."""

    now: int
    later: int
    runs: int


def every(tx: Tx, actor: Actor) -> list[Colleague]:
    """All who are or were here; those who have left come last."""
    access.require_settings(actor)
    return store.staff(tx)


def get(tx: Tx, actor: Actor, id: int) -> Colleague:
    found = next((one for one in every(tx, actor) if one.person.id == id), None)
    if found is None:
        raise errors.NotFound("This person is not there any more.")
    return found


def invite(tx: Tx, actor: Actor, email: str, role: str | None = None) -> str:
    """The secret of a link for somebody new, or who has left or not come yet; who is here keeps role and password."""
    access.require_settings(actor)
    known = store.by_email(tx, email.strip())
    if known and any(one.person.id == known.id and one.arrived and not known.archived for one in store.staff(tx)):
        raise errors.Conflict(f"{known.name} is here already. Open their page to give them another role or a new link.")
    return people.invite(tx, actor, email, role)


def change_role(tx: Tx, actor: Actor, id: int, role: str) -> None:
    """Holds from their next step on."""
    person = _colleague(tx, actor, id)
    wanted = roles.every(tx).get(role)
    if wanted is None:
        raise errors.UnknownName("role", role)
    if role == person.role:
        return
    access.require_within(actor, wanted.rights, "This role allows")
    people.require_other_administrator(tx, person)
    store.set_role(tx, id, role)
    audit.note(tx, actor, "gave role", person=id, role=role, before=person.role)


def deactivate(tx: Tx, actor: Actor, id: int) -> None:
    """Out at once, with sessions, links and tokens; what they own and did stays theirs. An invitation brings back."""
    person = _colleague(tx, actor, id)
    if person.archived:
        return
    people.require_other_administrator(tx, person)
    store.archive(tx, id)
    audit.note(tx, actor, "deactivated", person=id)


def owned(tx: Tx, actor: Actor, id: int) -> list[Owned]:
    """What belongs to somebody, by object; objects of which they own nothing are left out."""
    access.require_settings(actor)
    found = [Owned(one, len(_ids(tx, one, id))) for one in catalogue.load(tx).object_types.values()]
    return [one for one in found if one.records]


def reassign(tx: Tx, actor: Actor, id: int, to: int) -> Handed:
    """Gives all that somebody owns to somebody else, as an edit of each record: a few now, many by a worker."""
    access.require_settings(actor)
    heir = store.by_id(tx, to)
    if heir is None or heir.archived or to == id:
        raise errors.Invalid("Choose somebody else who is here to take the records over.")
    given = Edit(reach.OWNER, How.SET, str(to))
    there = [(one, _ids(tx, one, id)) for one in catalogue.load(tx).object_types.values()]
    runs = [bulk_runs.over(tx, actor, one, given, ids) for one, ids in there if len(ids)]
    later = [run for run in runs if run.finished is None]
    handed = Handed(sum(run.changed for run in runs), sum(run.rows for run in later), len(later))
    audit.note(tx, actor, "handed over records", person=id, to=to, records=handed.now + handed.later)
    return handed


def _ids(tx: Tx, object_type: ObjectType, person: int) -> pl.Series:
    if not reach.owner(object_type):
        return pl.Series(dtype=pl.Int64)
    query = Query(filters=((Filter(reach.OWNER, "EQ", (str(person),)),),))
    return extracts.ids(tx, object_type, query, Narrowing("all"))


def _colleague(tx: Tx, actor: Actor, id: int) -> Person:
    """Whom the actor may do something to: nobody who may more than they."""
    access.require_settings(actor)
    store.one_at_a_time(tx)
    person = people.get(tx, id)
    access.require_within(actor, person.rights, f"{person.name} may")
    return person
