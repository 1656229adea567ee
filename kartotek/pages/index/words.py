"""Filters in words: what each operator is called, one condition as a chip, all of them as a sentence."""

from datetime import UTC

from kartotek.domain import lists
from kartotek.model.associations import AssociationType
from kartotek.model.catalogue import Catalogue
from kartotek.model.filters import ME, Condition, Filter, Filters, Linked, Listed
from kartotek.model.object_types import ObjectType
from kartotek.model.properties import Property
from kartotek.pages import nouns, shown, zones
from kartotek.pages.shown import Words
from kartotek.pages.visit import Visit


def N_(text: str) -> str:
    return text


# A condition, and the operator's name alone, which is the words between property and value. Dates have words of their
# own for what is more and less.
_SENTENCES = {
    "EQ": N_("%(property)s is %(value)s"),
    "NEQ": N_("%(property)s is not %(value)s"),
    "IN": N_("%(property)s is any of %(value)s"),
    "NOT_IN": N_("%(property)s is none of %(value)s"),
    "CONTAINS_TOKEN": N_("%(property)s contains %(value)s"),
    "NOT_CONTAINS_TOKEN": N_("%(property)s does not contain %(value)s"),
    "STARTS_WITH": N_("%(property)s starts with %(value)s"),
    "HAS_PROPERTY": N_("%(property)s is known"),
    "NOT_HAS_PROPERTY": N_("%(property)s is unknown"),
    "GT": N_("%(property)s is more than %(value)s"),
    "GTE": N_("%(property)s is at least %(value)s"),
    "LT": N_("%(property)s is less than %(value)s"),
    "LTE": N_("%(property)s is at most %(value)s"),
    "BETWEEN": N_("%(property)s is between %(value)s"),
    "PERIOD": N_("%(property)s is in the period: %(value)s"),
    "LAST_DAYS": N_("%(property)s is in the last %(value)s days"),
    "NEXT_DAYS": N_("%(property)s is in the next %(value)s days"),
    "DAYS_AGO": N_("%(property)s is more than %(value)s days ago"),
}
_OF_DATES = {
    "GT": N_("%(property)s is after %(value)s"),
    "GTE": N_("%(property)s is on or after %(value)s"),
    "LT": N_("%(property)s is before %(value)s"),
    "LTE": N_("%(property)s is on or before %(value)s"),
}
_OF_ONE_DAY = {
    "LAST_DAYS": N_("%(property)s is in the last day"),
    "NEXT_DAYS": N_("%(property)s is in the next day"),
    "DAYS_AGO": N_("%(property)s is more than one day ago"),
}
OPERATORS = {
    "EQ": N_("is"), "NEQ": N_("is not"), "IN": N_("is any of"), "NOT_IN": N_("is none of"),
    "CONTAINS_TOKEN": N_("contains"), "NOT_CONTAINS_TOKEN": N_("does not contain"), "STARTS_WITH": N_("starts with"),
    "HAS_PROPERTY": N_("is known"), "NOT_HAS_PROPERTY": N_("is unknown"), "GT": N_("is more than"),
    "GTE": N_("is at least"), "LT": N_("is less than"), "LTE": N_("is at most"), "BETWEEN": N_("is between"),
    "PERIOD": N_("is in the period"), "LAST_DAYS": N_("is in the last … days"),
    "NEXT_DAYS": N_("is in the next … days"), "DAYS_AGO": N_("is more than … days ago"),
}  # fmt: skip
_OPERATORS_OF_DATES = {
    "GT": N_("is after"), "GTE": N_("is on or after"), "LT": N_("is before"), "LTE": N_("is on or before"),
}  # fmt: skip
_MEMBERS = {
    "ON": N_("List membership is “%(name)s”"),
    "NOT_ON": N_("List membership is not “%(name)s”"),
}
PERIODS = {
    "today": N_("today"), "yesterday": N_("yesterday"), "tomorrow": N_("tomorrow"),
    "this_week": N_("this week"), "last_week": N_("last week"), "next_week": N_("next week"),
    "this_month": N_("this month"), "last_month": N_("last month"), "next_month": N_("next month"),
    "this_quarter": N_("this quarter"), "last_quarter": N_("last quarter"), "next_quarter": N_("next quarter"),
    "this_year": N_("this year"), "last_year": N_("last year"), "next_year": N_("next year"),
}  # fmt: skip
_DATES = ("date", "moment")


