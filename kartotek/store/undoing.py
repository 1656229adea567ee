"""The statements that take much of what an import did back at once, and the books of it; deeds.py reads what it did."""

from collections.abc import Mapping, Sequence

import polars as pl
from psycopg import sql
from psycopg.types.json import Jsonb

from kartotek.model.object_types import ObjectType
from kartotek.model.people import Actor
from kartotek.model.properties import Property
from kartotek.store import bulk, deeds, tables
from kartotek.store.database import Tx

REMAINDER = {
    "object_type": pl.Int64, "record": pl.Int64, "property": pl.String, "why": pl.String, "other": pl.Int64,
    "value": pl.String,
}  # fmt: skip


# Names are looked up here: to send for them and back again took as long as all the rest (docs/decisions/undo.md). And
# ids come by a SELECT of their own: of an array that the planner sees, it looks at each element.
_END = """
WITH gone AS (
    DELETE FROM kartotek.associations AS a
     WHERE a.first = ANY((SELECT %(ids)s::bigint[])::bigint[])
       AND a.source IN ('IMPORT', 'DOMAIN') AND a.source_id = {id} {but}
    RETURNING a.first, a.second, a.first_type, a.second_type, a.began, a.actor, a.source, a.source_id
), ends AS MATERIALIZED (
    SELECT type, array_agg(id) AS ids
      FROM (SELECT first_type, first FROM gone UNION ALL SELECT second_type, second FROM gone) AS e(type, id)
     GROUP BY type
), names(id, name) AS MATERIALIZED (
    {names}
), unlabelled AS (
    DELETE FROM kartotek.association_labels AS l USING gone
     WHERE {labelled} AND l.first = gone.first AND l.second = gone.second
    RETURNING l.first, l.second, gone.first_type, gone.second_type, l.type, l.began, l.actor, l.source, l.source_id
), ended AS (
    SELECT first, second, first_type, second_type, 'association' AS what, NULL::integer AS type,
           began, actor, source, source_id
      FROM gone
     UNION ALL
    SELECT first, second, first_type, second_type, 'label', type, began, actor, source, source_id FROM unlabelled
), booked AS (
    INSERT INTO kartotek.association_history
           (first, second, first_type, second_type, what, type, began, began_actor, began_source, began_source_id,
            first_name, second_name, ended_actor, ended_source, ended_source_id)
    SELECT e.first, e.second, e.first_type, e.second_type, e.what, e.type, e.began, e.actor, e.source, e.source_id,
           f.name, s.name, {actor}::integer, 'UNDO', {id}
      FROM ended AS e LEFT JOIN names AS f ON f.id = e.first LEFT JOIN names AS s ON s.id = e.second
)
SELECT (SELECT count(*) FROM gone) AS links, (SELECT count(*) FROM unlabelled) AS labels"""

_BUT = "AND (a.first, a.second) NOT IN (SELECT * FROM unnest(%(firsts)s::bigint[], %(seconds)s::bigint[]))"

_NAMES = "SELECT _id, {name} FROM {table} WHERE _id = ANY((SELECT ids FROM ends WHERE type = {number})::bigint[])"

# All values at once go through the index in its order; one by one, each goes down it anew: twice the time.
_FREE = """
WITH gone AS MATERIALIZED (
    SELECT _id, {value} AS value FROM {table}
     WHERE _id = ANY((SELECT %(ids)s::bigint[])::bigint[]) AND {column} IS NOT NULL AND _archived IS NULL
)
DELETE FROM kartotek.identifiers AS d USING gone
 WHERE d.property = {home} AND d.value = ANY((SELECT array_agg(value) FROM gone)::text[])
   AND d.value = gone.value AND d.record = gone._id AND {kind}"""


