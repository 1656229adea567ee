"""What is wrong with a row as a whole: it cannot be read, has not as many cells as the header, or holds too much."""

import polars as pl

from kartotek.imports.table import BROKEN, EXTRA, LINE, PROBLEM, ROW, WIDTH, As, Plan, cell
from kartotek.model import sentences
from kartotek.values import cells, frames

# Bytes in the imported cells of a row, all together.
MOST_IN_ROW = 4 * 1024 * 1024
BROKEN_TYPE = "_broken_type"


def broken(plan: Plan, batch: pl.DataFrame) -> pl.Expr:
    """An error type, or null; of the size nearly nothing is asked, as few batches are so large."""
    found = _unlike(plan)
    # Whoever hands in the cells of one object only has seen the whole rows before.
    mapped = [cell(c.index) for c in plan.columns if c.imported_as is not As.NOTHING]
    mapped = [name for name in mapped if name in batch.columns]
    sizes = [pl.col(name).str.len_bytes().max() for name in mapped]
    if not sizes or (batch.select_seq(pl.sum_horizontal(sizes)).item() or 0) <= MOST_IN_ROW:
        return found
    large = pl.sum_horizontal(pl.col(name).str.len_bytes() for name in mapped) > MOST_IN_ROW
    return pl.when(found.is_null() & large).then(pl.lit("ROW_DATA_TOO_LARGE")).otherwise(found)


def problems(out: pl.DataFrame, columns: int) -> pl.DataFrame:
    """As PROBLEM. Of rows with too many or too few cells than so many, the value says how many (sentences.CELLS)."""
    uneven = pl.col(BROKEN_TYPE) == "INCORRECT_NUMBER_OF_COLUMNS"
    found = out.filter(pl.col(BROKEN_TYPE).is_not_null()).select_seq(
        ROW,
        pl.col(LINE).alias("line"),
        *(pl.lit(None, pl.String).alias(name) for name in ("place", "object_type", "property")),
        pl.col(BROKEN_TYPE).alias("type"),
        pl.when(uneven).then(pl.format(f"{{}}{sentences.UNLIKE}{columns}", WIDTH)).alias("value"),
    )
    return frames.cast(found, PROBLEM)


def _unlike(plan: Plan) -> pl.Expr:
    """Unreadable, or not as many cells as the header has."""
    surplus = pl.col(EXTRA).list.eval(cells.clean(pl.element())).list.drop_nulls().list.len() > 0
    too_short = pl.lit(False) if plan.short_rows_are_empty else pl.col(WIDTH).is_not_null() & pl.col(EXTRA).is_null()
    uneven = surplus.fill_null(False) | too_short
    return (
        pl.when(pl.col(BROKEN).is_not_null())
        .then(pl.col(BROKEN))
        .when(uneven)
        .then(pl.lit("INCORRECT_NUMBER_OF_COLUMNS"))
    )
