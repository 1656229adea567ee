"""The conditions of a filter builder: lines of a form, and the filters that they mean.

Wherever filters are chosen (an index page, an active list) the lines are these: read back, added and taken away
by the buttons of the form, without scripts too. How they are drawn, condition_lines.py says.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from kartotek.model.filters import Condition, Filter, Filters, Linked, Listed
from kartotek.pages import figures, zones
from kartotek.pages.visit import Visit, whole

PRIMARY, SAME = "@primary", "="
# Chosen where a property is: whether the record is a member of a list.
LISTS, ON, NOT_ON = "list()", "ON", "NOT_ON"


@dataclass(frozen=True, slots=True)
class Asked:
    """One line as it was filled in. `of`: "" the record itself, "@companies", "@primary", or SAME as the line above."""

    of: str = ""
    joined: str = "and"  # to the line above: "and", or "or", which begins a group
    has: str = "yes"
    label: str = ""
    property: str = ""
    operator: str = ""
    values: tuple[str, ...] = ()


def saved(filters: Filters) -> list[Asked]:
    return [one for group in filters for one in lines_of(group)]


def pressed(asked: list[Asked], wish: str, changed: str) -> tuple[list[Asked], str]:
    """What a button of the form makes of its lines, and where the eye goes then."""
    if wish in ("and", "or"):
        return [*asked, Asked(joined=wish)], f"property-{len(asked)}"
    if wish.startswith("same-"):
        at = _after(asked, _number(wish))
        return [*asked[:at], Asked(of=SAME), *asked[at:]], f"property-{at}"
    if wish.startswith("remove-"):
        return _without(asked, _number(wish)), ""
    return asked, focus_after(changed)


# ---------------------------------------------------------------- between lines and filters


def lines_of(group: Sequence[Condition]) -> list[Asked]:
    found: list[Asked] = []
    for one in group:
        if not isinstance(one, Linked):
            found.append(_said(one))
            continue
        of = PRIMARY if one.primary else f"@{one.to}"
        first = Asked(of, has="no" if one.none else "yes", label="" if one.label is None else str(one.label))
        where = [replace(_said(each), of=SAME) for each in one.where]
        if where:
            head = where[0]
            where[0] = replace(first, property=head.property, operator=head.operator, values=head.values)
        found += where or [first]
    if found:
        found[0] = replace(found[0], joined="or")
    return found


def _said(one: Filter | Listed) -> Asked:
    if isinstance(one, Listed):
        return Asked(property=LISTS, operator=NOT_ON if one.none else ON, values=(str(one.list),))
    return Asked(property=one.property, operator=one.operator, values=one.values)


def filters_of(asked: Sequence[Asked]) -> Filters:
    """Lines that are not filled in yet are left out."""
    groups: list[list[Condition]] = []
    for at, line in enumerate(asked):
        if at == 0 or (line.joined == "or" and line.of != SAME):
            groups.append([])
        group = groups[-1]
        one = _meant(line)
        if line.of == SAME and group and isinstance(linked := group[-1], Linked):
            group[-1] = replace(linked, where=(*linked.where, *([one] if one else [])))
        elif line.of.startswith("@"):
            group.append(_link(line, one))
        elif one:
            group.append(one)
    return tuple(tuple(group) for group in groups if group)


def _meant(line: Asked) -> Filter | Listed | None:
    if line.property == LISTS:
        numbers = lists_in(line)
        return Listed(numbers[0], none=line.operator == NOT_ON) if numbers else None
    return Filter(line.property, line.operator, line.values) if line.property and line.operator else None


def lists_in(line: Asked) -> list[int]:
    """The numbers among its values: those of another property stand there while the line is changed to lists."""
    return [int(value) for value in line.values if value.isdecimal() and len(value) < 19]


def _link(line: Asked, one: Filter | Listed | None) -> Linked:
    primary = line.of == PRIMARY
    return Linked(
        "companies" if primary else line.of[1:],
        (one,) if one else (),
        none=line.has == "no",
        primary=primary,
        label=None if primary else whole(line.label),
    )


def _number(wish: str) -> int:
    text = wish.rpartition("-")[2]
    return int(text) if text.isdecimal() and len(text) < 6 else -1


def _after(asked: Sequence[Asked], n: int) -> int:
    """Behind the line, and behind what is said of the same associated record already."""
    at = min(len(asked), max(0, n + 1))
    while at < len(asked) and asked[at].of == SAME:
        at += 1
    return at


def _without(asked: list[Asked], gone: int) -> list[Asked]:
    """What was said of the same associated record goes with the line that names it."""
    kept: list[Asked] = []
    dropping = False
    for at, line in enumerate(asked):
        dropping = at == gone or (dropping and line.of == SAME)
        if not dropping:
            kept.append(line)
    return kept or [Asked()]


# ---------------------------------------------------------------- the form


def sent(visit: Visit) -> list[Asked]:
    return [
        Asked(
            of=of,
            joined="or" if visit.field(f"joined-{n}") == "or" else "and",
            has="no" if visit.field(f"has-{n}") == "no" else "yes",
            label=visit.field(f"label-{n}"),
            property=visit.field(f"property-{n}"),
            operator=visit.field(f"operator-{n}"),
            values=_values(visit, n),
        )
        for n, of in visit.numbered("of")
    ]


def _values(visit: Visit, n: int) -> tuple[str, ...]:
    lines = [line.strip() for text in visit.fields(f"value-{n}") for line in text.splitlines()]
    is_figures = bool(visit.field(f"figures-{n}"))
    clock = visit.field(f"clock-{n}")
    if clock:
        lines = [zones.plain(line, zones.of(clock)) for line in lines]
    return tuple(figures.plain(line, visit.locale) if is_figures else line for line in lines if line)


def focus_after(changed: str) -> str:
    """The field behind the one that was changed, as far as it is sensible to go there."""
    name, _, number = changed.partition("-")
    return {"of": f"property-{number}", "property": f"operator-{number}", "operator": f"value-{number}"}.get(name, "")
