"""Records, always many at once: lock and read, insert, update, archive. Old values go to `changes`."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import polars as pl
from psycopg import sql
from psycopg.rows import tuple_row

from kartotek.model.object_types import ObjectType
from kartotek.model.people import Actor
from kartotek.model.properties import Property
from kartotek.store import bulk, tables, words
from kartotek.store.database import Tx
from kartotek.values import TYPES

# Below this many rows an update carries its values itself: a temporary table costs three statements and rows in
# PostgreSQL's own catalogue.
SENT_ALONG = 1_000
_MOST_PAIRS = 50  # a function takes 100 arguments
LAST_ID = 2**63 - 1
# What every locked record is known by, beside its properties.
KNOWN = {"_id": pl.Int64, "_primary": pl.Int64, "_archived": pl.Boolean}
VERSION = {"_version": pl.Int64}
_NAME = {"_id": pl.Int64, "name": pl.String}
NO_NAMES = pl.DataFrame(schema=_NAME)
_NEWER = sql.SQL(
    "SELECT count(*) AS there, array_agg(_id) FILTER (WHERE NOT version = ANY(%s::xid[])) AS newer "
    "FROM (SELECT _id, xmin AS version FROM {} WHERE _id = ANY(%s::bigint[]) {}) AS r"
)
# The transaction that wrote the row: no other one, before or after it, leaves the same.
_VERSION = ", CASE WHEN xmin <> coalesce((SELECT pg_current_xact_id_if_assigned()::xid), '0') THEN xmin END"


def reserve_ids(tx: Tx, count: int) -> int:
    """The first of `count` consecutive record ids that nobody else gets."""
    return int(tx.value("SELECT kartotek.reserve_ids(%s)", [count])) if count else 0


def lock_order(object_type: ObjectType) -> tuple[bool, int]:
    """Types are locked by this. Companies come first: who holds one finds its pairs settled, then locks their ends."""
    return object_type.name != "companies", object_type.number


def lock(tx: Tx, object_type: ObjectType, ids: bulk.Keys, properties: Sequence[Property]) -> pl.DataFrame:
    """Locks these records in the order of their ids and reads them as they are now.

    Gives `_id`, `_primary`, `_archived` and each property as canonical text; ids that do not exist are left out.
    Two batches that touch the same records queue up instead of deadlocking.
    """
    return _as_they_are(tx, object_type, ids, properties, sql.SQL("ORDER BY _id FOR NO KEY UPDATE"))


def lock_named(tx: Tx, object_type: ObjectType, ids: bulk.Keys) -> pl.DataFrame:
    """The same without properties, and what the records are called just now, as `name`."""
    return _as_they_are(tx, object_type, ids, (), sql.SQL("ORDER BY _id FOR NO KEY UPDATE"), named=True)


def peek(tx: Tx, object_type: ObjectType, ids: bulk.Keys, properties: Sequence[Property]) -> pl.DataFrame:
    """As `lock`, without locking."""
    return _as_they_are(tx, object_type, ids, properties, sql.SQL(""))


def living(tx: Tx, object_type: ObjectType, ids: pl.Series, apart_from: Actor | None) -> pl.Series:
    """Those of these ids whose records are there and not archived, apart from those that this actor's run made."""
    if ids.is_empty():
        return pl.Series("_id", dtype=pl.Int64)
    made = sql.SQL("AND (_source, _source_id) IS DISTINCT FROM ({}::kartotek.source, {}::bigint)")
    select = sql.SQL("SELECT _id FROM {} WHERE _id = ANY(%(ids)s::bigint[]) AND _archived IS NULL {}").format(
        tables.table(object_type),
        made.format(apart_from.source.value, apart_from.source_id) if apart_from else sql.SQL(""),
    )
    return bulk.fetch(tx, select, {"_id": pl.Int64}, {"ids": ids})["_id"]


def glimpse(tx: Tx, object_type: ObjectType, ids: bulk.Keys, properties: Sequence[Property]) -> pl.DataFrame:
    """As `peek`, with the `_version` by which `changed_since` knows them; null where this transaction wrote them."""
    return _as_they_are(tx, object_type, ids, properties, sql.SQL(""), versions=True)


