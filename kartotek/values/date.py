"""Days. Figures are read in the order that the user chose, and what has only one reading is read in any order.

Two-digit years are years of 1950 to 2049, spelt out before anything is parsed: %Y takes "24" for the year 24.
"""

from collections.abc import Mapping

import polars as pl

from kartotek.values import cells, clock, months
from kartotek.values.reading import NATIVE, NATIVE_1904, Reading

DTYPE: pl.DataType = pl.Date()
SQL = "date"
EXAMPLE = "2026-04-03"

ORDERS = ("DMY", "MDY", "YMD")

_SEP = "[-/. ]"
_YEAR_FIRST = rf"^[1-9][0-9]{{3}}{_SEP}[0-9]{{1,2}}{_SEP}[0-9]{{1,2}}$"
_YEAR_LAST = rf"^[0-9]{{1,2}}{_SEP}[0-9]{{1,2}}{_SEP}[1-9][0-9]{{3}}$"
_SHORT_YEAR = rf"^[0-9]{{1,2}}{_SEP}[0-9]{{1,2}}{_SEP}[0-9]{{2}}$"
_SHORT_YEAR_FIRST = rf"^[0-9]{{2}}{_SEP}[0-9]{{1,2}}{_SEP}[0-9]{{1,2}}$"
_FORMATS = {"DMY": "%d-%m-%Y", "MDY": "%m-%d-%Y", "YMD": "%Y-%m-%d"}
_FIGURES = rf"^[^0-9]*([0-9]{{1,2}}{_SEP}[0-9]{{1,2}}{_SEP}(?:[1-9][0-9]{{3}}|[0-9]{{2}}))(?:[Tt ,].*)?$"
_COMPACT = "^([1-9][0-9]{3})([0-9]{2})([0-9]{2})$"
_COMPACT_TIME = "^([0-9]{8})t([0-9]{2})([0-9]{2})"
_EPOCH = "^[0-9]{13}$"
_SERIAL = rf"^{NATIVE}+([1-9][0-9]{{4}}(?:\.[0-9]+)?)$"
_FROM_1900, _FROM_1904 = 25_569, 24_107  # days until 1970
_WEEKDAY = rf"^{months.WEEKDAY}[.,]*\s+(?:(?:den|the|d\.)\s+)?"
_DAY, _YEAR = "([0-9]{1,2})(?:st|nd|rd|th|er|º)?", "['’]?([1-9][0-9]{3}|[0-9]{2})"
_DAY_MONTH_YEAR = rf"^{_DAY}[-/. ]*(?:of |de )?(\p{{L}}+)[-/., ]*(?:of |de )?{_YEAR}$"
_MONTH_DAY_YEAR = rf"^(\p{{L}}+)[-/. ]*{_DAY}(?:,|[-/., ]+) *{_YEAR}$"
_YEAR_MONTH_DAY = rf"^([1-9][0-9]{{3}})[-/., ]*(\p{{L}}+)[-/. ]*{_DAY}\.?$"
_OUTSIDE = (
    rf"^(?:0[0-9]{{3}}|[0-9]{{5,6}}){_SEP}[0-9]{{1,2}}{_SEP}[0-9]{{1,2}}$"
    rf"|^[0-9]{{1,2}}{_SEP}[0-9]{{1,2}}{_SEP}(?:0[0-9]{{3}}|[0-9]{{5,6}})$"
)


def check(cell: pl.Expr, how: Reading) -> pl.Expr:
    return cells.in_steps(cell, lambda frame: common(frame, how.dates), lambda frame: _rest(frame, how.dates), DTYPE)


read, wrong = cells.halves(check)


def text(value: pl.Expr) -> pl.Expr:
    return value.dt.to_string("%Y-%m-%d")


def votes(cell: pl.Expr) -> list[pl.Expr]:
    """Over many cells of a whole file, to be added up: how many depend on the order (`figures`), how many of these
    each order can read (`DMY`, `MDY`, `YMD`), and how many are two different days (`either_way`)."""
    return cells.counted(cell, _count, ("figures", *ORDERS, "either_way"))


def settle(votes: Mapping[str, int]) -> str | None:
    """The order that reads all cells, "any" when none of them depends on it, None when it must be asked."""
    fit = [order for order in ORDERS if votes[order] == votes["figures"]]
    if votes["figures"] and len(fit) == 1:
        return fit[0]
    return None if votes["either_way"] else "any"


def common(frame: pl.DataFrame, order: str | None) -> pl.DataFrame:
    """Adds to the column `cell` the day it is, as `value`, where it is written in figures, the year in full."""
    cell, texts = pl.col("cell"), frame.get_column("cell")
    iso = _parsed(cells.only(cell, cell.str.contains(_YEAR_FIRST)), "YMD")
    last = _year_last(cell, order) if order in ("DMY", "MDY") else pl.lit(None, DTYPE)
    # Ten thousand days are twenty-seven years: each is read once.
    each = texts.drop_nulls().unique().to_frame()
    value = each.select_seq(pl.coalesce(iso, last)).to_series().gather(cells.placed(texts, each.get_column("cell")))
    return frame.with_columns_seq(value.alias("value"))


