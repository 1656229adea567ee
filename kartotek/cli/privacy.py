"""`kartotek privacy`: the block list of addresses whose owners were deleted permanently."""

import click

from kartotek.cli import opening
from kartotek.domain import blocking
from kartotek.model.people import SYSTEM
from kartotek.settings import Settings


@click.group()
def privacy() -> None:
    """Look after addresses that were deleted permanently."""


@privacy.command("unblock")
@click.argument("email")
def unblock(email: str) -> None:
    """Let an address come again, in imports and forms, whose owner was deleted permanently."""
    with opening.opened(Settings.from_environment()) as database, database.transaction() as tx:
        blocking.unblock(tx, SYSTEM, email)
    click.echo("The address can come again.")
