"""What a file holds and what is wrong with it, over all its rows, before anything is imported.

It tallies what the import itself would find, so a column that is called fine here is read there. A survey follows from
the file and the plan alone, and can be kept as long as neither changes.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl

from kartotek.imports.table import Plan, Sheet, cell
from kartotek.model.properties import Property
from kartotek.values import NATIVE, TYPES, Reading, cells, countries, date, number

FIRST = 3  # values shown of every column, and of every way to read dates and numbers
KEPT = 20  # different wrong values of each column and kind
_COUNTED = 500  # different wrong values of each column and kind that are counted one by one
_KIND = {"place": pl.Int64, "object_type": pl.String, "type": pl.String}
_LOOKED_AT = 1_000  # values among which those are sought that two formats read differently
_DATES = ("date", "moment")
_ORDERS = ("DMY", "MDY", "YMD")


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of problem in one column, or (`index` None) of whole rows: how many rows, the first, and wrong values
    with how often they stand there."""

    type: str
    index: int | None
    object_type: str | None
    rows: int
    line: int
    values: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Format:
    """How dates or numbers are written. `settled`: what all rows say; None when a person must say it, "any" when it
    does not matter. `readings`: for every candidate some of the file's own values, and what they would be."""

    settled: str | None
    votes: Mapping[str, int]
    readings: Mapping[str, tuple[tuple[str, str | None], ...]]


@dataclass(frozen=True, slots=True)
class Survey:
    """`plan`: as it was given, with the formats that the rows settle. `kinds`: the most frequent first."""

    plan: Plan
    rows: int
    first: tuple[tuple[str, ...], ...]  # per column
    kinds: tuple[Kind, ...]
    dates: Format | None
    numbers: Format | None

    def of(self, index: int) -> tuple[Kind, ...]:
        return tuple(kind for kind in self.kinds if kind.index == index)


@dataclass(slots=True)
class Tally:
    """Counts the problems of batch after batch."""

    rows: int = 0
    _kinds: pl.DataFrame = field(
        default_factory=lambda: pl.DataFrame(schema={**_KIND, "rows": pl.Int64, "line": pl.Int64})
    )
    _values: pl.DataFrame = field(
        default_factory=lambda: pl.DataFrame(schema={**_KIND, "value": pl.String, "rows": pl.Int64})
    )

    def add(self, rows: int, problems: pl.DataFrame) -> None:
        self.rows += rows
        found = problems.group_by(*_KIND, "value").agg(pl.len().cast(pl.Int64).alias("rows"), pl.col("line").min())
        kinds = pl.concat([self._kinds, found.select(self._kinds.columns)])
        self._kinds = kinds.group_by(*_KIND).agg(pl.col("rows").sum(), pl.col("line").min())
        said = found.drop_nulls("value").sort("line", "value").select(self._values.columns)
        values = (
            pl.concat([self._values, said]).group_by(*_KIND, "value", maintain_order=True).agg(pl.col("rows").sum())
        )
        # Those that came first stay, so what is told of them is exact.
        self._values = values.filter(pl.int_range(pl.len()).over(list(_KIND)) < _COUNTED)

    def kinds(self) -> tuple[Kind, ...]:
        found = []
        for kind in self._kinds.sort("rows", "line", *_KIND, descending=[True, *[False] * 4]).to_dicts():
            mine = self._values.filter(pl.col(name).eq_missing(pl.lit(kind[name], _KIND[name])) for name in _KIND)
            values = mine.sort("rows", descending=True, maintain_order=True).head(KEPT).select("value", "rows").rows()
            found.append(
                Kind(kind["type"], kind["place"], kind["object_type"], kind["rows"], kind["line"], tuple(values))
            )
        return tuple(found)


@dataclass(slots=True)
class Formats:
    """How the file writes dates and numbers."""

    columns: Sequence[tuple[int, Property]]
    zone: str
    _votes: dict[str, Counter[str]] = field(default_factory=lambda: {"dates": Counter(), "numbers": Counter()})
    _texts: dict[str, list[str]] = field(default_factory=lambda: {"dates": [], "numbers": []})

    def __bool__(self) -> bool:
        return any(prop.kind in (*_DATES, "number") for _, prop in self.columns)

    def add(self, batch: pl.DataFrame) -> None:
        for index, prop in self.columns:
            what = "dates" if prop.kind in _DATES else "numbers" if prop.kind == "number" else None
            if what is not None:
                module = date if what == "dates" else number
                self._votes[what].update(batch.select(module.votes(pl.col(cell(index)))).row(0, named=True))
                self._look_at(what, batch[cell(index)])

    def dates(self) -> Format | None:
        if not self._votes["dates"]:
            return None
        readings = {order: self._read("dates", "date", Reading(dates=order, zone=self.zone)) for order in _ORDERS}
        return self._format("dates", date.settle(self._votes["dates"]), readings)

    def numbers(self) -> Format | None:
        if not self._votes["numbers"]:
            return None
        marks = {country: mark for mark, country in countries.OF_MARK.items()}
        readings = {country: self._read("numbers", "number", Reading(numbers=country)) for country in marks}
        mark = number.settle(self._votes["numbers"])
        return self._format("numbers", countries.OF_MARK.get(mark, mark) if mark else None, readings)

    def _look_at(self, what: str, texts: pl.Series) -> None:
        room = _LOOKED_AT - len(self._texts[what])
        if room > 0:
            said = texts.alias("text").to_frame().filter(cells.clean(pl.col("text")).is_not_null())["text"]
            self._texts[what] += (
                said.filter(~said.str.starts_with(NATIVE)).unique(maintain_order=True).head(room).to_list()
            )

    def _read(self, what: str, kind: str, how: Reading) -> list[str | None]:
        texts = pl.DataFrame({"text": self._texts[what]}, schema={"text": pl.String})
        return texts.select(TYPES[kind].text(TYPES[kind].read(pl.col("text"), how))).to_series().to_list()

    def _format(self, what: str, settled: str | None, readings: Mapping[str, list[str | None]]) -> Format:
        """With the values first that the candidates read differently."""
        texts = self._texts[what]
        telling = sorted(range(len(texts)), key=lambda i: len({read[i] for read in readings.values()}), reverse=True)[
            :FIRST
        ]
        shown = {candidate: tuple((texts[i], read[i]) for i in telling) for candidate, read in readings.items()}
        return Format(settled, dict(self._votes[what]), shown)


def first_values(sheet: Sheet) -> tuple[tuple[str, ...], ...]:
    batch = next(sheet.batches(FIRST), None)
    if batch is None:
        return tuple(() for _ in sheet.columns)
    return tuple(
        tuple((text or "").removeprefix(NATIVE) for text in batch[cell(i)].to_list()) for i in range(len(sheet.columns))
    )
