"""Rehearsals, and their verdicts on every row: frames in the file store, one for each batch and object type.

A million rows in a table would cost more than the rehearsing; a file of fifty thousand rows and twelve columns takes
40 ms of a processor and 1.2 MB (lz4 36 ms and 2.3 MB, Arrow as it is 10 ms and 21 MB), is read column by column, and
dropped as a whole.
"""

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import polars as pl
from psycopg.types.json import Jsonb

from kartotek import errors
from kartotek.model.rehearsals import Part
from kartotek.store import files
from kartotek.store.database import Tx


def add_part(tx: Tx, files_url: str, id: int, token: str, object_type: int, part: Part, verdicts: pl.DataFrame) -> None:
    with tempfile.TemporaryDirectory(prefix="kartotek-") as folder:
        source = Path(folder) / "part"
        verdicts.write_parquet(source, compression="zstd", compression_level=1, statistics=False)
        files.put(files_url, part.path, source)
    row = {
        "id": id, "token": token, "object_type": object_type, "position": part.position, "rows": part.rows,
        "path": part.path, "outcomes": Jsonb(part.outcomes), "properties": Jsonb(part.properties),
    }  # fmt: skip
    if not tx.call("rehearsals.add_part", row):
        files.remove(files_url, [part.path])


def parts(tx: Tx, id: int, object_type: int) -> list[Part]:
    return [Part(**row) for row in tx.query("rehearsals.parts", {"id": id, "object_type": object_type})]


@contextmanager
def reading(files_url: str, part: Part) -> Iterator[pl.LazyFrame]:
    """The verdicts, to be narrowed and collected while the block lasts."""
    try:
        with files.local(files_url, part.path) as path:
            yield pl.scan_parquet(path)
    except FileNotFoundError as error:
        raise errors.NotFound("This rehearsal is not kept any more. Rehearse again.") from error


def forget(tx: Tx, files_url: str, id: int) -> None:
    """First the rehearsal itself: a worker that is at it then adds nothing more."""
    tx.call("rehearsals.forget", {"id": id})
    forget_parts(tx, files_url, id)


def forget_parts(tx: Tx, files_url: str, id: int) -> None:
    files.remove(files_url, [row["path"] for row in tx.query("rehearsals.forget_parts", {"id": id})])


def finish(tx: Tx, id: int, token: str, state: str, found: dict[str, Any]) -> None:
    """`found`: `books`, `matches` and `message`, None where there is none."""
    tx.call("rehearsals.finish", {"id": id, "token": token, "state": state, **found})


def lines_held(tx: Tx, id: int) -> pl.Series:
    rows: Sequence[dict[str, Any]] = tx.query("rehearsals.held", {"id": id})
    return pl.Series("line", [row["line"] for row in rows], dtype=pl.Int64).sort()
