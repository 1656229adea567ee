"""Filters to SQL: one condition on a row of a type's table. Its names are the catalogue's own, its values literals.

The columns of the row are written without their table, so that the same words serve in a subquery on another type;
where a subquery must reach out to the row, it names the table.
"""

from collections.abc import Sequence
from datetime import UTC, date, timedelta

from psycopg import sql

from kartotek import errors
from kartotek.model import periods
from kartotek.model.filters import KNOWN, Condition, Filter, Filters, Linked, Listed, takes
from kartotek.model.object_types import ObjectType
from kartotek.model.properties import Property
from kartotek.store import tables
from kartotek.store.associations import COMPANY
from kartotek.store.database import Tx
from kartotek.store.search import keys
from kartotek.store.search.reach import within_reach

_COMPARE = {"LT": sql.SQL("<"), "LTE": sql.SQL("<="), "GT": sql.SQL(">"), "GTE": sql.SQL(">=")}
_DOMAINS = ("domain", "domains")
_FREE_TEXT = ("text", "multiline")
_LONGEST_WHOLE = 18  # digits that any bigint has room for
_A_DAY = len("2026-04-03")


def any_of(tx: Tx, object_type: ObjectType, filters: Filters) -> list[sql.Composable]:
    """The OR of ANDs, as one condition; none when nothing is asked."""
    return _any_of(object_type, filters, tx.now.astimezone(UTC).date())


def _any_of(object_type: ObjectType, filters: Filters, today: date) -> list[sql.Composable]:
    groups = [sql.SQL(" AND ").join(_condition(object_type, one, today) for one in group) for group in filters if group]
    if not groups:
        return []
    return [sql.SQL("({})").format(sql.SQL(" OR ").join(sql.SQL("({})").format(one) for one in groups))]


def _condition(object_type: ObjectType, one: Condition, today: date) -> sql.Composable:
    if isinstance(one, Linked):
        return _linked(object_type, one, today)
    if isinstance(one, Listed):
        return _listed(object_type, one, today)
    return _filtered(object_type, one, today)


# ---------------------------------------------------------------- on a property


def _filtered(object_type: ObjectType, one: Filter, today: date) -> sql.Composable:
    prop = object_type.properties.get(one.property)
    if prop is None:
        raise errors.UnknownName(f"property of {object_type.label_plural.lower()}", one.property)
    values = [value.replace("\0", "") for value in one.values]
    if not takes(one.operator, len(values)):
        raise errors.Invalid(f"The filter on {prop.label} ({one.operator}) does not fit the values it is given.")
    if one.operator in KNOWN:
        return sql.SQL("{} IS {}").format(
            tables.value(prop), sql.SQL("NOT NULL" if one.operator == KNOWN[0] else "NULL")
        )
    if one.operator in ("PERIOD", "LAST_DAYS", "NEXT_DAYS", "DAYS_AGO"):
        return _within(prop, *_bounds(one, today))
    if one.operator.endswith(("CONTAINS_TOKEN", "STARTS_WITH")):
        return _or_not(one.operator, _like(prop, one.operator, values[0]))
    if one.operator in ("EQ", "IN") and _is_looked_up(prop):
        return _held(prop, values)
    if one.operator in ("EQ", "NEQ", "IN", "NOT_IN"):
        return _or_not(one.operator, _is_one_of(prop, values))
    return _compared(prop, one.operator, values)


def _or_not(operator: str, condition: sql.Composable) -> sql.Composable:
    """What is empty is not equal to anything, so a negated filter finds it."""
    return sql.SQL("({}) IS NOT TRUE").format(condition) if operator.startswith("N") else condition


def _is_looked_up(prop: Property) -> bool:
    """Whether the table of identifiers tells who has a value, written just so: each living record's stand there."""
    return prop.unique and tables.sql_type(prop) == "text" and prop.kind not in _FREE_TEXT


def _held(prop: Property, values: Sequence[str]) -> sql.Composable:
    """One of these addresses, without a look at each record for it."""
    return sql.SQL(
        "(_id = ANY (ARRAY(SELECT i.record FROM kartotek.identifiers AS i "
        "WHERE i.property = {} AND i.value = ANY ({}::text[]) AND {})) AND {})"
    ).format(
        sql.Literal(prop.id),
        sql.Literal(list(values)),
        sql.SQL("i.exclusive" if prop.exclusive else "NOT i.exclusive"),
        _is_one_of(prop, values),
    )


