"""The time of day that may follow a date: 14:30, kl. 14.30, 2:30 pm, T14:30:00.123+02:00."""

import polars as pl

_TAIL = (
    r"(?:t|[ ,]+(?:(?:kl\.?|klokken|klockan|at|um|-) *)?)"
    r"(?:([0-9]{1,2})[:.]([0-9]{2})(?:[:.]([0-9]{2})(?:[.,]([0-9]{1,9}))?)?(?: *(?:([ap])\.?m\.?|uhr))?"
    r"|([0-9]{1,2}) *([ap])\.?m\.?)"
    r"(?: *(z|(?:utc|gmt)?[+-][0-9]{2}:?(?:[0-9]{2})?|utc|gmt)(?: *\(.*\))?)?$"
)
_HOUR, _MINUTE, _SECOND, _FRACTION, _HALF, _HOUR_ALONE, _HALF_ALONE, _ZONE = map(str, range(1, 9))
_MINUTES = 60_000


def without(lower: pl.Expr) -> pl.Expr:
    """What stands before the time of day: the date."""
    return lower.str.replace(_TAIL, "")


def is_told(lower: pl.Expr) -> pl.Expr:
    return lower.str.contains(_TAIL)


def milliseconds(lower: pl.Expr) -> pl.Expr:
    """Since midnight; null for a time that no clock shows."""
    part = lower.str.extract_groups(_TAIL).struct
    half = pl.coalesce(part.field(_HALF), part.field(_HALF_ALONE))
    hour = _in_full(_figure(pl.coalesce(part.field(_HOUR), part.field(_HOUR_ALONE))), half)
    minute, second = _figure(part.field(_MINUTE)).fill_null(0), _figure(part.field(_SECOND)).fill_null(0)
    fraction = _figure(part.field(_FRACTION).str.slice(0, 3).str.pad_end(3, "0")).fill_null(0)
    passed = ((hour * 60 + minute) * 60 + second) * 1000 + fraction
    return pl.when((minute < 60) & (second < 60) & (passed <= 24 * 60 * _MINUTES)).then(passed)


def offset(lower: pl.Expr) -> pl.Expr:
    """How far the clock is ahead of UTC, in milliseconds; null where the text does not say."""
    zone = lower.str.extract_groups(_TAIL).struct.field(_ZONE)
    figures = zone.str.replace_all("[^0-9+-]", "")
    ahead = _figure(figures.str.slice(1, 2)) * 60 + _figure(figures.str.slice(3, 2)).fill_null(0)
    signed = pl.when(figures.str.starts_with("-")).then(-ahead).otherwise(ahead)
    return pl.when(zone.is_not_null()).then(signed.fill_null(0) * _MINUTES)


def _figure(text: pl.Expr) -> pl.Expr:
    return text.cast(pl.Int64, strict=False)


def _in_full(hour: pl.Expr, half: pl.Expr) -> pl.Expr:
    """12 am is midnight, 12 pm noon; 13 pm is nothing."""
    of_twelve = pl.when(hour.is_between(1, 12)).then(hour % 12 + pl.when(half == "p").then(12).otherwise(0))
    return pl.when(half.is_null()).then(hour).otherwise(of_twelve)
