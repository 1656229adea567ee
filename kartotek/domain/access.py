"""Who may do what: the one place that checks, and the one that narrows queries.

A right reaches all records of a type, those of one's team, one's own, or none. Until there are teams, a team's
reach is one's own.
"""

from collections.abc import Iterable

from kartotek import errors
from kartotek.model.people import Actor, Narrowing

VERBS = ("view", "edit", "delete")
_ASK = "An administrator can give you another role."


def may(actor: Actor, verb: str, object_type: str) -> bool:
    """Whether for at least some records of this type; `narrow` tells which."""
    return actor.rights.reach(verb, object_type) != "none"


def require(actor: Actor, verb: str, object_type: str) -> None:
    if not may(actor, verb, object_type):
        raise errors.NotAllowed(f"{actor.name} may not {verb} {_spoken(object_type)}. {_ASK}")


def narrow(actor: Actor, verb: str, object_type: str) -> Narrowing:
    """What a query for this actor is narrowed by; store/search.py makes SQL of it."""
    reach = actor.rights.reach(verb, object_type)
    if reach in ("own", "team"):
        # The system owns nothing, so its own records are none.
        return Narrowing("own", actor.person) if actor.person is not None else Narrowing("none")
    return Narrowing(reach)


def require_import(actor: Actor, object_types: Iterable[str]) -> None:
    """An import can change any record of its types, so it takes the right to import and to edit them all."""
    if not actor.rights.imports:
        raise errors.NotAllowed(f"{actor.name} may not import files. {_ASK}")
    for object_type in object_types:
        if actor.rights.reach("edit", object_type) != "all":
            raise errors.NotAllowed(
                f"{actor.name} may not edit all {_spoken(object_type)}, so an import cannot write them. {_ASK}"
            )


def may_import(actor: Actor, object_type: str) -> bool:
    return actor.rights.imports and actor.rights.reach("edit", object_type) == "all"


def require_export(actor: Actor) -> None:
    if not actor.rights.exports:
        raise errors.NotAllowed(f"{actor.name} may not export records. {_ASK}")


def require_settings(actor: Actor) -> None:
    if not actor.rights.settings:
        raise errors.NotAllowed(f"{actor.name} may not change people, programs' tokens or settings. {_ASK}")


def _spoken(object_type: str) -> str:
    return object_type.replace("_", " ")
