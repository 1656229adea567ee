"""Actor: who does something, and by what right; Person, Token: who may become one."""

from dataclasses import dataclass, field, replace
from datetime import datetime

from kartotek.model.records import Source

# How far a right reaches, from nothing to everything.
REACH = ("none", "own", "team", "all")


@dataclass(frozen=True, slots=True)
class Rights:
    """What a role grants: per object type (or "*") how far view, edit and delete reach, and the tools."""

    view: dict[str, str] = field(default_factory=dict)
    edit: dict[str, str] = field(default_factory=dict)
    delete: dict[str, str] = field(default_factory=dict)
    imports: bool = False
    exports: bool = False
    settings: bool = False

    def reach(self, verb: str, object_type: str) -> str:
        granted: dict[str, str] = getattr(self, verb)
        return granted.get(object_type, granted.get("*", "none"))


EVERYTHING = Rights({"*": "all"}, {"*": "all"}, {"*": "all"}, imports=True, exports=True, settings=True)

# The roles there are until people can shape their own.
ROLES: dict[str, Rights] = {
    "admin": EVERYTHING,
    "member": Rights({"*": "all"}, {"*": "all"}, {"*": "own"}, imports=True, exports=True),
    "viewer": Rights({"*": "all"}),
}


@dataclass(frozen=True, slots=True)
class Actor:
    """Hands over with every write: the person behind it, the source it is booked under, and the rights."""

    person: int | None  # people.id; None for the system itself
    name: str
    rights: Rights
    source: Source = Source.USER
    source_id: int | None = None  # the import's id, the token's id, ...

    def acting_for(self, source: Source, source_id: int | None) -> "Actor":
        return replace(self, source=source, source_id=source_id)


@dataclass(frozen=True, slots=True)
class Narrowing:
    """Which of the records that a query finds its actor may have: `reach` is "none", "own" or "all"."""

    reach: str
    owner: int | None = None  # with "own": only records whose hubspot_owner_id is this person


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

    @property
    def name(self) -> str:
        return " ".join(part for part in (self.first_name, self.last_name) if part) or self.email


@dataclass(frozen=True, slots=True)
class Token:
    id: int
    name: str
    person: int
    scopes: tuple[str, ...]  # empty: all
    created: datetime
    revoked: datetime | None = None
