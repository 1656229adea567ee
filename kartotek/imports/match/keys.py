"""The keys of rows, as hashes: which rows say the same key, and which give one of another row beside their own.

Hashes only are kept, 17 bytes a row and object: 64 and 32 bits, so that two different keys of a file of ten million
rows share both is some 10^-15 likely.
"""

import zlib

import polars as pl

from kartotek.imports.table import RECORD_ID, ROW, Chain, absent_name, failed_name

NO_KEY, OUT = 255, 254  # instead of the number of a key: the row has none; has no part in any record
HASHES = {ROW: pl.UInt32, "h1": pl.UInt64, "h2": pl.UInt32, "kind": pl.UInt8}
GROUPS = {**HASHES, "group": pl.UInt32, "twice": pl.Boolean}
# The first row with a key that may be looked up.
IS_HEAD = (pl.col("group") == pl.col(ROW)) & (pl.col("kind") != NO_KEY) & ~pl.col("twice")


def expressions(one: Chain) -> list[pl.Expr]:
    """Of checked rows, as HASHES."""
    has = [one.column(key).is_not_null() & ~_out(one) for key in one.keys]
    first, second = zip(*(_hash(key, one.column(key)) for key in one.keys), strict=True) if one.keys else ((), ())
    kind = pl.coalesce(*(pl.when(h).then(number) for number, h in enumerate(has)), pl.lit(NO_KEY))
    columns = {
        ROW: pl.col(ROW),
        # A row without a key is a record of its own: its number stands in for the hash of a key.
        "h1": pl.coalesce(
            *(pl.when(h).then(hash) for h, hash in zip(has, first, strict=True)), pl.col(ROW).cast(pl.UInt64)
        ),
        "h2": pl.coalesce(*(pl.when(h).then(hash) for h, hash in zip(has, second, strict=True)), pl.lit(0)),
        "kind": pl.when(_out(one)).then(OUT).otherwise(kind),
    }
    return [column.cast(HASHES[name]).alias(name) for name, column in columns.items()]


def claims(one: Chain, rows: pl.DataFrame) -> list[pl.DataFrame]:
    """The identifiers that rows give beside their key, hashed as if they were one."""
    found = []
    for name in one.keys:
        if name != RECORD_ID and len(one.keys) > 1:
            found.append((name, _said(rows, one.column(name), ~_out(one) & (one.kind() != name))))
    for name, main in one.further:
        listed = _said(rows, one.column(name), ~_out(one))
        found.append((main, listed.explode("text").drop_nulls("text")))
    return [_hashed(key, part) for key, part in found if len(part)]


def _out(one: Chain) -> pl.Expr:
    """Whether a row has no part in any record of this type."""
    return pl.col(failed_name(one.object_type.name)) | pl.col(absent_name(one.object_type.name))


def _said(rows: pl.DataFrame, value: pl.Expr, where: pl.Expr) -> pl.DataFrame:
    some = rows.select_seq(ROW, text=value, where=where).filter(pl.col("where") & pl.col("text").is_not_null())
    return some.drop("where")


def grouped(keys: pl.DataFrame, one: Chain, alone: bool) -> pl.DataFrame:
    """Adds `group`, and `twice`: a record id that stands on several rows of a file of one object."""
    keys = keys.sort("h1", maintain_order=True)
    same, other = pl.col("h1") == pl.col("h1").shift(1), pl.col("h2") != pl.col("h2").shift(1)
    if keys.select_seq((same & other).any()).item():
        keys = keys.sort("h1", "h2", ROW)
    first = pl.when((same & ~other).fill_null(False)).then(None).otherwise(pl.col(ROW)).forward_fill()
    grouped = keys.with_columns_seq(group=pl.when(pl.col("kind") != OUT).then(first))
    twice = pl.lit(False)
    if alone and RECORD_ID in one.keys:
        twice = (pl.col("group") == pl.col("group").shift(1)) | (pl.col("group") == pl.col("group").shift(-1))
        twice = twice.fill_null(False) & (pl.col("kind") == one.keys.index(RECORD_ID))
    return grouped.with_columns_seq(twice=twice)


def _hash(key: str, value: pl.Expr) -> tuple[pl.Expr, pl.Expr]:
    """Of a value of this key: another key's value of the same text has other hashes."""
    text, seed = value.cast(pl.String), zlib.crc32(key.encode())
    return text.hash(seed), text.hash(seed + 1) % 2**32


def _hashed(key: str, part: pl.DataFrame) -> pl.DataFrame:
    h1, h2 = _hash(key, pl.col("text"))
    return part.select_seq(ROW, h1=h1, h2=h2).cast({name: HASHES[name] for name in (ROW, "h1", "h2")})
