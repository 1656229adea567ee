"""Rows are kept as they were read, in batches of which the first ones are small."""

from collections.abc import Iterator
from pathlib import Path

import polars as pl

from kartotek.imports import spool
from kartotek.imports.table import LINE, PROBLEM, ROW, Checked, Sheet


def sheet(lines: int) -> Sheet:
    def batches(size: int) -> Iterator[pl.DataFrame]:
        for begin in range(0, lines, size):
            numbers = pl.int_range(begin, min(begin + size, lines), dtype=pl.Int64, eager=True)
            yield pl.DataFrame({LINE: numbers + 2, "c0": numbers.cast(pl.String)})

    return Sheet("lines.csv", None, ("Email",), 1, "UTF-8", ",", '"', batches)


def lengths(batch: pl.DataFrame, source: int) -> Checked:
    """What a checker gives, in short."""
    long = batch.filter(pl.col("c0").str.len_bytes() > 4)
    problems = long.select(ROW, line=LINE, type=pl.lit("TOO_LONG"), place=pl.lit(source, pl.Int64))
    return Checked(
        batch.select(ROW, "c0", length=pl.col("c0").str.len_bytes()),
        pl.concat([pl.DataFrame(schema=PROBLEM), problems], how="diagonal_relaxed").select(PROBLEM.keys()),
    )


def test_the_first_batch_comes_in_pieces_and_all_rows_once(tmp_path: Path) -> None:
    made = spool.fill([sheet(25_000), sheet(3)], [0, 1], tmp_path, 10_000, lengths)

    batches = [made.batch(number) for number in range(made.count)]

    assert [len(one) for one in batches] == [2_000] * 5 + [10_000, 5_000, 3]
    assert pl.concat(batches)[ROW].to_list() == list(range(25_003))
    assert pl.concat(batches[:7])["c0"].cast(pl.Int64).to_list() == list(range(25_000))
    assert made.sources == (0,) * 7 + (1,)
    assert made.number_at(10_000) == 5


def test_small_batches_stay_whole(tmp_path: Path) -> None:
    made = spool.fill([sheet(5_000)], [0], tmp_path, 2_000, lengths)

    assert made.firsts == (0, 2_000, 4_000)


def test_what_batches_say_is_kept_and_seen_in_their_order(tmp_path: Path) -> None:
    seen: list[int] = []

    made = spool.fill(
        [sheet(12_000), sheet(4)], [1, 0], tmp_path, 1_000, lengths, lambda one: seen.extend(one.values[ROW].to_list())
    )

    assert seen == list(range(12_004))
    kept = [made.checked(number) for number in range(made.count)]
    assert pl.concat(one.values for one in kept)["length"].to_list() == [1] * 4 + [len(str(i)) for i in range(12_000)]
    assert pl.concat(one.problems for one in kept)[ROW].to_list() == list(range(10_004, 12_004))
    assert made.values(3, [ROW]).columns == [ROW]