def changed_since(tx: Tx, seen: Sequence[tuple[ObjectType, pl.Series, pl.DataFrame]]) -> pl.Series | None:
    """Of these records of each type, those that somebody has written since `glimpse` gave the frame; None when one is
    gone. All of them at one moment, unlocked.

    A transaction shows all that it wrote or nothing: so who has written since is nobody whose version was seen.
    """
    return _newer(tx, [one for one in seen if len(one[1])], sql.SQL(""))


def lock_changed(tx: Tx, object_type: ObjectType, ids: pl.Series, seen: pl.DataFrame) -> pl.Series | None:
    """Locks these records of one type in the order of their ids; gives the same of them."""
    return _newer(tx, [(object_type, ids, seen)] if len(ids) else [], sql.SQL("ORDER BY _id FOR NO KEY UPDATE"))


def read(tx: Tx, object_type: ObjectType, ids: Sequence[int], properties: Sequence[Property]) -> list[dict[str, Any]]:
    """A page of records with their facts, each property as canonical text, in the order of the ids given.

    Row by row, as nobody looks at many: for one record of 250 properties a frame takes ten times as long.
    """
    names = ["_id", "_primary", "_archived", "_created", "_updated", "_source", "_source_id", "_actor"]
    facts = sql.SQL("_id, _primary, _archived, _created, _updated, _source::text, _source_id, _actor")
    select = sql.SQL(
        "SELECT {} FROM {} JOIN unnest(%s::bigint[]) WITH ORDINALITY AS wanted(id, place) ON _id = wanted.id "
        "ORDER BY place"
    ).format(_listed(facts, properties), tables.table(object_type))
    names += [prop.name for prop in properties]
    wanted = [id for id in ids if 0 < id <= LAST_ID]
    with tx.connection.cursor(row_factory=tuple_row) as cursor:
        return [dict(zip(names, row, strict=True)) for row in cursor.execute(select, [wanted])]


def parcel(actor: Actor, object_type: ObjectType, frame: pl.DataFrame, now: datetime) -> bulk.Parcel:
    """New records: `frame` has `_id`, perhaps `_primary`, and typed properties."""
    props = _properties(object_type, frame)
    facts = {tables.fact(prop): prop.name for prop in props if tables.fact(prop)}
    extended = [prop for prop in props if not tables.is_column(prop) and not tables.fact(prop)]
    columns = [pl.col("_id"), *_signature(actor)]
    if "_primary" in frame.columns:
        columns.append(pl.col("_primary"))
    if "_created" in facts:
        columns.append(pl.coalesce(pl.col(facts["_created"]), pl.lit(now)).alias("_created"))
    columns += [pl.col(prop.name) for prop in props if tables.is_column(prop)]
    if extended:
        columns.append(_extra(extended))
    return bulk.Parcel(tables.table(object_type), frame.select_seq(columns))


def update(tx: Tx, object_type: ObjectType, frame: pl.DataFrame, properties: Sequence[Property]) -> None:
    """Sets `properties` of the records `_id` to the canonical texts in `frame`, which must be locked."""
    if frame.is_empty():
        return
    settings = [_setting(prop) for prop in properties if tables.is_column(prop) or tables.fact(prop)]
    extended = [prop.name for prop in properties if not tables.is_column(prop) and not tables.fact(prop)]
    if extended:
        added = sql.SQL(" || ").join(
            _object(extended[at : at + _MOST_PAIRS]) for at in range(0, len(extended), _MOST_PAIRS)
        )
        settings.append(
            sql.SQL("_extra = nullif(jsonb_strip_nulls(coalesce(r._extra, '{{}}') || {}), '{{}}')").format(added)
        )
    names = [prop.name for prop in properties]
    sent = frame.select_seq("_id", *names).sort("_id")
    few = len(sent) < SENT_ALONG and sent.width < _MOST_PAIRS
    incoming, params = _sent_along(sent) if few else (_incoming(tx, sent), None)
    statement = sql.SQL("UPDATE {} AS r SET {}, _updated = now() FROM {} WHERE r._id = i._id").format(
        tables.table(object_type), sql.SQL(", ").join(settings), incoming
    )
    with bulk.one_by_one(tx, len(frame)):
        tx.run(statement, params)
    words.follow(tx, object_type, frame["_id"], properties)


