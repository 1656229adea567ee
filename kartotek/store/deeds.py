"""What an import did, read back from what it left behind.

Everything is asked by arrays of record ids, those of one batch, so that each look goes by an index. Most imports have
left nothing of most kinds, so tens of thousands of ids are first looked at by stretches (docs/decisions/undo.md).
"""

from collections.abc import Mapping
from typing import LiteralString

import polars as pl
from psycopg import sql

from kartotek.store import bulk
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

# So many ids are looked at by stretches, of so many ids each; and where.
_MANY, _STRETCH = 1_000, 500
_ASSOCIATED, _ASSOCIATED_AS_SECOND = ("associations", "first"), ("associations", "second")
_LABELLED, _MARKED = ("association_labels", "first"), ("primary_marks", "first")
_ENDED, _CHANGED = ("association_history", "first"), ("changes", "record")

# Behind the rows of the file comes what followed of them by domain, each batch at its place behind the last row. As it
# lies, for the server to take it apart into rows and send those took seven times as long.
_ROWS = """
SELECT object_type, records::text AS records, outcomes AS letters
  FROM kartotek.import_outcomes WHERE import = %(import)s AND position = %(position)s
 UNION ALL
SELECT f.type, f.records::text, repeat(f.letter, cardinality(f.records))
  FROM kartotek.import_domains AS d JOIN kartotek.imports AS i ON i.id = d.import
 CROSS JOIN LATERAL (VALUES (2, d.companies, 'c'), (1, d.contacts, ' ')) AS f(type, records, letter)
 WHERE d.import = %(import)s AND i.position + 1 + d.position = %(position)s AND f.records IS NOT NULL"""

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

# The ends of a stretch are some hundred ids of a batch apart.
_NEAR = """
SELECT i.place FROM unnest(%(places)s::bigint[], %(lows)s::bigint[], %(highs)s::bigint[]) AS i(place, low, high)
 WHERE {found}"""
_FOUND = "EXISTS (SELECT FROM {table} WHERE {column} BETWEEN i.low AND i.high OFFSET 0)"

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

_OF_OTHERS = """
SELECT a.first, a.second, a.source = 'DOMAIN' AND a.source_id IS DISTINCT FROM {id}
  FROM unnest(%(lows)s::bigint[], %(highs)s::bigint[]) AS i(low, high)
 CROSS JOIN LATERAL (
        SELECT first, second, source, source_id FROM kartotek.associations
         WHERE first BETWEEN i.low AND i.high OFFSET 0
       ) AS a
 WHERE a.source NOT IN ('IMPORT', 'DOMAIN') OR a.source_id IS DISTINCT FROM {id}"""

# Also what is the import's own, but of a record that this batch has nothing to do with; and a company that a contact
# found by its domain later, which nobody has chosen for it.
_AS_SECOND = """
SELECT i.id, a.first, a.own
  FROM unnest(%(ids)s::bigint[]) AS i(id)
 CROSS JOIN LATERAL (
        SELECT first, source IN ('IMPORT', 'DOMAIN') AND source_id IS NOT DISTINCT FROM {id} AS own
          FROM kartotek.associations WHERE second = i.id OFFSET 0
       ) AS a
 WHERE NOT a.own OR NOT a.first = ANY(%(batch)s::bigint[])"""


def rows(tx: Tx, id: int, position: int) -> pl.DataFrame:
    """The records that a batch of an import had to do with, and what it did to them: as ROW, each line once."""
    types = {"object_type": pl.Int64, "records": pl.String, "letters": pl.String}
    told = pl.DataFrame(tx.rows(_ROWS, {"import": id, "position": position}), types)
    each = told.select(
        "object_type",
        pl.col("records").str.strip_chars("{}").str.split(",").alias("record"),
        pl.col("letters").str.split("").alias("letter"),
    ).filter(pl.col("letter").list.len() > 0)
    lines = each.explode("record", "letter").with_columns(pl.col("record").cast(pl.Int64, strict=False))
    return lines.filter(pl.col("record") != 0).unique()


def loose(tx: Tx, id: int) -> pl.DataFrame:
    """Records that an import has associated with others without having a row about them: as ROW, with no letter."""
    return _fetch(tx, _LOOSE, ROW, None, id=id)


