"""What rows of later batches say of records whose first row stands in an earlier one: one line for each record.

When a file repeats itself, this can be as large as the file. So beyond some size it goes to disk, sorted by group, and
each batch takes the piece that is about its own records.
"""

from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from kartotek.imports import write
from kartotek.model.object_types import ObjectType

# Bytes that are kept in memory before they go to disk.
KEPT = 24 * 1024 * 1024


@dataclass(slots=True)
class Ahead:
    one: ObjectType
    folder: Path
    kept: int = KEPT
    _parts: list[pl.DataFrame] = field(default_factory=list)
    _bytes: int = 0
    _runs: list[Path] = field(default_factory=list)

    def add(self, rows: pl.DataFrame) -> None:
        """`rows`: ROW, `group` and the values; to be called in the order of the file."""
        part = write.fold_by(self.one, "group", rows)
        self._parts.append(part)
        self._bytes += int(part.estimated_size())
        if self._bytes > self.kept:
            # Mostly the same records come again and again, and fold to little.
            self._parts = [self._folded()]
            self._bytes = int(self._parts[0].estimated_size())
            if self._bytes > self.kept // 2:
                self._to_disk()

    def seal(self) -> "Ahead":
        """Nothing more will be added."""
        if self._runs and self._parts:
            self._to_disk()
        elif self._parts:
            self._parts = [self._folded()]
        return self

    def of(self, first: int, end: int) -> pl.DataFrame | None:
        """What is said of the records whose first row is one of these."""
        found = [_between(part, first, end) for part in self._parts]
        found += [_between(pl.read_ipc(run), first, end) for run in self._runs]
        found = [part for part in found if len(part)]
        if not found:
            return None
        return found[0] if len(found) == 1 else write.fold_by(self.one, "group", pl.concat(found))

    def _folded(self) -> pl.DataFrame:
        return write.fold_by(self.one, "group", pl.concat(self._parts)).sort("group")

    def _to_disk(self) -> None:
        path = self.folder / f"ahead-{self.one.name}-{len(self._runs)}.arrow"
        self._folded().write_ipc(path, compression="uncompressed")
        self._runs.append(path)
        self._parts, self._bytes = [], 0


def _between(rows: pl.DataFrame, first: int, end: int) -> pl.DataFrame:
    start, stop = (rows["group"].search_sorted(at, side="left") for at in (first, end))
    return rows.slice(start, stop - start)
