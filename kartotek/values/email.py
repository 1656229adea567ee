"""One email address, trimmed and in lower case. `mailto:` and `Ada <ada@harbour.example>` are reduced to it.

The letters of its domain are its own, as people write them: browsers send them as the DNS has them.
"""

import polars as pl

from kartotek.values import cells, domain
from kartotek.values.reading import Reading

DTYPE: pl.DataType = pl.String()
SQL = "text"
EXAMPLE = "ada@harbour.example"

# Latin letters with their accents, as far as they are one character and stay it: a third of a Danish list has them.
_LATIN = "a-z0-9ß-öø-ɏ"
_ATOM = rf"[{_LATIN}!#$%&'*+/=?^_`{{|}}~-]+"
_COMMON = rf"^{_ATOM}(?:\.{_ATOM})*@(?:[{_LATIN}]+(?:-+[{_LATIN}]+)*\.)+(?:[a-z]{{2,}}|xn--[a-z0-9-]*[a-z0-9])$"
# Letters of every script are let in on both sides of the @ (RFC 6531): an address that exists must not cost a row.
_LETTERS = r"\p{L}\p{M}\p{N}"
_ANY_ATOM = rf"[{_LETTERS}!#$%&'*+/=?^_`{{|}}~-]+"
_ANY = (
    rf"^{_ANY_ATOM}(?:\.{_ANY_ATOM})*@(?:[{_LETTERS}]+(?:-+[{_LETTERS}]+)*\.)+"
    r"(?:[\p{L}\p{M}]{2,}|xn--[a-z0-9-]*[a-z0-9])$"
)
_CODED = "xn--"
_LONG_PART = r"^[^@]{65}|[^.@]{64}[^@]*$"


def check(cell: pl.Expr, how: Reading) -> pl.Expr:
    return cells.in_steps(cell, _common, rest, DTYPE)


read, wrong = cells.halves(check)


def text(value: pl.Expr) -> pl.Expr:
    return value


def rest(frame: pl.DataFrame) -> pl.DataFrame:
    address = pl.col("address")
    steps = frame.with_columns_seq(address=_bare(pl.col("cell").str.to_lowercase()))
    coded = steps.filter(address.str.contains(_CODED, literal=True))["address"].unique()
    steps = steps.with_columns_seq(address.replace(coded, pl.Series(map(domain.own_letters, coded), dtype=pl.String)))
    long = (address.str.len_chars() > 254) | address.str.contains(_LONG_PART)
    return steps.with_columns_seq(
        value=cells.only(address, address.str.contains(_ANY) & ~long), wrong=pl.lit("INVALID_EMAIL")
    )


def _common(frame: pl.DataFrame) -> pl.DataFrame:
    lower = frame.select_seq(lower=pl.col("cell").str.to_lowercase())
    settled = pl.col("lower").str.contains(_COMMON) & (pl.col("lower").str.len_bytes() < 64)
    settled &= ~pl.col("lower").str.contains(_CODED, literal=True)
    return lower.select_seq(value=cells.only(pl.col("lower"), settled))


def _bare(lower: pl.Expr) -> pl.Expr:
    """The address without the name before it, `mailto:` and what follows it."""
    visible = cells.without_invisible(cells.clean(lower)).str.normalize("NFC")
    inner = visible.str.replace(r"^[^<>]*<\s*([^<>]*?)\s*>[;,.]?$", "$1")
    return inner.str.replace(r"^mailto:\s*([^?]*)(?:\?.*)?$", "$1").str.replace(r"\s*[;,.]+$", "")
