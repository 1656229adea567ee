"""Points in time, kept in UTC to the millisecond. What names no zone is on the clocks of the zone that the user chose.

On the day a clock is put back an hour comes twice: the earlier one is meant. On the day it is put forward an hour is
missing: what falls into it is as much later. A date alone is its midnight in the chosen zone; in UTC, where moments are
shown as days (`Reading.days`), so that it is one day for everybody.
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
_DAY = 24 * 60 * 60 * 1000


def check(cell: pl.Expr, how: Reading) -> pl.Expr:
    return cells.in_steps(cell, lambda frame: _common(frame, how), lambda frame: _rest(frame, how), DTYPE)


read, wrong = cells.halves(check)


def text(value: pl.Expr) -> pl.Expr:
    return value.dt.to_string("%Y-%m-%dT%H:%M:%S%.3fZ")


def _common(frame: pl.DataFrame, how: Reading) -> pl.DataFrame:
    cell = pl.col("cell")
    steps = frame.select_seq(
        "cell",
        exact=_parsed(cells.only(cell, cell.str.contains(_UTC)).str.head(-1), "%Y-%m-%d %H:%M:%S%.3f"),
        local=_parsed(cells.only(cell, cell.str.contains(_LOCAL)).str.strip_chars_start(NATIVE), "%Y-%m-%d %H:%M:%S"),
    )
    timed = pl.col("exact").is_not_null() | pl.col("local").is_not_null()
    days = date.common(steps.select_seq(cells.only(cell, ~timed)), how.dates).get_column("value")
    placed = _placed(steps.with_columns_seq(local=pl.coalesce("local", days.cast(pl.Datetime("ms")))), "local", how)
    return placed.select_seq(value=_four_digits(pl.coalesce(_utc(pl.col("exact")), "local")))


def _rest(frame: pl.DataFrame, how: Reading) -> pl.DataFrame:
    spoken, written, ahead = pl.col("spoken"), pl.col("written"), pl.col("ahead")
    dated = clock.times(date.days(frame, how.dates))
    steps = dated.with_columns_seq(written=pl.col("day").cast(pl.Datetime("ms")) + pl.col("time"))
    naive = pl.coalesce(cells.only(written, ahead.is_null()), _serial(pl.col("cell")))
    placed = _placed(steps.with_columns_seq(here=naive), "here", how)
    found = placed.with_columns_seq(moment=pl.coalesce(_epoch(spoken), _utc(written - ahead), "here"))
    outside = date.is_outside() | pl.col("moment").is_not_null()
    kind = pl.when(outside).then(pl.lit("OUTSIDE_VALID_TIME_RANGE")).otherwise(pl.lit("COULD_NOT_PARSE_DATE"))
    return found.with_columns_seq(value=_four_digits(pl.col("moment")), wrong=kind)


def _four_digits(moment: pl.Expr) -> pl.Expr:
    return cells.only(moment, moment.dt.year().is_between(1000, 9999))


def _parsed(text: pl.Expr, form: str) -> pl.Expr:
    return text.str.replace("T", " ", literal=True).str.to_datetime(form, time_unit="ms", strict=False)


def _utc(naive: pl.Expr) -> pl.Expr:
    return naive.dt.replace_time_zone("UTC")


def _placed(frame: pl.DataFrame, column: str, how: Reading) -> pl.DataFrame:
    """The column's times, so far without a zone, as they are in the chosen one."""
    naive = pl.col(column)
    if how.zone == "UTC":
        return frame.with_columns_seq(_utc(naive))
    day = cells.only(_utc(naive), (naive.dt.time() == pl.time(0)) & how.days)
    steps = frame.with_columns_seq(_known=pl.coalesce(day, _zoned(naive, how.zone)))
    # The clock goes forward: by the offset of the day before, 02:30 is what the clock now calls 03:30.
    missing = cells.only(naive, pl.col("_known").is_null())
    later = _zoned(missing - pl.duration(days=1), how.zone) + pl.duration(days=1)
    return steps.with_columns_seq(pl.coalesce("_known", later).alias(column))


def _zoned(naive: pl.Expr, zone: str) -> pl.Expr:
    local = naive.dt.replace_time_zone(zone, ambiguous="earliest", non_existent="null")
    return local.dt.convert_time_zone("UTC")


def _epoch(text: pl.Expr) -> pl.Expr:
    figures = cells.only(text, text.str.contains(_EPOCH))
    return _utc(figures.str.pad_end(13, "0").cast(pl.Int64).cast(pl.Datetime("ms")))


def _serial(cell: pl.Expr) -> pl.Expr:
    return (date.serial(cell) * _DAY).round().cast(pl.Int64).cast(pl.Datetime("ms"))
