"""The lines of a filter builder as they are drawn: what can be chosen in each, and what is (conditions.py)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from kartotek.domain import access, counting, lists
from kartotek.model.catalogue import Catalogue
from kartotek.model.filters import ARITY, KNOWN, ME, OPERATORS, Filters
from kartotek.model.object_types import ObjectType
from kartotek.model.properties import Property
from kartotek.pages import figures, nouns, records, zones
from kartotek.pages.index import conditions
from kartotek.pages.index import words as spoken
from kartotek.pages.index.conditions import LISTS, NOT_ON, ON, PRIMARY, SAME, Asked
from kartotek.pages.shown import Words
from kartotek.pages.visit import Visit
from kartotek.values import alphabet

# Operators whose value is not of the property's own kind.
_PLAIN_TEXT = ("CONTAINS_TOKEN", "NOT_CONTAINS_TOKEN", "STARTS_WITH")
_DAYS = ("LAST_DAYS", "NEXT_DAYS", "DAYS_AGO")


@dataclass(frozen=True, slots=True)
class Line:
    """One line as it is drawn."""

    number: int
    asked: Asked
    subjects: list[tuple[str, str]]
    labels: list[tuple[str, str]]
    properties: list[tuple[str, str]]
    operators: list[tuple[str, str]]
    control: str  # "", text, number, date, lines, select, several, days, period
    options: list[tuple[str, str]]
    arity: int | None
    focus: str
    said: tuple[str, ...]  # its values as they are written in the form
    is_figures: bool = False  # whether they are numbers
    clock: str = ""  # the zone that moments among them are written for


@dataclass(frozen=True, slots=True)
class Drawn:
    """The lines of a form, what they mean in words, and the filters that are complete."""

    lines: list[Line]
    sentence: str
    filters: Filters


def drawn(visit: Visit, one: ObjectType, asked: Sequence[Asked], focus: str = "") -> Drawn:
    words = records.words(visit)
    subjects = _subjects(visit, one)
    lines: list[Line] = []
    about = one
    for n, each in enumerate(asked):
        about = about if each.of == SAME else _about(visit, one, each.of)
        lines.append(_line(visit, n, each, one, about, subjects, words, focus))
    complete = conditions.filters_of([line.asked for line in lines if _is_complete(line)])
    return Drawn(lines, spoken.sentence(visit, one, complete, words), complete)


def _is_complete(line: Line) -> bool:
    return not line.control or len(line.asked.values) >= (line.arity or 1)


def _about(visit: Visit, one: ObjectType, of: str) -> ObjectType:
    types = nouns.load(visit).object_types
    return types.get("companies" if of == PRIMARY else of.removeprefix("@"), one) if of else one


def _subjects(visit: Visit, one: ObjectType) -> list[tuple[str, str]]:
    cat = nouns.load(visit)
    sees_companies = access.may(visit.actor, "view", "companies")
    primary = [(PRIMARY, visit.gettext("Company (primary)"))] if one.has_primary_company and sees_companies else []
    others = [
        (f"@{t.name}", t.label_plural) for t in cat.associable(one.name) if access.may(visit.actor, "view", t.name)
    ]
    return [("", one.label), *primary, *others]


def _line(
    visit: Visit, n: int, asked: Asked, one: ObjectType, about: ObjectType, subjects: list[tuple[str, str]],
    words: Words, focus: str,
) -> Line:  # fmt: skip
    if asked.property == LISTS:
        return _line_of_lists(visit, n, asked, one, about, subjects, focus)
    prop = about.properties.get(asked.property)
    offered = OPERATORS.get(prop.kind, KNOWN) if prop else ()
    known = asked.operator if asked.operator in ARITY and prop else ""
    operators = list(dict.fromkeys([*offered, *([known] if known else [])]))
    first = operators[0] if operators else ""
    asked = replace(asked, operator=known or first, property=prop.name if prop else "")
    is_figures = prop is not None and prop.kind == "number" and asked.operator not in _PLAIN_TEXT
    is_moment = prop is not None and prop.kind == "moment" and asked.operator not in _PLAIN_TEXT
    return Line(
        number=n,
        asked=asked,
        subjects=subjects,
        labels=_labels(visit, one, about, asked),
        properties=_properties(visit, about),
        operators=[(name, spoken.operator(visit, prop, name)) for name in operators] if prop else [],
        control=_control(prop, asked.operator, words) if prop else "",
        options=_options(visit, prop, asked.operator, words) if prop else [],
        arity=ARITY.get(asked.operator, 0),
        focus=_focused(focus, n),
        said=tuple(_said_in_form(visit, value, is_figures, is_moment) for value in asked.values),
        is_figures=is_figures,
        clock=str(visit.zone) if is_moment else "",
    )


def _said_in_form(visit: Visit, value: str, is_figures: bool, is_moment: bool) -> str:
    if is_figures:
        return figures.written(value, visit.locale)
    return zones.written(value, visit.zone) if is_moment else value


def _line_of_lists(
    visit: Visit, n: int, asked: Asked, one: ObjectType, about: ObjectType, subjects: list[tuple[str, str]], focus: str
) -> Line:
    known = lists.of_object(visit.tx, visit.actor, about) if access.may(visit.actor, "view", about.name) else []
    options = [(str(each.id), each.name) for each in known]
    chosen = tuple(map(str, conditions.lists_in(asked)))
    gone = [(value, spoken.list_named(visit, int(value))) for value in chosen if value not in dict(options)]
    operator = asked.operator if asked.operator in (ON, NOT_ON) else ON
    return Line(
        number=n,
        asked=replace(asked, operator=operator, values=chosen),
        subjects=subjects,
        labels=_labels(visit, one, about, asked),
        properties=_properties(visit, about),
        operators=[(ON, visit.gettext("is a member of")), (NOT_ON, visit.gettext("is not a member of"))],
        control="select",
        options=[*gone, *options],
        arity=1,
        focus=_focused(focus, n),
        said=asked.values,
    )


def _focused(focus: str, n: int) -> str:
    return focus.partition("-")[0] if focus.endswith(f"-{n}") else ""


def _properties(visit: Visit, about: ObjectType) -> list[tuple[str, str]]:
    """Those that can be asked for: what is counted when it is shown cannot."""
    counted = counting.names(about)
    offered = (prop for name, prop in about.properties.items() if prop.is_offered and name not in counted)
    labels = sorted(((p.label, p.name) for p in offered), key=lambda pair: alphabet.key(pair[0]))
    return [(visit.gettext("List membership"), LISTS), *labels]


def _labels(visit: Visit, one: ObjectType, about: ObjectType, asked: Asked) -> list[tuple[str, str]]:
    if not asked.of.startswith("@") or asked.of == PRIMARY:
        return []
    cat: Catalogue = nouns.load(visit)
    return [(str(kind.id), kind.label or kind.name) for kind in spoken.labels(cat, one, about)]


def _control(prop: Property, operator: str, words: Words) -> str:
    if ARITY[operator] == 0:
        return ""
    if operator in _DAYS:
        return "days"
    if operator == "PERIOD":
        return "period"
    if operator not in _PLAIN_TEXT and (prop.kind == "boolean" or _own_options(prop, words)):
        return "several" if ARITY[operator] is None else "select"
    if ARITY[operator] is None:
        return "lines"
    return {"date": "date", "moment": "date", "number": "number"}.get(prop.kind, "text")


def _own_options(prop: Property, words: Words) -> list[tuple[str, str]]:
    return words.options(prop) if prop.kind in ("choice", "choices", "free_choices", "owner") else []


def _options(visit: Visit, prop: Property, operator: str, words: Words) -> list[tuple[str, str]]:
    """Value and label of what can be chosen."""
    if operator == "PERIOD":
        return [(name, visit.gettext(label)) for name, label in spoken.PERIODS.items()]
    if prop.kind == "boolean":
        return [("true", words.yes), ("false", words.no)]
    me = [(ME, visit.gettext("me"))] if prop.kind == "owner" else []
    return [*me, *_own_options(prop, words)]
