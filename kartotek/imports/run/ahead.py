"""What rows of later batches say of records whose first row stands in an earlier one: one line for each record.

When a file repeats itself, this can be as large as the file. So beyond some size it goes to disk, sorted by group, and
each batch takes the piece that is about its own records.
"""

from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from kartotek.imports import write
from kartotek.imports.table import ROW
from kartotek.model.object_types import ObjectType
from kartotek.values import frames

_SAID = {"group": pl.Int64, "said": pl.UInt64}

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
        frames.keep(self._folded(), path)
        self._runs.append(path)
        self._parts, self._bytes = [], 0


@dataclass(slots=True)
class Said:
    """What the first rows of records say, as a hash of their values. As long as all rows of a record say the same they
    add nothing to it: a company that a hundred thousand rows repeat need not be read again."""

    spanning: pl.DataFrame  # the records that rows of later batches are about, as `group`
    _heads: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=_SAID))
    _varied: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema={"group": pl.Int64}))

    def anew(self, told: pl.DataFrame, first: int) -> pl.DataFrame:
        """Those of `told` (ROW, `group`) that are about a record of an earlier batch, and may add to it.

        To be called for every batch, in their order, with a hash of what each row says as `said`; `first`: the number
        of its first row.
        """
        about = told.filter(pl.col("group").is_in(self.spanning["group"].implode()))
        if about.is_empty():
            return about.drop("said")
        is_head = pl.col(ROW) == pl.col("group")
        self._heads = pl.concat([self._heads, about.filter(is_head).select_seq(_SAID.keys())])
        # A head of which nothing is known stands in a table that says no more than who its records are.
        compared = about.filter(~is_head).join(self._heads, on="group", how="left")
        different = compared.filter(pl.col("said").ne_missing(pl.col("said_right"))).select_seq("group")
        if len(different):
            self._varied = pl.concat([self._varied, different]).unique()
        late = about.filter(pl.col("group") < first).drop("said")
        return (
            late.join(self._varied, on="group", how="semi", maintain_order="left")
            if len(self._varied)
            else late.clear()
        )


def _between(rows: pl.DataFrame, first: int, end: int) -> pl.DataFrame:
    start, stop = (rows["group"].search_sorted(at, side="left") for at in (first, end))
    return rows.slice(start, stop - start)
