"""The rows of a sheet of Excel, straight from its XML and piece by piece: quick, and in little memory however long.

A cell is read as its person sees it: text as it is; numbers, days and times in canonical form with a mark in front;
codes with the zeros that their format gives them; TRUE and FALSE; an error (#N/A) as blank.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

import polars as pl

from kartotek.imports import table
from kartotek.imports.readers import excel, markup, native, number_formats
from kartotek.values import frames
from kartotek.values.reading import NATIVE

_AT_ONCE = 4_000_000  # cells, blank ones included


@dataclass(slots=True)
class Rows:
    """Goes over a sheet once; then `first` and `columns` say where its cells begin and end, `seen` what was special."""

    book: excel.Book
    place: excel.Place
    texts: pl.Series
    limit_columns: int
    first: int = 0
    columns: int = 0
    seen: Counter[str] = field(default_factory=Counter)

    def frames(self) -> Iterator[pl.DataFrame]:
        """LINE and as many cells as the widest row of the piece has; rows without any are left out."""
        with self.book.archive.open(self.place.member) as stream:
            for tags in markup.pieces(stream, "row"):
                self._note(tags)
                cells = self._cells(tags)
                if cells.is_empty():
                    continue
                least, most = cells.select(pl.col("column").min(), most=pl.col("column").max()).row(0)
                self.first, self.columns = (
                    min(self.first if self.columns else least, least),
                    max(self.columns, most + 1),
                )
                yield from _tables(cells.filter(pl.col("column") < self.limit_columns))

    def _note(self, tags: pl.DataFrame) -> None:
        tag = pl.col("tag")
        hidden = tag.str.starts_with("row ") & tag.str.contains(' hidden="(?:1|true)"')
        counts = tags.select(hidden=hidden.sum(), merged=tag.str.starts_with("mergeCell ").sum())
        self.seen.update(counts.row(0, named=True))

    def _cells(self, tags: pl.DataFrame) -> pl.DataFrame:
        """`line`, `column` and `cell` of every cell that is not blank."""
        tag = pl.col("tag")
        if tags.select(tag.is_in(["c", "c/"]).any()).item():  # it has no address
            raise markup.Unusual
        head = tag.str.starts_with("c ")
        lean = tags.select("tag", "text", head=head).filter(pl.col("head") | (pl.col("text") != ""))
        lean = lean.with_columns(cell=pl.col("head").cum_sum())
        texts = _texts(lean.filter((tag == "v") | (tag == "t") | tag.str.starts_with("t ")))
        formulas = lean.filter((tag == "f") | tag.str.starts_with("f ")).select("cell")
        self.seen["formulas"] += len(formulas.join(texts, on="cell", how="anti"))
        filled = _heads(lean.filter("head"))[texts["cell"].cast(pl.Int64) - 1].hstack([texts["text"]])
        read = self._read(filled.filter(pl.col("text").str.strip_chars() != ""))
        return read.filter(pl.col("cell").str.strip_chars() != "")

    def _read(self, filled: pl.DataFrame) -> pl.DataFrame:
        """Each kind of cell in its own way; what is read as blank has a null `cell`."""
        spelled = filled["attributes"].unique().to_list()
        kinds = {one: self._kind(one) for one in spelled}
        numbers = {kind: number for number, kind in enumerate(dict.fromkeys(kinds.values()))}
        filled = filled.with_columns(
            pl.col("attributes").replace_strict(
                spelled, [numbers[kinds[one]] for one in spelled], return_dtype=pl.Int32
            )
        )
        parts = [
            part.select("line", "column", cell=self._cell(kind, part["text"]))
            for kind, number in numbers.items()
            if len(part := filled.filter(pl.col("attributes") == number))
        ]
        return (
            pl.concat(parts)
            if parts
            else pl.DataFrame(schema={"line": pl.Int64, "column": pl.Int32, "cell": pl.String})
        )

    def _kind(self, attributes: str) -> tuple[str, number_formats.Format]:
        type, style = re.search(r"""\bt=["'](\w+)""", attributes), re.search(r"""\bs=["']([0-9]+)""", attributes)
        number = int(style.group(1)) if style else 0
        formats = self.book.formats
        return type.group(1) if type else "n", formats[number] if number < len(formats) else number_formats.NUMBER

    def _cell(self, kind: tuple[str, number_formats.Format], text: pl.Series) -> pl.Series:
        type, format = kind
        match type:
            case "s":
                return self.texts.gather(text.cast(pl.Int64)) if len(self.texts) else text.clear(len(text))
            case "n":
                return native.text(text, format, from_1904=self.book.from_1904)
            case "b":
                return text.replace_strict({"1": "TRUE", "true": "TRUE"}, default="FALSE")
            case "e":
                self.seen["errors"] += len(text)
                return pl.repeat(None, len(text), dtype=pl.String, eager=True)
            case "d":
                return NATIVE + text.str.replace("T00:00:00(?:\\.0+)?Z?$", "").str.strip_suffix("Z")
        return markup.unescaped(text)


def _heads(cells: pl.DataFrame) -> pl.DataFrame:
    """`line`, `column` and the other `attributes` of each cell."""
    tag = pl.col("tag")
    if cells.select(tag.str.starts_with('c r="').all()).item():
        parts = cells.select(tag.str.splitn('"', 3).struct.rename_fields(["_", "address", "attributes"])).unnest("tag")
    else:
        parts = cells.select(address=tag.str.extract("""\\br=["']([A-Z]+[0-9]+)["']"""), attributes=tag)
        if parts["address"].has_nulls():
            raise markup.Unusual
    lines = parts["address"].str.strip_chars_start("ABCDEFGHIJKLMNOPQRSTUVWXYZ").cast(pl.Int64)
    letters = parts["address"].str.strip_chars_end("0123456789")
    names = letters.unique().to_list()
    columns = letters.replace_strict(names, [_column(name) for name in names], return_dtype=pl.Int32)
    if not lines.is_sorted():
        raise markup.Unusual
    return pl.DataFrame({"line": lines, "column": columns, "attributes": parts["attributes"].fill_null("")})


def _texts(said: pl.DataFrame) -> pl.DataFrame:
    """`cell`, its number, and its `text`; one with several fonts comes in parts."""
    said = said.filter(~pl.col("tag").str.ends_with("/"))
    if said["cell"].n_unique() < len(said):
        return said.group_by("cell", maintain_order=True).agg(pl.col("text").str.join(""))
    return said.select("cell", "text")


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def _tables(cells: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """The cells in their places; of a sheet that is wide and sparse few rows at a time."""
    if cells.is_empty():
        return
    width = frames.whole(cells["column"].max()) + 1
    cells = cells.with_columns(row=pl.col("line").rank("dense").cast(pl.Int64) - 1)
    rows, at_once = frames.whole(cells["row"].max()) + 1, max(1, _AT_ONCE // width)
    for first in range(0, rows, at_once):
        some = cells.filter(pl.col("row").is_between(first, first + at_once - 1)) if rows > at_once else cells
        count = min(at_once, rows - first)
        places = (some["row"] - first) * width + some["column"]
        order = pl.repeat(None, count * width, dtype=pl.UInt32, eager=True)
        order = order.scatter(places, pl.int_range(len(some), dtype=pl.UInt32, eager=True))
        every = some["cell"].gather(order)
        lines = some["line"].unique().sort().alias(table.LINE)
        yield pl.DataFrame([lines, *(every.gather_every(width, i).alias(table.cell(i)) for i in range(width))])
