"""A property becomes another kind, in columns beside its own: what it will say, and what it said where that differs.

They are filled part by part while people read and write the old column. A record is settled while its old value is the
one from which the new one was made; so whatever is written meanwhile is found, and done again. The switch is then no
more than other names for columns, behind a look at the table, and history is told from what stays beside it. As the
columns are the records' own, whoever erases or purges a record takes them along.
"""

from dataclasses import asdict

import polars as pl
from psycopg import sql
from psycopg.types.json import Jsonb

from kartotek.model.object_types import ObjectType
from kartotek.model.people import Actor
from kartotek.model.properties import Property
from kartotek.store import bulk, catalogue, definitions, sorting, tables, word_parts, words
from kartotek.store.database import Tx

FOUND = {"_id": pl.Int64, "value": pl.String}


def values(tx: Tx, object_type: ObjectType, prop: Property) -> pl.DataFrame:
    """Every value that records have, archived ones too: as definitions.VALUE."""
    statement = sql.SQL("SELECT {value}, count(*) FROM {table} WHERE {value} IS NOT NULL GROUP BY 1").format(
        value=tables.text(prop), table=tables.table(object_type)
    )
    return bulk.fetch(tx, statement, definitions.VALUE)


def is_little(tx: Tx, object_type: ObjectType, prop: Property, most: int) -> bool:
    """Whether no more records than that have a value, in a table that is looked through in no time."""
    statement = sql.SQL(
        "SELECT (SELECT count(*) FROM (SELECT FROM {table} LIMIT {rows}) AS a) < {rows}"
        " AND (SELECT count(*) FROM (SELECT FROM {table} WHERE {value} IS NOT NULL LIMIT {most} + 1) AS v) <= {most}"
    ).format(
        rows=sql.Literal(most * 100), most=sql.Literal(most), value=tables.text(prop), table=tables.table(object_type)
    )
    return bool(tx.value(statement))


def add_columns(tx: Tx, object_type: ObjectType, prop: Property, wanted: Property) -> None:
    """Gives up after 200 ms in front of a long reader; the caller tries again."""
    tx.run("SET LOCAL lock_timeout = '200ms'")
    statement = sql.SQL("ALTER TABLE {} ADD COLUMN {} {}, ADD COLUMN {} text").format(
        tables.table(object_type), _new(prop), sql.SQL(_type(wanted)), _old(prop)
    )
    tx.run(statement)
    tx.run("SET LOCAL lock_timeout = DEFAULT")


def drop_columns(tx: Tx, object_type: ObjectType, prop: Property) -> None:
    """Those of them that there are."""
    tx.run("SET LOCAL lock_timeout = '200ms'")
    statement = sql.SQL("ALTER TABLE {} DROP COLUMN IF EXISTS {}, DROP COLUMN IF EXISTS {}")
    tx.run(statement.format(tables.table(object_type), _new(prop), _old(prop)))
    tx.run("SET LOCAL lock_timeout = DEFAULT")


def unsettled(tx: Tx, object_type: ObjectType, prop: Property, wanted: Property, after: int, most: int) -> pl.DataFrame:
    """The next records whose new value does not come from the one that they have: locked, as FOUND."""
    statement = sql.SQL(
        "SELECT _id, {value} FROM {table} WHERE _id > {after} AND {value} IS DISTINCT FROM coalesce({old}, {new})"
        " ORDER BY _id LIMIT {most} FOR NO KEY UPDATE"
    ).format(
        value=tables.text(prop), table=tables.table(object_type), after=sql.Literal(after), most=sql.Literal(most),
        old=_old(prop), new=tables.as_text(_new(prop), _type(wanted)),
    )  # fmt: skip
    # A locking statement cannot be copied from.
    rows = tx.rows(statement)
    return pl.DataFrame([tuple(row.values()) for row in rows], schema=FOUND, orient="row")


def settle(tx: Tx, object_type: ObjectType, prop: Property, wanted: Property, new: pl.DataFrame) -> None:
    """`new`: records that are locked with their present `value`, and what it becomes."""
    made = tables.from_text(sql.SQL("m.new"), _type(wanted))
    statement = sql.SQL("""
UPDATE {table} AS r
   SET {column} = {made}, {old} = CASE WHEN {said} IS DISTINCT FROM m.value THEN m.value END,
       _updated = CASE WHEN {said} IS DISTINCT FROM m.value THEN now() ELSE r._updated END
  FROM unnest(%(ids)s::bigint[], %(values)s::text[], %(news)s::text[]) AS m(id, value, new)
 WHERE r._id = m.id
""").format(
        table=tables.table(object_type), column=_new(prop), old=_old(prop), made=made,
        said=tables.as_text(sql.SQL("({})").format(made), _type(wanted)),
    )  # fmt: skip
    keys = {"ids": bulk.array(new["_id"]), "values": bulk.array(new["value"]), "news": bulk.array(new["new"])}
    with bulk.by_keys(tx, len(new)):
        tx.run(statement, keys)


