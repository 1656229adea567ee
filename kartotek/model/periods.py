"""Periods: stretches of days named as people name them, seen from today."""

from collections.abc import Callable
from datetime import date, timedelta

# The most days that one may look back or ahead: more are no date that PostgreSQL and people share.
MOST_DAYS = 36_500


def of(name: str, today: date) -> tuple[date, date]:
    """The first and the last day; weeks begin on Monday."""
    which, _, unit = name.rpartition("_")
    if unit in _BEGINS:
        at = {"last": -1, "this": 0, "next": 1}[which]
        first = _BEGINS[unit](today, at)
        return first, _BEGINS[unit](today, at + 1) - timedelta(days=1)
    day = today + timedelta(days={"yesterday": -1, "today": 0, "tomorrow": 1}[name])
    return day, day


def days(operator: str, count: int, today: date) -> tuple[date | None, date | None]:
    """The first and the last day of LAST_DAYS, NEXT_DAYS (both hold today) and DAYS_AGO, which has no beginning."""
    step = timedelta(days=count)
    if operator == "LAST_DAYS":
        return today - step, today
    if operator == "NEXT_DAYS":
        return today, today + step
    return None, today - step - timedelta(days=1)


def _week(today: date, at: int) -> date:
    return today + timedelta(days=7 * at - today.weekday())


def _month(today: date, at: int) -> date:
    return _first(today.year, today.month - 1 + at)


def _quarter(today: date, at: int) -> date:
    return _first(today.year, (today.month - 1) // 3 * 3 + 3 * at)


def _year(today: date, at: int) -> date:
    return date(today.year + at, 1, 1)


def _first(year: int, months: int) -> date:
    return date(year + months // 12, months % 12 + 1, 1)


_BEGINS: dict[str, Callable[[date, int], date]] = {
    "week": _week, "month": _month, "quarter": _quarter, "year": _year,
}  # fmt: skip
NAMES = (
    "today", "yesterday", "tomorrow",
    *(f"{which}_{unit}" for unit in _BEGINS for which in ("this", "last", "next")),
)  # fmt: skip
