"""The time of day that may follow a date: 14:30, kl. 14.30, 2:30 pm, T14:30:00.123+02:00."""

import polars as pl

_TAIL = (
    r"(?:t|[ ,]+(?:(?:kl\.?|klokken|klockan|at|um|-) *)?)"
    r"(?:([0-9]{1,2})[:.]([0-9]{2})(?:[:.]([0-9]{2})(?:[.,]([0-9]{1,9}))?)?(?: *(?:([ap])\.?m\.?|uhr))?"
    r"|([0-9]{1,2}) *([ap])\.?m\.?)"
    r"(?: *(z|(?:utc|gmt)?[+-][0-9]{2}:?(?:[0-9]{2})?|utc|gmt)(?: *\(.*\))?)?$"
)
_PARTS = ("hour", "minute", "second", "fraction", "half", "hour_alone", "half_alone", "zone")
_MINUTE = 60_000  # milliseconds


def without(lower: pl.Expr) -> pl.Expr:
    """What stands before the time of day: the date."""
    return lower.str.replace(_TAIL, "")


def times(frame: pl.DataFrame) -> pl.DataFrame:
    """Adds to `spoken` the `time` that it tells, since midnight (null for one that no clock shows), and how far its
    clock is `ahead` of UTC (null where it does not say)."""
    told = frame.select_seq(part=pl.col("spoken").str.extract_groups(_TAIL)).unnest("part")
    told.columns = list(_PARTS)
    figures = pl.col("zone").str.replace_all("[^0-9+-]", "")
    parts = told.with_columns_seq(
        hour=_figure(pl.coalesce("hour", "hour_alone")),
        half=pl.coalesce("half", "half_alone"),
        minute=_figure(pl.col("minute")).fill_null(0),
        second=_figure(pl.col("second")).fill_null(0),
        fraction=_figure(pl.col("fraction").str.slice(0, 3).str.pad_end(3, "0")).fill_null(0),
        ahead=(_figure(figures.str.slice(1, 2)) * 60 + _figure(figures.str.slice(3, 2)).fill_null(0)).fill_null(0),
        west=figures.str.starts_with("-"),
        is_told=pl.col("hour").is_not_null() | pl.col("hour_alone").is_not_null(),
    )
    return frame.with_columns_seq(parts.select_seq(time=_since_midnight(), ahead=_ahead()))


def _figure(text: pl.Expr) -> pl.Expr:
    return text.cast(pl.Int64, strict=False)


def _since_midnight() -> pl.Expr:
    minute, second = pl.col("minute"), pl.col("second")
    passed = ((_in_full() * 60 + minute) * 60 + second) * 1000 + pl.col("fraction")
    shown = pl.when((minute < 60) & (second < 60) & (passed <= 24 * 60 * _MINUTE)).then(passed)
    return pl.when(pl.col("is_told")).then(shown).otherwise(0).cast(pl.Duration("ms"))


def _in_full() -> pl.Expr:
    """12 am is midnight, 12 pm noon; 13 pm is nothing."""
    hour, half = pl.col("hour"), pl.col("half")
    of_twelve = pl.when(hour.is_between(1, 12)).then(hour % 12 + pl.when(half == "p").then(12).otherwise(0))
    return pl.when(half.is_null()).then(hour).otherwise(of_twelve)


def _ahead() -> pl.Expr:
    signed = pl.when(pl.col("west")).then(-pl.col("ahead")).otherwise(pl.col("ahead"))
    return pl.when(pl.col("zone").is_not_null()).then(signed * _MINUTE).cast(pl.Duration("ms"))
