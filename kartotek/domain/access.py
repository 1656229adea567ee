"""Who may do what: the one place that checks, and the one that narrows queries.

A right reaches all records of a type, those of one's teams, one's own, or none; records that nobody owns are among
those of a team or one's own where the role says so. Which records that are, domain/reach.py tells.
"""

from collections.abc import Iterable

from kartotek import errors
from kartotek.model.object_types import ObjectType
from kartotek.model.people import TOOLS, VERBS, Actor, Narrowing, Rights

_ASK = "An administrator can give you another role."


def may(actor: Actor, verb: str, object_type: str) -> bool:
    """Whether for at least some records of this type; `narrow` tells which."""
    return actor.rights.reach(verb, object_type) != "none"


def require(actor: Actor, verb: str, object_type: ObjectType) -> None:
    if not may(actor, verb, object_type.name):
        raise errors.NotAllowed(f"{actor.name} may not {verb} {object_type.label_plural.lower()}. {_ASK}")


def narrow(actor: Actor, verb: str, object_type: str) -> Narrowing:
    """What a query for this actor is narrowed by; store/search.py makes SQL of it."""
    whose, _, unassigned = actor.rights.reach(verb, object_type).partition("+")
    if whose in ("none", "all"):
        return Narrowing(whose)
    # The system owns nothing, so its own records are none.
    own = () if actor.person is None else (actor.person,)
    owners = {*own, *actor.team} if whose == "team" else own
    return Narrowing("some", tuple(sorted(owners)), bool(unassigned))


def sees_all(actor: Actor, object_types: Iterable[str]) -> bool:
    """Whether no record of these types is hidden, so that what speaks of many of them may be shown."""
    return all(actor.rights.reach("view", name) == "all" for name in object_types)


def require_import(actor: Actor, object_types: Iterable[ObjectType]) -> None:
    """An import can change any record of its types, so it takes the right to import and to edit them all."""
    if not actor.rights.imports:
        raise errors.NotAllowed(f"{actor.name} may not import files. {_ASK}")
    for object_type in object_types:
        if actor.rights.reach("edit", object_type.name) != "all":
            plural = object_type.label_plural.lower()
            raise errors.NotAllowed(f"{actor.name} may not edit all {plural}, so an import cannot write them. {_ASK}")


def may_import(actor: Actor, object_type: str) -> bool:
    return actor.rights.imports and actor.rights.reach("edit", object_type) == "all"


def require_export(actor: Actor) -> None:
    if not actor.rights.exports:
        raise errors.NotAllowed(f"{actor.name} may not export records. {_ASK}")


def require_bulk_delete(actor: Actor) -> None:
    if not actor.rights.bulk_delete:
        raise errors.NotAllowed(f"{actor.name} may delete records one at a time, not many at once. {_ASK}")


def require_properties(actor: Actor) -> None:
    if not actor.rights.properties:
        raise errors.NotAllowed(f"{actor.name} may not change properties or their settings. {_ASK}")


def require_settings(actor: Actor) -> None:
    if not actor.rights.settings:
        raise errors.NotAllowed(f"{actor.name} may not change people, programs' tokens or settings. {_ASK}")


def require_within(actor: Actor, rights: Rights, what: str) -> None:
    """Nobody gives away, or takes away, what they do not have: `what` begins the sentence that says so."""
    if not is_within(rights, actor.rights):
        raise errors.NotAllowed(f"{what} more than {actor.name} may. An administrator can do this.")


def is_within(less: Rights, more: Rights) -> bool:
    """Whether whoever has `more` may all that `less` grants."""
    if any(getattr(less, tool) and not getattr(more, tool) for tool in TOOLS):
        return False
    names = {"*", *(name for rights in (less, more) for verb in VERBS for name in getattr(rights, verb))}
    return all(covers(more.reach(verb, name), less.reach(verb, name)) for verb in VERBS for name in names)


def covers(more: str, less: str) -> bool:
    if more == "all" or less == "none":
        return True
    order = ("none", "own", "team", "all")
    (whose, _, unassigned), (wanted, _, wants_unassigned) = more.partition("+"), less.partition("+")
    return order.index(wanted) <= order.index(whose) and (bool(unassigned) or not wants_unassigned)
