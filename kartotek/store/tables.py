"""The typed tables that object types and properties stand on, and how SQL reads a property.

A property is a column of its type's table, or a key of the row's `_extra`, or one of the row's own facts
(its id, when it was made, its primary company). Which, is decided here and nowhere else.
"""

from collections.abc import Sequence
from typing import LiteralString

from psycopg import sql

from kartotek.model.object_types import ObjectType
from kartotek.model.properties import Property
from kartotek.store.database import Tx
from kartotek.values import TYPES

# Properties that show what the row itself knows.
FACTS: dict[str, str] = {
    "hs_object_id": "_id",
    "createdate": "_created",
    "hs_createdate": "_created",
    "lastmodifieddate": "_updated",
    "hs_lastmodifieddate": "_updated",
    "associatedcompanyid": "_primary",
    "hs_primary_associated_company": "_primary",
    "hs_primary_company_id": "_primary",
}
_FACT_TYPES = {"_id": "bigint", "_created": "timestamptz", "_updated": "timestamptz", "_primary": "bigint"}

# Properties that are counted or looked up whenever they are read. Types 13 and 14 are the labels of a parent and its
# child company; each query has an index of its own (migrations/0017).
DERIVED: dict[str, LiteralString] = {
    "hs_parent_company_id": """(SELECT min(CASE WHEN type = 13 THEN first ELSE second END)
        FROM kartotek.association_labels
       WHERE type IN (13, 14) AND CASE WHEN type = 13 THEN second ELSE first END = _id)""",
    "hs_num_child_companies": """(SELECT nullif(count(*), 0) FROM kartotek.association_labels
       WHERE type IN (13, 14) AND CASE WHEN type = 13 THEN first ELSE second END = _id)""",
    # A record's team is its owner's main team: nothing has to follow a person who moves.
    "hubspot_team_id": """(SELECT m.team::text FROM kartotek.team_members AS m
       WHERE m.person = hubspot_owner_id AND m.main)""",
    # When a task was ticked off, by whichever way; one that came in as done does not say when that was.
    "hs_task_completion_date": """(SELECT max(c.at) FROM kartotek.changes AS c
       WHERE hs_task_status = 'COMPLETED' AND c.record = _id AND jsonb_exists(c.old, 'hs_task_status'))""",
}
_DERIVED_TYPES = {"hs_task_completion_date": "timestamptz"}  # all others are numbers

# PostgreSQL takes 1,600 columns and 8,160 bytes a row, of which a text takes 24 at the most: longer ones are kept
# elsewhere. So no row of as many columns as this is ever refused (docs/decisions/columns.md); further properties live
# in _extra.
MOST_COLUMNS = 310

# Of a record's name, which may be the body of a note, this much is kept in history.
LONGEST_NAME = 250

_SYSTEM = """
    _id        bigint PRIMARY KEY,
    _created   timestamptz NOT NULL DEFAULT now(),
    _updated   timestamptz NOT NULL DEFAULT now(),
    _archived  timestamptz,
    _actor     integer,
    _source    kartotek.source NOT NULL,
    _source_id bigint,
    _primary   bigint,
    _extra     jsonb,
    _archived_actor     integer,
    _archived_source    kartotek.source,
    _archived_source_id bigint"""


def table(object_type: ObjectType) -> sql.Identifier:
    return sql.Identifier("crm", object_type.name)


def fact(prop: Property) -> str | None:
    """The system column that this property is a view of, if it is one."""
    return FACTS.get(prop.name)


def is_column(prop: Property) -> bool:
    return prop.tier != "extended" and not prop.spilled and fact(prop) is None and prop.name not in DERIVED


def sql_type(prop: Property) -> str:
    if prop.name in DERIVED:
        return _DERIVED_TYPES.get(prop.name, "bigint")
    known = fact(prop)
    return _FACT_TYPES[known] if known else TYPES[prop.kind].SQL


def value(prop: Property) -> sql.Composable:
    """The property as a typed SQL expression over a row of its table."""
    if prop.name in DERIVED:
        return sql.SQL(DERIVED[prop.name])
    known = fact(prop)
    if known or is_column(prop):
        return sql.Identifier(known or prop.name)
    return from_text(sql.SQL("(_extra ->> {})").format(sql.Literal(prop.name)), sql_type(prop))


def display_name(object_type: ObjectType) -> sql.Composable:
    """What `Record.name` says, of a row: its own words, else its fallback, else what it is and its number."""
    shown = sql.SQL(", ").join(value(object_type.properties[name]) for name in object_type.display)
    name = sql.SQL("nullif(concat_ws(' ', {}), '')").format(shown)
    fallback = object_type.display_fallback
    other = value(object_type.properties[fallback]) if fallback else sql.NULL
    number = sql.SQL("{} || _id").format(sql.Literal(f"{object_type.label} "))
    return sql.SQL("left(coalesce({}, {}, {}), {})").format(name, other, number, sql.Literal(LONGEST_NAME))


