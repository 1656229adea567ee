"""`kartotek import`: a file into records, from the command line.

The import is put in line like any other, and done right here unless a worker is quicker: then this command only
watches. Killed, it leaves an import that the next worker, or the same command run again, goes on with.
"""

import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import click
import polars as pl

from kartotek.cli import following, import_options, import_plans, import_rehearsals, import_report, opening
from kartotek.cli.import_progress import Progress
from kartotek.cli.import_report import Ended
from kartotek.domain import Database, Tx, catalogue, import_books, imports, jobs, people
from kartotek.imports import mapping, report, run
from kartotek.imports.table import Choices
from kartotek.model.imports import RESTING, Books, State
from kartotek.model.people import Actor
from kartotek.settings import Settings

Asked = Choices | import_plans.Given
Uploads = Sequence[run.Upload]


@click.command("import")
@click.argument(
    "paths", metavar="FILE...", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@import_options.choices
@import_plans.options
@click.option("--together", is_flag=True, help="All files in one run: rows may belong to records of another file.")
@click.option("--dry-run", is_flag=True, help="Say what would come of it; change nothing.")
@click.option("--rehearse", is_flag=True, help="The same, and keep it for `kartotek imports start`.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document when it ends, and nothing else.")
@click.option("--as", "email", metavar="EMAIL", help="Who imports; by default the first administrator.")
def import_file(
    paths: tuple[Path, ...],
    choices: Choices,
    recipe: str | None,
    repeat: int | None,
    together: bool,
    dry_run: bool,
    rehearse: bool,
    as_json: bool,
    email: str | None,
) -> int:
    """Import files: each row becomes a record of each --object, or updates the one that it is about.

    Exit code 0: every row is in. 1: some rows failed or lost a value. 2: nothing was done.
    """
    settings = Settings.from_environment()
    way = _rehearse if dry_run else _rehearse_and_keep if rehearse else _import
    code = 0
    with opening.opened(settings) as database:
        with database.transaction() as tx:
            actor = people.acting(tx, email)
            asked = import_plans.plan_or_choices(tx, actor, choices, recipe, repeat)
        together = together or (len(paths) > 1 and _is_one_run(asked))
        for run_of in [paths] if together else [(path,) for path in paths]:
            uploads = tuple(run.Upload(path, path.name) for path in run_of)
            began = time.monotonic()
            with Progress(", ".join(one.name for one in uploads), silent=as_json) as progress:
                ended = way(database, settings, actor, uploads, asked, progress)
            seconds = time.monotonic() - began
            if as_json:
                import_report.as_json(ended, seconds)
            else:
                import_report.as_tables(ended, seconds, settings.public_url)
            code = max(code, import_report.exit_code(ended))
    return code


def _is_one_run(asked: Asked) -> bool:
    """Whether what is said of the files makes sense only for all of them together."""
    return bool(asked.joins) if isinstance(asked, Choices) else max(s.file for s in asked.plan.sources) > 1


def _rehearse(
    database: Database, settings: Settings, actor: Actor, uploads: Uploads, asked: Asked, progress: Progress
) -> Ended:
    with _prepared(database, settings, actor, uploads, asked) as prepared:
        books, problems, places = run.rehearse(database, actor, settings, prepared, progress.at)
    with database.transaction() as tx:
        return _rehearsed(tx, None, prepared, _maps(asked), books, problems, places)


def _rehearse_and_keep(
    database: Database, settings: Settings, actor: Actor, uploads: Uploads, asked: Asked, progress: Progress
) -> Ended:
    with _prepared(database, settings, actor, uploads, asked) as prepared:
        id = database.retried(lambda tx: run.begin_rehearsal(tx, actor, settings, prepared))
        found = import_rehearsals.see_through(database, settings, actor, id, progress.at)
    with database.transaction() as tx:
        places = run.places_of(imports.of_worker(tx, id), prepared.plan)
        return _rehearsed(tx, id, prepared, _maps(asked), found.books, found.problems, places)


def _rehearsed(
    tx: Tx,
    id: int | None,
    prepared: run.Prepared,
    maps: Sequence[str],
    books: Books,
    problems: pl.DataFrame,
    places: run.Places,
) -> Ended:
    known, plan = catalogue.load(tx), prepared.plan
    found = report.errors(known, plan, places, problems)
    notes = mapping.only_creating(plan, known.object_types)
    if id is not None:
        notes = [*notes, f"To import it, and hold what changes until then: kartotek imports start {id}"]
    left = mapping.unmapped(plan, maps)
    return Ended(id, plan.name, State.REHEARSED, books, found, None, left, notes, plan.language, known.called)


def _import(
    database: Database, settings: Settings, actor: Actor, uploads: Uploads, asked: Asked, progress: Progress
) -> Ended:
    with _prepared(database, settings, actor, uploads, asked) as prepared:
        id = database.retried(lambda tx: run.begin(tx, actor, settings, prepared))
    return follow(database, settings, id, progress, _maps(asked))


def _maps(asked: Asked) -> Sequence[str]:
    return asked.maps if isinstance(asked, Choices) else ()


def follow(database: Database, settings: Settings, id: int, progress: Progress, maps: Sequence[str] = ()) -> Ended:
    """Sees an import that is in line through to its end. `maps`: what was said of single columns."""
    _see_through(database, settings, id, progress)
    with database.transaction() as tx:
        done = imports.of_worker(tx, id)
        plan, first = run.plan_of(done), import_books.problems(tx, id, limit=import_report.MOST_ERRORS)
        known = catalogue.load(tx)
        refused = import_books.kept_out(tx, id, first, report.REFUSING)
        found = report.errors(known, plan, run.places_of(done, plan), first, refused=refused)
        books = import_books.of(tx, id, done.rows)
        left, notes = mapping.unmapped(plan, maps), mapping.only_creating(plan, known.object_types)
        return Ended(id, done.name, done.state, books, found, done.message, left, notes, plan.language, known.called)


@contextmanager
def _prepared(
    database: Database, settings: Settings, actor: Actor, uploads: Uploads, asked: Asked
) -> Iterator[run.Prepared]:
    """Ready to be carried out, as long as the block lasts."""
    with tempfile.TemporaryDirectory(prefix="kartotek-") as scratch:
        with database.transaction() as tx:
            if isinstance(asked, Choices):
                prepared = run.prepare(tx, actor, settings, uploads, Path(scratch), asked)
            else:
                plan = asked.plan_of(uploads)
                prepared = run.prepare_plan(tx, actor, settings, uploads, Path(scratch), plan, asked.fit)
        yield prepared


def _see_through(database: Database, settings: Settings, id: int, progress: Progress) -> None:
    def is_over() -> bool:
        return _do(database, settings, id, progress) or _watch(database, id, progress)

    following.see_through("import", id, progress, is_over)


def _do(database: Database, settings: Settings, id: int, progress: Progress) -> bool:
    """Does the import, if no worker has taken it."""
    with jobs.held(database, "import", {"id": id}) as mine:
        if mine:
            run.work(database, settings, id, progress.at)
    return mine


def _watch(database: Database, id: int, progress: Progress) -> bool:
    """Whether it has ended."""
    with database.transaction() as tx:
        jobs.take_up_stalled(tx)
        seen = imports.of_worker(tx, id)
        if seen.state not in RESTING and not jobs.is_on_its_way(tx, "import", {"id": id}):
            jobs.enqueue(tx, "import", {"id": id})
    progress.at(run.Step("writing", seen.position, seen.rows))
    return seen.state in RESTING
