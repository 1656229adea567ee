"""Polars, where its own types know less of frames than we do."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import polars as pl


def cast(frame: pl.DataFrame, schema: Mapping[str, pl.DataType | type[pl.DataType]]) -> pl.DataFrame:
    """These columns become of these types. To Polars a mapping whose keys are names only is of the wrong type."""
    types: dict[Any, Any] = dict(schema)
    return frame if frame.schema == types else frame.cast(types)


def keep(frame: pl.DataFrame, path: Path) -> None:
    """On disk for a while, as an Arrow file for `read_ipc`.

    Polars opens a path twice, and the second time empties it: for ext4 that is a file being replaced, which it
    sends to the disk at once. Opened here, what is soon deleted never has to go there.
    """
    with path.open("wb") as file:
        frame.write_ipc(file, compression="uncompressed")


def constant(name: str, value: object, kind: pl.DataType | type[pl.DataType], length: int) -> pl.Series:
    """A column that says the same in each row."""
    return pl.Series(name, [value], kind).new_from_index(0, length)


def beside(frame: pl.DataFrame, other: pl.DataFrame, on: str) -> pl.DataFrame:
    """With the columns of the other frame, null where it has no such row. Where the rows lie beside each other already,
    as a single one does, nothing is looked up: that takes a fiftieth of a join."""
    if frame[on].equals(other[on]):
        return frame.hstack(other.drop(on))
    return frame.join(other, on=on, how="left", maintain_order="left")


def whole(number: object) -> int:
    """What a column of whole numbers says of itself, such as its largest one; nothing is 0."""
    assert number is None or isinstance(number, int), "the column holds no whole numbers"
    return number or 0
