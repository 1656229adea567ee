"""A workbook of Excel from outside: its sheets, its shared texts, and what its number formats mean."""

import posixpath
import zipfile
from dataclasses import dataclass
from xml.etree import ElementTree

import polars as pl

from kartotek.imports.readers import markup, number_formats

_BOOK = "xl/workbook.xml"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a sheet lies in the archive."""

    name: str
    member: str
    visible: bool


@dataclass(frozen=True, slots=True)
class Book:
    archive: zipfile.ZipFile
    sheets: tuple[Place, ...]
    from_1904: bool
    formats: tuple[number_formats.Format, ...]  # by the number of the style

    def texts(self) -> pl.Series:
        """The texts that cells share, by their number."""
        member = "xl/sharedStrings.xml"
        if member not in self.archive.namelist():
            return pl.Series(dtype=pl.String)
        with self.archive.open(member) as stream:
            parts = [_shared(tags) for tags in markup.pieces(stream, "si")]
        return pl.concat(parts) if parts else pl.Series(dtype=pl.String)


def open(archive: zipfile.ZipFile) -> Book | None:
    """None when the archive holds no workbook that is written in XML."""
    if _BOOK not in archive.namelist():
        return None
    book = _parsed(archive, _BOOK)
    targets = {
        one.get("Id"): posixpath.normpath(posixpath.join("/xl", one.get("Target", ""))).lstrip("/")
        for one in _parsed(archive, "xl/_rels/workbook.xml.rels")
        if one.get("Type", "").endswith("/worksheet")
    }
    places = []
    for sheet in _each(book, "sheet"):
        id = next((value for key, value in sheet.attrib.items() if key.endswith("}id")), None)
        if id in targets:
            places.append(Place(sheet.get("name", ""), targets[id], sheet.get("state", "visible") == "visible"))
    old = any(one.get("date1904") in ("1", "true") for one in _each(book, "workbookPr"))
    return Book(archive, tuple(places), old, _formats(archive))


def _formats(archive: zipfile.ZipFile) -> tuple[number_formats.Format, ...]:
    if "xl/styles.xml" not in archive.namelist():
        return ()
    styles = _parsed(archive, "xl/styles.xml")
    codes = {one.get("numFmtId"): one.get("formatCode") for one in _each(styles, "numFmt")}
    used = [one.get("numFmtId", "0") for group in _each(styles, "cellXfs") for one in group]
    return tuple(number_formats.of(int(number), codes.get(number)) for number in used)


def _parsed(archive: zipfile.ZipFile, member: str) -> ElementTree.Element:
    text = archive.read(member)
    if b"<!DOCTYPE" in text:  # there is none in a workbook, unless somebody wants it to grow
        raise markup.Unusual
    return ElementTree.fromstring(text)


def _each(parent: ElementTree.Element, name: str) -> list[ElementTree.Element]:
    """Whatever the namespace: strict workbooks have another one."""
    return [one for one in parent.iter() if one.tag.rpartition("}")[2] == name]


def _shared(tags: pl.DataFrame) -> pl.Series:
    tag = pl.col("tag")
    # What is said of a text's pronunciation is no part of it.
    aside = tag.str.starts_with("rPh ").cum_sum() > (tag == "/rPh").cum_sum()
    is_text = ((tag == "t") | tag.str.starts_with("t ")) & ~tag.str.ends_with("/") & ~aside
    starts = (tag == "si") | tag.str.starts_with("si ") | (tag == "si/")
    numbered = tags.select("text", is_text=is_text, starts=starts, si=starts.cum_sum().cast(pl.UInt32))
    count = int(numbered["starts"].sum())
    texts = numbered.filter("is_text")
    if len(texts) != count or texts["si"].n_unique() != count:
        joined = texts.group_by("si", maintain_order=True).agg(pl.col("text").str.join(""))
        every = pl.DataFrame({"si": pl.int_range(1, count + 1, dtype=pl.UInt32, eager=True)})
        texts = every.join(joined, on="si", how="left", maintain_order="left").with_columns(
            pl.col("text").fill_null("")
        )
    return markup.unescaped(texts["text"])
