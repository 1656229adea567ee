"""`kartotek doctor`: looks, changes nothing, and says what is wrong. Exit code 1 when something is."""

import click

from kartotek import errors
from kartotek.cli import opening
from kartotek.domain import doctor as looks
from kartotek.settings import Settings


@click.command()
def doctor() -> int:
    """Say what is wrong with this set-up."""
    settings = Settings.from_environment()
    found = list(looks.of_machine(settings.make_home()))
    try:
        with opening.opened(settings) as database, database.transaction() as tx:
            found += looks.of_database(tx)
            found += looks.of_records(tx)
    except errors.KartotekError as error:
        found.append(looks.Finding(False, f"the database: {error.sentence}"))
    for one in found:
        click.echo(
            click.style("✓ ", fg="green") + one.sentence if one.well else click.style("✗ ", fg="red") + one.sentence
        )
    return 0 if all(one.well for one in found) else 1
