"""`kartotek objects`: the object types there are, and new ones of one's own."""

import click

from kartotek.cli import opening
from kartotek.domain import catalogue, people
from kartotek.domain import object_types as domain
from kartotek.model.properties import Property
from kartotek.settings import Settings

# How a property's type is spelled here: type and field type of records-and-associations.md 13.1.
_TYPES = {
    "text": ("string", "text"),
    "long-text": ("string", "textarea"),
    "number": ("number", "number"),
    "date": ("date", "date"),
    "time": ("datetime", "date"),
    "yes-no": ("bool", "booleancheckbox"),
    "phone": ("string", "phonenumber"),
}
_MARKS = ("required", "unique")


class _Property(click.ParamType[Property]):
    """`name=Label`, then any of a type, `required` and `unique`, each after a colon."""

    name = "property"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> Property:
        name, equals, rest = str(value).partition("=")
        label, *words = rest.split(":")
        unknown = [word for word in words if word not in _TYPES and word not in _MARKS]
        if not equals or unknown:
            known = ", ".join([*_TYPES, *_MARKS])
            self.fail(f'“{value}” is not of the form "length=Length:number"; after a colon: {known}.', param, ctx)
        kind, field = next((_TYPES[word] for word in words if word in _TYPES), _TYPES["text"])
        return Property(
            0, "", name.strip(), label.strip(), kind, field, "", required="required" in words, unique="unique" in words
        )


@click.group(invoke_without_command=True)
@click.pass_context
def objects(ctx: click.Context) -> None:
    """List the objects there are; `add` defines one of your own."""
    if ctx.invoked_subcommand:
        return
    with opening.opened(Settings.from_environment()) as database, database.transaction() as tx:
        for one in catalogue.load(tx).object_types.values():
            click.echo(f"{one.id}\t{one.name}\t{one.label_plural}\t{len(one.properties)} properties")


@objects.command("add")
@click.argument("name")
@click.option("--label", required=True, help="What one of them is called: Boat.")
@click.option("--plural", required=True, help="What several are called: Boats.")
@click.option(
    "--property", "wanted", multiple=True, required=True, type=_Property(), metavar='"NAME=LABEL[:TYPE][:MARK]"',
    help='"length=Length:number", "mark=Mark:unique", "name=Name:required"; the first one names the record.',
)  # fmt: skip
@click.option("--display", help="The property that names a record, when it is not the first.")
@click.option(
    "--associate", "associated", multiple=True, metavar="OBJECT",
    help="What it can be associated with, beside all activities; by default contacts, companies, deals and tickets.",
)  # fmt: skip
@click.option("--as", "email", metavar="EMAIL", help="Who defines it; by default the first administrator.")
def add(
    name: str,
    label: str,
    plural: str,
    wanted: tuple[Property, ...],
    display: str | None,
    associated: tuple[str, ...],
    email: str | None,
) -> None:
    """Define an object type of your own, named in the plural: boats."""
    with opening.opened(Settings.from_environment()) as database:
        made = database.retried(
            lambda tx: domain.define(
                tx, people.acting(tx, email), name, label, plural, wanted, display=display,
                associated=associated or domain.USUAL,
            )
        )  # fmt: skip
    click.echo(f"{made.label_plural} are there now: `kartotek import FILE --object {made.name}`.")
