"""Definitions of properties: changed, archived and brought back; the values stay where they are."""

from dataclasses import asdict

import polars as pl
from psycopg import sql
from psycopg.types.json import Jsonb

from kartotek.model.object_types import ObjectType
from kartotek.model.properties import ArchivedProperty, Property, Uses
from kartotek.store import bulk, catalogue, tables
from kartotek.store.database import Tx

RESTORABLE_DAYS = 90
VALUE = {"value": pl.String, "records": pl.Int64}


def update(tx: Tx, prop: Property) -> None:
    about = {"label": prop.label, "description": prop.description, "group": prop.group, "field_type": prop.field_type}
    tx.call("definitions.update", {"id": prop.id, **about})
    catalogue.touch(tx)


def archive(tx: Tx, prop: Property) -> None:
    """Nobody holds its values while it is away."""
    tx.run("DELETE FROM kartotek.identifiers WHERE property = %s AND exclusive", [prop.id])
    tx.call("definitions.archive", {"id": prop.id})
    catalogue.touch(tx)


def archived(tx: Tx, object_type: ObjectType) -> list[ArchivedProperty]:
    rows = tx.query("definitions.archived", {"object_type": object_type.name, "days": RESTORABLE_DAYS})
    return [ArchivedProperty(**row) for row in rows]


def archived_one(tx: Tx, object_type: ObjectType, name: str) -> Property | None:
    known = {"object_type": object_type.name, "name": name, "days": RESTORABLE_DAYS}
    return next((catalogue.property_of(row) for row in tx.query("definitions.archived_one", known)), None)


def twice(tx: Tx, object_type: ObjectType, prop: Property) -> str | None:
    """A value that two live records have."""
    statement = sql.SQL(
        "SELECT {value} FROM {table} WHERE _archived IS NULL AND {value} IS NOT NULL"
        " GROUP BY 1 HAVING count(*) > 1 ORDER BY 1 LIMIT 1"
    ).format(value=tables.text(prop), table=tables.table(object_type))
    found = tx.value(statement)
    return None if found is None else str(found)


def restore(tx: Tx, object_type: ObjectType, prop: Property) -> None:
    """The values of a unique one belong to their records again."""
    if prop.unique:
        _take(tx, object_type, prop)
    tx.call("definitions.restore", {"id": prop.id})
    catalogue.touch(tx)


def set_limits(tx: Tx, prop: Property) -> None:
    said = {name: rule for name, rule in asdict(prop.limits).items() if rule is not None}
    tx.call("definitions.set_limits", {"id": prop.id, "limits": Jsonb(said)})
    catalogue.touch(tx)


def hold(tx: Tx, object_type: ObjectType) -> None:
    """Nobody writes records of the type until the end of the transaction; who reads them is not in the way."""
    tx.run("SET LOCAL lock_timeout = '2s'")
    tx.run(sql.SQL("LOCK TABLE {} IN SHARE ROW EXCLUSIVE MODE").format(tables.table(object_type)))
    tx.run("SET LOCAL lock_timeout = DEFAULT")


def make_unique(tx: Tx, object_type: ObjectType, prop: Property) -> None:
    """Its values belong to the records that have them."""
    _take(tx, object_type, prop)
    tx.call("definitions.make_unique", {"id": prop.id})
    catalogue.touch(tx)


def take_anew(tx: Tx, object_type: ObjectType, prop: Property) -> None:
    """Its values belong to their records as they are written now."""
    tx.run("DELETE FROM kartotek.identifiers WHERE property = %s", [prop.id])
    _take(tx, object_type, prop)


def longest(tx: Tx, object_type: ObjectType, prop: Property) -> int:
    """How many characters its longest value has."""
    statement = sql.SQL("SELECT coalesce(max(length({value})), 0) FROM {table} WHERE _archived IS NULL").format(
        value=tables.text(prop), table=tables.table(object_type)
    )
    return int(tx.value(statement))


def values(tx: Tx, object_type: ObjectType, prop: Property) -> pl.DataFrame:
    """Every value that live records have, as canonical text, and how many have it: as VALUE."""
    statement = sql.SQL(
        "SELECT {value}, count(*) FROM {table} WHERE _archived IS NULL AND {value} IS NOT NULL GROUP BY 1"
    ).format(value=tables.text(prop), table=tables.table(object_type))
    return bulk.fetch(tx, statement, VALUE)


def add_group(tx: Tx, object_type: ObjectType, name: str, label: str) -> None:
    tx.call("definitions.add_group", {"object_type": object_type.name, "name": name, "label": label})
    catalogue.touch(tx)


def rename_group(tx: Tx, object_type: ObjectType, name: str, label: str) -> None:
    tx.call("definitions.rename_group", {"object_type": object_type.name, "name": name, "label": label})
    catalogue.touch(tx)


def uses(tx: Tx, object_type: ObjectType, prop: Property) -> Uses:
    """Whatever names it; its internal name has nothing in it that a pattern would read as a mark."""
    named = {"number": object_type.number, "object_type": object_type.name, "name": prop.name}
    linked = f"@({object_type.name}|primary)" if object_type.name == "companies" else f"@{object_type.name}"
    asked = {**named, "word": rf"\m{prop.name}\M", "linked": rf"{linked}\M"}
    views, lists = tx.query("definitions.used_in_views", asked), tx.query("definitions.used_in_lists", asked)
    recipes = tx.query("definitions.used_in_recipes", {"quoted": f"[\"']{prop.name}[\"']"})
    counted = tx.query("definitions.used_in_imports", named)[0]
    return Uses(
        tuple((row["name"], None if row["everyone"] else _person(row)) for row in views),
        tuple((row["id"], row["name"]) for row in lists),
        tuple(row["name"] for row in recipes),
        counted["every"],
        counted["running"],
    )


def _take(tx: Tx, object_type: ObjectType, prop: Property) -> None:
    statement = sql.SQL(
        "INSERT INTO kartotek.identifiers (property, value, record, exclusive)"
        " SELECT {id}, {value}, _id, true FROM {table} WHERE _archived IS NULL AND {value} IS NOT NULL"
    ).format(id=sql.Literal(prop.id), value=tables.text(prop), table=tables.table(object_type))
    tx.run(statement)


def _person(row: dict[str, str | None]) -> str:
    return " ".join(filter(None, (row["first_name"], row["last_name"]))) or str(row["email"])
