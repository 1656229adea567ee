"""What somebody wants to take away, in the words of the command line or a form, as an Extract."""

import re
from dataclasses import dataclass, field, replace

from kartotek import errors
from kartotek.domain import Tx, catalogue, extracts, lists, preferences
from kartotek.model.catalogue import Catalogue
from kartotek.model.extracts import Extract
from kartotek.model.filters import Filter, Query
from kartotek.model.object_types import ObjectType
from kartotek.model.people import Actor
from kartotek.model.properties import Property

ALL, CORE, SHOWN = "all", "core", "shown"
_OPERATORS = {"=": "EQ", "!=": "NEQ", "<": "LT", "<=": "LTE", ">": "GT", ">=": "GTE", "~": "CONTAINS_TOKEN"}
_FILTER = re.compile(r"\s*([A-Za-z0-9_]+)\s*(!=|<=|>=|=|<|>|~)\s*(.*?)\s*", re.DOTALL)
_KNOWN = re.compile(r"\s*(!?)\s*([A-Za-z0-9_]+)\s*")


@dataclass(frozen=True, slots=True)
class Choice:
    """`properties` are names; without them `columns` says which: all, core (with the custom ones) or shown. `links`
    names what is associated of every type, `linked` of these; `each` gives every associated record of a type a row.

    `filters` are written `amount>=1000`, `lifecyclestage=lead`, `city~havn`, `email` (is known) or `!email` (is not).
    """

    properties: tuple[str, ...] = ()
    columns: str = ALL
    links: bool = False
    linked: tuple[str, ...] = ()
    each: str | None = None
    filters: tuple[str, ...] = ()
    query: Query = field(default_factory=Query)
    ids: tuple[int, ...] | None = None
    list: str | None = None  # only members of the list of this name


def of(tx: Tx, actor: Actor, object_name: str, choice: Choice) -> Extract:
    known = catalogue.load(tx)
    one = known.object_type(object_name)
    wanted = tuple(_filter(known, one, text) for text in choice.filters)
    query = replace(choice.query, filters=(*choice.query.filters, wanted) if wanted else choice.query.filters)
    if choice.list is not None:
        query = replace(query, on_list=lists.of_name(tx, actor, one, choice.list))
    if query.sort is not None:
        known.property(one, query.sort)
    properties = tuple(dict.fromkeys(choice.properties))
    each = _each(known, one, choice.each) if choice.each else None
    linked = tuple(
        t for t in extracts.linkable(tx, actor, one) if t is not each and (choice.links or t.name in choice.linked)
    )
    chosen = _properties(tx, actor, known, one, properties, choice.columns)
    return Extract(one, chosen, query, choice.ids, linked, each)


def _each(known: Catalogue, one: ObjectType, name: str) -> ObjectType:
    other = known.object_type(name)
    if not known.can_associate(one.name, other.name):
        raise errors.Invalid(f"{one.label_plural} and {other.label_plural.lower()} cannot be associated.")
    return other


def _properties(
    tx: Tx, actor: Actor, known: Catalogue, one: ObjectType, names: tuple[str, ...], columns: str
) -> tuple[Property, ...]:
    if names:
        return tuple({found.name: found for name in names for found in [known.property(one, name)]}.values())
    if columns == SHOWN:
        return tuple(one.properties[name] for name in _shown(tx, actor, one))
    return tuple(prop for prop in one.properties.values() if columns == ALL or prop.tier != "extended")


def _shown(tx: Tx, actor: Actor, one: ObjectType) -> list[str]:
    """What names a record, and the columns as the person arranged them; before they did, what is told beside a name."""
    arranged = preferences.of_actor(tx, actor).columns.get(one.name, one.secondary)
    return [name for name in dict.fromkeys([*one.naming, *arranged]) if name in one.properties]


def _filter(known: Catalogue, one: ObjectType, text: str) -> Filter:
    if found := _FILTER.fullmatch(text):
        name, operator, value = found.groups()
        return Filter(known.property(one, name).name, _OPERATORS[operator], (value,))
    if found := _KNOWN.fullmatch(text):
        return Filter(known.property(one, found[2]).name, "NOT_HAS_PROPERTY" if found[1] else "HAS_PROPERTY")
    raise errors.Invalid(
        f"“{text}” is not a filter. Write a property's name, one of {' '.join(_OPERATORS)} and a value, "
        "such as lifecyclestage=lead; or the name alone for where it is known, !name for where it is not."
    )
