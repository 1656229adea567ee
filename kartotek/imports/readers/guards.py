"""Cells that an export has kept from being run as formulas, back to what they mean (values/formulas)."""

from collections.abc import Iterator
from dataclasses import replace

import polars as pl

from kartotek.imports import table
from kartotek.values import formulas


def off(sheet: table.Sheet) -> table.Sheet:
    headers = pl.DataFrame({"header": sheet.columns}, schema={"header": pl.String})
    return replace(
        sheet,
        columns=tuple(headers.select_seq(formulas.bare(pl.col("header")))["header"]),
        batches=lambda size: _bare(sheet.batches(size), len(sheet.columns)),
    )


def _bare(batches: Iterator[pl.DataFrame], columns: int) -> Iterator[pl.DataFrame]:
    """Hardly any file has such cells, so each column is first asked the cheapest question."""
    cells = [pl.col(table.cell(i)) for i in range(columns)]
    for batch in batches:
        asked = batch.select_seq(cell.str.starts_with("'").any() for cell in cells).row(0) if columns else ()
        guarded = [cell for cell, is_one in zip(cells, asked, strict=True) if is_one]
        yield batch.with_columns_seq(formulas.bare(cell) for cell in guarded) if guarded else batch
