"""`kartotek database-url`: the address for psql and other tools."""

import click

from kartotek.settings import Settings
from kartotek.store import embedded


@click.command("database-url")
def database_url() -> None:
    """Print the address of the database, for psql and other tools.

    The embedded database runs only while Kartotek does: start `kartotek serve` to use it.
    """
    settings = Settings.from_environment()
    if settings.database_url:
        click.echo(settings.database_url)
        return
    with embedded.running(settings) as server:
        click.echo(server.url())
