"""Text to records: where each row of a delimited file begins and ends, in columns, without a loop over rows.

Every line is a small function on two states: outside a quoted cell, or inside one. Most lines change neither. A line
that leaves a cell open leads inside, one that closes it leads out, and running these functions along the file is a
cumulative sum. So a few regular expressions per line, run by Polars, do what Python's `csv` does character by
character, and just as forgivingly: quotes in the midst of a cell and text after a closing quote are read as it does.

One thing is done differently. A quote that is never closed, or whose first chance to close stands in the midst of some
other cell, was opened by mistake: that record is broken, alone, and the next line starts afresh.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl

from kartotek import errors
from kartotek.imports.readers import plain

# A quoted cell of more lines than this is a quote that somebody forgot to close.
_LONGEST_CELL = 10_000
_LONGEST_LINE = 64 * 1024 * 1024

_MARK = b"\xef\xbb\xbf"
_CR = "\ue0f1"  # stands before a line end that is a carriage return alone, while lines are told apart
_CRLF = "\ue0f2".encode()


@dataclass(frozen=True, slots=True)
class Dialect:
    delimiter: str
    quote: str = '"'


@dataclass(frozen=True, slots=True)
class Block:
    """Some records: as `cells` when each is well-formed and of the expected width, else as `records`, which have
    `text`, `regular` and `broken`."""

    count: int
    cells: pl.DataFrame | None = None
    records: pl.DataFrame | None = None


@dataclass(frozen=True, slots=True)
class Patterns:
    """The regular expressions of one dialect, for Polars; a record's text holds no line end outside quotes."""

    regular: str  # well-formed, with exactly the expected number of cells
    strict: str  # well-formed, any number of cells
    loose: str  # leaves no quote open, as Python's csv sees it
    closes: str  # inside a quoted cell: the first quote that can close it does
    stays: str  # inside a quoted cell: it remains open
    closes_all: str  # inside a quoted cell: closes it and leaves no other open
    quoted: str  # a quoted cell, to be taken out before delimiters are counted
    opens: str  # some cell begins with a quote

    @classmethod
    def of(cls, dialect: Dialect, width: int) -> "Patterns":
        d, q = (f"\\x{{{ord(c):x}}}" for c in (dialect.delimiter, dialect.quote))
        inside = f"(?:[^{q}]|{q}{q})*"
        strict = f"(?:{q}{inside}{q}|[^{q}{d}]*)"
        end = f"[\r{_CR}]?$"  # a line keeps the carriage return before its line feed
        loose = f"(?:{q}{inside}{q}(?:[^{d}{q}][^{d}]*)?|[^{q}{d}][^{d}]*|)"
        return cls(
            regular=f"^{strict}(?:{d}{strict}){{{width - 1}}}{end}",
            strict=f"^{strict}(?:{d}{strict})*{end}",
            loose=f"^{loose}(?:{d}{loose})*{end}",
            closes=f"^{inside}{q} *(?:{d}|{end})",
            stays=f"^{inside}$",
            closes_all=f"^{inside}{q} *(?:{d}{loose})*{end}",
            quoted=f"{q}{inside}{q}",
            opens=f"(?:^|{d}){q}",
        )


def blocks(pieces: Iterator[bytes], dialect: Dialect, width: int, *, as_cells: bool = True) -> Iterator[Block]:
    """The records of a text given in pieces of UTF-8; where the pieces end makes no difference.

    `as_cells`: where that is possible; else all of them have their text.
    """
    patterns = Patterns.of(dialect, width)
    rest = b""
    for piece in pieces:
        rest = rest + piece if rest else piece
        end = _cut(rest)
        if len(rest) - end > _LONGEST_LINE:
            raise errors.BadFile("INVALID_SPREADSHEET", "A line of this file is longer than 64 MB. Is it a table?")
        if end:
            plain_ones = _plain(rest[:end], dialect, width) if as_cells else None
            block, left = plain_ones or _block(rest[:end], dialect, patterns, width, last=False)
            rest = left + rest[end:]
            yield block
    if rest:
        yield of(rest, dialect, width)


def of(text: bytes, dialect: Dialect, width: int) -> Block:
    """The records of a whole text, none of them as cells."""
    return _block(text, dialect, Patterns.of(dialect, width), width, last=True)[0]


def _plain(text: bytes, dialect: Dialect, width: int) -> tuple[Block, bytes] | None:
    """The records that are whole, as cells, and the text behind them; None when not all are well-formed."""
    found = plain.read(text, dialect.delimiter, dialect.quote, width, _LONGEST_CELL)
    return found and (Block(found[0].height, cells=found[0]), text[found[1] :])


def _cut(text: bytes) -> int:
    """Where the last whole line ends. A carriage return at the very end may be the first half of a line end."""
    return text.rfind(b"\n") + 1 or text.rfind(b"\r", 0, len(text) - 1) + 1


def _block(text: bytes, dialect: Dialect, patterns: Patterns, width: int, *, last: bool) -> tuple[Block, bytes]:
    """The records of these lines, and what must wait for more text to be understood."""
    text = _without_marks(text)
    alone = text.count(b"\r") > text.count(b"\r\n")
    if alone:
        text = _alone_as_line_ends(text)
    quoted = dialect.quote.encode() in text
    lines = _lines(text)
    if quoted:
        regular = pl.col("text").str.contains(patterns.regular)
    else:
        regular = pl.col("text").str.count_matches(dialect.delimiter, literal=True) == width - 1
    lines = lines.with_columns(regular=regular, broken=pl.lit(False))
    if quoted and b"\r" in text and not lines["regular"].all():
        # Cells may go over several lines, so now the carriage returns matter.
        lines = lines.with_columns(_lines_with_returns(text))
    left = b""
    if quoted and not lines["regular"].all():
        lines, left = _joined(lines.with_row_index("at"), patterns, last=last)
    if alone:
        return Block(lines.height, records=_with_lone_ends(lines)), left.replace(_CR.encode() + b"\n", b"\r")
    return Block(lines.height, records=lines.select("text", "regular", "broken")), left


