"""Words for tests of values: what a kind makes of cells, as the canonical text of the value or what is wrong."""

from typing import Any

import polars as pl
from hypothesis import settings

from kartotek.values import TYPES, Reading

# A machine that others use too is sometimes slow: that proves nothing.
quick = settings(deadline=None, max_examples=30)


def outcome(kind: str, cells: list[str | None], **how: Any) -> list[str | None]:
    """For each cell its value as text, else the error type, else None."""
    reading = Reading(**how)
    frame = pl.DataFrame({"cell": cells}, schema={"cell": pl.String}).lazy()
    module, cell = TYPES[kind], pl.col("cell")
    steps = frame.select(value=module.text(module.read(cell, reading)), wrong=module.wrong(cell, reading)).collect()
    assert steps.filter(pl.col("value").is_not_null() & pl.col("wrong").is_not_null()).is_empty()
    return steps.select(pl.coalesce("value", "wrong")).to_series().to_list()


def read(kind: str, cell: str, **how: Any) -> str | None:
    return outcome(kind, [cell], **how)[0]
