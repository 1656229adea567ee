"""Some lines of a delimited file made blank, every other one left in its place: what an erased person stood on."""

import codecs
from collections.abc import Collection, Iterator
from pathlib import Path

import polars as pl

from kartotek import errors
from kartotek.imports.readers import content, delimited, dialects, encodings, records

_SAMPLE = 1024 * 1024
_MARK = b"\xef\xbb\xbf"


def is_possible(path: Path, *, name: str) -> bool:
    """Whether the file is one whose lines can be made blank; others can only be removed."""
    try:
        return content.kind_of(path, name=name) is content.Kind.TEXT
    except errors.BadFile:
        return False


def blank(
    path: Path, into: Path, lines: Collection[int], *, name: str, encoding: str | None, delimiter: str | None
) -> bool:
    """Writes the file anew without what stands on these lines. False when nothing that can be read would be left."""
    try:
        sheet = delimited.open(path, name=name, encoding=encoding, delimiter=delimiter)
        codec = encodings.named(encoding) if encoding else encodings.detect(path)
        sample = next(encodings.utf8(path, codec, chunk=_SAMPLE), b"")
        if dialects.has_backslashes(sample):
            return False
        dialect = records.Dialect(sheet.delimiter or ",", sheet.quote or '"')
        first = 0 if dialects.announced(sample) else 1
        with path.open("rb") as file:
            marked = file.read(len(_MARK)) == _MARK
        _write(_blanked(path, codec, dialect, first, len(sheet.columns), lines), into, codec, marked=marked)
        delimited.open(into, name=name, encoding=encoding, delimiter=delimiter)
    except errors.BadFile:
        return False
    return True


def _blanked(
    path: Path, codec: str, dialect: records.Dialect, first: int, width: int, lines: Collection[int]
) -> Iterator[str]:
    empty = dialect.delimiter * (width - 1)
    for block in records.blocks(encodings.utf8(path, codec), dialect, width, as_cells=False):
        assert block.records is not None
        line = pl.int_range(first, first + pl.len(), dtype=pl.Int64)
        text = pl.when(line.is_in(list(lines))).then(pl.lit(empty)).otherwise("text")
        yield block.records.select(text.str.strip_suffix("\r").str.join("\n")).item() + "\n"
        first += block.count


def _write(texts: Iterator[str], into: Path, codec: str, *, marked: bool) -> None:
    is_utf8 = codec in ("utf-8", encodings.MENDED)
    encoder = codecs.getincrementalencoder("utf-8" if is_utf8 else codec)(errors="replace")
    with into.open("wb") as out:
        out.write(_MARK if is_utf8 and marked else b"")
        for text in texts:
            out.write(encoder.encode(text))