def _without_marks(text: bytes) -> bytes:
    """Files that were put end to end have a byte order mark in their midst, at the beginning of a line."""
    return text.removeprefix(_MARK).replace(b"\n" + _MARK, b"\n")


def _alone_as_line_ends(text: bytes) -> bytes:
    kept = text.replace(b"\r\n", _CRLF).replace(b"\r", _CR.encode() + b"\n")
    return kept.replace(_CRLF, b"\r\n")


def _with_lone_ends(lines: pl.DataFrame) -> pl.DataFrame:
    text = pl.col("text").str.strip_suffix(_CR).str.replace_all(f"{_CR}\n", "\r", literal=True)
    return lines.select(text, "regular", "broken")


def _lines(text: bytes) -> pl.DataFrame:
    """One row per line, without its line end."""
    lines = _lines_with_returns(text).str.strip_suffix("\r") if b"\x01" in text else plain.lines(text)
    return lines.to_frame("text")


def _lines_with_returns(text: bytes) -> pl.Series:
    """One text per line, without its line feed only. Takes twice as long."""
    whole = pl.Series("text", [text.removesuffix(b"\n")], dtype=pl.Binary).cast(pl.String)
    return whole.str.split("\n").explode(empty_as_null=False)


def _joined(lines: pl.DataFrame, patterns: Patterns, *, last: bool) -> tuple[pl.DataFrame, bytes]:
    """Lines that belong to one record become one; lines whose record is not known yet are handed back."""
    opening = lines.filter(~pl.col("regular")).filter(~pl.col("text").str.contains(patterns.loose))
    if opening.is_empty():
        return lines, b""
    lines = _with_state(_with_endings(lines, opening, patterns, last=last))
    waiting = lines.filter(pl.col("starts") & pl.col("opens") & pl.col("closed").is_null())
    left = b""
    if not waiting.is_empty():
        cut = waiting["at"][0]
        left = lines[cut:].select((pl.col("text") + "\n").str.join("")).item().encode()
        lines = lines[:cut]
    broken = pl.col("starts") & pl.col("opens") & ~pl.col("closed")
    return _with_records(lines.with_columns(broken=broken.fill_null(False)), patterns), left


def _with_endings(lines: pl.DataFrame, opening: pl.DataFrame, patterns: Patterns, *, last: bool) -> pl.DataFrame:
    """For each line that leaves a quote open: whether what follows closes it (`closed`, null while unknown); for each
    line, whether it ends a cell that was open before it (`leaves`)."""
    text = pl.col("text")
    lines = lines.with_columns(closes=text.str.contains(patterns.closes), stays=text.str.contains(patterns.stays))
    ending = lines.filter("closes").filter(text.str.contains(patterns.closes_all))
    lines = lines.with_columns(
        opens=pl.col("at").is_in(opening["at"].implode()),
        # An end (true), a quote in the wrong place (false), or nothing that decides (null).
        verdict=pl.when(pl.col("at").is_in(ending["at"].implode()))
        .then(True)
        .when(pl.col("closes") | pl.col("stays"))
        .then(None)
        .otherwise(False),
    )
    decided = pl.when(pl.col("verdict").is_not_null()).then(pl.col("at")).backward_fill().shift(-1)
    near = (decided.cast(pl.Int64) - pl.col("at").cast(pl.Int64)) <= _LONGEST_CELL
    hopeless = pl.lit(True) if last else (lines.height - 1 - pl.col("at").cast(pl.Int64)) > _LONGEST_CELL
    closed = pl.when(decided.is_not_null()).then(pl.col("verdict").backward_fill().shift(-1) & near)
    return lines.with_columns(
        closed=closed.otherwise(pl.when(hopeless).then(False)), leaves=pl.col("verdict").is_not_null()
    )


def _with_state(lines: pl.DataFrame) -> pl.DataFrame:
    """Whether each line starts a record, that is, stands outside a quoted cell.

    A line maps outside to outside or inside, and likewise inside. Where both lead to one state, what came before does
    not matter; where they swap, parity counts; so the state is the last settled one plus the swaps since then.
    """
    enters, leaves = pl.col("opens") & pl.col("closed").fill_null(False), pl.col("leaves")
    settles, swaps = enters != leaves, (enters & leaves).cast(pl.Int64).cum_sum()
    settled = pl.when(settles).then(enters.cast(pl.Int64)).forward_fill().fill_null(0)
    since = pl.when(settles).then(swaps).forward_fill().fill_null(0)
    inside = (settled + swaps - since) % 2
    return lines.with_columns(starts=inside.shift(1, fill_value=0) == 0)


def _with_records(lines: pl.DataFrame, patterns: Patterns) -> pl.DataFrame:
    next_starts = pl.col("starts").shift(-1, fill_value=True)
    lines = lines.with_columns(
        record=pl.col("starts").cum_sum(),
        several=~pl.col("starts") | ~next_starts,
    )
    joined = (
        lines.filter("several")
        .group_by("record", maintain_order=True)
        .agg(pl.col("at").first(), pl.col("text").str.join("\n"), pl.col("broken").first())
        .with_columns(regular=pl.col("text").str.contains(patterns.regular))
    )
    columns = ["at", "text", "regular", "broken"]
    single = lines.filter(~pl.col("several")).select(columns)
    return pl.concat([single, joined.select(columns)]).sort("at") if joined.height else single
