"""Records to cells: nearly all of them by Polars' own reader, in one go; the odd ones as gently as needed.

Polars is fast and strict. So it is given only what is well-formed, or what has no quoted cells at all (then read
without quoting). Only a record that mixes quoted cells with stray quotes is read one by one.
"""

import re

import polars as pl

from kartotek import errors
from kartotek.imports import table
from kartotek.imports.readers import plain, records
from kartotek.values import frames

# Rows this much longer than the header are still read by Polars, as many columns wide; wider ones one by one.
_SURPLUS = 64


def read(block: records.Block, dialect: records.Dialect, width: int) -> pl.DataFrame:
    """WIDTH, EXTRA, BROKEN and the cells, one row per record, blank ones too."""
    if block.cells is not None:
        return _framed(block.cells, width)
    assert block.records is not None
    rows = block.records.with_row_index("row")
    fine = pl.col("regular") & ~pl.col("broken")
    odd = _classified(rows.filter(~fine), dialect)
    short, near = pl.col("width") <= width, pl.col("width") <= width + _SURPLUS
    plain, bare = pl.col("kind") == "strict", pl.col("kind") == "bare"
    columns = ["row", "text", "width", "broken"]
    regular = rows.filter(fine).with_columns_seq(width=pl.lit(width, pl.Int32))
    groups = [
        _group(
            pl.concat([regular.select_seq(columns), odd.filter(plain & short).select_seq(columns)]),
            dialect,
            width,
            quoted=True,
        ),
        _group(odd.filter(bare & short), dialect, width, quoted=False),
        _group(odd.filter(plain & ~short & near), dialect, width, quoted=True),
        _group(odd.filter(bare & ~short & near), dialect, width, quoted=False),
        _one_by_one(odd.filter((pl.col("kind") == "loose") | ~near), dialect, width),
    ]
    whole = pl.concat([group for group in groups if group.height] or groups[:1])
    return (whole if odd.is_empty() else whole.sort("row")).drop("row")


def split(text: str, dialect: records.Dialect) -> list[str]:
    """The cells of one record, however it is quoted."""
    d, q = re.escape(dialect.delimiter), re.escape(dialect.quote)
    cells = []
    for found in re.finditer(f"(?:{q}([^{q}]*(?:{q}{q}[^{q}]*)*){q}([^{d}{q}][^{d}]*)?|([^{d}]*))({d}|\\Z)", text):
        inside, after, plain, end = found.groups()
        cells.append(plain if inside is None else inside.replace(dialect.quote * 2, dialect.quote) + (after or ""))
        if not end:
            break
    return cells


def _parsed(text: bytes, delimiter: str, quote: str | None, width: int, rows: int) -> pl.DataFrame:
    cells = plain.parsed(text, delimiter, quote, width, ragged=True)
    if cells.height != rows:
        raise errors.BadFile(
            "INVALID_SPREADSHEET",
            "This file cannot be taken apart into rows. Open it in a spreadsheet program and save it as CSV in UTF-8.",
        )
    return cells


def _framed(cells: pl.DataFrame, width: int) -> pl.DataFrame:
    return cells.select_seq(
        pl.lit(None, pl.Int32).alias(table.WIDTH),
        pl.lit(None, pl.List(pl.String)).alias(table.EXTRA),
        pl.lit(None, pl.String).alias(table.BROKEN),
        *(table.cell(i) for i in range(width)),
    )


def _classified(odd: pl.DataFrame, dialect: records.Dialect) -> pl.DataFrame:
    """`strict`: well-formed; `bare`: no cell begins with a quote, or broken; `loose`: the rest. With their widths."""
    patterns = records.Patterns.of(dialect, 1)
    text = pl.col("text")
    kind = (
        pl.when(pl.col("broken") | ~text.str.contains(patterns.opens))
        .then(pl.lit("bare"))
        .when(text.str.contains(patterns.strict))
        .then(pl.lit("strict"))
        .otherwise(pl.lit("loose"))
    )
    outside = pl.when(kind == "strict").then(text.str.replace_all(patterns.quoted, "")).otherwise(text)
    width = outside.str.count_matches(dialect.delimiter, literal=True).cast(pl.Int32) + 1
    return odd.with_columns_seq(kind=kind, width=width)


def _group(rows: pl.DataFrame, dialect: records.Dialect, width: int, *, quoted: bool) -> pl.DataFrame:
    widest = max(width, frames.whole(rows["width"].max()))
    text = rows.select_seq(pl.col("text").str.join("\n")).item().encode() + b"\n" if rows.height else b""
    cells = _parsed(text, dialect.delimiter, dialect.quote if quoted else None, widest, rows.height)
    surplus = [pl.col(table.cell(i)).fill_null("") for i in range(width, widest)]
    extra = pl.concat_list(surplus).list.head(pl.col("width") - width) if surplus else pl.lit(None, pl.List(pl.String))
    return pl.concat([rows.select_seq("row", "width", "broken"), cells], how="horizontal").select_seq(
        "row",
        _width(width),
        extra.alias(table.EXTRA),
        _broken(),
        *(table.cell(i) for i in range(width)),
    )


def _one_by_one(rows: pl.DataFrame, dialect: records.Dialect, width: int) -> pl.DataFrame:
    split_rows = [split(text.removesuffix("\r"), dialect) for text in rows["text"]]
    cells = {
        table.cell(i): pl.Series([row[i] if i < len(row) else None for row in split_rows], dtype=pl.String)
        for i in range(width)
    }
    extra = pl.Series([row[width:] or None for row in split_rows], dtype=pl.List(pl.String))
    widths = pl.Series([len(row) for row in split_rows], dtype=pl.Int32)
    return rows.with_columns_seq(width=widths, **{table.EXTRA: extra}, **cells).select_seq(
        "row", _width(width), table.EXTRA, _broken(), *cells
    )


def _width(width: int) -> pl.Expr:
    return pl.when(pl.col("width") != width).then(pl.col("width")).cast(pl.Int32).alias(table.WIDTH)


def _broken() -> pl.Expr:
    return pl.when(pl.col("broken")).then(pl.lit("COULD_NOT_PARSE_ROW")).cast(pl.String).alias(table.BROKEN)
