"""Frames to COPY and back. The only place where many rows cross between Polars and PostgreSQL."""

import io
from collections.abc import Mapping
from typing import Any

import polars as pl
from psycopg import sql

from kartotek.store.database import Tx

# Server and encoder work at the same time when a frame is sent piece by piece.
_PIECE = 20_000


def copy_in(tx: Tx, table: sql.Composable, frame: pl.DataFrame) -> None:
    """Appends `frame` to `table`, column by column name. Nulls are NULL, an empty string stays one."""
    if frame.is_empty():
        return
    columns = sql.SQL(", ").join(map(sql.Identifier, frame.columns))
    statement = sql.SQL("COPY {} ({}) FROM STDIN (FORMAT csv)").format(table, columns)
    flat = frame.with_columns(_array(name) for name, kind in frame.schema.items() if isinstance(kind, pl.List))
    with tx.connection.cursor() as cursor, cursor.copy(statement) as copy:
        for piece in flat.iter_slices(_PIECE):
            copy.write(piece.write_csv(include_header=False).encode())


def fetch(tx: Tx, select: sql.Composable, schema: Mapping[str, Any], params: Mapping[str, Any] | None = None) -> pl.DataFrame:
    """What `select` gives, as a frame of `schema`: far faster than rows through the driver.

    `schema` names the columns in the order of the select; `params` are merged on this side.
    """
    out = io.BytesIO()
    statement = sql.SQL("COPY ({}) TO STDOUT (FORMAT csv)").format(select)
    with tx.connection.cursor() as cursor, cursor.copy(statement, params) as copy:
        for block in copy:
            out.write(block)
    if not out.tell():
        return pl.DataFrame(schema=dict(schema))
    out.seek(0)
    texts = pl.read_csv(out, has_header=False, schema=dict.fromkeys(schema, pl.String))
    return texts.with_columns(
        pl.col(name) == "t" if kind == pl.Boolean else pl.col(name).cast(kind)
        for name, kind in schema.items()
        if kind != pl.String
    )


def _array(name: str) -> pl.Expr:
    """A list of texts as PostgreSQL writes an array: {"a","b"}."""
    escaped = pl.element().str.replace_all("\\", "\\\\", literal=True).str.replace_all('"', '\\"', literal=True)
    inner = pl.col(name).list.eval(pl.concat_str(pl.lit('"'), escaped, pl.lit('"'))).list.join(",")
    return pl.when(pl.col(name).is_not_null()).then(pl.concat_str(pl.lit("{"), inner, pl.lit("}"))).alias(name)
