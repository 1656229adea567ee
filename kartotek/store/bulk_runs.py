"""Runs over many records: which records they are, part by part, and what a run changed in them."""

from collections.abc import Sequence

import polars as pl
from psycopg import sql

from kartotek.store import associations, bulk
from kartotek.store.database import Tx

_PARTS = sql.Identifier("kartotek", "bulk_parts")


def add_parts(tx: Tx, id: int, records: pl.Series, size: int) -> None:
    """The records of a run, so many to a part."""
    parts = [bulk.array(some.to_series()) for some in records.to_frame().iter_slices(size)]
    bulk.copy_in(tx, _PARTS, pl.DataFrame({"run": [id] * len(parts), "part": range(len(parts)), "records": parts}))


def changed(tx: Tx, id: int) -> pl.Series:
    """The records that a run has changed."""
    select = sql.SQL(
        "SELECT u.record FROM kartotek.bulk_parts AS b "
        "CROSS JOIN LATERAL unnest(b.records, string_to_array(b.outcomes, NULL)) AS u(record, outcome) "
        "WHERE b.run = {} AND u.outcome = 'c' ORDER BY 1"
    ).format(sql.Literal(id))
    return bulk.fetch(tx, select, {"_id": pl.Int64})["_id"]


def former(tx: Tx, id: int, records: pl.Series, names: Sequence[str]) -> pl.DataFrame:
    """What a run has changed in these records and nobody has changed since: `_id`, per property the canonical text that
    it had before, and whether it was changed (`_was_<name>`)."""
    told = sql.SQL(", ").join(sql.SQL("c.old ->> {0}, c.old ? {0}").format(sql.Literal(name)) for name in names)
    select = sql.SQL(
        "SELECT c.record, {told} FROM kartotek.changes AS c "
        "WHERE c.record = ANY(%(ids)s::bigint[]) AND c.source = 'USER' AND c.source_id = {run} "
        "AND c.old ?| {names} AND NOT EXISTS (SELECT FROM kartotek.changes AS l "
        "WHERE l.record = c.record AND l.at > c.at AND l.old ?| {names})"
    ).format(told=told, run=sql.Literal(id), names=sql.Literal(list(names)))
    schema = {"_id": pl.Int64} | {
        column: kind for name in names for column, kind in ((name, pl.String), (f"_was_{name}", pl.Boolean))
    }
    return bulk.fetch(tx, select, schema, {"ids": records})


def linked(tx: Tx, id: int, pairs: pl.DataFrame) -> pl.DataFrame:
    """Those of these pairs that are associated, and whether a run has done it: PAIR, `own`."""
    return _told(tx, "associations", id, pairs)


def labelled(tx: Tx, id: int, pairs: pl.DataFrame) -> pl.DataFrame:
    """The labels of these pairs, and which of them a run has set: PAIR, `own`, `type`."""
    return _told(tx, "association_labels", id, pairs, type=pl.Int64)


def marked(tx: Tx, id: int, pairs: pl.DataFrame) -> pl.DataFrame:
    """Those of these pairs whose primary mark was given later than the association, and whether a run gave it."""
    return _told(tx, "primary_marks", id, pairs)


def moved(tx: Tx, id: int, records: pl.Series) -> pl.DataFrame:
    """PAIR: the companies that were the primary ones of these records until a run chose another."""
    select = sql.SQL(
        "SELECT DISTINCT ON (first) first, second FROM kartotek.association_history "
        "WHERE first = ANY(%(ids)s::bigint[]) "
        "AND what = 'primary' AND ended_source = 'USER' AND ended_source_id = {} ORDER BY first, ended"
    ).format(sql.Literal(id))
    return bulk.fetch(tx, select, associations.PAIR, {"ids": records})


def _told(tx: Tx, table: str, id: int, pairs: pl.DataFrame, **more: type[pl.DataType]) -> pl.DataFrame:
    schema: dict[str, type[pl.DataType]] = {**associations.PAIR, "own": pl.Boolean, **more}
    if pairs.is_empty():
        return pl.DataFrame(schema=schema)
    select = sql.SQL(
        "SELECT first, second, coalesce(t.source = 'USER' AND t.source_id = {run}, false) AS own{more} "
        "FROM {table} AS t "
        "JOIN unnest(%(firsts)s::bigint[], %(seconds)s::bigint[]) AS wanted(first, second) USING (first, second)"
    ).format(
        run=sql.Literal(id),
        more=sql.SQL("").join(sql.SQL(", {}").format(sql.Identifier(name)) for name in more),
        table=sql.Identifier("kartotek", table),
    )
    return bulk.fetch(tx, select, schema, {"firsts": pairs["first"], "seconds": pairs["second"]})