def days(frame: pl.DataFrame, order: str | None) -> pl.DataFrame:
    """Adds to the column `cell` what it says in lower case (`spoken`), and the `day` that this means."""
    text, rest, compact = pl.col("text"), pl.col("rest"), pl.col("rest").str.replace(_COMPACT, "$1-$2-$3")
    spoken = frame.with_columns_seq(spoken=_spoken(pl.col("cell"))).with_columns_seq(
        text=clock.without(pl.col("spoken"))
    )
    iso = _parsed(cells.only(text, text.str.contains(_YEAR_FIRST)), "YMD")
    steps = spoken.with_columns_seq(day=pl.coalesce(iso, _in_order(text, order)))
    left = _in_words(steps.with_columns_seq(rest=cells.only(text, pl.col("day").is_null())))
    epoch = cells.only(rest, rest.str.contains(_EPOCH)).cast(pl.Int64).cast(pl.Datetime("ms")).dt.date()
    packed = _parsed(cells.only(compact, rest.str.contains(_COMPACT)), "YMD")
    return left.with_columns_seq(day=pl.coalesce("day", "words", packed, epoch))


def serial(cell: pl.Expr) -> pl.Expr:
    """Of a number that a spreadsheet program counts days by, of 1927 to 2177, the days since 1970; text is never taken
    for one."""
    before = pl.when(cell.str.starts_with(NATIVE_1904)).then(_FROM_1904).otherwise(_FROM_1900)
    return cell.str.extract(_SERIAL).cast(pl.Float64) - before


def is_outside() -> pl.Expr:
    """Whether the `text` of `days` looks like a date, of a year that has not four digits."""
    return pl.col("text").str.contains(_OUTSIDE)


def _count(frame: pl.DataFrame) -> pl.DataFrame:
    days = [pl.col(order) for order in ORDERS]
    texts = frame.select_seq(text=pl.col("cell").str.extract(_FIGURES)).drop_nulls().group_by("text").len("times")
    read = texts.with_columns_seq(day.alias(o) for o, day in zip(ORDERS, _in_each_order(pl.col("text")), strict=True))
    times = pl.col("times")
    return read.select_seq(
        figures=cells.only(times, pl.any_horizontal(day.is_not_null() for day in days)).sum(),
        either_way=cells.only(times, pl.min_horizontal(days) != pl.max_horizontal(days)).sum(),
        **{order: cells.only(times, pl.col(order).is_not_null()).sum() for order in ORDERS},
    )


def _rest(frame: pl.DataFrame, order: str | None) -> pl.DataFrame:
    kind = pl.when(is_outside()).then(pl.lit("OUTSIDE_VALID_TIME_RANGE")).otherwise(pl.lit("COULD_NOT_PARSE_DATE"))
    return days(frame, order).with_columns_seq(value=pl.coalesce("day", _serial(pl.col("cell"))), wrong=kind)


def _spoken(cell: pl.Expr) -> pl.Expr:
    """In lower case, without the day of the week and needless spaces, the time of day set apart."""
    lower = cells.clean(cell).str.to_lowercase().str.replace(_WEEKDAY, "")
    return lower.str.replace(_COMPACT_TIME, "${1}t$2:$3:").str.replace(":$", "").str.replace_all("([. ,]) +", "$1")


def _parsed(text: pl.Expr, order: str) -> pl.Expr:
    return text.str.replace_many(["/", ".", " "], ["-"]).str.to_date(_FORMATS[order], strict=False, cache=False)


def _in_order(text: pl.Expr, order: str | None) -> pl.Expr:
    """Figures that only the order gives a meaning; without an order those that mean the same day in each."""
    if order is None:
        days = _in_each_order(text)
        return pl.when(pl.min_horizontal(days) == pl.max_horizontal(days)).then(pl.min_horizontal(days))
    if order == "YMD":
        short = cells.only(text, text.str.contains(_SHORT_YEAR_FIRST))
        return _parsed(short.str.replace("^([0-4].)", "20$1").str.replace("^([5-9].)([-/. ])", "19$1$2"), order)
    short = cells.only(text, text.str.contains(_SHORT_YEAR))
    whole = short.str.replace("([-/. ])([0-4].)$", "${1}20$2").str.replace("([-/. ])([5-9].)$", "${1}19$2")
    return pl.coalesce(_year_last(text, order), _parsed(whole, order))


def _year_last(text: pl.Expr, order: str) -> pl.Expr:
    return _parsed(cells.only(text, text.str.contains(_YEAR_LAST)), order)


def _in_each_order(text: pl.Expr) -> list[pl.Expr]:
    # Who writes a short year first writes it with hyphens: 31/12/24 has one reading, 31-12-24 has two.
    hyphens = cells.only(text, text.str.contains("-", literal=True))
    return [_in_order(text, "DMY"), _in_order(text, "MDY"), _in_order(hyphens, "YMD")]


def _in_words(frame: pl.DataFrame) -> pl.DataFrame:
    """Adds the day that `rest` names by the name of its month, as `words`."""
    worded = cells.only(pl.col("rest"), pl.col("rest").str.contains(r"\p{L}"))
    turned = worded.str.replace(_MONTH_DAY_YEAR, "$2 $1 $3").str.replace(_YEAR_MONTH_DAY, "$3 $2 $1")
    steps = frame.with_columns_seq(turned=turned).with_columns_seq(
        pl.col("turned").str.extract(_DAY_MONTH_YEAR, group).alias(name)
        for group, name in enumerate(("d", "m", "y"), 1)
    )
    year = pl.col("y")
    century = pl.when(year.str.len_bytes() == 4).then(pl.lit("")).when(year < "50").then(pl.lit("20"))
    number = cells.look_up(pl.col("m"), months.NUMBERS, pl.String())
    text = century.otherwise(pl.lit("19")) + year + "-" + number + "-" + pl.col("d")
    return steps.with_columns_seq(words=_parsed(text, "YMD"))


def _serial(cell: pl.Expr) -> pl.Expr:
    return serial(cell).floor().cast(pl.Int32).cast(pl.Date)