def end_links(
    tx: Tx, actor: Actor, id: int, firsts: pl.Series, stays: pl.DataFrame, types: Sequence[ObjectType], *,
    labelled: bool,
) -> tuple[int, int]:  # fmt: skip
    """Ends what the import associated with these first ends, but for pairs that stay; how many, and their labels.

    `labelled`: whether any association of theirs has labels.
    """
    if firsts.is_empty():
        return 0, 0
    names = sql.SQL(" UNION ALL ").join(
        sql.SQL(_NAMES).format(name=tables.display_name(one), table=tables.table(one), number=sql.Literal(one.number))
        for one in types
    )
    statement = sql.SQL(_END).format(
        id=sql.Literal(id), actor=sql.Literal(actor.person), names=names, labelled=sql.Literal(labelled),
        but=sql.SQL("" if stays.is_empty() else _BUT),
    )  # fmt: skip
    keys = {"ids": firsts, "firsts": stays["first"], "seconds": stays["second"]}
    with bulk.by_keys(tx, len(firsts)):
        row = tx.row(statement, {name: bulk.array(values) for name, values in keys.items()})
    return (int(row["links"]), int(row["labels"])) if row else (0, 0)


def unlabel(tx: Tx, actor: Actor, id: int, labels: pl.DataFrame) -> None:
    """Ends labels that the import set: pairs, `type` and what both ends are called."""
    if labels.is_empty():
        return
    columns = ("first", "second", "type", "first_name", "second_name")
    keys = {name: bulk.array(labels[name]) for name in columns}
    tx.call("undoing.unlabel", {**keys, "actor": actor.person, "import": id})


def relink(tx: Tx, id: int, pairs: pl.DataFrame) -> int:
    """Associations that the import ended begin again; how many."""
    keys = {name: bulk.array(pairs[name]) for name in deeds.PAIR}
    return tx.call("undoing.relink", {**keys, "import": id}) if len(pairs) else 0


def relabel(tx: Tx, id: int, labels: pl.DataFrame) -> int:
    """Labels that the import ended begin again; how many."""
    keys = {name: bulk.array(labels[name]) for name in (*deeds.PAIR, "type")}
    return tx.call("undoing.relabel", {**keys, "import": id}) if len(labels) else 0


def free(tx: Tx, object_type: ObjectType, prop: Property, home: Property, ids: pl.Series) -> None:
    """Takes the values of one identifying property from these living records."""
    many = tables.sql_type(prop) == "text[]"
    value = sql.SQL("unnest({})" if many else "{}").format(tables.value(prop))
    statement = sql.SQL(_FREE).format(
        value=value, column=tables.value(prop), table=tables.table(object_type), home=sql.Literal(home.id),
        kind=sql.SQL("d.exclusive" if home.exclusive else "NOT d.exclusive"),
    )  # fmt: skip
    with bulk.by_keys(tx, len(ids), "enable_nestloop", "enable_mergejoin"):
        tx.run(statement, {"ids": bulk.array(ids)})


def add_batch(tx: Tx, id: int, position: int, counts: Mapping[str, int], remainders: pl.DataFrame) -> None:
    tx.call("undoing.add_batch", {"import": id, "position": position, "counts": Jsonb(dict(counts))})
    frame = remainders.select(pl.lit(id, pl.Int64).alias("import"), *REMAINDER)
    bulk.copy_in(tx, sql.Identifier("kartotek", "undo_remainders"), frame)


def staying_links(tx: Tx, id: int, why: Sequence[str]) -> pl.DataFrame:
    """The pairs that batches taken back so far have left."""
    select = "SELECT record, other FROM kartotek.undo_remainders WHERE import = {} AND why = ANY(%(why)s::text[])"
    return bulk.fetch(tx, sql.SQL(select).format(id), deeds.PAIR, {"why": list(why)})


def types_beside(tx: Tx, pairs: Sequence[tuple[int, int]]) -> dict[tuple[int, int], int]:
    """The number of the second one's object type, of those of these pairs of records that are associated."""
    keys = {"ones": [one for one, _ in pairs], "others": [other for _, other in pairs]}
    return {(row["one"], row["other"]): row["type"] for row in tx.query("undoing.types_beside", keys)} if pairs else {}
