"""Rows are kept as they were read, in batches of which the first ones are small."""

from collections.abc import Iterator
from pathlib import Path

import polars as pl

from kartotek.imports import spool
from kartotek.imports.table import LINE, ROW, Sheet


def sheet(lines: int) -> Sheet:
    def batches(size: int) -> Iterator[pl.DataFrame]:
        for begin in range(0, lines, size):
            numbers = pl.int_range(begin, min(begin + size, lines), dtype=pl.Int64, eager=True)
            yield pl.DataFrame({LINE: numbers + 2, "c0": numbers.cast(pl.String)})

    return Sheet("lines.csv", None, ("Email",), 1, "UTF-8", ",", '"', batches)


def test_the_first_batch_comes_in_pieces_and_all_rows_once(tmp_path: Path) -> None:
    made = spool.fill([sheet(25_000), sheet(3)], [0, 1], tmp_path, 10_000)

    batches = [made.batch(number) for number in range(made.count)]

    assert [len(one) for one in batches] == [2_000] * 5 + [10_000, 5_000, 3]
    assert pl.concat(batches)[ROW].to_list() == list(range(25_003))
    assert pl.concat(batches[:7])["c0"].cast(pl.Int64).to_list() == list(range(25_000))
    assert made.sources == (0,) * 7 + (1,)
    assert made.number_at(10_000) == 5


def test_small_batches_stay_whole(tmp_path: Path) -> None:
    made = spool.fill([sheet(5_000)], [0], tmp_path, 2_000)

    assert made.firsts == (0, 2_000, 4_000)
