"""The rows of a file, read once and kept beside us while an import goes over them several times.

The reader's batches lie in Arrow files: going over them again costs a tenth of reading the text again, and a
workbook, which has to be read whole, is so read once.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from kartotek.imports.table import ROW, Sheet


@dataclass(frozen=True, slots=True)
class Spool:
    folder: Path
    size: int  # rows in every batch but the last
    rows: int

    def batch(self, number: int) -> pl.DataFrame:
        """The reader's columns, with ROW in front."""
        frame = pl.read_ipc(self.folder / f"{number}.arrow")
        return frame.with_row_index(ROW, offset=number * self.size).with_columns(pl.col(ROW).cast(pl.Int64))

    def batches(self, start: int = 0) -> Iterator[pl.DataFrame]:
        return (self.batch(number) for number in range(start, self.count))

    @property
    def count(self) -> int:
        return -(-self.rows // self.size)


def fill(sheet: Sheet, folder: Path, size: int, each: Callable[[pl.DataFrame], None] | None = None) -> Spool:
    """Reads the sheet to its end. `each` sees every batch on its way, with ROW in front.

    Keeping a batch, and what `each` does, happens in a thread while the next one is read.
    """
    rows = 0

    def keep(number: int, first: int, batch: pl.DataFrame) -> None:
        batch.write_ipc(folder / f"{number}.arrow", compression="uncompressed")
        if each is not None:
            each(batch.with_row_index(ROW, offset=first).with_columns(pl.col(ROW).cast(pl.Int64)))

    with ThreadPoolExecutor(1) as thread:
        pending: Future[None] | None = None
        for number, batch in enumerate(sheet.batches(size)):
            if pending is not None:
                pending.result()
            pending = thread.submit(keep, number, rows, batch)
            rows += len(batch)
        if pending is not None:
            pending.result()
    return Spool(folder, size, rows)
