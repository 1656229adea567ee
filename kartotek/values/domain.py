"""The domain of a company: the bare host in lower case, whatever web address it was copied from."""

import polars as pl

from kartotek.values import cells
from kartotek.values.reading import Reading

DTYPE: pl.DataType = pl.String()
SQL = "text"
EXAMPLE = "harbour.example"

# A top-level domain begins with a letter, so an IP address is none. "www." goes only when a host is left: see www.dk.
_LABEL, _TOP = "[a-z0-9]+(?:-+[a-z0-9]+)*", "(?:[a-z]{2,63}|xn--[a-z0-9-]*[a-z0-9])"
_COMMON = rf"^(?:{_LABEL}\.)+{_TOP}$"
_ADDRESS = r"^(?:(?:[a-z][a-z0-9+.-]*:)?/{1,3}(?:[^/?#@\s]*@)?)?(?:www\.)*(%s)\.?(?::[0-9]*)?(?:[/?#].*)?$"
_ANY_ADDRESS = _ADDRESS % r"[^\s./?#@:\\<>]+(?:\.[^\s./?#@:\\<>]+)+"
_LONG_LABEL = r"[^.]{64}"


def read(cell: pl.Expr, how: Reading) -> pl.Expr:
    lower = cell.str.to_lowercase()
    common = cells.only(lower, _is_host(lower))
    bare = cells.only(lower, common.is_null()).str.strip_prefix("https://").str.strip_prefix("http://")
    bare = bare.str.strip_prefix("www.").str.strip_suffix("/")
    host = pl.coalesce(common, cells.only(bare, _is_host(bare)))
    return pl.coalesce(host, cells.once_each(cells.only(cell, host.is_null()), _uncommon, DTYPE))


def wrong(cell: pl.Expr, how: Reading) -> pl.Expr:
    return pl.when(cells.unread(cell, read(cell, how))).then(pl.lit("INVALID_DOMAIN"))


def text(value: pl.Expr) -> pl.Expr:
    return value


def _is_host(lower: pl.Expr) -> pl.Expr:
    return lower.str.contains(_COMMON) & ~lower.str.starts_with("www.") & (lower.str.len_bytes() < 64)


def _uncommon(frame: pl.DataFrame) -> pl.DataFrame:
    visible = cells.without_invisible(cells.clean(pl.col("cell").str.to_lowercase()))
    hosts = frame.select(host=visible.str.extract(_ANY_ADDRESS)).get_column("host")
    names = pl.Series("host", [host if host is None or host.isascii() else _punycode(host) for host in hosts], DTYPE)
    host = pl.col("host")
    too_long = (host.str.len_bytes() > 253) | host.str.contains(_LONG_LABEL)
    return names.to_frame().select(answer=cells.only(host, host.str.contains(_COMMON) & ~too_long))


def _punycode(host: str) -> str | None:
    """The names of the DNS are ASCII, and so are those that we compare."""
    try:
        return host.encode("idna").decode("ascii").lower()
    except UnicodeError:
        return None
