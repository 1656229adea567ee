"""The common road: a stretch of text in which every record is well-formed and exactly as wide as the header.

Polars reads it in one go, and then it is proved that nothing was lost or made up. Polars fills up a row that is too
short and takes quotes away: so the bytes of all cells, one for the delimiter or line end after each, and the quotes
come to the length of the text only if no row was short and no cell holds a quote; and what stands in quotes has to obey
the grammar. This takes half the time of telling the records apart (records.py), which is the way of all other text.
"""

import polars as pl

from kartotek.imports import table

_MARK = "\ufeff"
_STEPS = 200  # quotes to go back to find where a record ends, before the text is taken for an odd one


def read(text: bytes, delimiter: str, quote: str, width: int, longest: int) -> tuple[pl.DataFrame, int] | None:
    """The cells of the whole records and where these end, or None when some record is not plain.

    `longest`: the bytes of the longest cell that is credible.
    """
    end, quotes = _whole(text, quote.encode())
    text = text[:end]
    if not text or b"\x01" in text:
        return None
    try:
        cells = parsed(text, delimiter, quote if quotes else None, width)
    except pl.exceptions.PolarsError:
        return None
    size, most, marked = cells.select_seq(
        pl.sum_horizontal(pl.all().str.len_bytes().sum()),
        most=pl.max_horizontal(pl.all().str.len_bytes().max()),
        marked=pl.col(table.cell(0)).str.starts_with(_MARK).any(),
    ).row(0)
    if marked or (most or 0) > longest:
        return None
    returns = cells.height if b"\r" in text else 0
    unseen = size + cells.height * width + returns + quotes - len(text)
    if unseen and not (quotes and unseen == _quotes_in(cells, quote)):
        return None
    sound = not (returns or quotes) or _is_sound(text, delimiter, quote if quotes else "", cells.height)
    return (cells, end) if sound else None


def lines(text: bytes) -> pl.Series:
    """One text per line, without its line end. The text has no \\x01."""
    frame = pl.read_csv(
        text,
        has_header=False,
        schema={"text": pl.String},
        separator="\x01",
        quote_char=None,
        empty_string_is_null=False,
    )
    return frame["text"]


def parsed(text: bytes, delimiter: str, quote: str | None, width: int, *, ragged: bool = False) -> pl.DataFrame:
    """As Polars reads it. When `ragged`, rows may be too short, and too long ones are cut."""
    return pl.read_csv(
        text,
        has_header=False,
        schema={table.cell(i): pl.String for i in range(width)},
        separator=delimiter,
        quote_char=quote,
        missing_columns="insert" if ragged else "raise",
        extra_columns="ignore" if ragged else "raise",
        truncate_ragged_lines=ragged,
        raise_if_empty=False,
    )


def _quotes_in(cells: pl.DataFrame, quote: str) -> int:
    counts = pl.all().str.count_matches(quote, literal=True).sum()
    return int(cells.select_seq(pl.sum_horizontal(counts)).item())


def _is_sound(text: bytes, delimiter: str, quote: str, rows: int) -> bool:
    """Whether quotes stand only where they belong, and carriage returns only before line feeds: Polars drops one at
    the end of any cell, though alone it is a line end."""
    found = lines(text)
    if b"\r" in text and found.str.contains("\r", literal=True).any():
        return False
    if not quote:
        return True
    d, q = (f"\\x{{{ord(c):x}}}" for c in (delimiter, quote))
    cell = f"(?:{q}(?:[^{q}]|{q}{q})*{q}|[^{q}{d}\r\n]*)"
    if len(found) == rows:
        quoted = found.filter(found.str.contains(quote, literal=True))
        return bool(quoted.str.contains(f"^{cell}(?:{d}{cell})*$").all())
    one = pl.Series([text], dtype=pl.Binary).cast(pl.String)
    return bool(one.str.contains(f"\\A{cell}(?:(?:{d}|\r?\n){cell})*\\z").item())


def _whole(text: bytes, quote: bytes) -> tuple[int, int]:
    """Where the last whole record ends, if all are well-formed, and how many quotes there are till then: it is a line
    end with an even number of quotes before."""
    end, quotes = len(text), text.count(quote) if quote in text else 0
    for _ in range(_STEPS):
        if quotes % 2 == 0:
            return end, quotes
        line = text.rfind(b"\n", 0, text.rfind(quote, 0, end)) + 1
        quotes -= text.count(quote, line, end)
        end = line
    return 0, 0
