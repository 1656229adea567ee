"""`kartotek undo`: takes a whole import back, after showing what that does.

As with an import, the undo is put in line and done right here unless a worker is quicker. Killed, it leaves one that
the next worker, or the same command run again, goes on with.
"""

import sys

import click

from kartotek import errors
from kartotek.cli import following, opening, undo_report
from kartotek.cli.import_progress import Progress
from kartotek.domain import Database, catalogue, imports, jobs, people, undoing
from kartotek.imports import run
from kartotek.imports.run import Step
from kartotek.model.imports import ENDED
from kartotek.model.people import Actor
from kartotek.model.undos import Undo, UndoState
from kartotek.settings import Settings

_OVER = (UndoState.DONE, UndoState.FAILED)


@click.command()
@click.argument("id", metavar="IMPORT", type=int)
@click.option("--dry-run", is_flag=True, help="Say what would come of it; change nothing.")
@click.option("--yes", is_flag=True, help="Do it without asking.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document when it ends, and nothing else.")
@click.option("--as", "email", metavar="EMAIL", help="Who undoes it; by default the first administrator.")
def undo(id: int, dry_run: bool, yes: bool, as_json: bool, email: str | None) -> int:
    """Take back all that an import did, but for what was changed since. `kartotek imports` has the numbers.

    Exit code 0: all of it is taken back. 1: some of it stays, as listed. 2: nothing was done.
    """
    settings = Settings.from_environment()
    with opening.opened(settings) as database:
        with database.transaction() as tx:
            actor = people.acting(tx, email)
            there = undoing.of(tx, [id]).get(id)
        if dry_run:
            return _preview(database, actor, id, as_json)
        if there is None or there.state is UndoState.FAILED:
            if not yes:
                _ask(database, actor, id, as_json)
            database.retried(lambda tx: undoing.start(tx, actor, id))
        with Progress(f"import {id}", silent=as_json) as progress:
            _see_through(database, settings, id, progress)
        return _report(database, actor, id, as_json)


def _preview(database: Database, actor: Actor, id: int, as_json: bool) -> int:
    with database.transaction() as tx:
        name = imports.get(tx, actor, id).name
        shown, called = undoing.preview(tx, actor, id), catalogue.load(tx).called
    count = sum(shown.stays.values())
    outcome = undo_report.Outcome(id, name, "REHEARSED", shown.books, count, shown.remainders, called)
    undo_report.show(outcome, as_json)
    return 1 if count else 0


def _report(database: Database, actor: Actor, id: int, as_json: bool) -> int:
    with database.transaction() as tx:
        name, done = imports.get(tx, actor, id).name, undoing.of_worker(tx, id)
        count = sum(undoing.stays(tx, id).values())
        first = undoing.remainders(tx, actor, id, limit=undo_report.MOST)
        books, called = undoing.books(tx, id), catalogue.load(tx).called
    outcome = undo_report.Outcome(id, name, done.state.value, books, count, tuple(first), called, done.message)
    undo_report.show(outcome, as_json)
    return 2 if done.state is UndoState.FAILED else 1 if count else 0


def _ask(database: Database, actor: Actor, id: int, as_json: bool) -> None:
    if as_json or not sys.stdin.isatty():
        raise errors.Invalid("An undo changes many records: say --yes to do it, or --dry-run to see what it would do.")
    _preview(database, actor, id, as_json)
    click.confirm("Undo it?", abort=True)


def _see_through(database: Database, settings: Settings, id: int, progress: Progress) -> None:
    def is_over() -> bool:
        _do(database, settings, id, progress)
        return _look(database, id, progress).state in _OVER

    following.see_through("undo", id, progress, is_over)


def _do(database: Database, settings: Settings, id: int, progress: Progress) -> None:
    """Does it, if no worker has taken it; an import that is to stop first, stops first."""
    with database.transaction() as tx:
        running = imports.of_worker(tx, id).state not in ENDED
    if running:
        with jobs.held(database, "import", {"id": id}) as mine:
            if mine:
                run.work(database, settings, id)
    with jobs.held(database, "undo", {"id": id}) as mine:
        if mine:
            run.undo(database, id, progress.at)


def _look(database: Database, id: int, progress: Progress) -> Undo:
    with database.transaction() as tx:
        jobs.take_up_stalled(tx)
        seen = undoing.of_worker(tx, id)
        if seen.state not in _OVER and not jobs.is_on_its_way(tx, "undo", {"id": id}):
            jobs.enqueue(tx, "undo", {"id": id})
    progress.at(Step("undoing", seen.done, seen.rows))
    return seen
