"""The books of an import, counted from the database: what became of its rows, links and cells, and every problem."""

from collections.abc import Sequence
from typing import Any

import polars as pl

from kartotek.domain import Tx, domains
from kartotek.model.imports import Books, Cells, Import
from kartotek.model.records import Outcome
from kartotek.store import imports as store

ROW_ITSELF = -1
LINKS = ("created", "updated", "unchanged", "removed", "failed")


def of(tx: Tx, id: int, rows: int | None = None) -> Books:
    """Counted from the database. `rows`: of the file; by default what the batches add up to."""
    objects: dict[str, dict[str, int]] = {}
    for row in tx.query("imports.counts", {"id": id}):
        objects.setdefault(row["object_type"], dict.fromkeys(Outcome, 0))[row["outcome"]] = row["rows"]
    pairs = {row["outcome"]: row["pairs"] for row in tx.query("imports.link_counts", {"id": id})}
    links = dict.fromkeys(LINKS, 0) | pairs
    problems = {row["type"]: row["problems"] for row in tx.query("imports.problem_counts", {"id": id})}
    counted = max((sum(counts.values()) for counts in objects.values()), default=0)
    plain = {name: {str(outcome): count for outcome, count in counts.items()} for name, counts in objects.items()}
    cells = {row["outcome"]: row["cells"] for row in tx.query("imports.cell_counts", {"id": id})}
    every = dict.fromkeys(map(str, Cells), 0) | cells
    return Books(counted if rows is None else rows, plain, links, problems, every, domains.of_import(tx, id))


def of_several(tx: Tx, ids: Sequence[int]) -> dict[int, dict[str, dict[str, int]]]:
    """Per import, object type → outcome → rows."""
    found: dict[int, dict[str, dict[str, int]]] = {}
    for row in tx.query("imports.counts_of", {"ids": list(ids)}):
        found.setdefault(row["import"], {}).setdefault(row["object_type"], {})[row["outcome"]] = row["rows"]
    return found


def with_problems(tx: Tx, ids: Sequence[int]) -> set[int]:
    """Those of these imports that found any."""
    return {row["id"] for row in tx.query("imports.with_problems", {"ids": list(ids)})}


def problems(
    tx: Tx,
    id: int,
    *,
    type: str | None = None,
    types: Sequence[str] | None = None,
    place: int | None = None,
    limit: int = 1000,
    offset: int = 0,
) -> pl.DataFrame:
    """`line`, `place` (the column's index), `object_type`, `property`, `type`, `value`, in the order of the file.

    `place`: only those of this column; ROW_ITSELF for those of no column.
    """
    return store.problems(tx, id, type=type, types=types, place=place, limit=limit, offset=offset)


def kept_out(tx: Tx, id: int, found: pl.DataFrame, types: Sequence[str]) -> pl.DataFrame:
    """`line`, `object_type`: what of the lines of these problems did not come in, as far as these types say or a
    malformed domain leaves it open, each once."""
    asked = {"id": id, "lines": found["line"].unique().to_list(), "types": list(types)}
    rows = tx.query("imports.problems_of_lines", asked)
    lines = found.filter(pl.col("type") == "INVALID_DOMAIN")["line"].unique().to_list()
    if lines:
        asked = {"id": id, "lines": lines, "first": min(lines), "last": max(lines)}
        rows += tx.query("imports.failed_of_lines", asked)
    return pl.DataFrame(rows, schema={"line": pl.Int64, "object_type": pl.String}).unique()


def troubled(tx: Tx, job: Import) -> list[int]:
    """The numbers of its files and sheets that have rows with problems."""
    rows = tx.query("imports.troubled", {"id": job.id, "lines": list(job.lines) or [0]})
    return sorted(row["source"] for row in rows)


def none() -> pl.DataFrame:
    """No problems."""
    return pl.DataFrame(schema=store.PROBLEM)


def problem_places(tx: Tx, id: int) -> list[dict[str, Any]]:
    """Where problems are: `place`, `object_type`, `property`, `type`, `problems` (how many), `example`; most first."""
    return [dict(row) for row in tx.query("imports.problem_places", {"id": id})]


def problems_of(tx: Tx, id: int, object_type: str, types: Sequence[str]) -> pl.DataFrame:
    """`line`, `type`, `property` of all its problems of these types."""
    return store.problems_of(tx, id, object_type, types)
