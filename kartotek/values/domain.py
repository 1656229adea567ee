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
_CODED = "xn--"


def check(cell: pl.Expr, how: Reading) -> pl.Expr:
    return cells.in_steps(cell, _common, rest, DTYPE)


read, wrong = cells.halves(check)


def text(value: pl.Expr) -> pl.Expr:
    return value


def own_letters(text: str) -> str:
    """mægler.example, of an address, too: as its owner writes it, where the names of the DNS are meant for machines."""
    before, at, host = text.rpartition("@")
    try:
        return f"{before}{at}{host.encode('ascii').decode('idna')}" if _CODED in host else text
    except UnicodeError:
        return text


def in_own_letters(domains: pl.Series) -> dict[str, str]:
    """Of domains as they are kept those that are written in other letters, with these: as far as they are read as the
    same again."""
    coded = domains.filter(domains.str.contains(_CODED, literal=True)).unique()
    own = pl.Series("own", list(map(own_letters, coded)), pl.String)
    same = own.to_frame().select_seq(read(pl.col("own"), Reading())).to_series() == coded
    return dict(zip(coded.filter(same), own.filter(same), strict=True))


def rest(frame: pl.DataFrame) -> pl.DataFrame:
    visible = cells.without_invisible(cells.clean(pl.col("cell").str.to_lowercase()))
    hosts = frame.select_seq(host=visible.str.extract(_ANY_ADDRESS)).get_column("host")
    names = [host if host is None or host.isascii() else _punycode(host) for host in hosts]
    host = pl.col("host")
    too_long = (host.str.len_bytes() > 253) | host.str.contains(_LONG_LABEL)
    return frame.with_columns_seq(host=pl.Series(names, dtype=pl.String)).with_columns_seq(
        value=cells.only(host, host.str.contains(_COMMON) & ~too_long), wrong=pl.lit("INVALID_DOMAIN")
    )


def _common(frame: pl.DataFrame) -> pl.DataFrame:
    host = frame.select_seq(host=pl.col("cell").str.to_lowercase()).with_columns_seq(value=_settled())
    if not host.get_column("value").has_nulls():
        return host
    bare = (
        cells.only(pl.col("host"), pl.col("value").is_null()).str.strip_prefix("https://").str.strip_prefix("http://")
    )
    shorter = host.with_columns_seq(host=bare.str.strip_prefix("www.").str.strip_suffix("/"))
    return shorter.with_columns_seq(value=pl.coalesce("value", _settled()))


def _settled() -> pl.Expr:
    host = pl.col("host")
    return cells.only(host, host.str.contains(_COMMON) & ~host.str.starts_with("www.") & (host.str.len_bytes() < 64))


def _punycode(host: str) -> str | None:
    """The names of the DNS are ASCII, and so are those that we compare."""
    try:
        return host.encode("idna").decode("ascii").lower()
    except UnicodeError:
        return None
