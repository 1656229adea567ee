"""The properties that a column may be mapped to, each with what one wants to know before choosing it."""

from collections.abc import Callable
from dataclasses import dataclass

from kartotek.model.object_types import ObjectType
from kartotek.model.properties import Property
from kartotek.pages.visit import Visit
from kartotek.values import TYPES, alphabet

_SHOWN = 6  # options


@dataclass(frozen=True, slots=True)
class Choice:
    property: Property
    kind: str  # what it holds, in words
    about: str  # its options, or how a value looks


def of(visit: Visit, object_type: ObjectType) -> list[Choice]:
    """By label."""
    kinds = words(visit.gettext)
    found = (one for one in object_type.properties.values() if one.is_offered and not one.read_only)
    return [
        Choice(one, kinds.get(one.kind, one.kind), _about(visit, one))
        for one in sorted(found, key=lambda one: alphabet.key(one.label))
    ]


def words(gettext: Callable[[str], str]) -> dict[str, str]:
    """What each kind of property holds."""
    return {
        "text": gettext("Text"),
        "multiline": gettext("Text of many lines"),
        "number": gettext("Number"),
        "date": gettext("Date"),
        "moment": gettext("Date and time"),
        "boolean": gettext("Yes or no"),
        "choice": gettext("One option"),
        "choices": gettext("Several options"),
        "free_choices": gettext("Several words"),
        "email": gettext("Email address"),
        "emails": gettext("Email addresses"),
        "domain": gettext("Domain"),
        "domains": gettext("Domains"),
        "phone": gettext("Phone number"),
        "owner": gettext("Person"),
        "attachments": gettext("Files"),
        "term": gettext("Number of months"),
    }


def _about(visit: Visit, prop: Property) -> str:
    labels = [option.label for option in prop.options if not option.hidden]
    if not labels:
        return visit.gettext("For example: %(example)s") % {"example": TYPES[prop.kind].EXAMPLE}
    more = visit.gettext("%(options)s and %(count)s more") if len(labels) > _SHOWN else "%(options)s"
    return more % {"options": ", ".join(labels[:_SHOWN]), "count": len(labels) - _SHOWN}
