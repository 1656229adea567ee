"""Filters: what is asked for, read as each property is read, and narrowed to what the actor may see.

A condition on an active list is read as what that list asks for, so that it means the same wherever it stands: who may
not see something learns nothing about it by way of a list either.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

import polars as pl

from kartotek import errors
from kartotek.domain import Tx, access, catalogue, counting, properties, reach
from kartotek.model import filter_texts, periods
from kartotek.model.catalogue import Catalogue
from kartotek.model.filters import ME, Condition, Filter, Filters, Linked, Listed, Query, fits, takes
from kartotek.model.object_types import ObjectType
from kartotek.model.people import Actor
from kartotek.model.properties import Property
from kartotek.values import TYPES, Reading

# A day without a time of day, which a point in time may fall on.
_DAY = re.compile(r"\d{1,4}[-/. ]\d{1,2}[-/. ]\d{1,4}")
_NOBODY = 0  # no record has this id
_AS_TYPED = ("CONTAINS_TOKEN", "NOT_CONTAINS_TOKEN", "STARTS_WITH")
# Conditions of all lists together that one question may lead to: lists of lists of lists grow without end.
MOST = 200


@dataclass(slots=True)
class _Asked:
    """Who asks, and what the lists that have been gone through on the way are."""

    tx: Tx
    actor: Actor
    known: Catalogue
    lists: tuple[int, ...] = ()
    conditions: int = 0


def read(tx: Tx, actor: Actor, object_type: ObjectType, query: Query) -> Query:
    """The query with the values of its filters in canonical text; refuses what cannot be read, with a sentence.

    A day that a point in time is compared with stays a day. What a record is associated with, nobody hears who may not
    see that record: it is as if there were none of that number.
    """
    if query.associated_with is not None and reach.is_hidden(tx, actor, query.associated_with):
        query = replace(query, associated_with=_NOBODY)
    if not query.filters and query.on_list is None:
        return query
    asked = _Asked(tx, actor, catalogue.load(tx))
    filters = _groups(asked, object_type, query.filters)
    if query.on_list is None:
        return replace(query, filters=filters)
    listed = _listed(asked, object_type, Listed(query.on_list)).asks or ()
    return replace(query, filters=filters, asked_by_list=listed)


def settled(tx: Tx, actor: Actor, object_type: ObjectType, filters: Filters) -> Filters:
    """So that they say the same whoever reads them: “me” is named."""
    known = catalogue.load(tx)

    def one(about: ObjectType, condition: Condition) -> Condition:
        if isinstance(condition, Linked):
            other = known.object_type(condition.to)
            return replace(condition, where=tuple(_plain(one(other, each)) for each in condition.where))
        prop = None if isinstance(condition, Listed) else about.properties.get(condition.property)
        if isinstance(condition, Listed) or prop is None:
            return condition
        return replace(condition, values=tuple(_named(actor, prop, condition.values)))

    return tuple(tuple(one(object_type, each) for each in group) for group in filters)


def check(tx: Tx, actor: Actor, object_type: ObjectType, filters: Filters, of_list: int | None = None) -> Filters:
    """Read, as those of this list are to be: refuses what would lead back to it."""
    asked = _Asked(tx, actor, catalogue.load(tx), () if of_list is None else (of_list,))
    return _groups(asked, object_type, filters)


def asked_of(object_type: ObjectType, filters: Filters) -> set[str]:
    """The object types of whose records they speak, once they are read."""
    names = {object_type.name}
    for one in (one for group in filters for one in group):
        if isinstance(one, Linked) and one.other is not None:
            names |= asked_of(one.other, (one.where,))
        elif isinstance(one, Listed):
            names |= asked_of(object_type, one.asks or ())
    return names


def _groups(ask: _Asked, object_type: ObjectType, filters: Filters) -> Filters:
    return tuple(tuple(_condition(ask, object_type, one) for one in group) for group in filters)


def _condition(ask: _Asked, object_type: ObjectType, one: Condition) -> Condition:
    ask.conditions += 1
    if ask.conditions > MOST:
        raise errors.Invalid(
            f"The lists that are asked for have more than {MOST} conditions between them. Take some away."
        )
    if isinstance(one, Linked):
        return _linked(ask, object_type, one)
    if isinstance(one, Listed):
        return _listed(ask, object_type, one)
    return _filter(ask.tx, ask.actor, ask.known, object_type, one)


def _listed(ask: _Asked, object_type: ObjectType, asked: Listed) -> Listed:
    """With what an active list asks for, as the same actor may ask it."""
    found = ask.tx.query("lists.asked", {"id": asked.list})
    if not found:
        raise errors.Invalid(
            f"The list with the number {asked.list} is deleted. Take the condition away, or restore it."
        )
    one = found[0]
    access.require(ask.actor, "view", ask.known.object_type(one["object_type"]))
    if one["object_type"] != object_type.name:
        raise errors.Invalid(
            f"“{one['name']}” is not a list of {object_type.label_plural.lower()}. Choose another one."
        )
    if asked.list in ask.lists:
        raise errors.Invalid(f"The list “{one['name']}” asks for itself. Take one of the conditions on lists away.")
    if one["filters"] is None:
        return replace(asked, asks=())
    ask.lists = (*ask.lists, asked.list)
    asks = _groups(ask, object_type, filter_texts.parsed(one["filters"]))
    ask.lists = ask.lists[:-1]
    return replace(asked, asks=asks)


def _linked(ask: _Asked, object_type: ObjectType, asked: Linked) -> Linked:
    """Who may not see the associated records learns nothing about them by asking."""
    actor, known = ask.actor, ask.known
    other = known.object_type(asked.to)
    if not known.can_associate(object_type.name, other.name):
        raise errors.Invalid(f"{object_type.label_plural} and {other.label_plural.lower()} cannot be associated.")
    if asked.primary and not (object_type.has_primary_company and other.name == "companies"):
        raise errors.Invalid(f"{object_type.label_plural} have no primary {other.label.lower()}.")
    access.require(actor, "view", other)
    if asked.label is not None and not _is_label(known, object_type, other, asked.label):
        raise errors.Invalid(f"{object_type.label_plural} have no association label with the number {asked.label}.")
    where = tuple(_plain(_condition(ask, other, each)) for each in asked.where)
    within = access.narrow(actor, "view", other.name)
    return replace(asked, to=other.name, where=where, other=other, within=within)


def _plain(one: Condition) -> Filter | Listed:
    """What is said of an associated record leads no further."""
    assert not isinstance(one, Linked)
    return one


def _is_label(known: Catalogue, one: ObjectType, other: ObjectType, id: int) -> bool:
    types = (kind for kind in known.association_types if kind.id == id)
    return any((kind.from_type, kind.to_type) == (one.name, other.name) for kind in types)


def _filter(tx: Tx, actor: Actor, known: Catalogue, object_type: ObjectType, one: Filter) -> Filter:
    prop = known.property(object_type, one.property)
    counting.refuse(object_type, prop.name)
    values = tuple(text for value in one.values if (text := value.replace("\0", "").strip()))
    if not fits(one.operator, prop.kind):
        raise errors.Invalid(f"{prop.label} cannot be asked for by {one.operator}. Choose another condition.")
    if not takes(one.operator, len(values)):
        raise errors.Invalid(f"The filter on {prop.label} does not fit the values it is given: fill them in.")
    if one.operator == "PERIOD":
        _check_period(values[0])
    elif one.operator in ("LAST_DAYS", "NEXT_DAYS", "DAYS_AGO"):
        values = (_days(prop, values[0]),)
    elif one.operator not in _AS_TYPED:
        values = _canonical(tx, known, object_type, prop, _named(actor, prop, values))
        if one.operator == "BETWEEN":
            values = _from_low_to_high(prop, values)
    return replace(one, values=values)


def _check_period(name: str) -> None:
    if name not in periods.NAMES:
        raise errors.UnknownName("period", name)


def _days(prop: Property, text: str) -> str:
    if not text.isdecimal() or not 1 <= int(text[:9]) <= periods.MOST_DAYS:
        raise errors.Invalid(
            f"“{text}” is not a number of days for {prop.label}. Write a whole one, from 1 to {periods.MOST_DAYS:,}."
        )
    return str(int(text))


def _named(actor: Actor, prop: Property, values: Sequence[str]) -> Sequence[str]:
    if prop.kind != "owner" or ME not in (value.lower() for value in values):
        return values
    if actor.person is None:
        raise errors.Invalid(f"{prop.label} cannot be “{ME}” where nobody asks. Name the person.")
    return [str(actor.person) if value.lower() == ME else value for value in values]


def _canonical(
    tx: Tx, known: Catalogue, object_type: ObjectType, prop: Property, values: Sequence[str]
) -> tuple[str, ...]:
    if not values:
        return ()
    if prop.kind == "moment" and all(map(_DAY.fullmatch, values)):
        return _read(prop, "date", Reading(dates="DMY"), values)
    return _read(prop, prop.kind, properties.reading(tx, known, object_type, prop, Reading(dates="DMY")), values)


def _from_low_to_high(prop: Property, values: tuple[str, ...]) -> tuple[str, ...]:
    """Between 400 and 0 is between 0 and 400: nobody means nothing at all."""
    if prop.kind == "number":
        return tuple(sorted(values, key=Decimal))
    return tuple(sorted(values)) if prop.kind in ("date", "moment") else values


def _read(prop: Property, kind: str, how: Reading, values: Sequence[str]) -> tuple[str, ...]:
    text, cell = TYPES[kind], pl.col("v")
    found = pl.DataFrame({"v": list(values)}).select(v=text.text(text.read(cell, how)), wrong=text.wrong(cell, how))
    bad = found.with_columns(typed=pl.Series(list(values))).filter(pl.col("wrong").is_not_null() | cell.is_null())
    if len(bad):
        wrong = bad["wrong"][0] or "FAILED_VALIDATION"
        raise errors.Invalid(properties.sentence(prop, wrong, bad["typed"][0]))
    return tuple(found["v"].to_list())