def _bounds(one: Filter, today: date) -> tuple[date | None, date | None]:
    if one.operator == "PERIOD":
        return periods.of(one.values[0], today)
    return periods.days(one.operator, int(one.values[0]), today)


def _within(prop: Property, first: date | None, last: date | None) -> sql.Composable:
    """On one of these days; of points in time those of the days in UTC, as pages show them."""
    parts = []
    if first is not None:
        parts.append(sql.SQL("{} >= {}").format(tables.value(prop), _start(prop, first)))
    if last is not None:
        parts.append(sql.SQL("{} < {}").format(tables.value(prop), _start(prop, last + timedelta(days=1))))
    return sql.SQL("({})").format(sql.SQL(" AND ").join(parts))


def _start(prop: Property, day: date) -> sql.Composable:
    text = day.isoformat()
    if tables.sql_type(prop) == "timestamptz":
        return sql.SQL("{}::timestamptz").format(sql.Literal(f"{text}T00:00:00Z"))
    return sql.SQL("{}::date").format(sql.Literal(text))


def _like(prop: Property, operator: str, word: str) -> sql.Composable:
    start = "" if operator == "STARTS_WITH" else "%"
    pattern = keys.lower(f"{start}{keys.plain(word.strip('*'))}%")
    said = sql.SQL("lower({} COLLATE pg_c_utf8) LIKE {}").format(tables.text(prop), pattern)
    if prop.kind not in _DOMAINS:
        return said
    # A domain as the DNS has it, and as its owner writes it.
    own = sql.SQL("strpos({0}, 'xn--') > 0 AND kartotek.own_letters({0}) LIKE {1}").format(tables.text(prop), pattern)
    return sql.SQL("({} OR {})").format(said, own)


def _is_one_of(prop: Property, values: Sequence[str]) -> sql.Composable:
    """Of several options chosen, one is enough. Text that people write themselves is the same in any case."""
    kind = tables.sql_type(prop)
    if kind == "text[]":
        wanted = [option for value in values for option in value.split(";")]
        return sql.SQL("{} && {}::text[]").format(tables.value(prop), sql.Literal(wanted))
    if kind == "timestamptz" and any(len(value) == _A_DAY for value in values):
        days = [_on_day(prop, value) for value in values]
        return sql.SQL("({})").format(sql.SQL(" OR ").join(days))
    if prop.kind in _FREE_TEXT:
        found = sql.SQL("lower({} COLLATE pg_c_utf8)").format(tables.value(prop))
        return sql.SQL("{} IN ({})").format(found, sql.SQL(", ").join(map(keys.lower, values)))
    return sql.SQL("{} IN ({})").format(tables.value(prop), sql.SQL(", ").join(_typed(kind, v) for v in values))


def _on_day(prop: Property, value: str) -> sql.Composable:
    if len(value) != _A_DAY:
        return sql.SQL("{} = {}").format(tables.value(prop), _typed("timestamptz", value))
    day = date.fromisoformat(value)
    return _within(prop, day, day)


def _compared(prop: Property, operator: str, values: Sequence[str]) -> sql.Composable:
    """A day that a point in time is compared with is the whole day: "after" it begins with the next."""
    if tables.sql_type(prop) == "timestamptz" and all(len(value) == _A_DAY for value in values):
        days = [date.fromisoformat(value) for value in values]
        before, after = days[0] - timedelta(days=1), days[0] + timedelta(days=1)
        spans = {
            "LT": (None, before), "LTE": (None, days[0]), "GT": (after, None), "GTE": (days[0], None),
            "BETWEEN": (days[0], days[-1]),
        }  # fmt: skip
        return _within(prop, *spans[operator])
    wanted = [keys.sortable(_typed(tables.sql_type(prop), value), tables.sql_type(prop)) for value in values]
    if operator == "BETWEEN":
        return sql.SQL("{} BETWEEN {} AND {}").format(keys.key(prop), *wanted)
    return sql.SQL("{} {} {}").format(keys.key(prop), _COMPARE[operator], wanted[0])


def _typed(kind: str, value: str) -> sql.Composable:
    if kind == "bigint" and not (value.lstrip("-").isdecimal() and len(value) <= _LONGEST_WHOLE):
        kind = "numeric"
    return tables.from_text(sql.Literal(value), kind)


