"""People beside Ida, each with a role, and teams."""

from kartotek.domain import Tx, people, roles, teams
from kartotek.model.people import Actor, Person, Rights

PASSWORD = "eleven green herons"


def somebody(tx: Tx, ida: Actor, name: str, role: str = "member") -> Person:
    """Somebody who has come in and may do what the role grants."""
    secret = people.invite(tx, ida, f"{name.lower()}@kartotek.example", role)
    return people.claim(tx, secret, email="", first_name=name, last_name=None, password=PASSWORD)


def with_rights(tx: Tx, ida: Actor, name: str, rights: Rights) -> Person:
    """Somebody with a role of their own."""
    return somebody(tx, ida, name, roles.define(tx, ida, f"{name}'s", rights).name)


def as_now(tx: Tx, person: Person) -> Actor:
    """What the person may at this moment."""
    return people.actor_of(people.get(tx, person.id))


def team_of(tx: Tx, ida: Actor, name: str, *persons: Person, parent: int | None = None) -> int:
    """A team that is the main one of these people."""
    id = teams.create(tx, ida, name, parent)
    for person in persons:
        teams.place(tx, ida, person.id, [id], id)
    return id
