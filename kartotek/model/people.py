"""Actor: who does something, and by what right; Person, Token: who may become one."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from kartotek.model.records import Source

# How far a right reaches, from nothing to everything. What nobody owns is everybody's to take where it says so.
REACH = ("none", "own", "own+unassigned", "team", "team+unassigned", "all")
VERBS = ("view", "edit", "delete")
TOOLS = ("imports", "exports", "bulk_delete", "properties", "settings")


@dataclass(frozen=True, slots=True)
class Rights:
    """What a role grants: per object type (or "*") how far view, edit and delete reach, and the tools."""

    view: dict[str, str] = field(default_factory=dict)
    edit: dict[str, str] = field(default_factory=dict)
    delete: dict[str, str] = field(default_factory=dict)
    imports: bool = False
    exports: bool = False
    settings: bool = False  # people, teams, roles and tokens, too
    bulk_delete: bool = False
    properties: bool = False  # to define properties and change their options

    def reach(self, verb: str, object_type: str) -> str:
        granted: dict[str, str] = getattr(self, verb)
        return granted.get(object_type, granted.get("*", "none"))


_ALL = {"*": "all"}
EVERYTHING = Rights(_ALL, _ALL, _ALL, imports=True, exports=True, settings=True, bulk_delete=True, properties=True)

# The roles that come with Kartotek. All but the administrator's can be changed; beside them people define their own.
ADMINISTRATOR = "admin"
ROLES: dict[str, Rights] = {
    ADMINISTRATOR: EVERYTHING,
    "manager": Rights(_ALL, _ALL, _ALL, imports=True, exports=True, bulk_delete=True, properties=True),
    "member": Rights(_ALL, _ALL, {"*": "own"}, imports=True, exports=True, bulk_delete=True),
    "seller": Rights(
        {"*": "team+unassigned", "products": "all"},
        {"*": "own+unassigned", "products": "none"},
        {"*": "own", "products": "none"},
    ),
    "service": Rights(
        _ALL, {"*": "all", "deals": "none", "line_items": "none", "products": "none"}, {"tickets": "own"}
    ),
    "viewer": Rights(_ALL),
}


@dataclass(frozen=True, slots=True)
class Role:
    """`label` is None for one that is called as it came; `people` are how many have it."""

    name: str
    label: str | None
    rights: Rights
    people: int = 0

    @property
    def is_standard(self) -> bool:
        return self.name in ROLES


@dataclass(frozen=True, slots=True)
class Team:
    id: int
    name: str
    parent: int | None = None
    people: tuple[int, ...] = ()  # all who are in it
    main: tuple[int, ...] = ()  # those of them whose main team it is: their records are the team's


@dataclass(frozen=True, slots=True)
class Actor:
    """Hands over with every write: the person behind it, the source it is booked under, and the rights."""

    person: int | None  # people.id; None for the system itself
    name: str
    rights: Rights
    source: Source = Source.USER
    source_id: int | None = None  # the import's id, the token's id, ...
    team: tuple[int, ...] = ()  # whose records are those of this person's teams

    def acting_for(self, source: Source, source_id: int | None) -> "Actor":
        return replace(self, source=source, source_id=source_id)


@dataclass(frozen=True, slots=True)
class Narrowing:
    """Which of the records that a query finds its actor may have: "none", "some" or "all" of them.

    Of "some": those whose hubspot_owner_id is one of `owners`, and with `unassigned` those that nobody owns.
    """

    reach: str
    owners: tuple[int, ...] = ()
    unassigned: bool = False

    def takes(self, owner: str | None) -> bool:
        """Whether a record of this owner is among them."""
        if self.reach != "some":
            return self.reach == "all"
        return self.unassigned if owner is None else owner in map(str, self.owners)


SYSTEM = Actor(None, "Kartotek", EVERYTHING, Source.JOB)


@dataclass(frozen=True, slots=True)
class Person:
    id: int
    email: str
    first_name: str | None
    last_name: str | None
    role: str
    created: datetime
    archived: datetime | None = None
    rights: Rights = Rights()  # what the role grants
    team: tuple[int, ...] = ()  # whose records are those of their teams

    @property
    def name(self) -> str:
        return " ".join(part for part in (self.first_name, self.last_name) if part) or self.email


@dataclass(frozen=True, slots=True)
class Colleague:
    """A person as those who run the place see them."""

    person: Person
    arrived: bool  # whether they have ever opened their link
    seen: datetime | None
    teams: tuple[int, ...]  # the main one first
    main: int | None


@dataclass(frozen=True, slots=True)
class Token:
    id: int
    name: str
    person: int
    scopes: tuple[str, ...]  # empty: all
    created: datetime
    revoked: datetime | None = None
    used: datetime | None = None  # the last time, to ten minutes


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """A line of the audit log: `actor` did `what`, perhaps to `person`; both by name."""

    at: datetime
    what: str
    about: dict[str, Any]
    actor: str | None
    person: str | None
