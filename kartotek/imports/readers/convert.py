"""One sheet of a workbook to Arrow files, in a process of its own: `python -m kartotek.imports.readers.convert`.

What other libraries do with a workbook that was made to do harm is theirs to know: some hold a whole sheet as a
rectangle, so that two cells at opposite corners are enough to exhaust any machine, and a failed allocation ends the
process. Here it is this process that ends, under a limit, and never the worker.
"""

import json
import sys
import zipfile
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import fastexcel

from kartotek.imports.readers import excel, markup, other_books, pieces, sheet_rows

_MEMORY = 4 * 1024 * 1024 * 1024
_AT_A_TIME = 50_000


def main(path: str, spool: str, sheet: str, limit_columns: int) -> dict[str, Any]:
    """Writes the pieces of the spool, and tells the names of all sheets and which one it was; or what stood in the
    way: `problem`."""
    _limit_memory()
    try:
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as archive:
                if book := excel.open(archive):
                    return _of_excel(book, Path(spool), sheet, limit_columns)
    except (markup.Unusual, ElementTree.ParseError, KeyError):
        for piece in Path(spool).iterdir():
            piece.unlink()
    return _of_another(path, Path(spool), sheet)


def _of_excel(book: excel.Book, spool: Path, sheet: str, limit_columns: int) -> dict[str, Any]:
    texts = book.texts()
    places = {place.name: place for place in book.sheets}

    def rows(name: str) -> sheet_rows.Rows:
        return sheet_rows.Rows(book, places[name], texts, limit_columns)

    def filled() -> list[str]:
        found = [name for name in places if next(rows(name).frames(), None) is not None]
        return [name for name in found if places[name].visible] or found

    names = list(places)
    wanted = _called(sheet, names) if sheet else filled()
    if len(wanted) != 1:
        return _unclear(sheet, names, wanted)
    chosen = rows(wanted[0])
    pieces.write(chosen.frames(), spool)
    return {"sheets": names, "name": wanted[0], "first": chosen.first, "columns": chosen.columns, "seen": chosen.seen}


def _of_another(path: str, spool: Path, sheet: str) -> dict[str, Any]:
    reader = fastexcel.read_excel(path)
    names = reader.sheet_names
    wanted = _called(sheet, names) if sheet else other_books.filled(reader)
    if len(wanted) != 1:
        return _unclear(sheet, names, wanted)
    rows = other_books.rows(reader, wanted[0], path)
    pieces.write(rows.iter_slices(_AT_A_TIME), spool)
    return {"sheets": names, "name": wanted[0], "first": 0, "columns": rows.width - 1, "seen": {}}


def _called(sheet: str, names: list[str]) -> list[str]:
    exact = [name for name in names if name == sheet]
    return exact or [name for name in names if name.strip().lower() == sheet.strip().lower()][:1]


def _unclear(sheet: str, names: list[str], wanted: list[str]) -> dict[str, Any]:
    problem = "unknown" if sheet else "several" if wanted else "empty"
    return {"problem": problem, "sheets": names, "filled": wanted}


def _limit_memory() -> None:
    try:
        import resource

        resource.setrlimit(resource.RLIMIT_DATA, (_MEMORY, _MEMORY))
    except (ImportError, ValueError, OSError):
        pass  # not every system knows this limit; what it guards against is rare


if __name__ == "__main__":
    try:
        told = main(sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4]))
    except (fastexcel.FastExcelError, zipfile.BadZipFile) as error:
        told = {"problem": "unreadable", "detail": str(error)}
    except MemoryError:
        told = {"problem": "memory"}
    Path(sys.argv[2]).with_suffix(".json").write_text(json.dumps(told))
