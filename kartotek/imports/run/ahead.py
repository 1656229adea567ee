"""What rows of later batches say of records whose first row stands in an earlier one: one line for each record.

When a file repeats itself, this can be as large as the file. So beyond some size it goes to disk, in pieces that are
about the records of a stretch of the file, and whoever comes to that stretch takes its pieces.
"""

from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from kartotek.imports import write
from kartotek.imports.table import ROW
from kartotek.model.object_types import ObjectType
from kartotek.values import frames

_SAID = {"group": pl.Int64, "said": pl.UInt64}

# Bytes that are kept in memory before they are folded, or go to disk.
KEPT = 24 * 1024 * 1024
# Rows of the file whose records are in one piece.
STRETCH = 400_000


@dataclass(slots=True)
class Ahead:
    one: ObjectType
    folder: Path
    kept: int = KEPT
    stretch: int = STRETCH
    _parts: list[pl.DataFrame] = field(default_factory=list)
    _bytes: int = 0
    _pieces: dict[int, list[Path]] = field(default_factory=dict)  # by the stretch that they are about
    _open: tuple[int, list[pl.DataFrame]] = (-1, [])  # the stretch that was asked for last, and what is said there

    def add(self, rows: pl.DataFrame) -> None:
        """`rows`: ROW, `group` and the values; to be called in the order of the file."""
        part = write.fold_by(self.one, "group", rows)
        self._parts.append(part)
        self._bytes += int(part.estimated_size())
        if self._bytes > self.kept:
            # Mostly the same records come again and again, and fold to little.
            self._parts = [self._folded(self._parts)]
            self._bytes = int(self._parts[0].estimated_size())
            if self._bytes > self.kept // 2:
                self._to_disk()

    def seal(self) -> "Ahead":
        """Nothing more will be added."""
        if self._pieces and self._parts:
            self._to_disk()
        elif self._parts:
            self._parts = [self._folded(self._parts)]
        return self

    def of(self, first: int, end: int) -> pl.DataFrame | None:
        """What is said of the records whose first row is one of these."""
        stretches = range(first // self.stretch, (end - 1) // self.stretch + 1) if self._pieces else ()
        parts = [*self._parts, *(part for stretch in stretches for part in self._about(stretch))]
        found = [said for part in parts if len(said := _between(part, first, end))]
        return pl.concat(found) if found else None

    def _folded(self, parts: list[pl.DataFrame]) -> pl.DataFrame:
        return write.fold_by(self.one, "group", pl.concat(parts)).sort("group")

    def _to_disk(self) -> None:
        folded = self._folded(self._parts).with_columns_seq(stretch=pl.col("group") // self.stretch)
        for (stretch,), piece in folded.group_by("stretch", maintain_order=True):
            mine = self._pieces.setdefault(int(str(stretch)), [])
            path = self.folder / f"ahead-{self.one.name}-{stretch}-{len(mine)}.arrow"
            frames.keep(piece.drop("stretch"), path)
            mine.append(path)
        self._parts, self._bytes = [], 0

    def _about(self, stretch: int) -> list[pl.DataFrame]:
        """The pieces of a stretch as one, if there are any; batch after batch asks for the same."""
        opened, parts = self._open
        if opened == stretch:
            return parts
        parts, size = [], 0
        for path in self._pieces.get(stretch, ()):
            parts.append(pl.read_ipc(path))
            size += int(parts[-1].estimated_size())
            if size > self.kept:
                parts = [self._folded(parts)]
                size = int(parts[0].estimated_size())
        parts = [self._folded(parts)] if parts else []
        self._open = stretch, parts
        return parts


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
