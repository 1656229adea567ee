"""The rows of a run, read and checked once, and kept beside us while an import goes over them several times.

The reader's batches lie in Arrow files, and so does what they were found to say: going over them again costs a tenth of
reading the text again, and a workbook, which has to be read whole, is so read once. The rows of several sources are
counted through, and so are their lines; no batch holds rows of two.
"""

from bisect import bisect_left
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

import polars as pl

from kartotek.imports.table import LINE, ROW, Checked, Sheet
from kartotek.values import frames


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

    def checked(self, number: int) -> Checked:
        """What the batch was found to say."""
        return Checked(self.values(number), pl.read_ipc(self._kept(number, "problems")))

    def values(self, number: int, columns: list[str] | None = None) -> pl.DataFrame:
        """The batch's values, all or those of some columns."""
        return pl.read_ipc(self._kept(number, "values"), columns=columns)

    def keep_numbers(self, frame: pl.DataFrame) -> None:
        """Which records its rows are about, as Numbers.frame: of ten million rows nobody needs all at once."""
        for number, (first, end) in enumerate(pairwise((*self.firsts, self.rows))):
            frames.keep(frame.slice(first, end - first), self._kept(number, "numbers"))

    def numbers(self, number: int, columns: list[str] | None = None) -> pl.DataFrame:
        """Of a batch's rows, without ROW."""
        frame = pl.read_ipc(self._kept(number, "numbers"), columns=columns)
        return frame.with_columns_seq(pl.col(pl.UInt32).cast(pl.Int64))

    @property
    def count(self) -> int:
        return len(self.firsts)

    def _kept(self, number: int, what: str) -> Path:
        return self.folder / f"{number}.{what}.arrow"


_PIECES, _LARGE = 5, 10_000
# So many batches are checked beside each other, each by one thread: there is nothing else to do yet.
_AT_ONCE = min(2 + pl.thread_pool_size(), 6)
_WAITING = 8  # frames that are to be kept; more would only fill the memory when the disk is slow
Check = Callable[[pl.DataFrame, int], Checked]
Each = Callable[[Checked], None]


def fill(
    sheets: Sequence[Sheet], order: Sequence[int], folder: Path, size: int, check: Check, each: Each | None = None
) -> Spool:
    """Reads the sheets to their ends, in this order. `check` is given every batch, with ROW in front, and its source;
    `each` then sees what it gives, in the order of the rows.

    Keeping and checking happen in threads of their own while the next batch is read.
    """
    lines = [0] * len(sheets)
    before = 0
    with ThreadPoolExecutor(1) as keeper, ThreadPoolExecutor(_AT_ONCE) as checkers:
        filling = _Filling(folder, check, each, keeper, checkers)
        for source in order:
            last, lines[source] = sheets[source].header_line, before
            for batch in _begun_small(sheets[source].batches(size), size):
                last = int(batch[LINE][-1])
                filling.take(batch if not before else batch.with_columns_seq(pl.col(LINE) + before), source)
            before += last
        filling.finish()
    return Spool(folder, filling.rows, tuple(filling.firsts), tuple(filling.sources), tuple(lines))


@dataclass(slots=True)
class _Filling:
    """The batches on their way: some are being checked, and some frames wait to be kept."""

    folder: Path
    check: Check
    each: Each | None
    keeper: ThreadPoolExecutor
    checkers: ThreadPoolExecutor
    rows: int = 0
    firsts: list[int] = field(default_factory=list)
    sources: list[int] = field(default_factory=list)
    _seen: int = 0  # batches
    _checked: deque[Future[Checked]] = field(default_factory=deque)
    _kept: deque[Future[None]] = field(default_factory=deque)

    def take(self, batch: pl.DataFrame, source: int) -> None:
        self._keep(f"{len(self.firsts)}.arrow", batch)
        self._checked.append(self.checkers.submit(self.check, _numbered(batch, self.rows), source))
        self.firsts.append(self.rows)
        self.sources.append(source)
        self.rows += len(batch)
        while len(self._checked) > _AT_ONCE:
            self._see()

    def finish(self) -> None:
        while self._checked:
            self._see()
        while self._kept:
            self._kept.popleft().result()

    def _see(self) -> None:
        checked = self._checked.popleft().result()
        self._keep(f"{self._seen}.values.arrow", checked.values)
        self._keep(f"{self._seen}.problems.arrow", checked.problems)
        self._seen += 1
        if self.each is not None:
            self.each(checked)

    def _keep(self, name: str, frame: pl.DataFrame) -> None:
        self._kept.append(self.keeper.submit(frames.keep, frame, self.folder / name))
        while len(self._kept) > _WAITING:
            self._kept.popleft().result()


def _begun_small(batches: Iterable[pl.DataFrame], size: int) -> Iterator[pl.DataFrame]:
    """The first one in pieces: each step from the file to the database waits for a whole batch of the step before it,
    and while the first one is on its way nobody has anything else to do."""
    for number, batch in enumerate(batches):
        yield from batch.iter_slices(size // _PIECES) if number == 0 and size >= _LARGE else (batch,)


def _numbered(batch: pl.DataFrame, first: int) -> pl.DataFrame:
    return batch.with_row_index(ROW, offset=first).with_columns_seq(pl.col(ROW).cast(pl.Int64))
