"""An export from one end to the other: what an actor may see, as it stood at one moment, as the bytes of a file.

Records come in batches and go out in pieces, so a million need no more memory than a thousand.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence

import polars as pl

from kartotek.domain import Database, Tx, extracts
from kartotek.exports import cells, columns
from kartotek.exports.table import Column, Format, Style
from kartotek.exports.writers import delimited, json_lines, spreadsheet
from kartotek.model.extracts import Extract
from kartotek.model.people import Actor

Writer = Callable[[Sequence[Column], Iterable[pl.DataFrame]], Iterator[bytes]]
OnProgress = Callable[[int, int], None]  # records written, records in all

_WRITERS: dict[Format, Writer] = {
    Format.CSV: delimited.parts,
    Format.XLSX: spreadsheet.parts,
    Format.JSONL: json_lines.parts,
}
MEDIA = {
    Format.CSV: "text/csv; charset=utf-8",
    Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Format.JSONL: "application/x-ndjson",
}


def parts(
    database: Database, actor: Actor, extract: Extract, style: Style, on_progress: OnProgress | None = None
) -> Iterator[bytes]:
    """The file, piece by piece; what is refused is refused before the first."""
    with extracts.snapshot(database) as tx:
        yield from _parts(tx, actor, extract, style, on_progress)


def _parts(tx: Tx, actor: Actor, extract: Extract, style: Style, on_progress: OnProgress | None) -> Iterator[bytes]:
    reading = extracts.read(tx, actor, extract)
    if style.format is Format.XLSX:
        spreadsheet.refuse_too_many(len(reading.ids))
    wanted = columns.of(tx, reading.extract, style)
    yield from _WRITERS[style.format](wanted, _spoken(reading, wanted, on_progress))


def _spoken(
    reading: extracts.Reading, wanted: Sequence[Column], on_progress: OnProgress | None
) -> Iterator[pl.DataFrame]:
    done, total = 0, len(reading.ids)
    for frame in reading.batches():
        yield cells.spoken(wanted, frame)
        done += frame["_id"].n_unique()
        if on_progress:
            on_progress(done, total)
