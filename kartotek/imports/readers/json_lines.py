"""JSON Lines: an object on each line. Its keys are the headers; what is nested is `outer.inner`, a list `one;two`.

A list of lists is `one|two;three`, as an export to CSV writes the labels of several associations.
"""

import tempfile
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl

from kartotek import errors
from kartotek.imports import table
from kartotek.imports.readers import content, delimited, pieces
from kartotek.values.reading import NATIVE

_AT_A_TIME = 50_000


def open(path: Path, *, name: str, limit_columns: int = 1000, scratch: Path) -> table.Sheet:
    rows = pl.scan_ndjson(path, infer_schema_length=None, row_index_name=table.LINE, row_index_offset=1)
    try:
        flat = _flat(rows.collect_schema())
        if len(flat) - 1 > limit_columns:
            raise delimited.too_many_columns(name, len(flat) - 1, limit_columns)
        cells = [pl.col(table.LINE).cast(pl.Int64)]
        cells += [cell.alias(table.cell(i)) for i, cell in enumerate(list(flat.values())[1:])]
        spool = Path(tempfile.mkdtemp(dir=scratch, prefix="json-"))
        pieces.write(_batches(rows.select(cells)), spool)
    except (pl.exceptions.PolarsError, _Nested) as error:
        raise _bad(path, name) from error
    columns = tuple(flat)[1:]
    return pieces.sheet(spool, range(len(columns)), columns, 0, file=name)


class _Nested(Exception):
    """Rows within rows."""


def _batches(rows: pl.LazyFrame) -> Iterator[pl.DataFrame]:
    yield from rows.collect_batches(chunk_size=_AT_A_TIME, maintain_order=True)


def _flat(schema: pl.Schema) -> dict[str, pl.Expr]:
    """An expression for each header."""
    found: dict[str, pl.Expr] = {}
    left: list[tuple[str, pl.Expr, Any]] = [(name, pl.col(name), dtype) for name, dtype in schema.items()]
    while left:
        header, cell, dtype = left.pop(0)
        if isinstance(dtype, pl.Struct):
            left[:0] = [(f"{header}.{one.name}", cell.struct.field(one.name), one.dtype) for one in dtype.fields]
        else:
            found[header] = _text(cell, dtype)
    return found


def _text(cell: pl.Expr, dtype: Any) -> pl.Expr:
    if isinstance(dtype, pl.List):
        if isinstance(dtype.inner, pl.List) and not dtype.inner.inner.is_nested():
            inner = pl.element().cast(pl.List(pl.String)).list.join("|", ignore_nulls=True)
            return cell.list.eval(inner).list.join(";", ignore_nulls=True)
        if dtype.inner.is_nested():
            raise _Nested
        return cell.cast(pl.List(pl.String)).list.join(";", ignore_nulls=True)
    if dtype == pl.Boolean:
        return cell.cast(pl.String).str.to_uppercase()
    if dtype.is_float():
        return NATIVE + cell.map_batches(_written_out, return_dtype=pl.String)
    return NATIVE + cell.cast(pl.String) if dtype.is_integer() else cell.cast(pl.String)


def _written_out(numbers: pl.Series) -> pl.Series:
    """Without exponents and needless zeros."""
    texts = numbers.cast(pl.String).str.strip_suffix(".0")
    powers = texts.drop_nulls().filter(texts.drop_nulls().str.contains("e", literal=True)).unique().to_list()
    return texts.replace({power: format(Decimal(power), "f") for power in powers}) if powers else texts


def _bad(path: Path, name: str) -> errors.BadFile:
    """The first line that is no object is looked for only now."""
    advice = "Each line has to be one JSON object; or send the rows as CSV or Excel (.xlsx)."
    with path.open("rb") as lines:
        for number, line in enumerate(lines, 1):
            if line.strip() and not content.is_object(line):
                return errors.BadFile("INVALID_SPREADSHEET", f"Line {number} of “{name}” cannot be read. {advice}")
    return errors.BadFile(
        "INVALID_SPREADSHEET", f"“{name}” holds rows within rows, or values of several kinds under one name. {advice}"
    )