def set_primary(tx: Tx, object_type: ObjectType, ids: Sequence[int], companies: Sequence[int | None]) -> None:
    """The primary company of each of these records, which must be locked."""
    update = sql.SQL(
        "UPDATE {} AS r SET _primary = i.company, _updated = now() "
        "FROM unnest(%(ids)s::bigint[], %(companies)s::bigint[]) AS i(id, company) WHERE r._id = i.id"
    ).format(tables.table(object_type))
    with bulk.one_by_one(tx, len(ids)):
        tx.run(update, {"ids": list(ids), "companies": list(companies)})


def names(tx: Tx, ids: Sequence[tuple[ObjectType, bulk.Keys]]) -> pl.DataFrame:
    """What these records are called just now, archived ones too: `_id`, `name`."""
    return pl.concat([NO_NAMES, *names_by_type(tx, ids).values()])


def names_by_type(tx: Tx, ids: Sequence[tuple[ObjectType, bulk.Keys]]) -> dict[int, pl.DataFrame]:
    """The same, by the numbers of those types of which there is any."""
    selects = [
        sql.SQL("SELECT {} AS type, _id, {} AS name FROM {} WHERE _id = ANY({}::bigint[])").format(
            sql.Literal(one.number), tables.display_name(one), tables.table(one), sql.Placeholder(one.name)
        )
        for one, _ in ids
    ]
    if not selects:
        return {}
    wanted = {one.name: some for one, some in ids}
    found = bulk.fetch(tx, sql.SQL(" UNION ALL ").join(selects), {"type": pl.Int64, **_NAME}, wanted)
    return {some["type"][0]: some[list(_NAME)] for some in found.partition_by("type")}


def archive(tx: Tx, actor: Actor, object_type: ObjectType, ids: bulk.Keys) -> int:
    """Its primary company stays written: history tells from it, and restoring starts from it."""
    statement = sql.SQL(
        "UPDATE {} SET _archived = now(), _updated = now(), _archived_actor = %(actor)s, "
        "_archived_source = %(source)s, _archived_source_id = %(source_id)s "
        "WHERE _id = ANY(%(ids)s::bigint[]) AND _archived IS NULL"
    ).format(tables.table(object_type))
    booked = {"actor": actor.person, "source": actor.source.value, "source_id": actor.source_id}
    with bulk.by_keys(tx, len(ids)):
        return tx.run(statement, {"ids": bulk.array(ids), **booked})


def memories(actor: Actor, old: pl.DataFrame) -> bulk.Parcel:
    """What was: `record` and `old`, a JSON text of property → former canonical text (null where it was empty)."""
    return bulk.Parcel(sql.Identifier("kartotek", "changes"), old.select_seq("record", *_booking(actor), "old"))


def _newer(tx: Tx, seen: Sequence[tuple[ObjectType, pl.Series, pl.DataFrame]], ending: sql.SQL) -> pl.Series | None:
    """In one statement, as in one moment."""
    if not seen:
        return pl.Series(dtype=pl.Int64)
    arrays = [bulk.array(keys) for _, ids, frame in seen for keys in (frame["_version"].drop_nulls().unique(), ids)]
    statement = sql.SQL(" UNION ALL ").join(_NEWER.format(tables.table(one), ending) for one, _, _ in seen)
    with bulk.by_keys(tx, sum(len(ids) for _, ids, _ in seen)):
        rows = tx.rows(statement, arrays)
    were_there = sum(int(ids.is_in(frame["_id"].implode()).sum()) for _, ids, frame in seen)
    if sum(row["there"] for row in rows) < were_there:
        return None
    return pl.Series([id for row in rows for id in row["newer"] or ()], dtype=pl.Int64)


