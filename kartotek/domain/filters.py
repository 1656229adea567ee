"""Filters: what is asked for, read as each property is read, and narrowed to what the actor may see."""

import re
from collections.abc import Sequence
from dataclasses import replace

import polars as pl

from kartotek import errors
from kartotek.domain import Tx, access, catalogue, properties, reach
from kartotek.model import periods
from kartotek.model.catalogue import Catalogue
from kartotek.model.filters import ME, Condition, Filter, Filters, Linked, Query, fits, takes
from kartotek.model.object_types import ObjectType
from kartotek.model.people import Actor
from kartotek.model.properties import Property
from kartotek.values import TYPES, Reading

# A day without a time of day, which a point in time may fall on.
_DAY = re.compile(r"\d{1,4}[-/. ]\d{1,2}[-/. ]\d{1,4}")
_NOBODY = 0  # no record has this id
_AS_TYPED = ("CONTAINS_TOKEN", "NOT_CONTAINS_TOKEN", "STARTS_WITH")


def read(tx: Tx, actor: Actor, object_type: ObjectType, query: Query) -> Query:
    """The query with the values of its filters in canonical text; refuses what cannot be read, with a sentence.

    A day that a point in time is compared with stays a day. What a record is associated with, nobody hears who may not
    see that record: it is as if there were none of that number.
    """
    if query.associated_with is not None and reach.is_hidden(tx, actor, query.associated_with):
        query = replace(query, associated_with=_NOBODY)
    if not query.filters:
        return query
    return replace(query, filters=_groups(tx, actor, object_type, query.filters))


def _groups(tx: Tx, actor: Actor, object_type: ObjectType, filters: Filters) -> Filters:
    known = catalogue.load(tx)

    def one(condition: Condition) -> Condition:
        if isinstance(condition, Linked):
            return _linked(tx, actor, known, object_type, condition)
        return _filter(tx, actor, known, object_type, condition)

    return tuple(tuple(map(one, group)) for group in filters)


def _linked(tx: Tx, actor: Actor, known: Catalogue, object_type: ObjectType, asked: Linked) -> Linked:
    """Who may not see the associated records learns nothing about them by asking."""
    other = known.object_type(asked.to)
    if not known.can_associate(object_type.name, other.name):
        raise errors.Invalid(f"{object_type.label_plural} and {other.label_plural.lower()} cannot be associated.")
    if asked.primary and not (object_type.has_primary_company and other.name == "companies"):
        raise errors.Invalid(f"{object_type.label_plural} have no primary {other.label.lower()}.")
    access.require(actor, "view", other.name)
    if asked.label is not None and not _is_label(known, object_type, other, asked.label):
        raise errors.Invalid(f"{object_type.label_plural} have no association label with the number {asked.label}.")
    where = tuple(_filter(tx, actor, known, other, each) for each in asked.where)
    within = access.narrow(actor, "view", other.name)
    return replace(asked, to=other.name, where=where, other=other, within=within)


def _is_label(known: Catalogue, one: ObjectType, other: ObjectType, id: int) -> bool:
    types = (kind for kind in known.association_types if kind.id == id)
    return any((kind.from_type, kind.to_type) == (one.name, other.name) for kind in types)


def _filter(tx: Tx, actor: Actor, known: Catalogue, object_type: ObjectType, one: Filter) -> Filter:
    prop = known.property(object_type, one.property)
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


def _read(prop: Property, kind: str, how: Reading, values: Sequence[str]) -> tuple[str, ...]:
    text, cell = TYPES[kind], pl.col("v")
    found = pl.DataFrame({"v": list(values)}).select(v=text.text(text.read(cell, how)), wrong=text.wrong(cell, how))
    bad = found.with_columns(typed=pl.Series(list(values))).filter(pl.col("wrong").is_not_null() | cell.is_null())
    if len(bad):
        wrong = bad["wrong"][0] or "FAILED_VALIDATION"
        raise errors.Invalid(properties.sentence(prop, wrong, bad["typed"][0]))
    return tuple(found["v"].to_list())
