"""`kartotek template`: a file to begin with."""

import sys
from pathlib import Path

import click

from kartotek import errors
from kartotek.cli import import_options, opening
from kartotek.domain import catalogue
from kartotek.imports import run, templates
from kartotek.settings import Settings
from kartotek.standard import languages


@click.command()
@click.argument("objects", metavar="OBJECT,...")
@click.option("--sample", is_flag=True, help="Five rows to import as they are, instead of one to write over.")
@click.option(
    "--language", callback=import_options.language, metavar="LANGUAGE", help="Of the headers: da, de, en, ..."
)
@click.option("--out", "path", type=click.Path(dir_okay=False, path_type=Path), help="Into this file: .csv or .xlsx.")
def template(objects: str, sample: bool, language: str | None, path: Path | None) -> None:
    """Print a file with the headers that an import of these objects recognises, as CSV.

    kartotek template contacts,companies > people.csv
    """
    with opening.opened(Settings.from_environment()) as database, database.transaction() as tx:
        names = [name.strip() for name in objects.split(",") if name.strip()]
        rows = templates.SAMPLE_ROWS if sample else 1
        frame = run.template(catalogue.load(tx), names, rows, language or languages.DEFAULT)
    if path is None:
        sys.stdout.buffer.write(templates.delimited(frame))
        return
    ways = {".csv": templates.delimited, ".xlsx": templates.workbook}
    if path.suffix.lower() not in ways:
        raise errors.Invalid(f"“{path.name}” is neither a .csv nor a .xlsx file.")
    path.write_bytes(ways[path.suffix.lower()](frame))