def text(prop: Property) -> sql.Composable:
    """The property as the canonical text that `values` writes, so that old and new can be compared."""
    if not is_column(prop) and fact(prop) is None and prop.name not in DERIVED:
        return sql.SQL("(_extra ->> {})").format(sql.Literal(prop.name))
    return as_text(value(prop), sql_type(prop))


def texts(props: Sequence[Property]) -> sql.Composable:
    """`text` of each, one after the other."""
    wanted = tuple((prop.name, prop.kind, prop.tier, prop.spilled) for prop in props)
    known = _texts.get(wanted)
    if known is None:
        if len(_texts) >= _MOST_TEXTS:
            _texts.clear()
        joined = sql.SQL(", ").join(map(text, props)).as_string(None)
        known = _texts[wanted] = sql.SQL(joined)
    return known


# To put it together for the 250 properties of a contact takes longer than to read one.
_texts: dict[tuple[tuple[str, str, str, bool], ...], sql.SQL] = {}
_MOST_TEXTS = 500


def as_text(expression: sql.Composable, type_name: str) -> sql.Composable:
    shapes = {
        "numeric": "trim_scale({})::text",
        "timestamptz": "to_char({} AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.MS\"Z\"')",
        "date": "to_char({}, 'YYYY-MM-DD')",
        "text[]": "array_to_string({}, ';')",
        "text": "{}",
    }
    return sql.SQL(shapes.get(type_name, "{}::text")).format(expression)


def from_text(expression: sql.Composable, type_name: str) -> sql.Composable:
    if type_name == "text[]":
        return sql.SQL("string_to_array({}, ';')").format(expression)
    if type_name == "text":
        return expression
    return sql.SQL("{}::{}").format(expression, sql.SQL(type_name))


def create(tx: Tx, object_type: ObjectType) -> None:
    """Makes the table of a type with the columns of its properties.

    What names a record stands first, then what people fill: who looks for one column of a million rows passes over all
    that stand before it, which takes a third of the time (docs/decisions/columns.md).
    """
    shown = (*object_type.naming, *object_type.secondary)

    def place(prop: Property) -> tuple[bool, ...]:
        return prop.name not in shown, prop.read_only, prop.name.startswith("hs_")

    columns = [
        sql.SQL(",\n    {} {}").format(sql.Identifier(prop.name), sql.SQL(sql_type(prop)))
        for prop in sorted(filter(is_column, object_type.properties.values()), key=place)
    ]
    tx.run(
        sql.SQL("CREATE TABLE IF NOT EXISTS {} ({}{}\n)").format(
            table(object_type), sql.SQL(_SYSTEM), sql.SQL("").join(columns)
        )
    )
    _index(tx, object_type)


def _index(tx: Tx, object_type: ObjectType) -> None:
    # Empty until something is archived, and small then.
    tx.run(
        sql.SQL("CREATE INDEX IF NOT EXISTS {} ON {} (_archived) WHERE _archived IS NOT NULL").format(
            sql.Identifier(f"{object_type.name}_archived"), table(object_type)
        )
    )
    for prop in object_type.properties.values():
        if prop.kind in ("emails", "domains"):
            # An import asks for those who have several addresses: hardly anybody, among all.
            tx.run(
                sql.SQL("CREATE INDEX IF NOT EXISTS {} ON {} (_id) WHERE {} IS NOT NULL AND _archived IS NULL").format(
                    sql.Identifier(f"_several_{object_type.name}"), table(object_type), sql.Identifier(prop.name)
                )
            )
    owner = object_type.properties.get("hubspot_owner_id")
    if owner and is_column(owner):
        # Whoever sees only what is theirs must not look at each record. What nobody owns costs an import nothing.
        tx.run(
            sql.SQL(
                "CREATE INDEX IF NOT EXISTS {} ON {} (hubspot_owner_id, _id) "
                "WHERE hubspot_owner_id IS NOT NULL AND _archived IS NULL"
            ).format(sql.Identifier(f"_owner_{object_type.name}"), table(object_type))
        )


def has_room(object_type: ObjectType, archived: int = 0) -> bool:
    """Whether its table can take one more column; so many `archived` properties have kept theirs."""
    return archived + sum(map(is_column, object_type.properties.values())) < MOST_COLUMNS


def add_column(tx: Tx, object_type: ObjectType, prop: Property) -> None:
    """Gives up after 200 ms in front of a long reader; the caller tries again."""
    tx.run("SET LOCAL lock_timeout = '200ms'")
    tx.run(
        sql.SQL("ALTER TABLE {} ADD COLUMN IF NOT EXISTS {} {}").format(
            table(object_type), sql.Identifier(prop.name), sql.SQL(sql_type(prop))
        )
    )
    tx.run("SET LOCAL lock_timeout = DEFAULT")
