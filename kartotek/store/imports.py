"""Imports, what they did to each row, and the problems they found."""

from collections.abc import Iterator, Mapping, Sequence

import polars as pl
from psycopg import sql
from psycopg.types.json import Jsonb

from kartotek.store import bulk
from kartotek.store.database import Tx

# One letter per row, in import_outcomes.outcomes.
LETTERS = {"created": "c", "updated": "u", "unchanged": "=", "skipped": "s", "failed": "f", "held": "h"}
WORDS = {letter: word for word, letter in LETTERS.items()}

PROBLEM = {
    "line": pl.Int64, "place": pl.Int64, "object_type": pl.String, "property": pl.String, "type": pl.String,
    "value": pl.String,
}  # fmt: skip


def add_outcomes(tx: Tx, id: int, object_type: int, position: int, rows: pl.DataFrame) -> None:
    """`rows`: `line`, `record` (0 for none), `outcome`, in the order of the file."""
    counts = dict(rows["outcome"].value_counts().rows())
    letter = pl.coalesce(
        pl.lit(None, pl.String), *(pl.when(outcome=word).then(pl.lit(LETTERS[word])) for word in counts)
    )
    letters = rows.select_seq(letter.str.join("")).item() or ""
    tx.call(
        "imports.add_outcomes",
        {
            "import": id, "object_type": object_type, "position": position, "counts": Jsonb(counts),
            "lines": bulk.array(rows["line"]), "records": bulk.array(rows["record"]), "outcomes": letters,
            "lowest": rows["record"].filter(rows["record"] > 0).min(), "highest": rows["record"].max(),
        },
    )  # fmt: skip


def add_links(tx: Tx, id: int, position: int, counts: Mapping[str, int]) -> None:
    if counts:
        tx.call("imports.add_links", {"import": id, "position": position, "counts": Jsonb(dict(counts))})


def add_cells(tx: Tx, id: int, position: int, counts: Mapping[str, int]) -> None:
    tx.call("imports.add_cells", {"import": id, "position": position, "counts": Jsonb(dict(counts))})


def add_problems(tx: Tx, id: int, problems: pl.DataFrame) -> None:
    frame = problems.select_seq(pl.lit(id, pl.Int64).alias("import"), *PROBLEM)
    bulk.copy_in(tx, sql.Identifier("kartotek", "import_problems"), frame)


def problems(
    tx: Tx,
    id: int,
    *,
    type: str | None = None,
    types: Sequence[str] | None = None,
    place: int | None = None,
    limit: int,
    offset: int = 0,
) -> pl.DataFrame:
    among = None if types is None else list(types)
    asked = {"id": id, "type": type, "types": among, "place": place, "limit": limit, "offset": offset}
    rows = tx.query("imports.problems", asked)
    return pl.DataFrame(rows, schema=PROBLEM)


def problems_of(tx: Tx, id: int, object_type: str, types: Sequence[str]) -> pl.DataFrame:
    """`line`, `type`, `property` of all problems of these types, whatever their number."""
    select = sql.SQL(
        "SELECT line, type, property FROM kartotek.import_problems "
        "WHERE import = {} AND object_type = {} AND type = ANY(%(types)s::text[])"
    ).format(sql.Literal(id), sql.Literal(object_type))
    schema = {"line": pl.Int64, "type": pl.String, "property": pl.String}
    return bulk.fetch(tx, select, schema, {"types": list(types)})


def outcomes_before(tx: Tx, id: int, object_type: int) -> Iterator[pl.DataFrame]:
    """Every row done so far, batch by batch: `_row`, `line`, `record`, `outcome`."""
    select = sql.SQL(
        "SELECT position + u.place - 1, u.line, u.record, u.letter FROM kartotek.import_outcomes "
        "CROSS JOIN LATERAL unnest(lines, records, string_to_array(outcomes, NULL)) WITH ORDINALITY "
        "AS u(line, record, letter, place) "
        "WHERE import = {} AND object_type = {} AND position = {}"
    )
    schema = {"_row": pl.Int64, "line": pl.Int64, "record": pl.Int64, "outcome": pl.String}
    for row in tx.query("imports.batches_before", {"id": id, "object_type": object_type}):
        batch = bulk.fetch(tx, select.format(*map(sql.Literal, (id, object_type, row["position"]))), schema)
        yield batch.with_columns_seq(pl.col("outcome").replace_strict(WORDS, return_dtype=pl.String))
