"""XML of any size as a frame of its tags, piece by piece and without a loop: `tag` and the `text` that follows it.

An XML document read as CSV, with a line for each `<` and a column for each `>`, is just that. Of what XML
allows beside, workbooks use little; whoever comes upon the rest raises Unusual, and another reader is asked.
"""

import html
import re
from collections.abc import Callable, Iterator
from typing import IO

import polars as pl

_PIECE = 8 * 1024 * 1024
_LONGEST = 256 * 1024 * 1024  # of a single row


class Unusual(Exception):
    """The file may be sound, but it is not as the programs write that most files come from."""


def pieces(stream: IO[bytes], after: str) -> Iterator[pl.DataFrame]:
    """The tags of the document, each piece ending with the last closing tag `after`, the last one with the document."""
    head = stream.read(4096)
    prefix = _prefix(head)
    close, rest = f"</{prefix}{after}>".encode(), head
    while chunk := stream.read(_PIECE):
        rest += chunk
        end = rest.rfind(close) + len(close)
        if end < len(close):
            if len(rest) > _LONGEST:
                raise Unusual
            continue
        yield _tags(rest[:end], prefix)
        rest = rest[end:]
    if b"<" in rest:
        yield _tags(rest, prefix)


def unescaped(text: pl.Series) -> pl.Series:
    """With what the XML escapes (&amp;) and what Excel does (_x000D_) written out."""
    text = _replaced(text, r"&#?[0-9A-Za-z]+;", html.unescape)
    return _replaced(text, r"_x[0-9A-Fa-f]{4}_", lambda found: chr(int(found[2:6], 16)))


def _prefix(head: bytes) -> str:
    """Of the names of tags, as in `<x:row>`. Other encodings than UTF-8, entities and CDATA are for others to read."""
    found = re.search(rb"<((?:\w+:)?)(?:worksheet|sst)\b", head)
    if not found or re.search(rb"encoding=[\"'](?!utf-8)", head, re.IGNORECASE):
        raise Unusual
    return found.group(1).decode()


def _tags(text: bytes, prefix: str) -> pl.DataFrame:
    if b"<!" in text:
        raise Unusual
    if prefix:
        text = text.replace(f"<{prefix}".encode(), b"<").replace(f"</{prefix}".encode(), b"</")
    text = text[text.index(b"<") + 1 :]
    if text.count(b"<") + 1 == text.count(b">"):
        return _read(text, {"tag": pl.String, "text": pl.String}, ">")
    # A ">" needs no escape in a text.
    whole = _read(text, {"tag": pl.String}, "\x01")
    return whole.select(pl.col("tag").str.splitn(">", 2).struct.rename_fields(["tag", "text"])).unnest("tag")


def _read(text: bytes, schema: dict[str, type[pl.String]], separator: str) -> pl.DataFrame:
    try:
        return pl.read_csv(
            text,
            has_header=False,
            schema=schema,
            separator=separator,
            eol_char="<",
            quote_char=None,
            empty_string_is_null=False,
        )
    except pl.exceptions.PolarsError as error:
        raise Unusual from error


def _replaced(text: pl.Series, pattern: str, meaning: Callable[[str], str]) -> pl.Series:
    found = text.filter(text.str.contains(pattern).fill_null(False))
    if found.is_empty():
        return text
    escapes = found.str.extract_all(pattern).explode().unique().to_list()
    return text.str.replace_many(escapes, [meaning(escape) for escape in escapes])
