"""What an import did, read back from what it left behind, and the statements that take much of it back at once.

Everything is asked by arrays of record ids, those of one batch, so that each look goes by an index.
"""

from collections.abc import Mapping, Sequence
from typing import LiteralString

import polars as pl
from psycopg import sql
from psycopg.types.json import Jsonb

from kartotek.model.object_types import ObjectType
from kartotek.model.people import Actor
from kartotek.model.properties import Property
from kartotek.store import bulk, tables
from kartotek.store.database import Tx

ROW = {"object_type": pl.Int64, "record": pl.Int64, "letter": pl.String}
CHANGE = {
    "record": pl.Int64,
    "at": pl.Int64,
    "age": pl.Int64,
    "own": pl.Boolean,
    "undone": pl.Boolean,
    "property": pl.String,
    "old": pl.String,
}
PAIR = {"first": pl.Int64, "second": pl.Int64}
LABEL = {**PAIR, "first_type": pl.Int64, "second_type": pl.Int64, "type": pl.Int64, "own": pl.Boolean,
         "link_own": pl.Boolean}  # fmt: skip
ENDING = {**PAIR, "first_type": pl.Int64, "second_type": pl.Int64, "what": pl.String, "type": pl.Int64,
          "ended": pl.Int64, "own": pl.Boolean}  # fmt: skip
LINK = {**PAIR, "began": pl.Int64, "own": pl.Boolean}
BESIDE = {"record": pl.Int64, "other": pl.Int64, "own": pl.Boolean}
REMAINDER = {
    "object_type": pl.Int64, "record": pl.Int64, "property": pl.String, "why": pl.String, "other": pl.Int64,
    "value": pl.String,
}  # fmt: skip


# Behind the rows of the file comes what followed of them by domain, each batch at its place behind the last row.
_ROWS = """
SELECT o.object_type, u.record, u.letter
  FROM kartotek.import_outcomes AS o
 CROSS JOIN LATERAL unnest(o.records, string_to_array(o.outcomes, NULL)) AS u(record, letter)
 WHERE o.import = {id} AND o.position = {position} AND u.record <> 0
 UNION ALL
SELECT f.type, f.record, f.letter
  FROM kartotek.import_domains AS d JOIN kartotek.imports AS i ON i.id = d.import
 CROSS JOIN LATERAL (
        SELECT 2, unnest(d.companies), 'c' UNION ALL SELECT 1, unnest(d.contacts), ''
       ) AS f(type, record, letter)
 WHERE d.import = {id} AND i.position + 1 + d.position = {position}"""

# Whole tables are read for this, once for an undo: the first ends of what an import associated, labelled or ended
# without having a row about them.
_LOOSE = """
WITH own(first_type, first) AS (
    SELECT first_type, first FROM kartotek.associations WHERE source = 'IMPORT' AND source_id = {id}
     UNION ALL
    SELECT a.first_type, a.first
      FROM kartotek.association_labels AS l JOIN kartotek.associations AS a ON a.first = l.first AND a.second = l.second
     WHERE l.source = 'IMPORT' AND l.source_id = {id}
     UNION ALL
    SELECT a.first_type, a.first
      FROM kartotek.primary_marks AS m JOIN kartotek.associations AS a ON a.first = m.first AND a.second = m.second
     WHERE m.source = 'IMPORT' AND m.source_id = {id}
     UNION ALL
    SELECT first_type, first FROM kartotek.association_history WHERE ended_source = 'IMPORT' AND ended_source_id = {id}
), met(record) AS (
    SELECT DISTINCT u.record FROM kartotek.import_outcomes AS o CROSS JOIN LATERAL unnest(o.records) AS u(record)
     WHERE o.import = {id}
)
SELECT DISTINCT own.first_type, own.first, ''
  FROM own WHERE NOT EXISTS (SELECT FROM met WHERE met.record = own.first)"""

# That an association is there, whoever made it, is quicker to see than whose it is.
_FIRSTS = """
SELECT i.id FROM unnest(%(ids)s::bigint[]) AS i(id)
 WHERE EXISTS (SELECT FROM kartotek.associations WHERE first = i.id OFFSET 0)
    OR EXISTS (SELECT FROM kartotek.association_history WHERE first = i.id OFFSET 0)"""

# Each of these asks record by record (OFFSET 0 keeps it so). Asked for all of them at once by `second = ANY(...)`, the
# planner, while it has not heard yet how many rows an import has just added, skips through the wrong index.

# Without what this undo has put back itself.
_CHANGES = """
SELECT i.id, (extract(epoch FROM c.at) * 1000000)::bigint, c.age,
       (c.source, c.source_id) IS NOT DISTINCT FROM ('IMPORT', {id}),
       c.source = 'IMPORT' AND c.source_id = ANY(ARRAY(SELECT import FROM kartotek.undos WHERE state = 'DONE')),
       o.key, o.value
  FROM unnest(%(ids)s::bigint[]) AS i(id)
 CROSS JOIN LATERAL (
        SELECT at, age(xmin) AS age, source, source_id, old FROM kartotek.changes WHERE record = i.id OFFSET 0
       ) AS c
 CROSS JOIN LATERAL jsonb_each_text(c.old) AS o
 WHERE (c.source, c.source_id) IS DISTINCT FROM ('UNDO', {id})"""

