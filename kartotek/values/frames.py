"""Polars, where its own types know less of frames than we do."""

from collections.abc import Mapping
from typing import Any

import polars as pl


def cast(frame: pl.DataFrame, schema: Mapping[str, pl.DataType | type[pl.DataType]]) -> pl.DataFrame:
    """These columns become of these types. To Polars a mapping whose keys are names only is of the wrong type."""
    types: dict[Any, Any] = dict(schema)
    return frame.cast(types)


def whole(number: object) -> int:
    """What a column of whole numbers says of itself, such as its largest one; nothing is 0."""
    assert number is None or isinstance(number, int), "the column holds no whole numbers"
    return number or 0
