"""`kartotek imports`: the imports there have been, the latest first."""

import click
from rich.console import Console
from rich.table import Table

from kartotek.cli import opening
from kartotek.domain import imports as domain
from kartotek.model.people import SYSTEM
from kartotek.settings import Settings


@click.command()
def imports() -> None:
    """List the imports there have been."""
    with opening.opened(Settings.from_environment()) as database, database.transaction() as tx:
        latest, _ = domain.history(tx, SYSTEM)
    table = Table("Number", "Name", "State", "Rows", "Started")
    for one in latest:
        began = one.started or one.created
        table.add_row(
            str(one.id), one.name, one.state, "" if one.rows is None else f"{one.rows:,}", f"{began:%Y-%m-%d %H:%M}"
        )
    Console().print(table)
