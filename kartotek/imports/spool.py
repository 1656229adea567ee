"""The rows of a run, read once and kept beside us while an import goes over them several times.

The reader's batches lie in Arrow files: going over them again costs a tenth of reading the text again, and a
workbook, which has to be read whole, is so read once. The rows of several sources are counted through, and so are their
lines; no batch holds rows of two.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from kartotek.imports.table import LINE, ROW, Sheet


@dataclass(frozen=True, slots=True)
class Spool:
    """`firsts`, `sources`: of every batch its first row and its source. `lines`: of every source, how many lines the
    ones before it have."""

    folder: Path
    rows: int
    firsts: tuple[int, ...]
    sources: tuple[int, ...]
    lines: tuple[int, ...]

    def batch(self, number: int, columns: list[str] | None = None) -> pl.DataFrame:
        """The reader's columns, all or some, with ROW in front."""
        frame = pl.read_ipc(self.folder / f"{number}.arrow", columns=columns)
        return _numbered(frame, self.firsts[number])

    def number_at(self, row: int) -> int:
        """Of the batch that begins with this row; beyond the last, how many there are."""
        return bisect_left(self.firsts, row)

    @property
    def count(self) -> int:
        return len(self.firsts)


_PIECES, _LARGE = 5, 10_000
Each = Callable[[pl.DataFrame, int], None]


def fill(sheets: Sequence[Sheet], order: Sequence[int], folder: Path, size: int, each: Each | None = None) -> Spool:
    """Reads the sheets to their ends, in this order. `each` sees every batch, with ROW in front, and its source.

    Keeping a batch, and what `each` does, happen in a thread of their own each while the next one is read.
    """
    firsts: list[int] = []
    sources: list[int] = []
    lines = [0] * len(sheets)
    rows = before = 0

    def keep(number: int, batch: pl.DataFrame) -> None:
        batch.write_ipc(folder / f"{number}.arrow", compression="uncompressed")

    def show(number: int, batch: pl.DataFrame) -> None:
        if each is not None:
            each(_numbered(batch, firsts[number]), sources[number])

    with ThreadPoolExecutor(1) as keeper, ThreadPoolExecutor(1) as shower:
        pending: list[Future[None]] = []
        for source in order:
            last, lines[source] = sheets[source].header_line, before
            for batch in _begun_small(sheets[source].batches(size), size):
                last = int(batch[LINE][-1])
                _wait_for(pending)
                firsts.append(rows)
                sources.append(source)
                counted = batch if not before else batch.with_columns(pl.col(LINE) + before)
                number = len(firsts) - 1
                pending = [keeper.submit(keep, number, counted), shower.submit(show, number, counted)]
                rows += len(batch)
            before += last
        _wait_for(pending)
    return Spool(folder, rows, tuple(firsts), tuple(sources), tuple(lines))


def _begun_small(batches: Iterable[pl.DataFrame], size: int) -> Iterator[pl.DataFrame]:
    """The first one in pieces: each step from the file to the database waits for a whole batch of the step before it,
    and while the first one is on its way nobody has anything else to do."""
    for number, batch in enumerate(batches):
        yield from batch.iter_slices(size // _PIECES) if number == 0 and size >= _LARGE else (batch,)


def _wait_for(pending: Sequence[Future[None]]) -> None:
    for one in pending:
        one.result()


def _numbered(batch: pl.DataFrame, first: int) -> pl.DataFrame:
    return batch.with_row_index(ROW, offset=first).with_columns(pl.col(ROW).cast(pl.Int64))
