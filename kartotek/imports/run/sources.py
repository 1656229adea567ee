"""The tables of a run: its files opened, and the place that each sheet has among the columns and lines of all."""

import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from itertools import accumulate
from pathlib import Path

import polars as pl

from kartotek import errors
from kartotek.domain import files
from kartotek.imports import readers
from kartotek.imports.table import ALL, LINE, Choices, Plan, Sheet, SourcePlan, cell
from kartotek.model.imports import File, Import
from kartotek.settings import Settings

_AT_ONCE = 4
# Of a line that is counted through all sources, the file in which it stands, and its line there.
Places = Callable[[int], tuple[str, int]]


@dataclass(frozen=True, slots=True)
class Upload:
    """A file of this machine, and what its owner calls it."""

    path: Path
    name: str


@contextmanager
def of_import(settings: Settings, kept: Sequence[File]) -> Iterator[tuple[Upload, ...]]:
    """An import's files as they came, for as long as the block lasts."""
    with ExitStack() as stack:
        yield tuple(Upload(stack.enter_context(files.local(settings.files_url, one)), one.name) for one in kept)


def open_all(
    settings: Settings, uploads: Sequence[Upload], sources: Sequence[SourcePlan], scratch: Path
) -> tuple[Sheet, ...]:
    """A sheet for each source, its cells named by their place among the columns of all (table.cell).

    A workbook is converted in a process for each of its sheets, so some are opened side by side.
    """

    def one(number: int, source: SourcePlan) -> Sheet:
        if not 0 < source.file <= len(uploads):
            raise errors.Invalid(f"The plan reads {source.file} files, and there are {len(uploads)}.")
        upload, folder = uploads[source.file - 1], Path(tempfile.mkdtemp(dir=scratch, prefix=f"source-{number}-"))
        return readers.open(
            upload.path, name=upload.name, sheet=source.sheet, encoding=source.encoding, delimiter=source.delimiter,
            header_line=source.header_line, limit_bytes=settings.file_limit, scratch=folder,
        )  # fmt: skip

    with ThreadPoolExecutor(_AT_ONCE) as threads:
        opened = list(threads.map(one, range(len(sources)), sources))
    firsts = accumulate((len(sheet.columns) for sheet in opened), initial=0)
    return tuple(_placed(sheet, first) for sheet, first in zip(opened, firsts, strict=False))


def chosen(settings: Settings, uploads: Sequence[Upload], choices: Choices, scratch: Path) -> tuple[SourcePlan, ...]:
    """The sources that these choices mean: the first sheet of each file, or the sheets that are named."""
    said = SourcePlan(
        encoding=choices.encoding, delimiter=choices.delimiter, header_line=choices.header_line
    )  # fmt: skip
    found: list[SourcePlan] = []
    for number, upload in enumerate(uploads, 1):
        names: Sequence[str | None] = choices.sheets or (None,)
        if ALL in names:
            names = _filled(settings, upload, scratch / f"sheets-{number}")
        found += [replace(said, file=number, sheet=name) for name in names]
    return tuple(found)


def found_in(settings: Settings, uploads: Sequence[Upload], scratch: Path) -> tuple[SourcePlan, ...]:
    """A source for every file, or for every sheet of a workbook that holds several."""
    found: list[SourcePlan] = []
    for number, upload in enumerate(uploads, 1):
        folder = Path(tempfile.mkdtemp(dir=scratch, prefix=f"looked-at-{number}-"))
        try:
            readers.open(upload.path, name=upload.name, limit_bytes=settings.file_limit, scratch=folder)
            names: Sequence[str | None] = (None,)
        except errors.BadFile as error:
            if error.type != "INVALID_SHEET_COUNT":
                raise
            names = _filled(settings, upload, scratch / f"sheets-{number}")
        found += [SourcePlan(number, name) for name in names]
    return tuple(found)


def headers(sheets: Sequence[Sheet]) -> tuple[tuple[str, ...], ...]:
    return tuple(sheet.columns for sheet in sheets)


def called(sheets: Sequence[Sheet]) -> tuple[str, ...]:
    """What each source is called beside the others: by its sheet where it is one of several of a workbook, else by its
    file."""
    several = [sheet.file for sheet in sheets]
    return tuple(
        sheet.name if sheet.name and several.count(sheet.file) > 1 else Path(sheet.file).stem for sheet in sheets
    )


def counted_through(sheet: Sheet, before: int, size: int) -> Iterator[pl.DataFrame]:
    """Its batches, with their lines counted through all sources; `before`: how many the ones before it have."""
    return (batch.with_columns(pl.col(LINE) + before) for batch in sheet.batches(size))


def places(names: Sequence[str], lines: Sequence[int], plan: Plan) -> Places:
    """`names`: of the files; `lines`: of each source, how many lines the ones before it have.

    A file's sheet is told where it is one of several.
    """
    told = _told(names, plan)

    def place(line: int) -> tuple[str, int]:
        number = max((i for i, before in enumerate(lines) if before < line), key=lines.__getitem__, default=0)
        return told[number], line - (lines[number] if lines else 0)

    return place


def places_of(job: Import, plan: Plan) -> Places:
    return places([file.name for file in job.files], job.lines, plan)


def names_of(job: Import, plan: Plan) -> list[str]:
    """What each source is called: leads.csv, or all.xlsx · Contacts."""
    return _told([file.name for file in job.files], plan)


def _told(names: Sequence[str], plan: Plan) -> list[str]:
    several = Counter(source.file for source in plan.sources)
    return [
        f"{names[one.file - 1]} · {one.sheet}" if several[one.file] > 1 else names[one.file - 1] for one in plan.sources
    ]


def _filled(settings: Settings, upload: Upload, scratch: Path) -> list[str | None]:
    scratch.mkdir()
    found = readers.sheets(upload.path, name=upload.name, limit_bytes=settings.file_limit, scratch=scratch)
    return [one.name for one in found if one.rows] or [None]


def _placed(sheet: Sheet, first: int) -> Sheet:
    if not first:
        return sheet
    names = {cell(i): cell(first + i) for i in range(len(sheet.columns))}

    def batches(size: int) -> Iterator[pl.DataFrame]:
        return (batch.rename(names) for batch in sheet.batches(size))

    return replace(sheet, batches=batches)