_LABELS = """
SELECT l.first, l.second, a.first_type, a.second_type, l.type,
       (l.source, l.source_id) IS NOT DISTINCT FROM ('IMPORT', {id}),
       a.source IN ('IMPORT', 'DOMAIN') AND a.source_id IS NOT DISTINCT FROM {id}
  FROM unnest(%(ids)s::bigint[]) AS i(id)
 CROSS JOIN LATERAL (
        SELECT first, second, type, source, source_id FROM kartotek.association_labels WHERE first = i.id OFFSET 0
       ) AS l
  JOIN kartotek.associations AS a ON a.first = l.first AND a.second = l.second"""

_ENDINGS = """
SELECT h.first, h.second, h.first_type, h.second_type, h.what, h.type, (extract(epoch FROM h.ended) * 1000000)::bigint,
       (h.ended_source, h.ended_source_id) IS NOT DISTINCT FROM ('IMPORT', {id})
  FROM unnest(%(ids)s::bigint[]) AS i(id)
 CROSS JOIN LATERAL (
        SELECT first, second, first_type, second_type, what, type, ended, ended_source, ended_source_id, began_source,
               began_source_id
          FROM kartotek.association_history WHERE first = i.id OFFSET 0
       ) AS h
 WHERE (h.what = 'primary' OR (h.ended_source, h.ended_source_id) IS NOT DISTINCT FROM ('IMPORT', {id})
        AND (h.began_source, h.began_source_id) IS DISTINCT FROM ('IMPORT', {id}))
   AND (h.ended_source, h.ended_source_id) IS DISTINCT FROM ('UNDO', {id})"""

_LINKS = """
SELECT a.first, a.second, (extract(epoch FROM a.began) * 1000000)::bigint,
       a.source IN ('IMPORT', 'DOMAIN') AND a.source_id IS NOT DISTINCT FROM {id}
  FROM unnest(%(firsts)s::bigint[], %(seconds)s::bigint[]) AS i(first, second)
 CROSS JOIN LATERAL (
        SELECT first, second, began, source, source_id FROM kartotek.associations
         WHERE first = i.first AND second = i.second OFFSET 0
       ) AS a"""

# Marks that it gave to records which had companies before, and none of them as the primary one.
_GAINED = """
SELECT m.first, m.second
  FROM unnest(%(ids)s::bigint[]) AS i(id) JOIN kartotek.primary_marks AS m ON m.first = i.id
 WHERE m.source = 'IMPORT' AND m.source_id = {id}"""

# Also what is the import's own, but of a record that this batch has nothing to do with; and a company that a contact
# found by its domain later, which nobody has chosen for it.
_BESIDE = """
SELECT a.first, a.second, a.source = 'DOMAIN' AND a.source_id IS DISTINCT FROM {id}
  FROM kartotek.associations AS a
 WHERE a.first = ANY(%(ids)s::bigint[]) AND (a.source NOT IN ('IMPORT', 'DOMAIN') OR a.source_id IS DISTINCT FROM {id})
 UNION ALL
SELECT i.id, a.first, a.own
  FROM unnest(%(ids)s::bigint[]) AS i(id)
 CROSS JOIN LATERAL (
        SELECT first, source IN ('IMPORT', 'DOMAIN') AND source_id IS NOT DISTINCT FROM {id} AS own
          FROM kartotek.associations WHERE second = i.id OFFSET 0
       ) AS a
 WHERE NOT a.own OR NOT a.first = ANY(%(batch)s::bigint[])"""

# Names are looked up here: to send for them and back again took as long as all the rest (docs/decisions/undo.md).
_END = """
WITH gone AS (
    DELETE FROM kartotek.associations AS a
     WHERE a.first = ANY(%(ids)s::bigint[]) AND a.source IN ('IMPORT', 'DOMAIN') AND a.source_id = {id}
       AND NOT EXISTS (SELECT FROM unnest(%(firsts)s::bigint[], %(seconds)s::bigint[]) AS s(first, second)
                        WHERE s.first = a.first AND s.second = a.second)
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

_NAMES = "SELECT _id, {name} FROM {table} WHERE _id = ANY((SELECT ids FROM ends WHERE type = {number})::bigint[])"

_FREE = """
DELETE FROM kartotek.identifiers AS d
 USING (SELECT _id, {value} AS value FROM {table} WHERE _id = ANY(%(ids)s::bigint[])) AS r
 WHERE d.property = {home} AND d.value = r.value AND d.record = r._id AND {kind}"""


def rows(tx: Tx, id: int, position: int) -> pl.DataFrame:
    """The records that a batch of an import had to do with, and what it did to them: as ROW, each line once."""
    return _fetch(tx, _ROWS, ROW, None, id=id, position=position).unique()


def loose(tx: Tx, id: int) -> pl.DataFrame:
    """Records that an import has associated with others without having a row about them: as ROW, with no letter."""
    return _fetch(tx, _LOOSE, ROW, None, id=id)


def firsts(tx: Tx, ids: pl.Series) -> pl.Series:
    """Those of these records that are, or have been, the first ends of associations."""
    return _fetch(tx, _FIRSTS, {"id": pl.Int64}, {"ids": ids})["id"]


def changes(tx: Tx, id: int, ids: pl.Series) -> pl.DataFrame:
    """What these records said before each change, value by value. As CHANGE: `at` in microseconds, `age` in
    transactions since, which no clock moves; `own`: by this import, `undone`: by one that has been taken back."""
    return _fetch(tx, _CHANGES, CHANGE, {"ids": ids}, id=id)


def labels(tx: Tx, id: int, firsts: pl.Series) -> pl.DataFrame:
    """The labels of these records' associations: as LABEL; `own`, `link_own`: whether the import set or made them."""
    return _fetch(tx, _LABELS, LABEL, {"ids": firsts}, id=id)


