"""What a file holds and what is wrong with it, over all its rows, before anything is imported.

It tallies what the import itself would find, so a column that is called fine here is read there. Whatever is found
answers one question about one column (`Kept`), so that a change of one column leaves the answers of the others good.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import polars as pl

from kartotek.imports.table import ColumnPlan, Plan, Sheet, cell
from kartotek.model.properties import Property
from kartotek.values import NATIVE, TYPES, Reading, alphabet, cells, countries, date, number

FIRST = 3  # values shown of every column, and of every way to read dates and numbers
KEPT = 100  # different wrong values of each column and kind
OPTIONS = 100  # a column with no more different values than this may be a choice
_COUNTED = 5_000  # different wrong values of each column and kind that are counted one by one
_KIND = {"place": pl.Int64, "object_type": pl.String, "type": pl.String}
_LOOKED_AT = 1_000  # values among which those are sought that two formats read differently
_ORDERS = ("DMY", "MDY", "YMD")
# Which of the two formats the cells of a kind depend on, and which kind says how a text would be read in it.
FORMATS = {"date": "dates", "moment": "dates", "number": "numbers"}
_KIND_OF = {"dates": "date", "numbers": "number"}


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
class Ballot:
    """How many cells of a column can be read in which way, and some that the ways read differently."""

    votes: dict[str, int]
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Format:
    """How dates or numbers are written. `settled`: what all rows say; None when a person must say it, "any" when it
    does not matter. `readings`: for every candidate some of the file's own values, and what they would be."""

    settled: str | None
    votes: Mapping[str, int]
    readings: Mapping[str, tuple[tuple[str, str | None], ...]]

    @property
    def texts(self) -> tuple[str, ...]:
        return tuple(text for text, _ in next(iter(self.readings.values()), ()))

    @property
    def said(self) -> str | None:
        """As a Plan has it."""
        return None if self.settled == "any" else self.settled


@dataclass(frozen=True, slots=True)
class Kept:
    """All that has been found out of one file as it is read now. `answers` and `ballots`: by question. `distinct`: by
    the column's index, the values of columns that have few."""

    file: str = ""
    rows: int | None = None
    answers: dict[str, tuple[Kind, ...]] = field(default_factory=dict)
    ballots: dict[str, Ballot] = field(default_factory=dict)
    distinct: dict[str, tuple[tuple[str, int], ...]] = field(default_factory=dict)
    trouble: str | None = None  # why it was given up
    notes: tuple[tuple[str, ...], ...] = ()  # of each source, sentences about rows that one may not expect

    def with_answers(self, rows: int, questions: Mapping[str, int | None], kinds: Sequence[Kind]) -> "Kept":
        """`questions`: what was asked, and of which column; None asks of the rows as a whole."""
        found = {key: tuple(one for one in kinds if one.index == index) for key, index in questions.items()}
        return replace(self, rows=rows, answers=self.answers | found)


@dataclass(frozen=True, slots=True)
class Survey:
    """What is known of one plan. `plan`: as it was given, with the formats that the rows settle. `kinds`: the most
    frequent first. `missing`: the columns that have not been looked at yet. `dates` and `numbers`: None where no column
    has any, or as long as that is not known; `formats`: of each such column alone."""

    plan: Plan
    rows: int | None
    kinds: tuple[Kind, ...]
    missing: frozenset[int]
    dates: Format | None
    numbers: Format | None
    formats: Mapping[int, Format]
    distinct: Mapping[str, tuple[tuple[str, int], ...]]
    notes: tuple[tuple[str, ...], ...] = ()  # of each source, as Kept has them
    done: int = 0
    trouble: str | None = None

    @property
    def is_complete(self) -> bool:
        return self.rows is not None and not self.missing

    def of(self, index: int) -> tuple[Kind, ...]:
        return tuple(kind for kind in self.kinds if kind.index == index)

    def asks(self, column: ColumnPlan, prop: Property) -> bool:
        """Whether its cells can be read in more than one way, and nobody has said in which."""
        what = FORMATS.get(prop.kind)
        if what is None or getattr(column, what) or getattr(self.plan, what):
            return False
        found: Format | None = getattr(self, what)
        return found is not None and found.settled is None


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
        if problems.is_empty():
            return
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
class Ballots:
    """How these columns, by index, write dates or numbers: each with "dates" or "numbers"."""

    columns: Mapping[int, str]
    _votes: dict[int, Counter[str]] = field(default_factory=dict)
    _texts: dict[int, list[str]] = field(default_factory=dict)

    def add(self, batch: pl.DataFrame) -> None:
        for index, what in self.columns.items():
            if cell(index) not in batch.columns:  # of another source
                continue
            module = date if what == "dates" else number
            votes = batch.select(module.votes(pl.col(cell(index)))).row(0, named=True)
            self._votes.setdefault(index, Counter()).update(votes)
            self._look_at(index, batch[cell(index)])

    def done(self) -> dict[str, Ballot]:
        return {
            ballot_key(index, what): Ballot(
                dict(self._votes.get(index, _nobody(what))), _telling(what, self._texts.get(index, ()))
            )
            for index, what in self.columns.items()
        }

    def _look_at(self, index: int, texts: pl.Series) -> None:
        seen = self._texts.setdefault(index, [])
        room = _LOOKED_AT - len(seen)
        if room > 0:
            own = texts.alias("text").to_frame().filter(~pl.col("text").str.starts_with(NATIVE))
            said = own.select(cells.clean(pl.col("text"))).to_series().drop_nulls()
            seen += said.unique(maintain_order=True).head(room).to_list()


