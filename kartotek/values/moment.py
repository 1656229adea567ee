"""Points in time, kept in UTC to the millisecond. What names no zone is on the clocks of the zone that the user chose.

On the day a clock is put back an hour comes twice: the earlier one is meant. On the day it is put forward an hour is
missing: what falls into it is as much later. A date alone is its midnight in the chosen zone.
"""

import polars as pl

from kartotek.values import cells, clock, date
from kartotek.values.reading import NATIVE, Reading

DTYPE: pl.DataType = pl.Datetime("ms", "UTC")
SQL = "timestamptz"
EXAMPLE = "2026-04-03 14:30"

_DAY_AND_TIME = "[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}:[0-9]{2}"
_UTC = rf"^{_DAY_AND_TIME}\.[0-9]{{3}}Z$"
_LOCAL = rf"^{NATIVE}?{_DAY_AND_TIME}$"
_EPOCH = "^[0-9]{10}(?:[0-9]{3})?$"
_SERIAL = rf"^{NATIVE}[1-9][0-9]{{4}}(?:\.[0-9]+)?$"
_DAY = 24 * 60 * 60 * 1000


def read(cell: pl.Expr, how: Reading) -> pl.Expr:
    moment = _any_year(cell, how)
    return cells.only(moment, moment.dt.year().is_between(1000, 9999))


def wrong(cell: pl.Expr, how: Reading) -> pl.Expr:
    left = cells.only(cell, cells.unread(cell, read(cell, how)))
    return cells.once_each(left, lambda frame: _fault(frame, how), pl.String())


def text(value: pl.Expr) -> pl.Expr:
    return value.dt.to_string("%Y-%m-%dT%H:%M:%S%.3fZ")


def _any_year(cell: pl.Expr, how: Reading) -> pl.Expr:
    utc = _utc(_parsed(cells.only(cell, cell.str.contains(_UTC)).str.head(-1), "%Y-%m-%d %H:%M:%S%.3f"))
    here = cells.only(cell, cell.str.contains(_LOCAL)).str.strip_chars_start(NATIVE)
    common = pl.coalesce(utc, _from_zone(_parsed(here, "%Y-%m-%d %H:%M:%S"), how.zone))
    rest = cells.only(cell, common.is_null())
    return pl.coalesce(common, cells.once_each(rest, lambda frame: _uncommon(frame, how), DTYPE))


def _uncommon(frame: pl.DataFrame, how: Reading) -> pl.DataFrame:
    spoken = pl.col("spoken")
    told = pl.when(clock.is_told(spoken)).then(clock.milliseconds(spoken)).otherwise(0)
    steps = date.days(frame, how.dates).with_columns(
        written=pl.col("day").cast(pl.Datetime("ms")) + told.cast(pl.Duration("ms")),
        ahead=clock.offset(spoken).cast(pl.Duration("ms")),
        serial=_serial(pl.col("cell")),
        epoch=_epoch(spoken),
    )
    naive = cells.only(pl.col("written"), pl.col("ahead").is_null())
    placed = steps.with_columns(
        zoned=_utc(pl.col("written") - pl.col("ahead")), here=_from_zone(pl.coalesce(naive, "serial"), how.zone)
    )
    return placed.select(answer=pl.coalesce("epoch", "zoned", "here"))


def _fault(frame: pl.DataFrame, how: Reading) -> pl.DataFrame:
    outside = date.is_outside() | _any_year(pl.col("cell"), how).is_not_null()
    kind = pl.when(outside).then(pl.lit("OUTSIDE_VALID_TIME_RANGE")).otherwise(pl.lit("COULD_NOT_PARSE_DATE"))
    return date.days(frame, None).select(answer=kind)


def _parsed(text: pl.Expr, form: str) -> pl.Expr:
    return text.str.replace("T", " ", literal=True).str.to_datetime(form, time_unit="ms", strict=False)


def _utc(naive: pl.Expr) -> pl.Expr:
    return naive.dt.replace_time_zone("UTC")


def _from_zone(naive: pl.Expr, zone: str) -> pl.Expr:
    if zone == "UTC":
        return _utc(naive)
    known = _zoned(naive, zone)
    # The clock goes forward: by the offset of the day before, 02:30 is what the clock now calls 03:30.
    missing = cells.only(naive, known.is_null())
    later = _zoned(missing - pl.duration(days=1), zone) + pl.duration(days=1)
    return pl.coalesce(known, later)


def _zoned(naive: pl.Expr, zone: str) -> pl.Expr:
    local = naive.dt.replace_time_zone(zone, ambiguous="earliest", non_existent="null")
    return local.dt.convert_time_zone("UTC")


def _epoch(text: pl.Expr) -> pl.Expr:
    figures = cells.only(text, text.str.contains(_EPOCH))
    return _utc(figures.str.pad_end(13, "0").cast(pl.Int64).cast(pl.Datetime("ms")))


def _serial(cell: pl.Expr) -> pl.Expr:
    days = cells.only(cell, cell.str.contains(_SERIAL)).str.slice(1).cast(pl.Float64)
    return ((days - 25_569) * _DAY).round().cast(pl.Int64).cast(pl.Datetime("ms"))