def _as_they_are(
    tx: Tx, object_type: ObjectType, ids: bulk.Keys, properties: Sequence[Property], ending: sql.SQL,
    *, versions: bool = False, named: bool = False,
) -> pl.DataFrame:  # fmt: skip
    told = {**(VERSION if versions else {}), **({"name": pl.String} if named else {})}
    schema = {**KNOWN, **told, **{prop.name: pl.String for prop in properties}}
    if not len(ids):
        return pl.DataFrame(schema=schema)
    facts: sql.Composable = sql.SQL("_id, _primary, _archived IS NOT NULL" + (_VERSION if versions else ""))
    if named:
        facts = sql.SQL("{}, {} AS name").format(facts, tables.display_name(object_type))
    select = sql.SQL("SELECT {} FROM {} WHERE _id = ANY(%(ids)s::bigint[]) {}").format(
        _listed(facts, properties), tables.table(object_type), ending
    )
    return bulk.fetch(tx, select, schema, {"ids": ids})


def _object(names: Sequence[str]) -> sql.Composable:
    pairs = [sql.SQL("{}, i.{}").format(sql.Literal(name), sql.Identifier(name)) for name in names]
    return sql.SQL("jsonb_build_object({})").format(sql.SQL(", ").join(pairs))


def _listed(facts: sql.Composable, properties: Sequence[Property]) -> sql.Composable:
    return sql.SQL(", ").join([facts, tables.texts(properties)]) if properties else facts


def _properties(object_type: ObjectType, frame: pl.DataFrame) -> list[Property]:
    return [object_type.properties[name] for name in frame.columns if not name.startswith("_")]


def _signature(actor: Actor) -> list[pl.Expr]:
    return [
        pl.lit(actor.person, pl.Int64).alias("_actor"),
        pl.lit(actor.source.value).alias("_source"),
        pl.lit(actor.source_id, pl.Int64).alias("_source_id"),
    ]


def _booking(actor: Actor) -> list[pl.Expr]:
    return [column.name.map(lambda name: name.removeprefix("_")) for column in _signature(actor)]


def _extra(properties: Sequence[Property]) -> pl.Expr:
    texts = pl.struct(TYPES[prop.kind].text(pl.col(prop.name)).alias(prop.name) for prop in properties)
    nothing = pl.all_horizontal(pl.col(prop.name).is_null() for prop in properties)
    return pl.when(~nothing).then(texts.struct.json_encode()).alias("_extra")


def _setting(prop: Property) -> sql.Composable:
    column = tables.fact(prop) or prop.name
    typed = tables.from_text(sql.SQL("i.{}").format(sql.Identifier(prop.name)), tables.sql_type(prop))
    if column == "_created":
        typed = sql.SQL("coalesce({}, r._created)").format(typed)
    return sql.SQL("{} = {}").format(sql.Identifier(column), typed)


def _sent_along(frame: pl.DataFrame) -> tuple[sql.Composable, list[str]]:
    """A few rows of texts beside `_id`, as parameters of the statement itself; and these."""
    names = frame.columns
    arrays = [sql.SQL("%s::bigint[]" if name == "_id" else "%s::text[]") for name in names]
    rows = sql.SQL("unnest({}) AS i({})").format(
        sql.SQL(", ").join(arrays), sql.SQL(", ").join(map(sql.Identifier, names))
    )
    return rows, [bulk.array(frame[name]) for name in names]


def _incoming(tx: Tx, frame: pl.DataFrame) -> sql.Composable:
    """A temporary table of texts beside `_id`, gone with the transaction."""
    columns = [
        sql.SQL("_id bigint"),
        *(sql.SQL("{} text").format(sql.Identifier(n)) for n in frame.columns if n != "_id"),
    ]
    name = sql.Identifier("pg_temp", "incoming")
    tx.run("DROP TABLE IF EXISTS pg_temp.incoming")
    tx.run(sql.SQL("CREATE TEMPORARY TABLE incoming ({}) ON COMMIT DROP").format(sql.SQL(", ").join(columns)))
    bulk.copy_in(tx, name, frame)
    return sql.SQL("{} AS i").format(name)
