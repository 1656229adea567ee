"""The rows of a sheet of any other workbook (xls, xlsb, ods), and of an xlsx that is written in an unusual way.

fastexcel reads each column as one type. To know each cell's own, the sheet is read as text and, only when some text
looks like it, once more as yes or no (which numbers can be, texts and dates cannot), as dates (which texts cannot be),
and as numbers (the text has nine decimals at most). What cannot be told: why a cell is an error (#N/A comes as blank),
and an elapsed time of more than a day from a date in 1900.
"""

import zipfile
from pathlib import Path
from typing import Any

import fastexcel
import polars as pl

from kartotek.imports import table
from kartotek.imports.readers import first_days, native
from kartotek.values import reading


def filled(reader: fastexcel.ExcelReader) -> list[str]:
    """The sheets with anything in them; hidden ones hold lists for drop-downs, so they count only when alone."""
    seen: list[str] = []
    hidden: list[str] = []
    for name in reader.sheet_names:
        try:
            sheet = reader.load_sheet(name, header_row=None, skip_rows=0, dtypes="string")
        except fastexcel.FastExcelError:
            continue  # a sheet of charts or macros
        if not _blank(sheet.to_polars()):
            (seen if sheet.visible == "visible" else hidden).append(name)
    return seen or hidden


def rows(reader: fastexcel.ExcelReader, name: str, path: str) -> pl.DataFrame:
    """LINE and the cells; without the rows that are blank, and the columns that are at the end."""
    texts = _as(reader, name, "string")
    flags = _again(reader, name, texts, "boolean", r"^-?[0-9]+(\.[0-9]+)?$|^true$|^false$")
    dates = _again(reader, name, texts, "date", r"^[0-9]{4}-[0-9]{2}-[0-9]{2}")
    numbers = _again(reader, name, texts, "float", r"^-?0$|\.[0-9]{9}$|^-?[0-9]{16}")
    spans = _as(reader, name, "duration") if _is_ods(path) else None
    mark = reading.NATIVE_1904 if first_days.is_1904(Path(path)) else reading.NATIVE
    lines = pl.int_range(1, texts.height + 1, dtype=pl.Int64, eager=True).alias(table.LINE)
    columns = [
        _cells(mark, texts[c], *(kind[c] if kind is not None else None for kind in (flags, dates, numbers, spans)))
        for c in texts.columns
    ]
    while columns and _blank(columns[-1].to_frame()):
        columns.pop()
    frame = pl.DataFrame([lines, *columns])
    anything = pl.any_horizontal(pl.exclude(table.LINE).str.strip_chars().fill_null("") != "")
    return frame.filter(anything) if columns else frame.clear()


def _blank(texts: pl.DataFrame) -> bool:
    return all(column.null_count() == len(column) or (column.fill_null("") == "").all() for column in texts)


def _as(reader: fastexcel.ExcelReader, name: str, type: Any) -> pl.DataFrame:
    frame: pl.DataFrame = reader.load_sheet(name, header_row=None, skip_rows=0, dtypes=type).to_polars()
    return frame.rename(dict(zip(frame.columns, map(table.cell, range(frame.width)), strict=True)))


def _is_ods(path: str) -> bool:
    return zipfile.is_zipfile(path) and "mimetype" in zipfile.ZipFile(path).namelist()


def _again(
    reader: fastexcel.ExcelReader, name: str, texts: pl.DataFrame, type: Any, pattern: str
) -> pl.DataFrame | None:
    """The sheet as another type, unless no text in it could be one."""
    looks = texts.select(pl.any_horizontal(pl.all().str.contains(pattern).any())) if texts.width else None
    return _as(reader, name, type) if looks is not None and looks.item() else None


def _cells(
    mark: str,
    text: pl.Series,
    flag: pl.Series | None,
    date: pl.Series | None,
    number: pl.Series | None,
    span: pl.Series | None,
) -> pl.Series:
    """Each cell as its own type: marked canonical text for numbers, dates and times, TRUE and FALSE, or the text.
    `mark` stands in front of numbers."""
    frame = pl.DataFrame(
        {
            "t": text,
            "own": _known(text, flag),
            "date": _known(text, date),
            "span": _known(text, span),
            "n": native.canonical(number) if number is not None else text,
        }
    )
    t, own = pl.col("t"), pl.col("own")
    # Excel keeps a time of day as a part of its day zero, which is another one on an old Mac.
    is_time = t.str.starts_with("1899-12-31 ") | (t.str.starts_with("1904-01-01 ") & ~t.str.ends_with(" 00:00:00"))
    day = t.str.strip_suffix(" 00:00:00").str.replace(" ", "T", literal=True)
    cells = (
        pl.when(own & t.is_in(["true", "false"]))
        .then(t.str.to_uppercase())
        .when(own)
        .then(mark + pl.coalesce("n", "t"))
        .when(pl.col("date"))
        .then(reading.NATIVE + pl.when(is_time).then(t.str.slice(11)).otherwise(day))
        .when(pl.col("span"))
        .then(reading.NATIVE + pl.lit(_times(span)))
        .otherwise(t)
    )
    return frame.select(cells.alias(text.name)).to_series()


def _known(text: pl.Series, other: pl.Series | None) -> pl.Series:
    return other.is_not_null() if other is not None else pl.repeat(False, len(text), eager=True)


def _times(span: pl.Series | None) -> pl.Series:
    """Times of a LibreOffice sheet, which come as durations and have no text; hours go on beyond 24."""
    if span is None:
        return pl.Series([None], dtype=pl.String)
    seconds = span.dt.total_seconds()
    parts = pl.DataFrame({"h": seconds // 3600, "m": seconds // 60 % 60, "s": seconds % 60}).select(
        pl.format("{}:{}:{}", *(pl.col(part).cast(pl.String).str.zfill(2) for part in "hms"))
    )
    return parts.to_series()
