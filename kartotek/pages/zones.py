"""Moments on the clock of whoever looks at a page: their browser names its time zone in a cookie (static/js/zone.js).

Everything below the pages knows moments in UTC only. A day without a time of day is that day for everybody, and so is a
moment at midnight UTC where it is shown as a day: that is how a day is kept in a property that holds a moment.
"""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time, tzinfo
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

import polars as pl

from kartotek.values import TYPES, Reading

COOKIE = "kartotek_zone"
# Beside the fields of moments in a form: the zone that they were written for. No property can be called so.
FIELD = "k-zone"
# Files of the system's, which are no zones.
_NONE = frozenset({"Factory", "localtime"})
_AREAS = tuple(f"{name}/" for name in (
    "Africa", "America", "Antarctica", "Arctic", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific"
))  # fmt: skip
_HAS_CLOCK = re.compile(r"\d(?:T|[ ,]\D*)\d{1,2}[:.]\d{2}")


def of(name: str) -> tzinfo:
    """The zone of this name; UTC where there is none, whatever the browser says."""
    return ZoneInfo(name) if name in _known() else UTC


@cache
def _known() -> frozenset[str]:
    return frozenset(available_timezones()) - _NONE


def places() -> list[str]:
    """The zones that are called by a city, such as Europe/Copenhagen."""
    return [name for name in _known() if name.startswith(_AREAS)]


def local(value: datetime | str, zone: tzinfo) -> datetime:
    """The moment on this zone's clock; what names no zone stays as it is."""
    point = datetime.fromisoformat(value) if isinstance(value, str) else value
    if point.tzinfo is None:
        return point
    try:
        return point.astimezone(zone)
    except OverflowError:  # the first and the last hours that there are
        return point


def day(value: date | str, zone: tzinfo) -> date:
    """The day that it is, or that a moment falls on by this zone's clock."""
    if isinstance(value, str):
        value = _point(value) or date.fromisoformat(value[:10])
    if not isinstance(value, datetime):
        return value
    return (local(value, UTC) if is_day(value) else local(value, zone)).date()


def is_day(value: datetime | str) -> bool:
    """Whether it is midnight UTC."""
    point = _point(value) if isinstance(value, str) else value
    return point is not None and local(point, UTC).time() == time()


def minute(text: str, zone: tzinfo) -> str:
    """As a field for day and time shows it: 2026-04-03T14:05. What is no moment stays as it was typed."""
    return _written(text, lambda: local(text, zone).isoformat()[:16])


def days(text: str, zone: tzinfo) -> str:
    """As a field for a day shows a moment."""
    return _written(text, lambda: day(text, zone).isoformat())


def written(text: str, zone: tzinfo) -> str:
    """As a field for any text shows a moment: 2026-04-03 14:05, or the day alone."""
    if not _HAS_CLOCK.search(text):
        return text
    return _written(text, lambda: _short(local(plain(text, UTC), zone)))


def plain(text: str, zone: tzinfo) -> str:
    """2026-04-03T14:05 of this zone → 2026-04-03T12:05:00.000Z; a day alone, or what is no moment, stays as typed."""
    if not _HAS_CLOCK.search(text):
        return text
    kind, how = TYPES["moment"], Reading(dates="DMY", zone=str(zone))
    cell = pl.DataFrame({"cell": [text]}, schema={"cell": pl.String})
    read: str | None = cell.select(kind.text(kind.read(pl.col("cell"), how))).item()
    return text if read is None else read


def _point(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text) if _HAS_CLOCK.search(text) else None
    except ValueError:
        return None


def _short(point: datetime) -> str:
    return point.replace(tzinfo=None).isoformat(" ").removesuffix(":00")


def _written(text: str, write: Callable[[], str]) -> str:
    try:
        return write()
    except ValueError:
        return text