def operator(visit: Visit, prop: Property, name: str) -> str:
    """What it is called of this kind of property."""
    return visit.gettext((_OPERATORS_OF_DATES if prop.kind in _DATES else {}).get(name, OPERATORS[name]))


def sentence(visit: Visit, object_type: ObjectType, filters: Filters, words: Words) -> str:
    """All of it: "Contacts where City is Ribe and Email is known, or where …"."""
    _ = visit.gettext
    groups = [[condition(visit, object_type, one, words) for one in group] for group in filters if group]
    if not groups:
        return _("All %(objects)s.") % {"objects": object_type.label_plural.lower()}
    said = _(", or where ").join(_(" and ").join(group) for group in groups)
    return _("%(objects)s where %(conditions)s.") % {"objects": object_type.label_plural, "conditions": said}


def condition(visit: Visit, object_type: ObjectType, one: Condition, words: Words) -> str:
    """What no longer exists is called by its name, so that it can be seen and taken away."""
    if isinstance(one, Linked):
        return _linked(visit, object_type, one, words)
    if isinstance(one, Listed):
        form = _MEMBERS["NOT_ON" if one.none else "ON"]
        return visit.gettext(form) % {"name": list_named(visit, one.list)}
    prop = object_type.properties.get(one.property)
    if prop is None:
        return one.property
    form = (_OF_DATES if prop.kind in _DATES else {}).get(one.operator, _SENTENCES[one.operator])
    if one.operator in _OF_ONE_DAY and one.values == ("1",):
        form = _OF_ONE_DAY[one.operator]
    return visit.gettext(form) % {"property": prop.label, "value": _values(visit, prop, one, words)}


def list_named(visit: Visit, id: int) -> str:
    """By its number where its name is not the person's to know."""
    return lists.names(visit.tx, visit.actor, [id]).get(id, str(id))


def label_of(known: Catalogue, id: int | None) -> str:
    found = next((one for one in known.association_types if one.id == id), None)
    return (found.label or found.name) if found else str(id)


def labels(known: Catalogue, one: ObjectType, other: ObjectType) -> list[AssociationType]:
    """The labels that an association of these two can carry, as `one` sees them."""
    return [
        kind
        for kind in known.association_types
        if (kind.from_type, kind.to_type, kind.kind) == (one.name, other.name, "labeled")
    ]


def _linked(visit: Visit, object_type: ObjectType, one: Linked, words: Words) -> str:
    _ = visit.gettext
    known = nouns.load(visit)
    other = known.object_types.get(one.to)
    if other is None:
        return one.to
    if one.primary:
        said = _("there is no primary company") if one.none else _("there is a primary company")
    else:
        form = _("there are no associated %(objects)s") if one.none else _("there are associated %(objects)s")
        if one.label is not None:
            form += _(" (%(label)s)")
        said = form % {"objects": other.label_plural.lower(), "label": label_of(known, one.label)}
    if not one.where:
        return said
    where = _(" and ").join(condition(visit, other, each, words) for each in one.where)
    return _("%(said)s of which %(where)s") % {"said": said, "where": where}


def _values(visit: Visit, prop: Property, one: Filter, words: Words) -> str:
    _ = visit.gettext
    if one.operator == "PERIOD":
        return _(PERIODS.get(one.values[0], one.values[0]))
    said = [_value(visit, prop, value, one.operator, words) for value in one.values]
    return shown.listed(visit.locale, said) if one.operator == "BETWEEN" else shown.either(visit.locale, said)


def _value(visit: Visit, prop: Property, value: str, operator: str, words: Words) -> str:
    if operator.endswith(("_DAYS", "DAYS_AGO")):
        return value
    if prop.kind == "owner" and value.lower() == ME:
        return visit.gettext("me")
    if operator.endswith(("CONTAINS_TOKEN", "STARTS_WITH")):
        return f"“{value}”"
    if prop.kind == "moment":
        value = zones.plain(value, UTC)  # an address means the same whoever follows it
    return words.value(prop, value)