def hold(tx: Tx, object_type: ObjectType) -> None:
    """Nobody reads or writes records of the type until the end; gives up soon in front of a long reader."""
    tx.run("SET LOCAL lock_timeout = '2s'")
    tx.run(sql.SQL("LOCK TABLE {} IN ACCESS EXCLUSIVE MODE").format(tables.table(object_type)))
    tx.run("SET LOCAL lock_timeout = DEFAULT")


def twice(tx: Tx, object_type: ObjectType, prop: Property) -> tuple[str, str] | None:
    """What two live records say now that would be the same value."""
    statement = sql.SQL(
        "SELECT min({value}) AS one, max({value}) AS other FROM {table} WHERE _archived IS NULL AND {new} IS NOT NULL"
        " GROUP BY {new} HAVING count(*) > 1 LIMIT 1"
    ).format(value=tables.text(prop), table=tables.table(object_type), new=_new(prop))
    row = tx.row(statement)
    return (str(row["one"]), str(row["other"])) if row else None


def switch(tx: Tx, object_type: ObjectType, prop: Property, wanted: Property) -> None:
    """The new column takes the place of the old one. Nobody else is at the table."""
    sorting.forget(tx, prop)
    table = tables.table(object_type)
    if tables.is_column(prop):
        tx.run(sql.SQL("ALTER TABLE {} DROP COLUMN {}").format(table, sql.Identifier(prop.name)))
        rename = sql.SQL("ALTER TABLE {} RENAME COLUMN {} TO {}")
        tx.run(rename.format(table, _new(prop), sql.Identifier(prop.name)))
    else:
        _write_spilled(tx, table, prop)
    said = {name: rule for name, rule in asdict(wanted.limits).items() if rule is not None}
    options = Jsonb([asdict(option) for option in wanted.options])
    about = {"id": prop.id, "type": wanted.type, "field_type": wanted.field_type, "limits": Jsonb(said)}
    tx.call("definitions.retype", {**about, "options": options})
    if {prop.name} & {one.name for one in word_parts.searched(object_type)}:
        words.forget_known(tx, object_type)
    catalogue.touch(tx)
    if prop.unique:
        definitions.take_anew(tx, object_type, wanted)


def tell(
    tx: Tx, actor: Actor, object_type: ObjectType, prop: Property, id: int, after: int, most: int
) -> dict[str, int]:
    """History of the next records whose words changed; the last of them (0: there are no more), and how many say
    nothing now. Whoever erases a record has it locked or waits here."""
    statement = sql.SQL("""
WITH next AS (
    SELECT _id, {old} AS was, {value} IS NULL AS lost FROM {table}
     WHERE _id > {after} AND {old} IS NOT NULL ORDER BY _id LIMIT {most} FOR NO KEY UPDATE
), told AS (
    INSERT INTO kartotek.changes (record, at, actor, source, source_id, old)
    SELECT s._id, r.switched, %(actor)s, %(source)s, %(source_id)s, jsonb_build_object({name}, s.was)
      FROM next AS s, kartotek.retypings AS r WHERE r.id = {id}
)
SELECT coalesce(max(_id), 0) AS last, count(*) FILTER (WHERE lost) AS lost FROM next
""").format(
        old=_old(prop), value=tables.text(prop), table=tables.table(object_type), after=sql.Literal(after),
        most=sql.Literal(most), name=sql.Literal(prop.name), id=sql.Literal(id),
    )  # fmt: skip
    booked = {"actor": actor.person, "source": actor.source.value, "source_id": actor.source_id}
    return tx.rows(statement, booked)[0]


def _write_spilled(tx: Tx, table: sql.Composable, prop: Property) -> None:
    """What has no column of its own stays where it is: only what changes is written."""
    statement = sql.SQL(
        "UPDATE {table} SET _extra = CASE WHEN {new} IS NULL THEN _extra - {name}"
        " ELSE _extra || jsonb_build_object({name}, {new}) END WHERE {old} IS NOT NULL"
    ).format(table=table, new=_new(prop), old=_old(prop), name=sql.Literal(prop.name))
    tx.run(statement)
    tx.run(sql.SQL("ALTER TABLE {} DROP COLUMN {}").format(table, _new(prop)))


def _type(wanted: Property) -> str:
    """What lives in _extra is text always."""
    return tables.sql_type(wanted) if tables.is_column(wanted) else "text"


def _new(prop: Property) -> sql.Identifier:
    return sql.Identifier(f"_new_{prop.id}")


def _old(prop: Property) -> sql.Identifier:
    return sql.Identifier(f"_old_{prop.id}")
