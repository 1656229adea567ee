"""What a spreadsheet program keeps as a number, as the text of the day, span, code or number that it stands for."""

from decimal import Decimal

import polars as pl

from kartotek.imports.readers.number_formats import Format
from kartotek.values.reading import NATIVE, NATIVE_1904

_PLAIN = r"^-?(?:0|[1-9][0-9]*)(?:\.[0-9]*[1-9])?$"
_DAY = 24 * 60 * 60 * 1000  # milliseconds
_ZERO = {True: 24_107, False: 25_569}  # days from the first one to 1970, by whether it is the one of 1904
_LAST = 2_958_466  # the day after 9999-12-31


def text(number: pl.Series, format: Format, *, from_1904: bool) -> pl.Series:
    match format.kind:
        case "day":
            return _day(number, from_1904)
        case "span":
            return _span(number)
        case "code":
            return _code(number, format.parts)
    return (NATIVE_1904 if from_1904 else NATIVE) + _number(number)


def canonical(numbers: pl.Series) -> pl.Series:
    """Numbers as a spreadsheet shows them: fifteen digits, no exponent, no “.0”."""
    exact = numbers.round_sig_figs(15)
    whole = (exact == exact.floor()) & (exact.abs() < 1e15)
    frame = pl.DataFrame({"x": exact, "whole": whole})
    text = (
        pl.when("whole")
        .then(pl.col("x").cast(pl.Int64, strict=False).cast(pl.String))
        .otherwise(pl.col("x").cast(pl.String))
    )
    texts = frame.select(text=text).to_series().str.strip_suffix(".0")
    powers = texts.filter(texts.str.contains("e", literal=True)).unique().to_list()
    return texts.replace({power: format(Decimal(f"{float(power):.15g}"), "f") for power in powers}) if powers else texts


def _number(text: pl.Series) -> pl.Series:
    """Most are written as they are shown; the others are rounded to what a spreadsheet shows."""
    plain = text.str.contains(_PLAIN) & (text.str.len_bytes() < 16)
    if plain.all():
        return text
    rounded = canonical(text.cast(pl.Float64, strict=False))
    shown = pl.when("plain").then("text").otherwise(pl.coalesce("rounded", "text"))
    return pl.DataFrame({"text": text, "plain": plain, "rounded": rounded}).select(shown).to_series()


def _day(text: pl.Series, from_1904: bool) -> pl.Series:
    days, moment = pl.col("days"), pl.col("moment")
    # Excel believes that 1900 was a leap year.
    before = 0 if from_1904 else (days < 60).cast(pl.Int32)
    milliseconds = ((days - _ZERO[from_1904]) * _DAY).round().cast(pl.Int64) + before * _DAY
    is_time = (days < 1) & ((days > 0) | (not from_1904))
    form = (
        pl.when(is_time)
        .then(moment.dt.to_string("%H:%M:%S"))
        .when(moment.dt.time() == pl.time(0))
        .then(moment.dt.to_string("%Y-%m-%d"))
        .when(moment.dt.millisecond() == 0)
        .then(moment.dt.to_string("%Y-%m-%dT%H:%M:%S"))
        .otherwise(moment.dt.to_string("%Y-%m-%dT%H:%M:%S%.3f"))
    )
    frame = pl.DataFrame({"text": text, "days": text.cast(pl.Float64, strict=False), "number": _number(text)})
    shown = pl.when((days >= 0) & (days < _LAST)).then(form).otherwise("number")
    return frame.with_columns(moment=milliseconds.cast(pl.Datetime("ms"))).select(NATIVE + shown).to_series()


def _span(text: pl.Series) -> pl.Series:
    """Hours go on beyond 24."""
    seconds = (text.cast(pl.Float64, strict=False) * _DAY / 1000).round().cast(pl.Int64, strict=False)
    parts = pl.DataFrame({"h": seconds // 3600, "m": seconds // 60 % 60, "s": seconds % 60})
    padded = (pl.col(part).cast(pl.String).str.zfill(2) for part in "hms")
    return parts.select(NATIVE + pl.format("{}:{}:{}", *padded)).to_series()


def _code(text: pl.Series, parts: tuple[int | str, ...]) -> pl.Series:
    """As it is shown, and a text from now on: of a code no zero is superfluous."""
    count = sum(part for part in parts if isinstance(part, int))
    digits = pl.col("text").str.zfill(count)
    shown: list[pl.Expr] = []
    left = count
    for part in parts:
        if isinstance(part, str):
            shown.append(pl.lit(part))
            continue
        # What is more than the format has places for stands in front.
        from_end = digits.str.tail(left) if left < count else digits
        left -= part
        shown.append(from_end.str.head(-left) if left else from_end)
    whole = pl.col("text").str.contains("^[0-9]{1,15}$")
    frame = pl.DataFrame({"text": text, "number": NATIVE + _number(text)})
    return frame.select(pl.when(whole).then(pl.concat_str(shown)).otherwise("number")).to_series()
