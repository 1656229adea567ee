"""`kartotek imports`: the imports there have been, the latest first; to start, pause, resume or cancel one."""

import time
from collections.abc import Callable

import click
from rich.console import Console
from rich.table import Table

from kartotek.cli import import_file, import_rehearsals, import_report, opening
from kartotek.cli.import_progress import Progress
from kartotek.domain import Tx, catalogue, people, rehearsals, undoing
from kartotek.domain import imports as domain
from kartotek.model.people import SYSTEM, Actor
from kartotek.model.undos import UndoState
from kartotek.settings import Settings

_number = click.argument("id", metavar="IMPORT", type=int)
_who = click.option("--as", "email", metavar="EMAIL", help="Who does so; by default the first administrator.")


@click.group(invoke_without_command=True)
@click.pass_context
def imports(context: click.Context) -> None:
    """List the imports there have been; pause one, let it go on, or cancel it."""
    if context.invoked_subcommand:
        return
    with opening.opened(Settings.from_environment()) as database, database.transaction() as tx:
        latest, _ = domain.history(tx, SYSTEM)
        undone = undoing.of(tx, [one.id for one in latest])
    table = Table("Number", "Name", "State", "Rows", "Started")
    for one in latest:
        began = one.started or one.created
        undo = undone.get(one.id)
        state = str(one.state) if undo is None else f"{one.state}, {_UNDO[undo.state]}"
        rows = "" if one.rows is None else f"{one.rows:,}"
        table.add_row(str(one.id), one.name, state, rows, f"{began:%Y-%m-%d %H:%M}")
    Console().print(table)


@imports.command()
@_number
@_who
def pause(id: int, email: str | None) -> None:
    """Stop an import between two batches, to go on later from there."""
    _do(domain.pause, id, email)
    click.echo(
        f"Import {id} pauses after the rows that are being written. To let it go on: kartotek imports resume {id}"
    )


@imports.command()
@_number
@_who
def resume(id: int, email: str | None) -> None:
    """Let a paused import go on."""
    _do(domain.resume, id, email)
    click.echo(f"Import {id} goes on as soon as a worker is free.")


@imports.command()
@_number
@_who
def cancel(id: int, email: str | None) -> None:
    """Stop an import for good; what it has written stays (`kartotek undo` cancels and takes it back)."""
    _do(domain.cancel, id, email)
    click.echo(f"Import {id} stops after the rows that are being written. What is written stays.")


@imports.command()
@_number
@_who
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document when it ends, and nothing else.")
def start(id: int, email: str | None, as_json: bool) -> int:
    """Import what was rehearsed (`kartotek import --rehearse`); what has changed since is held."""
    settings, began = Settings.from_environment(), time.monotonic()
    with opening.opened(settings) as database:
        started = database.retried(lambda tx: rehearsals.start(tx, people.acting(tx, email), id))
        with Progress(f"Import {started}", silent=as_json) as progress:
            ended = import_file.follow(database, settings, started, progress)
    seconds = time.monotonic() - began
    if as_json:
        import_report.as_json(ended, seconds)
    else:
        import_report.as_tables(ended, seconds, settings.public_url)
    return import_report.exit_code(ended)


@imports.command()
@_number
@_who
def held(id: int, email: str | None) -> None:
    """Rehearse the rows that an import held once more, by what the records say now; then start that."""
    settings = Settings.from_environment()
    with opening.opened(settings) as database:
        with database.transaction() as tx:
            actor, name = people.acting(tx, email), f"{domain.of_worker(tx, id).name}, held rows"
            draft = rehearsals.begin_held(tx, actor, settings.files_url, id, name)
        found = import_rehearsals.see_through(database, settings, actor, draft)
        with database.transaction() as tx:
            called = catalogue.load(tx).called
    for name, counts in found.books.objects.items():
        click.echo(f"{called[name]}: " + ", ".join(f"{count:,} {what}" for what, count in counts.items() if count))
    click.echo(f"To import them: kartotek imports start {draft}")


_UNDO = {
    UndoState.STARTED: "being undone",
    UndoState.PROCESSING: "being undone",
    UndoState.DONE: "undone",
    UndoState.FAILED: "undone in part",
}


def _do(verb: Callable[[Tx, Actor, int], None], id: int, email: str | None) -> None:
    with opening.opened(Settings.from_environment()) as database:
        database.retried(lambda tx: verb(tx, people.acting(tx, email), id))
