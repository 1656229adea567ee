"""A table of a web page, which many programs save as “.xls” and Excel opens: of its tables the one with most cells."""

import html
import re
import tempfile
from pathlib import Path

import polars as pl

from kartotek import errors
from kartotek.imports import table
from kartotek.imports.readers import encodings, pieces, spreadsheet
from kartotek.values import frames

_ASIDE = re.compile(r"<!--.*?-->|<(script|style|title)\b.*?</\1\s*>", re.DOTALL | re.IGNORECASE)
_LARGEST = 256 * 1024 * 1024
_NAME = r"^/?([a-zA-Z]+)"


def open(
    path: Path, *, name: str, encoding: str | None, header_line: int | None, limit_columns: int, scratch: Path
) -> table.Sheet:
    codec = encodings.named(encoding) if encoding else _declared(path) or encodings.detect(path)
    if path.stat().st_size > _LARGEST:
        raise _none(name)
    text = b"".join(encodings.utf8(path, codec)).decode(errors="replace")
    rows = _rows(_ASIDE.sub("", text))
    if rows.is_empty():
        raise _none(name)
    spool = Path(tempfile.mkdtemp(dir=scratch, prefix="web-"))
    pieces.write([rows], spool)
    note = "A web page by its content: of its tables the largest was read."
    return spreadsheet.below_header(
        spool, range(min(rows.width - 1, limit_columns)), header_line, file=name, notes=(note,),
        encoding=encodings.shown(codec),
    )  # fmt: skip


def _declared(path: Path) -> str | None:
    with path.open("rb") as file:
        found = re.search(rb"charset=[\"']?([A-Za-z0-9_-]+)", file.read(4096))
    try:
        return encodings.named(found.group(1).decode()) if found else None
    except errors.UnknownName:
        return None


def _none(name: str) -> errors.BadFile:
    return errors.BadFile(
        "INVALID_FILE_TYPE",
        f"“{name}” is not a spreadsheet but a web page (HTML or XML). "
        "Open it in Excel or LibreOffice and save it as Excel (.xlsx) or CSV.",
    )


def _rows(text: str) -> pl.DataFrame:
    """LINE and the cells of the largest table."""
    tags = pl.Series("tag", [text]).str.split("<").explode().to_frame()
    parts = tags.select(pl.col("tag").str.splitn(">", 2).struct.rename_fields(["tag", "text"])).unnest("tag")
    tag, closes = pl.col("name"), pl.col("tag").str.starts_with("/")
    named = parts.with_columns(name=pl.col("tag").str.extract(_NAME).str.to_lowercase().fill_null(""), closes=closes)
    is_cell = tag.is_in(["td", "th"])
    counted = named.with_columns(
        table=((tag == "table") & ~closes).cum_sum(),
        row=((tag == "tr") & ~closes).cum_sum(),
        cell=(is_cell & ~closes).cum_sum(),
    )
    inside = pl.when(is_cell & ~closes).then(True).when(is_cell | tag.is_in(["tr", "table"])).then(False).forward_fill()
    shown = pl.when(tag.is_in(["br", "p", "div"]) & ~closes).then(pl.lit("\n")).otherwise(pl.lit("")) + _words()
    cells = (
        counted.with_columns(inside=inside.fill_null(False), shown=shown)
        .filter(pl.col("inside") & (pl.col("row") > 0))
        .group_by("cell", maintain_order=True)
        .agg(pl.col("table", "row").first(), text=pl.col("shown").str.join(""))
    )
    if cells.is_empty():
        return pl.DataFrame()
    largest = (
        cells.group_by("table", maintain_order=True).len().sort("len", descending=True, maintain_order=True)["table"][0]
    )
    return _wide(cells.filter(pl.col("table") == largest))


def _words() -> pl.Expr:
    """White space counts for one blank, as in a browser."""
    return pl.col("text").fill_null("").str.replace_all(r"[ \t\r\n]+", " ")


def _wide(cells: pl.DataFrame) -> pl.DataFrame:
    texts = cells["text"].str.strip_chars(" \n")
    escapes = texts.str.extract_all(r"&#?[0-9A-Za-z]+;?").explode().drop_nulls().unique().to_list()
    if escapes:
        texts = texts.str.replace_many(escapes, [html.unescape(escape) for escape in escapes], leftmost=True)
    placed = cells.select(
        (pl.col("row").rank("dense")).cast(pl.Int64).alias(table.LINE),
        place=pl.int_range(pl.len()).over("row"),
    ).with_columns(text=texts.str.replace_all("[ \u00a0]+", " ").str.replace_all(" *\n *", "\n").str.strip_chars())
    width = frames.whole(placed["place"].max()) + 1
    wide = placed.pivot("place", index=table.LINE, values="text").sort(table.LINE)
    return wide.select(
        table.LINE,
        *(
            (pl.col(str(i)) if str(i) in wide.columns else pl.lit(None, pl.String)).alias(table.cell(i))
            for i in range(width)
        ),
    )
