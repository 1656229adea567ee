"""A sheet that has to be read whole before it can be gone over: kept as Arrow files of so many rows each."""

from collections.abc import Iterable, Iterator
from pathlib import Path

import polars as pl

from kartotek.imports import table
from kartotek.imports.readers import batches
from kartotek.values import reading
from kartotek.values.frames import keep

_HEADER_WITHIN = 1000  # rows


def write(frames: Iterable[pl.DataFrame], folder: Path) -> None:
    """Each frame has LINE and cells, as many as its widest row."""
    for number, frame in enumerate(frame for frame in frames if frame.height):
        keep(frame, folder / f"{number}.arrow")


def head(folder: Path, columns: range) -> pl.DataFrame:
    """LINE and the cells of the first rows, among which the header is."""
    found: list[pl.DataFrame] = []
    for piece in _pieces(folder):
        found.append(_cells(pl.read_ipc(piece), columns))
        if sum(frame.height for frame in found) >= _HEADER_WITHIN:
            break
    return pl.concat(found).head(_HEADER_WITHIN) if found else pl.DataFrame()


def sheet(
    folder: Path, columns: range, header: tuple[str | None, ...], header_line: int, *, file: str,
    name: str | None = None, sheets: tuple[str, ...] = (), notes: tuple[str, ...] = (), encoding: str | None = None,
) -> table.Sheet:  # fmt: skip
    """The rows below the header; of the file's columns those of the range."""
    return table.Sheet(
        file=file,
        name=name,
        columns=tuple((cell or "").lstrip(reading.NATIVE) for cell in header),
        header_line=header_line,
        encoding=encoding,
        delimiter=None,
        quote=None,
        batches=lambda size: batches.exact(_below(folder, columns, header_line), size),
        sheets=sheets,
        notes=notes,
    )


def _below(folder: Path, columns: range, header_line: int) -> Iterator[pl.DataFrame]:
    for piece in _pieces(folder):
        rows = _cells(pl.read_ipc(piece), columns).filter(pl.col(table.LINE) > header_line)
        if rows.height:
            yield rows.select(
                table.LINE,
                pl.lit(None, pl.Int32).alias(table.WIDTH),
                pl.lit(None, pl.List(pl.String)).alias(table.EXTRA),
                pl.lit(None, pl.String).alias(table.BROKEN),
                pl.exclude(table.LINE),
            )


def _pieces(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.arrow"), key=lambda piece: int(piece.stem))


def _cells(piece: pl.DataFrame, columns: range) -> pl.DataFrame:
    """Of all columns, whether or not these rows go as far."""
    there = set(piece.columns)
    cells = (pl.col(name) if (name := table.cell(i)) in there else pl.lit(None, pl.String) for i in columns)
    return piece.select(table.LINE, *(cell.alias(table.cell(i)) for i, cell in enumerate(cells)))