def firsts(tx: Tx, ids: pl.Series) -> pl.Series:
    """Those of these records that are, or have been, the first ends of associations."""
    return _fetch(tx, _FIRSTS, {"id": pl.Int64}, {"ids": _near(tx, ids, _ASSOCIATED, _ENDED)})["id"]


def changes(tx: Tx, id: int, ids: pl.Series) -> pl.DataFrame:
    """What these records said before each change, value by value. As CHANGE: `at` in microseconds, `age` in
    transactions since, which no clock moves; `own`: by this import, `undone`: by one that has been taken back."""
    return _fetch(tx, _CHANGES, CHANGE, {"ids": _near(tx, ids, _CHANGED)}, id=id)


def labels(tx: Tx, id: int, firsts: pl.Series) -> pl.DataFrame:
    """The labels of these records' associations: as LABEL; `own`, `link_own`: whether the import set or made them."""
    return _fetch(tx, _LABELS, LABEL, {"ids": _near(tx, firsts, _LABELLED)}, id=id)


def endings(tx: Tx, id: int, firsts: pl.Series) -> pl.DataFrame:
    """What the import ended of these records, and every end of a primary mark: as ENDING."""
    return _fetch(tx, _ENDINGS, ENDING, {"ids": _near(tx, firsts, _ENDED)}, id=id)


def gained(tx: Tx, id: int, firsts: pl.Series) -> pl.DataFrame:
    """Companies, as PAIR, that the import has made the primary ones of records it had not just associated them with."""
    return _fetch(tx, _GAINED, PAIR, {"ids": _near(tx, firsts, _MARKED)}, id=id)


def links(tx: Tx, id: int, pairs: pl.DataFrame) -> pl.DataFrame:
    """Those of these pairs that are associated: as LINK."""
    return _fetch(tx, _LINKS, LINK, {"firsts": pairs["first"], "seconds": pairs["second"]}, id=id)


def beside(tx: Tx, id: int, ids: pl.Series, batch: pl.Series) -> pl.DataFrame:
    """What these records are associated with by others than the import; and what it has itself associated them with as
    second ends, but for the records of `batch`. As BESIDE."""
    runs = bulk.runs(ids)
    of_others = _fetch(tx, _OF_OTHERS, BESIDE, {"lows": runs["first"], "highs": runs["last"]}, id=id)
    seconds = {"ids": _near(tx, ids, _ASSOCIATED_AS_SECOND), "batch": batch}
    return pl.concat([of_others, _fetch(tx, _AS_SECOND, BESIDE, seconds, id=id)])


def _near(tx: Tx, ids: pl.Series, *places: tuple[str, str]) -> pl.Series:
    """Without ids near which none of these tables says anything."""
    if len(ids) < _MANY:
        return ids
    each = ids.sort().to_frame("id").with_columns(place=pl.int_range(pl.len()) // _STRETCH)
    ends = each.group_by("place", maintain_order=True).agg(low=pl.col("id").min(), high=pl.col("id").max())
    found = sql.SQL(" OR ").join(
        sql.SQL(_FOUND).format(table=sql.Identifier("kartotek", table), column=sql.Identifier(column))
        for table, column in places
    )
    with bulk.by_keys(tx, len(ids)):
        near = tx.rows(
            sql.SQL(_NEAR).format(found=found),
            {"places": bulk.array(ends["place"]), "lows": bulk.array(ends["low"]), "highs": bulk.array(ends["high"])},
        )
    return each.filter(pl.col("place").is_in([row["place"] for row in near]))["id"]


def _fetch(
    tx: Tx, select: LiteralString, schema: Mapping[str, pl.DataType | type[pl.DataType]],
    keys: Mapping[str, pl.Series] | None, **given: int,
) -> pl.DataFrame:  # fmt: skip
    if keys is not None and next(iter(keys.values())).is_empty():
        return pl.DataFrame(schema=dict(schema))
    literals = {name: sql.Literal(value) for name, value in given.items()}
    return bulk.fetch(tx, sql.SQL(select).format(**literals), schema, keys)
