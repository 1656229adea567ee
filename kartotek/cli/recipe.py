"""`kartotek recipe`: the plan of an import as a file; `kartotek recipes`: those that are kept."""

from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from kartotek import errors
from kartotek.cli import import_plans, opening
from kartotek.domain import Tx, imports, people
from kartotek.domain import recipes as kept
from kartotek.imports import run
from kartotek.model.people import SYSTEM, Actor
from kartotek.settings import Settings


@click.command()
@click.argument("what", metavar="IMPORT|NAME|FILE")
@click.option("--keep", "name", metavar="NAME", help="Keep it under this name, for everyone, instead of printing it.")
@click.option("--as", "email", metavar="EMAIL", help="Who keeps it; by default the first administrator.")
def recipe(what: str, name: str | None, email: str | None) -> None:
    """Print the recipe of an import, by its number, or one that is kept, by its name. A FILE is checked.

    kartotek recipe 12 > leads.toml
    """
    with opening.opened(Settings.from_environment()) as database, database.transaction() as tx:
        actor = people.acting(tx, email)
        text = _text(tx, actor, what)
        if name is None:
            click.echo(text, nl=False)
        else:
            kept.keep(tx, actor, name, text)
            click.echo(f"The recipe “{name}” is kept.", err=True)


@click.command()
def recipes() -> None:
    """List the recipes that are kept."""
    with opening.opened(Settings.from_environment()) as database, database.transaction() as tx:
        found = kept.kept(tx, SYSTEM)
    table = Table("Name", "Kept by", "When")
    for one in found:
        table.add_row(one.name, one.person_name or "", f"{one.created:%Y-%m-%d %H:%M}")
    Console().print(table)


def _text(tx: Tx, actor: Actor, what: str) -> str:
    path = Path(what)
    if path.is_file():
        text = import_plans.text_of(path)
        run.read_recipe(tx, text)
        return text
    if what.isdecimal():
        return run.recipe_of(imports.get(tx, actor, int(what)))
    if path.suffix == ".toml":
        raise errors.Invalid(f"There is no file “{what}”.")
    return kept.named(tx, actor, what).text
