"""A rehearsal: what the import would do, written to no record.

`rehearse` only counts; `rehearse_draft` keeps its verdict on every row as well, to be looked through, and so that the
import after it holds what is not as it was found (holding.py). Stopped, it begins again from the first row.
"""

import tempfile
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from kartotek import errors
from kartotek.domain import Database, Tx, catalogue, domains_foreseen, import_books, imports, people, rehearsals
from kartotek.domain import records as domain
from kartotek.imports import write
from kartotek.imports.run import listing, narrowing, passes, preparing, relations, sources, waiting
from kartotek.imports.run.passes import OnProgress
from kartotek.imports.run.preparing import Prepared
from kartotek.imports.run.sources import Places, Upload
from kartotek.imports.table import PROBLEM, ROW, value_name
from kartotek.model.imports import Books, Cells, Import, State
from kartotek.model.object_types import ObjectType
from kartotek.model.people import Actor
from kartotek.model.records import Batch, Outcome, Source, Written
from kartotek.model.rehearsals import Rehearsal, RehearsalState
from kartotek.settings import Settings

_SHOWN = 1_000


def rehearse(
    database: Database, actor: Actor, settings: Settings, prepared: Prepared, on_progress: OnProgress | None = None
) -> tuple[Books, pl.DataFrame, Places]:
    """What the import would do, the problems it would find (the first thousand), and where their lines stand; nothing
    is written."""
    with database.transaction() as tx:
        preparing.require_details(tx, actor, prepared.plan)
    who = actor.acting_for(Source.IMPORT, None)
    with tempfile.TemporaryDirectory(prefix="kartotek-") as scratch:
        task = passes.Task(
            database, who, prepared.plan, prepared.sheets, Path(scratch), settings.import_batch,
            tell=on_progress or passes.nobody,
        )  # fmt: skip
        tally, made = _over(task, lambda rows, done: None)
    names = [upload.name for upload in prepared.uploads]
    return tally.books(), tally.shown(), sources.places(names, made.spooled.lines, prepared.plan)


def rehearse_draft(
    database: Database, settings: Settings, import_id: int, on_progress: OnProgress | None = None
) -> None:
    """Rehearses a draft as it was asked for, and keeps what it finds."""
    with database.transaction() as tx:
        asked, job = rehearsals.of_worker(tx, import_id), imports.of_worker(tx, import_id)
        if asked is None or asked.state is not RehearsalState.STARTED or job.state is not State.DRAFT:
            return
        actor = people.behind(tx, asked.person)
        rehearsals.begin(tx, settings.files_url, import_id)
    run = _Kept(database, settings, asked, on_progress or passes.nobody)
    try:
        with sources.of_import(settings, job.files) as uploads:
            run.go(job, actor, uploads)
    except _Unwanted:
        return
    except errors.Unavailable:
        raise
    except FileNotFoundError:
        give_up_rehearsal(database, import_id, "The uploaded file is not kept any more. Upload it again.")
    except errors.KartotekError as error:
        give_up_rehearsal(database, import_id, error.sentence)


def give_up_rehearsal(database: Database, import_id: int, sentence: str) -> None:
    with database.transaction() as tx:
        asked = rehearsals.of_worker(tx, import_id)
        if asked is not None:
            rehearsals.fail(tx, import_id, asked.token, sentence)


class _Unwanted(Exception):
    """Somebody has started the import meanwhile, or asked for another rehearsal."""


@dataclass(slots=True)
class _Kept:
    database: Database
    settings: Settings
    asked: Rehearsal
    on_progress: OnProgress
    matches: passes.Settled = field(default_factory=dict)

    def go(self, job: Import, actor: Actor, uploads: Sequence[Upload]) -> None:
        plan = preparing.plan_from_json(self.asked.plan)
        who = actor.acting_for(Source.IMPORT, None)
        with tempfile.TemporaryDirectory(prefix="kartotek-") as scratch:
            sheets = sources.open_all(self.settings, uploads, plan.sources, Path(scratch))
            wanted = narrowing.narrowed(self.database, sheets, job)
            task = passes.Task(
                self.database, who, plan, wanted, Path(scratch), self.settings.import_batch, self._agree,
                tell=self._tell,
            )  # fmt: skip
            tally, made = _over(task, self._keep)
        with self.database.transaction() as tx:
            imports.keep_lines(tx, self.asked.import_id, made.spooled.lines)
            rehearsals.finish(tx, self.asked.import_id, self.asked.token, tally.books(), self.matches)

    def _agree(self, work_out: Callable[[], passes.Settled]) -> passes.Settled:
        self.matches = work_out()
        return self.matches

    def _tell(self, step: passes.Step) -> None:
        self.on_progress(step)
        with self.database.transaction() as tx:
            self._advance(tx, step)

    def _keep(self, rows: write.Rows, done: write.Done) -> None:
        id, token = self.asked.import_id, self.asked.token
        with self.database.transaction() as tx:
            for name, verdicts in done.verdicts(rows).items():
                rehearsals.keep(tx, self.settings.files_url, id, token, name, verdicts)

    def _advance(self, tx: Tx, step: passes.Step) -> None:
        asked = self.asked
        if not rehearsals.advance(tx, asked.import_id, asked.token, step.phase, step.done, step.rows):
            raise _Unwanted


