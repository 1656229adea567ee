"""What the mapping page shows of a file before anything is imported: its first rows, and what is wrong in each column.

Every row is looked at, not a sample: what the page calls fine will be read. Two passes at most, the first only when
the order of the dates or the mark of the decimals is not decided yet.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl

from kartotek.imports.table import Sheet, cell
from kartotek.model.properties import Property
from kartotek.values import NATIVE, TYPES, Reading, countries, date, number

FIRST = 3
# So many different wrong values are kept of each column and kind; the others are only counted.
KEPT = 50
_BATCH = 50_000
_DATES = ("date", "moment")


@dataclass(frozen=True, slots=True)
class Wrong:
    """One kind of error in one column: in how many rows, and the values with their rows."""

    type: str
    rows: int
    values: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """A mapped column: its place, and how its cells are to be read."""

    index: int
    property: Property
    reading: Reading


@dataclass(frozen=True, slots=True)
class Formats:
    """What the rows say of dates and numbers: "any" when it does not matter, None when one must ask."""

    dates: str | None = None
    numbers: str | None = None
    has_dates: bool = False
    has_numbers: bool = False
    # Some of the file's own values, to be shown as they will be read.
    date_examples: tuple[str, ...] = ()
    number_examples: tuple[str, ...] = ()


def first_rows(sheet: Sheet, count: int = FIRST) -> list[list[str]]:
    """The first values of each column, in the order of the columns."""
    batch = next(sheet.batches(count), None)
    if batch is None:
        return [[] for _ in sheet.columns]
    return [[_plain(text) for text in batch[cell(i)].head(count).to_list()] for i in range(len(sheet.columns))]


def formats(sheet: Sheet, columns: Sequence[tuple[int, Property]]) -> Formats:
    """How the file writes dates and numbers, decided over all its rows."""
    dates = [index for index, prop in columns if prop.kind in _DATES]
    numbers = [index for index, prop in columns if prop.kind == "number"]
    if not dates and not numbers:
        return Formats()
    days: Counter[str] = Counter()
    marks: Counter[str] = Counter()
    shown: tuple[dict[str, None], dict[str, None]] = ({}, {})
    for batch in sheet.batches(_BATCH):
        for index in dates:
            days.update(batch.select(date.votes(pl.col(cell(index)))).row(0, named=True))
            _collect(batch, index, shown[0])
        for index in numbers:
            marks.update(batch.select(number.votes(pl.col(cell(index)))).row(0, named=True))
            _collect(batch, index, shown[1])
    mark = number.settle(marks) if marks else None
    return Formats(
        dates=date.settle(days) if days else None,
        numbers=countries.OF_MARK.get(mark, mark) if mark else None,
        has_dates=bool(dates),
        has_numbers=bool(numbers),
        date_examples=tuple(shown[0]),
        number_examples=tuple(shown[1]),
    )


def wrong(sheet: Sheet, columns: Sequence[Asked]) -> tuple[int, dict[int, list[Wrong]]]:
    """The number of rows, and for each column what hinders its cells, the most frequent kind first."""
    tallies = {one.index: _Tally() for one in columns}
    rows = 0
    for batch in sheet.batches(_BATCH):
        rows += len(batch)
        for one in columns:
            tallies[one.index].add(_counted(batch, one))
    return rows, {index: tally.kinds() for index, tally in tallies.items()}


def read_as(prop_kind: str, texts: Sequence[str], reading: Reading) -> list[str | None]:
    """These texts as they will be read, in canonical form; None for one that cannot be."""
    column = pl.DataFrame({"text": list(texts)}, schema={"text": pl.String})
    kind = TYPES[prop_kind]
    return column.select(kind.text(kind.read(pl.col("text"), reading)).alias("read"))["read"].to_list()


def _counted(batch: pl.DataFrame, one: Asked) -> Iterator[Mapping[str, object]]:
    named = pl.col(cell(one.index))
    found = (
        batch.select(type=TYPES[one.property.kind].wrong(named, one.reading), value=named)
        .filter(pl.col("type").is_not_null())
        .group_by("type", "value")
        .len()
        .sort("len", descending=True)
    )
    return found.iter_rows(named=True)


@dataclass(slots=True)
class _Tally:
    rows: Counter[str] = field(default_factory=Counter)
    values: dict[str, Counter[str]] = field(default_factory=dict)

    def add(self, counted: Iterator[Mapping[str, object]]) -> None:
        for row in counted:
            type, value, count = str(row["type"]), _plain(str(row["value"])), int(str(row["len"]))
            self.rows[type] += count
            kept = self.values.setdefault(type, Counter())
            if value in kept or len(kept) < KEPT:
                kept[value] += count

    def kinds(self) -> list[Wrong]:
        return [Wrong(type, count, tuple(self.values[type].most_common())) for type, count in self.rows.most_common()]


def _collect(batch: pl.DataFrame, index: int, into: dict[str, None]) -> None:
    if len(into) < FIRST:
        texts = batch[cell(index)].drop_nulls()
        for text in texts.filter(texts != "").unique(maintain_order=True).head(FIRST).to_list():
            if len(into) < FIRST:
                into[_plain(text)] = None


def _plain(text: str | None) -> str:
    return (text or "").removeprefix(NATIVE)
