"""`kartotek read FILE`: what the reader makes of a file, before any import."""

import json
import re
import sys
import tempfile
from pathlib import Path
from typing import Any

import click
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from kartotek.imports import readers
from kartotek.imports.readers import preview
from kartotek.imports.table import Sheet
from kartotek.settings import Settings

_SHOWN_PROBLEMS = 20


@click.command("read")
@click.argument("file", metavar="FILE", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--sheet", metavar="NAME", help="Which sheet of a workbook to read, when several hold something.")
@click.option(
    "--encoding", metavar="NAME", help="The encoding of a text file, such as windows-1252; detected otherwise."
)
@click.option(
    "--delimiter", metavar="CHARACTER", help="What stands between two cells: , ; | or tab; detected otherwise."
)
@click.option(
    "--header-line", metavar="LINE", type=click.IntRange(1), help="The line of the headers; detected otherwise."
)
@click.option("--rows", "as_rows", is_flag=True, help="Print every row as it was read, as CSV in UTF-8, headers first.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document, and nothing else.")
def read_file(
    file: Path,
    sheet: str | None,
    encoding: str | None,
    delimiter: str | None,
    header_line: int | None,
    as_rows: bool,
    as_json: bool,
) -> int:
    """Show what Kartotek makes of a file: its encoding, delimiter and headers, each column with three values and a
    guessed kind, and the lines that have a problem. Nothing is imported.

    Exit code 0: the file can be read, whatever is said of single lines. 2: it cannot.
    """
    if as_rows and as_json:
        raise click.UsageError("--rows and --json do not go together: choose one.")
    with tempfile.TemporaryDirectory(prefix="kartotek-") as scratch:
        found = readers.open(
            file,
            name=file.name,
            sheet=sheet,
            encoding=encoding,
            delimiter=delimiter,
            header_line=header_line,
            limit_bytes=Settings.from_environment().file_limit,
            scratch=Path(scratch),
        )
        if as_rows:
            _print_rows(found)
        elif as_json:
            click.echo(json.dumps(_document(found, preview.look(found)), ensure_ascii=False, indent=2))
        else:
            _print_tables(found, preview.look(found))
    return 0


def _print_rows(sheet: Sheet) -> None:
    out = sys.stdout.buffer
    for piece in preview.as_csv(sheet):
        out.write(piece)
    out.flush()


def _document(sheet: Sheet, seen: preview.Preview) -> dict[str, Any]:
    return {
        "file": sheet.file,
        "sheet": sheet.name,
        "sheets": list(sheet.sheets),
        "notes": list(seen.notes),
        "encoding": sheet.encoding,
        "delimiter": sheet.delimiter,
        "quote": sheet.quote,
        "header_line": sheet.header_line,
        "rows": seen.rows,
        "columns": [{"header": c.header, "kind": c.kind, "values": list(c.values)} for c in seen.columns],
        "problem_count": seen.problem_count,
        "problems": [{"line": p.line, "type": p.type, "message": p.message} for p in seen.problems],
    }


def _print_tables(sheet: Sheet, seen: preview.Preview) -> None:
    console = Console(highlight=False)
    console.print(_facts(sheet, seen))
    for note in seen.notes:
        console.print(Text(f"Note: {note}"))
    columns = Table("#", "Header", "Kind", "First values", box=box.SIMPLE_HEAD, header_style="bold")
    for number, column in enumerate(seen.columns, 1):
        values = "  ·  ".join(_plain(value) for value in column.values)
        columns.add_row(str(number), Text(_plain(column.header)), column.kind, Text(values))
    console.print(columns)
    if not seen.problems:
        return
    problems = Table("Line", "Problem", "", box=box.SIMPLE_HEAD, header_style="bold")
    for problem in seen.problems[:_SHOWN_PROBLEMS]:
        problems.add_row(str(problem.line), problem.type, problem.message)
    console.print(problems)
    if seen.problem_count > _SHOWN_PROBLEMS:
        console.print(f"… and {seen.problem_count - _SHOWN_PROBLEMS:,} more lines with a problem; --json lists them.")


def _facts(sheet: Sheet, seen: preview.Preview) -> Table:
    facts = Table.grid(padding=(0, 2))
    named = {"\t": "tab", " ": "space"}
    rows = {
        "File": Text(_plain(sheet.file)),
        "Sheet": Text(_plain(sheet.name)) if sheet.name else None,
        "Encoding": sheet.encoding,
        "Delimiter": named.get(sheet.delimiter, sheet.delimiter) if sheet.delimiter else None,
        "Quote": sheet.quote,
        "Headers": f"line {sheet.header_line}",
        "Rows": f"{seen.rows:,}",
        "Columns": f"{len(seen.columns):,}",
        "Problems": _counted(seen.problem_count) if seen.problem_count else "none",
    }
    for fact, value in rows.items():
        if value is not None:
            facts.add_row(fact, value)
    return facts


def _counted(lines: int) -> str:
    return "1 line" if lines == 1 else f"{lines:,} lines"


def _plain(text: str) -> str:
    """In one line, shortened, and without characters by which a file could steer the terminal."""
    one = re.sub(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e]+", " ", text)
    return one if len(one) <= 40 else f"{one[:39]}…"
