"""Teams: who is in which, which is a person's main one, and which stands above another.

A person may be in several teams and sees, where a role says "team", the records of each and of those below it. A
person's own records are those of the main team only, as `hubspot_team_id` shows.
"""

from collections.abc import Sequence

from kartotek import errors
from kartotek.domain import Tx, access, audit
from kartotek.model.people import Actor, Team
from kartotek.store import people as people_stored
from kartotek.store import teams as store

LONGEST_NAME = 60


def every(tx: Tx) -> list[Team]:
    """By name."""
    return store.every(tx)


def names(tx: Tx) -> dict[int, str]:
    return store.names(tx)


def get(tx: Tx, id: int) -> Team:
    found = next((one for one in store.every(tx) if one.id == id), None)
    if found is None:
        raise errors.NotFound("This team is not there any more.")
    return found


def create(tx: Tx, actor: Actor, name: str, parent: int | None = None) -> int:
    access.require_settings(actor)
    store.one_at_a_time(tx)
    if parent is not None:
        get(tx, parent)
    id = store.create(tx, _name(name), parent)
    if id is None:
        raise errors.Invalid(f"There is a team called “{name.strip()}” already. Give this one another name.")
    audit.note(tx, actor, "created team", team=id, name=_name(name))
    return id


def change(tx: Tx, actor: Actor, id: int, name: str, parent: int | None = None) -> None:
    """What it is called, and which team stands above it."""
    access.require_settings(actor)
    store.one_at_a_time(tx)
    get(tx, id)
    above = {one.id: one.parent for one in store.every(tx)}
    if parent is not None and parent not in above:
        raise errors.NotFound("The team above is not there any more. Choose another one.")
    at = parent
    while at is not None:
        if at == id:
            raise errors.Invalid("A team cannot stand below itself or below a team of its own. Choose another one.")
        at = above.get(at)
    if not store.change(tx, id, _name(name), parent):
        raise errors.Invalid(f"There is a team called “{name.strip()}” already. Give this one another name.")
    audit.note(tx, actor, "changed team", team=id, name=_name(name))


def remove(tx: Tx, actor: Actor, id: int) -> None:
    """Its people stay, without it; teams below it come under the one above."""
    access.require_settings(actor)
    store.one_at_a_time(tx)
    team = get(tx, id)
    store.remove(tx, id)
    audit.note(tx, actor, "removed team", team=id, name=team.name)


def place(tx: Tx, actor: Actor, person: int, teams: Sequence[int], main: int | None) -> None:
    """The teams that somebody is in from now on. `main`: None takes the first; their records are that team's."""
    access.require_settings(actor)
    known = names(tx)
    who = people_stored.by_id(tx, person)
    if who is None:
        raise errors.NotFound("This person is not there any more.")
    if any(one not in known for one in teams):
        raise errors.NotFound("One of these teams is not there any more. Choose again.")
    chosen = main if main in teams else next(iter(teams), None)
    store.place(tx, person, teams, chosen)
    audit.note(tx, actor, "changed teams", person=person, teams=[known[one] for one in teams])


def _name(name: str) -> str:
    kept = " ".join(name.replace("\0", "").split())
    if not kept:
        raise errors.Invalid("Give the team a name.")
    if len(kept) > LONGEST_NAME:
        raise errors.Invalid(f"The name of a team has at most {LONGEST_NAME} characters. Shorten it.")
    return kept