@dataclass(slots=True)
class Distinct:
    """The different values of columns that have few: what the options of a new property may be."""

    columns: set[int]
    _counts: dict[int, Counter[str]] = field(default_factory=dict)

    def add(self, batch: pl.DataFrame) -> None:
        for index in sorted(self.columns):
            if cell(index) not in batch.columns:
                continue
            text = cells.clean(pl.col(cell(index))).alias("text")
            counted = batch.select(text).drop_nulls().group_by("text").len()
            known = self._counts.setdefault(index, Counter())
            if len(counted) <= OPTIONS:
                known.update(dict(counted.rows()))
            if len(counted) > OPTIONS or len(known) > OPTIONS:
                self.columns.discard(index)
                del self._counts[index]

    def done(self) -> dict[str, tuple[tuple[str, int], ...]]:
        return {
            str(index): tuple((text.lstrip(NATIVE), count) for text, count in _most_frequent(counts))
            for index, counts in self._counts.items()
        }


def _most_frequent(counts: Mapping[str, int]) -> list[tuple[str, int]]:
    """First; of those that are equally so, smaller numbers before larger ones."""
    told = pl.DataFrame({"text": list(counts), "count": list(counts.values())}, {"text": pl.String, "count": pl.Int64})
    by = [pl.col("count"), *alphabet.order(pl.col("text").str.strip_chars_start(NATIVE))]
    return told.sort(by, descending=[True, False, False], nulls_last=True).rows()


def ballot_key(index: int, what: str) -> str:
    return f"{index}:{what}"


def format_of(what: str, ballots: Sequence[Ballot]) -> Format | None:
    """What these columns say together; None when there are none of them."""
    if not ballots:
        return None
    votes: Counter[str] = Counter(_nobody(what))
    for ballot in ballots:
        votes.update(ballot.votes)
    texts = _telling(what, list(dict.fromkeys(text for ballot in ballots for text in ballot.texts)))
    readings = {name: read_as(_KIND_OF[what], texts, how) for name, how in _candidates(what).items()}
    shown = {name: tuple(zip(texts, read, strict=True)) for name, read in readings.items()}
    if what == "dates":
        return Format(date.settle(votes), dict(votes), shown)
    mark = number.settle(votes)
    return Format(countries.OF_MARK.get(mark, mark) if mark else None, dict(votes), shown)


def read_in(what: str, texts: Sequence[str], name: str) -> list[str | None]:
    """These texts as they would be read in this format: an order of dates, or a country's numbers."""
    how = Reading(dates=name) if what == "dates" else Reading(numbers=name)
    return read_as(_KIND_OF[what], texts, how)


def read_as(kind: str, texts: Sequence[str], how: Reading) -> list[str | None]:
    """These texts as they would be read, in canonical form; None for one that cannot be."""
    frame = pl.DataFrame({"text": list(texts)}, schema={"text": pl.String})
    return frame.select(TYPES[kind].text(TYPES[kind].read(pl.col("text"), how)).alias("read"))["read"].to_list()


def first_values(sheet: Sheet) -> tuple[tuple[str, ...], ...]:
    """Per column, in their order."""
    batch = next(sheet.batches(FIRST), None)
    if batch is None:
        return tuple(() for _ in sheet.columns)
    cells_there = [name for name in batch.columns if not name.startswith("_")]
    shown = batch.select(TYPES["multiline"].read(pl.col(name), Reading()) for name in cells_there)
    return tuple(tuple(text or "" for text in column.to_list()) for column in shown.iter_columns())


def _candidates(what: str) -> dict[str, Reading]:
    if what == "dates":
        return {order: Reading(dates=order) for order in _ORDERS}
    return {country: Reading(numbers=country) for country in countries.OF_MARK.values()}


def _nobody(what: str) -> dict[str, int]:
    return dict.fromkeys(
        ("figures", *_ORDERS, "either_way") if what == "dates" else ("comma", "point", "either_way"), 0
    )


def _telling(what: str, texts: Iterable[str]) -> tuple[str, ...]:
    """A few, those first that the candidates read differently."""
    all_texts = list(texts)
    ways = [read_as(_KIND_OF[what], all_texts, how) for how in _candidates(what).values()]
    order = sorted(range(len(all_texts)), key=lambda i: len({way[i] for way in ways}), reverse=True)
    return tuple(all_texts[i] for i in order[:FIRST])
