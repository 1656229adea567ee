"""Rows are kept as they were read, in batches of which the first ones are small."""

from collections.abc import Iterator

import polars as pl

from kartotek.imports import spool
from kartotek.imports.table import BROKEN, EXTRA, LINE, ROW, WIDTH, Sheet


class Lines:
    """A sheet of so many lines."""

    name, headers, header_line, samples = "lines", ("Email",), 1, pl.DataFrame()

    def __init__(self, count: int) -> None:
        self.count = count

    def batches(self, size: int) -> Iterator[pl.DataFrame]:
        for begin in range(0, self.count, size):
            lines = pl.int_range(begin, min(begin + size, self.count), dtype=pl.Int64, eager=True)
            yield pl.DataFrame({LINE: lines + 2, "cell_0": lines.cast(pl.String)})


def test_the_first_batch_comes_in_pieces_and_all_rows_once(tmp_path):
    made = spool.fill([Lines(25_000), Lines(3)], [0, 1], tmp_path, 10_000)

    batches = [made.batch(number) for number in range(made.count)]

    assert [len(one) for one in batches] == [2_000] * 5 + [10_000, 5_000, 3]
    assert pl.concat(batches)[ROW].to_list() == list(range(25_003))
    assert pl.concat(batches[:7])["cell_0"].cast(pl.Int64).to_list() == list(range(25_000))
    assert made.sources == (0,) * 7 + (1,)
    assert made.number_at(10_000) == 5
