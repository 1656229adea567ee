"""`kartotek user` and `kartotek token`: who may come in. Whoever can run these commands owns the machine."""

import click

from kartotek.cli import opening
from kartotek.domain import people, tokens
from kartotek.model.people import ROLES, SYSTEM
from kartotek.settings import Settings


@click.group()
def user() -> None:
    """Let people in."""


@user.command("add")
@click.argument("email")
@click.option(
    "--role",
    help=f"What they may do: {', '.join(ROLES)}, or a role of your own. By default what they had, else member; "
    "admin for the first person.",
)
def add(email: str, role: str | None) -> None:
    """Print a link that works once, for somebody new or somebody who has forgotten their password."""
    settings = Settings.from_environment()
    with opening.opened(settings) as database, database.transaction() as tx:
        secret = people.invite(tx, SYSTEM, email, role)
    click.echo(link(settings, secret))


@user.command("list")
def list_() -> None:
    """Print everybody who is here."""
    with opening.opened(Settings.from_environment()) as database, database.transaction() as tx:
        here = people.owners(tx)
    for person in here:
        click.echo(f"{person.email}\t{person.role}\t{person.name}")


@click.group()
def token() -> None:
    """Let programs in."""


@token.command("create")
@click.argument("name")
@click.option(
    "--scope", "scopes", multiple=True, help="Such as crm.objects.contacts.read; again for more. Default: all."
)
@click.option("--as", "email", help="The person whom the program acts for; by default the first administrator.")
def create(name: str, scopes: tuple[str, ...], email: str | None) -> None:
    """Print a new token, once, and nothing else."""
    with opening.opened(Settings.from_environment()) as database, database.transaction() as tx:
        secret = tokens.issue(tx, people.acting(tx, email), name, scopes)
    click.echo(secret)


@token.command("list")
def list_tokens() -> None:
    """Print all tokens: number, name, scopes, whether revoked."""
    with opening.opened(Settings.from_environment()) as database, database.transaction() as tx:
        known = tokens.every(tx, SYSTEM)
    for one in known:
        click.echo(f"{one.id}\t{one.name}\t{' '.join(one.scopes) or 'all'}\t{'revoked' if one.revoked else 'valid'}")


@token.command("revoke")
@click.argument("number", type=int)
def revoke(number: int) -> None:
    """Make a token worthless, at once and for good."""
    with opening.opened(Settings.from_environment()) as database, database.transaction() as tx:
        gone = tokens.revoke(tx, SYSTEM, number)
    click.echo(f"The token “{gone.name}” lets nobody in any more.")


def link(settings: Settings, secret: str) -> str:
    """The address of a one-time link."""
    return f"{settings.public_url}/welcome/{secret}"
