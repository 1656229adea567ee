"""Frames of typed properties, as an import hands them to `writing`."""

import polars as pl

from kartotek.domain import writing
from kartotek.model.records import Batch, Changes
from kartotek.values import TYPES


def frame_of(ids, **columns):
    keys = pl.int_range(len(ids), eager=True, dtype=pl.Int64).alias("_key")
    return pl.DataFrame([keys, pl.Series("_id", ids, dtype=pl.Int64)]).with_columns(
        pl.Series(name, values) for name, values in columns.items()
    )


def write(tx, cast, object_type, frame, actor=None, **how):
    return writing.write(tx, actor or cast.ida, Batch((Changes(object_type, frame, **how),)))


def outcomes(written, object_type):
    return written.outcomes[object_type.name]["outcome"].to_list()


def typed(prop, texts):
    """Texts in canonical form as a column of values."""
    kind = TYPES[prop.kind]
    column = pl.Series(prop.name, texts, dtype=pl.String)
    if isinstance(kind.DTYPE, pl.List):
        return column.str.split(";")
    if prop.kind == "moment":
        return column.str.head(-1).str.to_datetime("%Y-%m-%dT%H:%M:%S%.3f", time_unit="ms").dt.replace_time_zone("UTC")
    if prop.kind == "date":
        return column.str.to_date("%Y-%m-%d")
    return column == "true" if pl.Boolean == kind.DTYPE else column