def _over(task: passes.Task, keep: Callable[[write.Rows, write.Done], None]) -> tuple["_Tally", passes.Passes]:
    """`keep` is given each batch in a thread of its own, while the next one is decided."""
    progress, rehearsal = write.Progress(), domain.Rehearsal()
    made = passes.over(task)
    with task.database.transaction() as tx:
        known = catalogue.load(tx)
    types = {*waiting.types_named(task.plan, known), *relations.types_told(task.plan)}
    seen = _Seen(tuple(types), waiting.properties_named(task.plan))
    tally, followed = _Tally(made.rows_in_all, [one.name for one in made.objects]), domains_foreseen.Foreseen()
    with ThreadPoolExecutor(1) as keeper:
        kept: Future[None] | None = None
        for rows in made.rows():
            with task.database.transaction() as tx:
                done = made.writing.batch(tx, task.actor, rows, progress, rehearsal.decide)
                followed.add(done.decision)
                tally.add(listing.listed(task.plan, made.objects, rows, done, listing.would_put_on(tx)))
            seen.add(rows, done)
            if kept is not None:
                kept.result()
            kept = keeper.submit(keep, rows, done)
            made.done(rows)
        if kept is not None:
            kept.result()
    with task.database.transaction() as tx:
        later = waiting.Waiting(made, known, seen.records(), seen.holders).whole(tx)
        if later is not None:
            tally.add_later(later, rehearsal.decide(tx, task.actor, Batch(links=later.links)).written())
        if relations.types_told(task.plan):
            own = {name: seen.records()[name] for name in relations.types_told(task.plan)}
            told = relations.Gathering(made, waiting.Waiting(made, known, seen.records(), seen.holders), own).told(tx)
            _sum(tally.links, relations.foreseen(tx, told))
        tally.by_domain = followed.count(tx)
    return tally, made


@dataclass(slots=True)
class _Seen:
    """What rows that wait for others will find: of these object types the record of every row, and the values of these
    properties, new records included."""

    types: tuple[str, ...]
    properties: set[tuple[str, str]]
    _records: dict[str, list[pl.Series]] = field(default_factory=dict)
    _values: dict[tuple[str, str], list[pl.DataFrame]] = field(default_factory=dict)

    def add(self, rows: write.Rows, done: write.Done) -> None:
        for name in self.types:
            self._records.setdefault(name, []).append(done.outcomes[name]["record"])
        for name, prop in self.properties:
            said = rows.values.select(ROW, value=pl.col(value_name(name, prop)).cast(pl.String)).drop_nulls("value")
            about = said.join(done.outcomes[name].select(ROW, "record"), on=ROW).filter(pl.col("record") != 0)
            self._values.setdefault((name, prop), []).append(about.select("value", "record"))

    def records(self) -> dict[str, pl.Series]:
        return {name: pl.concat(parts) for name, parts in self._records.items()}

    def holders(self, tx: Tx, actor: Actor, one: ObjectType, prop: str, values: pl.Series) -> pl.DataFrame:
        there = waiting.in_database(tx, actor, one, prop, values).cast({"record": pl.Int64})
        coming = pl.concat([there.clear(), *self._values.get((one.name, prop), [])])
        return pl.concat([there, coming.filter(pl.col("value").is_in(values.implode()))]).unique()


@dataclass(slots=True)
class _Tally:
    """The books of an import that keeps none in the database."""

    rows: int
    names: Sequence[str]
    objects: dict[str, dict[str, int]] = field(default_factory=dict)
    links: dict[str, int] = field(default_factory=dict)
    cells: dict[str, int] = field(default_factory=lambda: dict.fromkeys(map(str, Cells), 0))
    kinds: dict[str, int] = field(default_factory=dict)
    problems: list[pl.DataFrame] = field(default_factory=lambda: [pl.DataFrame(schema=PROBLEM)])
    by_domain: dict[str, int] = field(default_factory=dict)

    def add(self, done: write.Done) -> None:
        for name, frame in done.outcomes.items():
            _sum(self.objects.setdefault(name, {}), dict(frame.group_by("outcome").len().rows()))
        _sum(self.links, done.links)
        _sum(self.cells, done.cells)
        _sum(self.kinds, dict(done.problems.group_by("type").len().rows()))
        if sum(map(len, self.problems)) < _SHOWN:
            self.problems.append(done.problems)

    def add_later(self, later: waiting.Waited, written: Written) -> None:
        problems = pl.concat([later.problems, write.lost(later.rows, written.lost)])
        _sum(self.links, later.counted(write.counts(written, later.links)))
        _sum(self.kinds, dict(problems.group_by("type").len().rows()))
        self.problems.append(problems)

    def shown(self) -> pl.DataFrame:
        """In the order in which the database gives those of an import."""
        return (
            pl.concat(self.problems)
            .sort("line", "place", "object_type", "type", "property", "value", nulls_last=False)
            .head(_SHOWN)
            .drop(ROW)
        )

    def books(self) -> Books:
        every = {name: dict.fromkeys((str(o) for o in Outcome), 0) | self.objects.get(name, {}) for name in self.names}
        links = dict.fromkeys(import_books.LINKS, 0) | self.links
        return Books(self.rows, every, links, self.kinds, self.cells, self.by_domain)


def _sum(into: dict[str, int], more: Mapping[str, int]) -> None:
    for key, count in more.items():
        into[key] = into.get(key, 0) + count
