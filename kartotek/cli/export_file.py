"""`kartotek export`: records into a file, or to whoever reads our output."""

import os
import sys
from collections.abc import Iterable
from pathlib import Path

import click

from kartotek import errors
from kartotek.cli import export_options, opening
from kartotek.cli.export_options import Wanted
from kartotek.domain import people
from kartotek.exports import run, selection
from kartotek.exports.table import Format
from kartotek.settings import Settings


@click.command("export")
@click.argument("object_type", metavar="OBJECT")
@click.option("--to", "to", metavar="FILE", required=True, help="The file to write; - for standard output.")
@export_options.wanted
@click.option("--as", "email", metavar="EMAIL", help="Who exports; by default the first administrator.")
def export_file(object_type: str, to: str, wanted: Wanted, email: str | None) -> int:
    """Export records: contacts, companies, deals, notes, ... Importing the file again changes nothing.

    Exit code 0: the file is written. 2: it is not, and no half of it is left.
    """
    settings = Settings.from_environment()
    style = wanted.style(_format(to, wanted.format))
    with opening.opened(settings) as database:
        with database.transaction() as tx:
            actor = people.acting(tx, email)
            extract = selection.of(tx, actor, object_type, wanted.choice)
        parts = run.parts(database, actor, extract, style)
        if to == "-":
            _print(parts)
        else:
            _keep(Path(to), parts)
    return 0


def _format(to: str, format: Format | None) -> Format:
    """As the file's name says, unless it was said; CSV for standard output."""
    ending = Path(to).suffix.lower().removeprefix(".")
    if format is not None or to == "-":
        return format or Format.CSV
    if ending in ("ndjson", *Format):
        return Format.JSONL if ending == "ndjson" else Format(ending)
    raise errors.Ambiguous(f"“{to}” does not say which format it is: csv, xlsx or jsonl.", option="--format")


def _print(parts: Iterable[bytes]) -> None:
    out = sys.stdout.buffer
    for part in parts:
        out.write(part)
    out.flush()


def _keep(path: Path, parts: Iterable[bytes]) -> None:
    """Under another name until it is whole: whoever finds the file finds all of it."""
    unfinished = path.with_name(f".{path.name}-{os.getpid()}")
    try:
        with unfinished.open("wb") as file:
            for part in parts:
                file.write(part)
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
