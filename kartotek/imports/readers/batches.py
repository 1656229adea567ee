"""Frames as they come to batches as they are wanted: exactly `size` rows each, without rows that are blank."""

from collections.abc import Iterable, Iterator

import polars as pl

from kartotek.imports import table


def exact(frames: Iterable[pl.DataFrame], size: int) -> Iterator[pl.DataFrame]:
    """The same rows in frames of `size`, the last one with what remains."""
    held: list[pl.DataFrame] = []
    room = size
    for frame in frames:
        while frame.height:
            held.append(frame[:room])
            frame, room = frame[room:], room - held[-1].height
            if not room:
                yield pl.concat(held)
                held, room = [], size
    if held:
        yield pl.concat(held)


def filled(rows: pl.DataFrame, columns: int) -> pl.DataFrame:
    """Without the rows of which every cell is blank, surplus cells included. Broken rows stay."""
    suspects = rows.select_seq(_is_blank(table.cell(0))).to_series()
    if not suspects.any():
        return rows
    surplus = pl.col(table.EXTRA).list.join("").fill_null("").str.strip_chars() == ""
    blank = pl.all_horizontal([_is_blank(table.cell(i)) for i in range(columns)])
    return rows.filter(~(suspects & blank & surplus & pl.col(table.BROKEN).is_null()))


def _is_blank(column: str) -> pl.Expr:
    # The last sign of files from DOS says that they end.
    return pl.col(column).is_null() | (pl.col(column).str.strip_chars() == "") | (pl.col(column) == "\x1a")
