"""A property becomes another kind: its values are written anew where their text changes, then its column gets its type.

All of it is one transaction that holds the table alone. Values that read the same in both kinds cost nothing but the
rewriting of the column, which PostgreSQL does in one pass.
"""

from dataclasses import asdict

import polars as pl
from psycopg import sql
from psycopg.types.json import Jsonb

from kartotek.model.object_types import ObjectType
from kartotek.model.people import Actor
from kartotek.model.properties import Property
from kartotek.store import bulk, catalogue, definitions, sorting, tables, words
from kartotek.store.database import Tx

CHANGE = {"value": pl.String, "new": pl.String}


def values(tx: Tx, object_type: ObjectType, prop: Property) -> pl.DataFrame:
    """Every value that records have, archived ones too: as definitions.VALUE."""
    statement = sql.SQL("SELECT {value}, count(*) FROM {table} WHERE {value} IS NOT NULL GROUP BY 1").format(
        value=tables.text(prop), table=tables.table(object_type)
    )
    return bulk.fetch(tx, statement, definitions.VALUE)


def hold(tx: Tx, object_type: ObjectType) -> None:
    """Nobody reads or writes records of the type until the end; gives up soon in front of a long reader."""
    tx.run("SET LOCAL lock_timeout = '2s'")
    tx.run(sql.SQL("LOCK TABLE {} IN ACCESS EXCLUSIVE MODE").format(tables.table(object_type)))
    tx.run("SET LOCAL lock_timeout = DEFAULT")


def retype(tx: Tx, actor: Actor, object_type: ObjectType, prop: Property, wanted: Property, new: pl.DataFrame) -> None:
    """`new`: the values whose text changes, as CHANGE; what they were goes into the history of their records."""
    sorting.forget(tx, prop)
    _cast(tx, object_type, prop, tables.sql_type(prop), "text")
    _write(tx, actor, object_type, prop, new)
    _cast(tx, object_type, prop, "text", tables.sql_type(wanted))
    said = {name: rule for name, rule in asdict(wanted.limits).items() if rule is not None}
    options = Jsonb([asdict(option) for option in wanted.options])
    about = {"id": prop.id, "type": wanted.type, "field_type": wanted.field_type, "limits": Jsonb(said)}
    tx.call("definitions.retype", {**about, "options": options})
    if {prop.name} & {one.name for one in words.searched(object_type)}:
        words.forget_known(tx, object_type)
    catalogue.touch(tx)


def _cast(tx: Tx, object_type: ObjectType, prop: Property, before: str, after: str) -> None:
    """Texts in between are canonical ones; what lives in _extra is text always."""
    if not tables.is_column(prop) or before == after:
        return
    column = sql.Identifier(prop.name)
    shown = tables.as_text(column, before) if after == "text" else tables.from_text(column, after)
    statement = sql.SQL("ALTER TABLE {} ALTER COLUMN {} TYPE {} USING {}").format(
        tables.table(object_type), column, sql.SQL(after), shown
    )
    tx.run(statement)


def _write(tx: Tx, actor: Actor, object_type: ObjectType, prop: Property, new: pl.DataFrame) -> None:
    if new.is_empty():
        return
    name = sql.Literal(prop.name)
    if tables.is_column(prop):
        value: sql.Composable = sql.Identifier(prop.name)
        setting: sql.Composable = sql.SQL("{} = m.new").format(value)
    else:
        value = sql.SQL("(r._extra ->> {})").format(name)
        setting = sql.SQL(
            "_extra = CASE WHEN m.new IS NULL THEN r._extra - {0} ELSE r._extra || jsonb_build_object({0}, m.new) END"
        ).format(name)
    statement = sql.SQL("""
WITH written AS (
    UPDATE {table} AS r SET {setting}, _updated = now()
      FROM unnest(%(values)s::text[], %(news)s::text[]) AS m(value, new)
     WHERE {value} = m.value
    RETURNING r._id, m.value
)
INSERT INTO kartotek.changes (record, actor, source, source_id, old)
SELECT _id, %(actor)s, %(source)s, %(source_id)s, jsonb_build_object({name}, value) FROM written
""").format(table=tables.table(object_type), setting=setting, value=value, name=name)
    booked = {"actor": actor.person, "source": actor.source.value, "source_id": actor.source_id}
    tx.run(statement, {"values": bulk.array(new["value"]), "news": bulk.array(new["new"]), **booked})