# ---------------------------------------------------------------- on associated records


def _linked(object_type: ObjectType, one: Linked, today: date) -> sql.Composable:
    """Whether there is one, or none. EXISTS, as PostgreSQL joins by it either way; NOT IN it does not."""
    ways = [_primary(object_type, one, today)] if one.primary else _associated(object_type, one, today)
    found = sql.SQL("({})").format(sql.SQL(" OR ").join(ways))
    return sql.SQL("NOT {}").format(found) if one.none else found


def _primary(object_type: ObjectType, one: Linked, today: date) -> sql.Composable:
    return sql.SQL("EXISTS (SELECT FROM {} AS o WHERE o._id = {}._primary AND o._id IN {})").format(
        tables.table(one.other or object_type), tables.table(object_type), _others(one, today)
    )


def _associated(object_type: ObjectType, one: Linked, today: date) -> list[sql.Composable]:
    """Once for each end of a pair that the row can be."""
    assert one.other is not None, "filters are read by domain/filters.py first"
    ways: list[sql.Composable] = []
    for here, there in _ends(object_type, one.other):
        parts: list[sql.Composable] = [
            sql.SQL("a.{} = {}._id").format(sql.Identifier(here), tables.table(object_type)),
            sql.SQL("a.{} = {}").format(sql.Identifier(f"{here}_type"), sql.Literal(object_type.number)),
            sql.SQL("a.{} = {}").format(sql.Identifier(f"{there}_type"), sql.Literal(one.other.number)),
            sql.SQL("a.{} IN {}").format(sql.Identifier(there), _others(one, today)),
        ]
        if one.record is not None:
            parts.append(sql.SQL("a.{} = {}").format(sql.Identifier(there), sql.Literal(one.record)))
        if one.label is not None:
            parts.append(_labelled(one.label, here))
        where = sql.SQL(" AND ").join(parts)
        ways.append(sql.SQL("EXISTS (SELECT FROM kartotek.associations AS a WHERE {})").format(where))
    return ways


def _ends(one: ObjectType, other: ObjectType) -> list[tuple[str, str]]:
    """Which end of a pair a record of `one` is, and which the other: the order of store/associations.py."""
    if one.number == other.number:
        return [("first", "second"), ("second", "first")]
    if (one.number == COMPANY) != (other.number == COMPANY):
        first = other.number == COMPANY
    else:
        first = one.number < other.number
    return [("first", "second") if first else ("second", "first")]


def _labelled(label: int, here: str) -> sql.Composable:
    """Labels are kept as the first end sees them; the second reads them through the type's inverse."""
    kept = sql.Literal(label)
    seen = sql.SQL("(SELECT coalesce(t.inverse, t.id) FROM kartotek.association_types AS t WHERE t.id = {})").format(
        kept
    )
    return sql.SQL(
        "EXISTS (SELECT FROM kartotek.association_labels AS l "
        "WHERE l.first = a.first AND l.second = a.second AND l.type = {})"
    ).format(kept if here == "first" else seen)


def _others(one: Linked, today: date) -> sql.Composable:
    """The associated records that count: those that whoever asks may see, and to which all of `where` applies."""
    assert one.other is not None and one.within is not None, "filters are read by domain/filters.py first"
    parts = [within_reach(one.other, one.within), *(_condition(one.other, each, today) for each in one.where)]
    return sql.SQL("(SELECT _id FROM {} WHERE {})").format(tables.table(one.other), sql.SQL(" AND ").join(parts))


# ---------------------------------------------------------------- on lists


def _listed(object_type: ObjectType, one: Listed, today: date) -> sql.Composable:
    """What an active list asks for stands where it is asked. A condition on something empty is neither true nor false,
    and whoever it concerns is no member."""
    assert one.asks is not None, "filters are read by domain/filters.py first"
    if one.asks:
        found = sql.SQL(" AND ").join(_any_of(object_type, one.asks, today))
        return sql.SQL("({} IS NOT TRUE)").format(found) if one.none else found
    return sql.SQL("{}EXISTS (SELECT FROM kartotek.list_members AS m WHERE m.list = {} AND m.record = {}._id)").format(
        sql.SQL("NOT " if one.none else ""), sql.Literal(one.list), tables.table(object_type)
    )