def endings(tx: Tx, id: int, firsts: pl.Series) -> pl.DataFrame:
    """What the import ended of these records, and every end of a primary mark: as ENDING."""
    return _fetch(tx, _ENDINGS, ENDING, {"ids": firsts}, id=id)


def gained(tx: Tx, id: int, firsts: pl.Series) -> pl.DataFrame:
    """Companies, as PAIR, that the import has made the primary ones of records it had not just associated them with."""
    return _fetch(tx, _GAINED, PAIR, {"ids": firsts}, id=id)


def links(tx: Tx, id: int, pairs: pl.DataFrame) -> pl.DataFrame:
    """Those of these pairs that are associated: as LINK."""
    return _fetch(tx, _LINKS, LINK, {"firsts": pairs["first"], "seconds": pairs["second"]}, id=id)


def beside(tx: Tx, id: int, ids: pl.Series, batch: pl.Series) -> pl.DataFrame:
    """What these records are associated with by others than the import; and what it has itself associated them with as
    second ends, but for the records of `batch`. As BESIDE."""
    return _fetch(tx, _BESIDE, BESIDE, {"ids": ids, "batch": batch}, id=id)


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
        id=sql.Literal(id), actor=sql.Literal(actor.person), names=names, labelled=sql.Literal(labelled)
    )
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
    keys = {name: bulk.array(pairs[name]) for name in PAIR}
    return tx.call("undoing.relink", {**keys, "import": id}) if len(pairs) else 0


def relabel(tx: Tx, id: int, labels: pl.DataFrame) -> int:
    """Labels that the import ended begin again; how many."""
    keys = {name: bulk.array(labels[name]) for name in (*PAIR, "type")}
    return tx.call("undoing.relabel", {**keys, "import": id}) if len(labels) else 0


def free(tx: Tx, object_type: ObjectType, prop: Property, home: Property, ids: pl.Series) -> None:
    """Takes the values of one identifying property from these records."""
    many = tables.sql_type(prop) == "text[]"
    value = sql.SQL("unnest({})" if many else "{}").format(tables.value(prop))
    statement = sql.SQL(_FREE).format(
        value=value, table=tables.table(object_type), home=sql.Literal(home.id),
        kind=sql.SQL("d.exclusive" if home.exclusive else "NOT d.exclusive"),
    )  # fmt: skip
    with bulk.one_by_one(tx, len(ids)):  # or all identifiers would be read for each batch
        tx.run(statement, {"ids": bulk.array(ids)})


def add_batch(tx: Tx, id: int, position: int, counts: Mapping[str, int], remainders: pl.DataFrame) -> None:
    tx.call("undoing.add_batch", {"import": id, "position": position, "counts": Jsonb(dict(counts))})
    frame = remainders.select(pl.lit(id, pl.Int64).alias("import"), *REMAINDER)
    bulk.copy_in(tx, sql.Identifier("kartotek", "undo_remainders"), frame)


def staying_links(tx: Tx, id: int, why: Sequence[str]) -> pl.DataFrame:
    """The pairs that batches taken back so far have left."""
    select = "SELECT record, other FROM kartotek.undo_remainders WHERE import = {id} AND why = ANY(%(why)s::text[])"
    return _fetch(tx, select, PAIR, {"why": pl.Series(list(why), dtype=pl.String)}, id=id)


def types_beside(tx: Tx, pairs: Sequence[tuple[int, int]]) -> dict[tuple[int, int], int]:
    """The number of the second one's object type, of those of these pairs of records that are associated."""
    keys = {"ones": [one for one, _ in pairs], "others": [other for _, other in pairs]}
    return {(row["one"], row["other"]): row["type"] for row in tx.query("undoing.types_beside", keys)} if pairs else {}


def _fetch(
    tx: Tx, select: LiteralString, schema: Mapping[str, pl.DataType | type[pl.DataType]],
    keys: Mapping[str, pl.Series] | None, **given: int,
) -> pl.DataFrame:  # fmt: skip
    if keys is not None and next(iter(keys.values())).is_empty():
        return pl.DataFrame(schema=dict(schema))
    literals = {name: sql.Literal(value) for name, value in given.items()}
    return bulk.fetch(tx, sql.SQL(select).format(**literals), schema, keys)
