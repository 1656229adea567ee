"""The joins of a draft: by which columns its files and sheets belong together, as cards with a line between them."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace

from kartotek.imports import mapping, table
from kartotek.imports.table import OF_RECORDS, As, ColumnPlan, Plan
from kartotek.model.object_types import ObjectType
from kartotek.pages import nouns
from kartotek.pages.visit import Visit, whole
from kartotek.pages.wizard.draft import Draft, Join, Side

# What the buttons say, each with the number of its join, and of its card: another join, another card, and away with it.
ANOTHER, CARD, WITHOUT, AWAY = "join", "card", "uncard", "unjoin"
_LONGEST = 60  # characters of a value or a header in a list


@dataclass(frozen=True, slots=True)
class Choice:
    """A column to choose. `about`: its first values."""

    place: int
    label: str
    about: str


@dataclass(frozen=True, slots=True)
class Card:
    number: int
    side: Side
    about: str
    common: list[Choice]  # headers that other files have, too
    others: list[Choice]


@dataclass(frozen=True, slots=True)
class Shown:
    """A join on the page. `may_grow`: whether a file is left for another card."""

    number: int
    cards: list[Card]
    object_type: str
    may_grow: bool


def shown(visit: Visit, draft: Draft) -> list[Shown]:
    """What was said; else what is offered."""
    if len(draft.facts) < 2:
        return []
    joins = (offered(visit, draft),) if draft.joins is None else draft.joins
    every = range(len(draft.facts))
    choices = {source: _choices(visit, draft, source) for source in every}
    return [
        Shown(
            number,
            [
                Card(i, side, _about(draft.facts[side.source].first, side.column), *choices[side.source])
                for i, side in enumerate(join.sides)
            ],
            join.object_type,
            len(join.sides) < len(every),
        )
        for number, join in enumerate(joins)
    ]  # fmt: skip


def common_headers(draft: Draft) -> list[str]:
    """Those that stand in two tables at least (I-44)."""
    counts = Counter(header for facts in draft.facts for header in set(facts.columns) if header.strip())
    every = dict.fromkeys(header for facts in draft.facts for header in facts.columns)
    return [header for header in every if counts[header] > 1]


def said(visit: Visit, draft: Draft) -> tuple[Join, ...] | None:
    """The joins as the form has them, with what its buttons do to them; None as long as nobody has said anything."""
    numbers = [number for number, _ in visit.numbered("key")]
    deed, *at = visit.field("do").split("-")
    if not numbers and deed != ANOTHER:
        return None if draft.joins is None else ()
    places = [number for text in at if (number := whole(text)) is not None]
    joins = [
        _changed(draft, _join(visit, draft, number), deed, places[1:]) if number in places[:1] and deed != AWAY
        else _join(visit, draft, number)
        for number in numbers
        if not (deed == AWAY and number in places[:1])
    ]  # fmt: skip
    if deed == ANOTHER:
        joins.append(_another(draft, joins))
    untouched = not deed and draft.joins is None and joins == [offered(visit, draft)]
    return None if untouched and not visit.field("next") else tuple(joins)


def offered(visit: Visit, draft: Draft) -> Join:
    """A header that the files have in common, where only one comes into question: it does not find records by itself,
    and it is the only such header, or the only one of them that is no property. Else a join without columns."""
    types = nouns.load(visit).object_types
    sides: dict[str, list[Side]] = {header: [] for header in common_headers(draft)}
    for column in draft.plan.columns:
        if column.header in sides:
            sides[column.header].append(draft.place(column.index))
    able = {
        header: found for header, found in sides.items()
        if len(found) == len({side.source for side in found})
        and not all(_finds_records(types, draft.column(side)) for side in found)
    }  # fmt: skip
    unknown = [h for h, found in able.items() if all(draft.column(s).imported_as is As.NOTHING for s in found)]
    for headers in (list(able), unknown):
        if len(headers) == 1:
            return Join(tuple(able[headers[0]]))
    return Join((Side(0), Side(1)))


def of_plan(plan: Plan) -> tuple[Join, ...]:
    """Those that a plan has which was not made here: a former import's, or a recipe's."""
    firsts: dict[int, int] = {}
    for column in plan.columns:
        firsts.setdefault(column.source, column.index)
    keys = dict.fromkeys(
        (str(c.object_type), c.key) for c in plan.columns if c.key and c.imported_as is not As.ASSOCIATION
    )
    found = []
    for object_type, key in keys:
        home = next((c for c in plan.columns if _is_home(c, object_type, key)), None)
        sides = [c for c in plan.columns if (c.object_type, c.key) == (object_type, key) or _says(c, home)]
        if len({c.source for c in sides}) > 1:
            places = tuple(Side(c.source, c.index - firsts[c.source]) for c in sides)
            found.append(Join(places, object_type, key))
    return tuple(found)


def in_reach(draft: Draft) -> Draft:
    """Without columns that are not there, now that the files are read in another way."""
    if draft.joins is None:
        return draft
    fit = [
        replace(join, sides=tuple(
            replace(s, column=None) if s.column is not None and s.column >= len(draft.headers[s.source]) else s
            for s in join.sides
        ))
        for join in draft.joins
    ]  # fmt: skip
    return replace(draft, joins=tuple(fit))


def apart(draft: Draft, types: set[str]) -> dict[int, ColumnPlan | None]:
    """The columns of the joins of these objects, by their places, without them; None where nothing else is said."""
    every = [draft.column(side) for join in draft.joined if join.object_type in types for side in join.sides]
    return {c.index: replace(c, key=None) if c.key and c.imported_as in OF_RECORDS else None for c in every}


def joined(visit: Visit, draft: Draft, joins: tuple[Join, ...]) -> Draft:
    """The draft with these joins in its plan, too."""
    meant = [
        table.Join(one.object_type, tuple((s.source, s.column) for s in one.sides if s.column is not None))
        for one in joins
    ]
    columns = mapping.joined(draft.plan.columns, meant, nouns.load(visit).object_types)
    keys = [next((columns[i].key for i in map(draft.index, one.sides) if columns[i].key), "") for one in joins]
    named = tuple(replace(one, key=key or "") for one, key in zip(joins, keys, strict=True))
    return replace(draft, plan=replace(draft.plan, columns=columns), joined=(*draft.joined, *named))


# ---------------------------------------------------------------- the form


def _join(visit: Visit, draft: Draft, number: int) -> Join:
    cards = [card for card, _ in visit.numbered(f"source-{number}")]
    sides = tuple(
        _side(draft, *(visit.field(f"{name}-{number}-{card}") for name in ("source", "column", "was")))
        for card in cards
    )
    return Join(sides, visit.field(f"key-{number}"))


def _side(draft: Draft, source: str, column: str, was: str) -> Side:
    """A card that shows another file now has the column of the same header there, if any."""
    at, before, place = (whole(text) for text in (source, was, column))
    at = at if at is not None and at < len(draft.facts) else 0
    before = before if before is not None and before < len(draft.facts) else at
    if place is None or place >= len(draft.headers[before]):
        return Side(at)
    return Side(at, place) if at == before else Side(at, _alike(draft, Side(before, place), at))


def _changed(draft: Draft, join: Join, deed: str, at: list[int]) -> Join:
    if deed == CARD:
        joined = {side.source for side in join.sides}
        source = next((number for number in range(len(draft.facts)) if number not in joined), None)
        if source is None:
            return join
        like = next((side for side in join.sides if side.column is not None), None)
        return replace(join, sides=(*join.sides, Side(source, _alike(draft, like, source) if like else None)))
    if deed == WITHOUT:
        return replace(join, sides=tuple(side for i, side in enumerate(join.sides) if i not in at))
    return join


def _another(draft: Draft, joins: list[Join]) -> Join:
    """From the file that was joined last to the first one that is not joined yet."""
    sides = [side.source for join in joins for side in join.sides]
    last = sides[-1] if sides else 0
    free = (source for source in range(len(draft.facts)) if source not in {*sides, last})
    return Join((Side(last), Side(next(free, 1 if last == 0 else 0))))


def _alike(draft: Draft, side: Side, source: int) -> int | None:
    header = draft.column(side).header
    places = [i for i, name in enumerate(draft.headers[source]) if name == header != ""]
    return places[0] if len(places) == 1 else None


# ---------------------------------------------------------------- the cards


def _choices(visit: Visit, draft: Draft, source: int) -> tuple[list[Choice], list[Choice]]:
    facts, common = draft.facts[source], set(common_headers(draft))
    several = Counter(facts.columns)
    found = [
        (header, Choice(place, _label(visit, place, header, several[header]), _about(facts.first, place)))
        for place, header in enumerate(facts.columns)
    ]
    return [one for h, one in found if h in common], [one for h, one in found if h not in common]


def _label(visit: Visit, place: int, header: str, several: int) -> str:
    if not header.strip():
        return visit.gettext("Column %(number)s, without a header") % {"number": place + 1}
    if several > 1:
        words = {"header": _cut(header), "number": place + 1}
        return visit.gettext("%(header)s (column %(number)s)") % words
    return _cut(header)


def _about(first: tuple[tuple[str, ...], ...], place: int | None) -> str:
    values = dict.fromkeys(filter(None, first[place] if place is not None and place < len(first) else ()))
    return " · ".join(map(_cut, values))


def _cut(text: str) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= _LONGEST else plain[: _LONGEST - 1] + "…"


def _finds_records(types: Mapping[str, ObjectType], one: ColumnPlan) -> bool:
    if one.imported_as is As.PROPERTY and one.object_type and one.property:
        return types[one.object_type].properties[one.property].unique
    return one.imported_as is As.RECORD_ID


def _is_home(one: ColumnPlan, object_type: str, key: str | None) -> bool:
    return (one.object_type, one.key) == (object_type, key) and one.imported_as in OF_RECORDS


def _says(one: ColumnPlan, home: ColumnPlan | None) -> bool:
    """Whether a column of another table is imported as the key itself: such a one finds records anyway."""
    if home is None or one.source == home.source or one.key is not None:
        return False
    told = (home.imported_as, home.object_type, home.property)
    return (one.imported_as, one.object_type, one.property) == told
