"""Which way round the file writes its dates and which mark its decimals, decided over all its rows, or asked.

01-02-2026 is two days, and a sample of a hundred rows proves nothing: only the row with the 31st does.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import polars as pl

from kartotek import errors
from kartotek.imports.table import ColumnPlan, Plan, cell
from kartotek.model.properties import Property
from kartotek.values import countries, date, number

_ORDERS = {"DMY": "day-month-year", "MDY": "month-day-year", "YMD": "year-month-day"}


@dataclass(frozen=True, slots=True)
class Undecided:
    dates: tuple[ColumnPlan, ...]
    numbers: tuple[ColumnPlan, ...]

    def __bool__(self) -> bool:
        return bool(self.dates or self.numbers)


def undecided(plan: Plan, columns: Sequence[tuple[ColumnPlan, Property]]) -> Undecided:
    """The columns whose reading depends on a format that the plan does not say."""
    dates = tuple(c for c, prop in columns if prop.kind in ("date", "moment") and c.dates is None)
    numbers = tuple(c for c, prop in columns if prop.kind == "number" and c.numbers is None)
    return Undecided(dates if plan.dates is None else (), numbers if plan.numbers is None else ())


@dataclass(slots=True)
class Ballot:
    """Counts, over all rows, what can be read in which way."""

    columns: Undecided
    _dates: Counter[str] = field(default_factory=Counter)
    _numbers: Counter[str] = field(default_factory=Counter)

    def add(self, batch: pl.DataFrame) -> None:
        for counter, chosen, kind in (
            (self._dates, self.columns.dates, date),
            (self._numbers, self.columns.numbers, number),
        ):
            for column in (one for one in chosen if cell(one.index) in batch.columns):
                counter.update(batch.select(kind.votes(pl.col(cell(column.index)))).row(0, named=True))

    def settle(self, plan: Plan) -> Plan:
        """The plan with what the rows say; Ambiguous, with an example, where they do not say it."""
        if self.columns.dates and self._dates:
            order = date.settle(self._dates)
            if order is None:
                raise errors.Ambiguous(
                    f"The dates of {_named(self.columns.dates)} can be read in more than one way. "
                    "Say which way round they are: `--date-format DMY`, `MDY` or `YMD`.",
                    option="--date-format",
                )
            plan = replace(plan, dates=None if order == "any" else order)
        if self.columns.numbers and self._numbers:
            mark = number.settle(self._numbers)
            if mark is None:
                raise errors.Ambiguous(
                    f"The numbers of {_named(self.columns.numbers)} can be read in more than one way (1.234 or 1,234). "
                    "Say which country's number format it is: `--numbers DK`, `--numbers US`, ...",
                    option="--numbers",
                )
            plan = replace(plan, numbers=None if mark == "any" else countries.OF_MARK[mark])
        return plan


def _named(columns: Sequence[ColumnPlan]) -> str:
    return ", ".join(f"“{column.header}”" for column in columns)
