"""One worker's go at one import, from wherever it is to its end.

Every batch is one transaction that holds all it does and how far the import is. What has to be known across batches is
read back from what they left behind, so whoever goes on after a kill does what would have been done.
"""

import tempfile
import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import polars as pl

from kartotek import errors
from kartotek.domain import Database, Tx, domains, import_books, imports, people, search
from kartotek.domain import records as domain
from kartotek.imports import write
from kartotek.imports.run import (
    associating,
    by_domain,
    foreseeing,
    holding,
    in_turn,
    listing,
    narrowing,
    passes,
    preparing,
    relations,
    sources,
)
from kartotek.imports.run.foreseeing import Foreseen
from kartotek.imports.run.in_turn import Turn
from kartotek.imports.run.passes import OnProgress, Passes, Settled
from kartotek.imports.run.sources import Upload
from kartotek.imports.run.trusting import Trust
from kartotek.imports.table import PROBLEM, ROW
from kartotek.model.imports import RESTING, Books, Import, State
from kartotek.model.people import Actor
from kartotek.model.records import Source
from kartotek.settings import Settings
from kartotek.values import frames

_TOLD_EVERY = 0.5  # seconds


def work(database: Database, settings: Settings, import_id: int, on_progress: OnProgress | None = None) -> Books:
    """Does an import, or goes on with it where it stopped. Safe beside another worker: one of them gets Overtaken.

    What cannot be helped by trying again ends the import as FAILED with a sentence; a database that is away, or a
    full disk, raises Unavailable, and the same call goes on later.
    """
    with database.transaction() as tx:
        job = imports.of_worker(tx, import_id)
        actor = people.behind(tx, job.person).acting_for(Source.IMPORT, job.id)
    if job.state not in RESTING:
        try:
            with sources.of_import(settings, job.files) as uploads:
                _Run(database, settings, job, actor, on_progress or passes.nobody).go(uploads)
        except (errors.Unavailable, errors.Overtaken):
            raise
        except errors.Conflict as error:  # others kept changing the same records: later is better
            raise errors.Unavailable(error.sentence) from error
        except FileNotFoundError:
            _fail(database, import_id, "The uploaded file is not kept any more. Upload it again.", "FILE_NOT_FOUND")
        except errors.KartotekError as error:
            _fail(database, import_id, error.sentence, error.type)
        except _Stopped:
            with database.transaction() as tx:
                imports.stop(tx, import_id)
        except Exception as error:
            if not errors.is_disk_full(error):
                raise
            raise errors.Unavailable(
                "The disk for temporary files is full. Make room; nothing was lost, and the import goes on by itself."
            ) from error
    with database.transaction() as tx:
        search.follow(tx)
        return import_books.of(tx, import_id)


class _Stopped(Exception):
    """Somebody asked for it, be it for a while or for good."""


@dataclass(frozen=True, slots=True)
class _Run:
    database: Database
    settings: Settings
    job: Import
    actor: Actor
    on_progress: OnProgress
    told: "_Told" = field(default_factory=lambda: _Told())
    living: domain.Living = field(default_factory=domain.Living)

    def go(self, uploads: Sequence[Upload]) -> None:
        plan = preparing.plan_from_json(self.job.plan or {})
        with tempfile.TemporaryDirectory(prefix="kartotek-") as scratch:
            folder = Path(scratch)
            sheets = sources.open_all(self.settings, uploads, plan.sources, folder)
            wanted = narrowing.narrowed(self.database, sheets, self.job)
            task = passes.Task(
                self.database, self.actor, plan, wanted, folder, self._alive(), self._agree, self._alive, self._tell,
            )  # fmt: skip
            made = holding.expecting(passes.over(task), self.settings.files_url, self.job)
            self._alive(made.rows_in_all)
            self._read_lines(made)
            self._write(made)

    def _read_lines(self, made: Passes) -> None:
        with self.database.transaction() as tx:
            imports.keep_lines(tx, self.job.id, made.spooled.lines)

    def _write(self, made: Passes) -> None:
        progress = self._progress(made)
        at = made.spooled.number_at(self.job.position)
        trust = Trust(made.writing.chains, made.nobodys)
        if made.expected is not None:
            trust.lose()  # whether a record is found as it was rehearsed is to be seen
        while at < made.spooled.count:
            at, progress = self._as_foreseen(made, at, progress, trust)
        rows = made.rows_in_all
        told = partial(self._tell, passes.Step("writing", rows, rows))
        mine = made, self.actor, self.job.id, self._claim
        position = associating.Associating(*mine).associate(told)
        position = relations.Settling(*mine).settle(position, told)
        by_domain.associate(self.database, self.job.id, partial(self._hold, position, rows), told)
        with self.database.transaction() as tx:
            imports.finish(tx, self.job.id, State.DONE)

    def _as_foreseen(self, made: Passes, at: int, progress: write.Progress, trust: Trust) -> tuple[int, write.Progress]:
        """Writes batches from number `at` on, up to the end or behind one that was not as foreseen: what is foreseen of
        those after it holds no more. Gives the number of the next one."""
        with closing(foreseeing.batches(made, at, progress, trust)) as batches:
            for one in in_turn.carried_out(batches, partial(self._foreseen, made)):
                rows, after, stood, at = one.batch.rows, one.batch.progress, one.stood, at + 1
                del one  # with all that was decided, which is large
                if stood:
                    progress = after
                    self._done(made, rows)
                    continue
                trust.lose()
                progress = self.database.retried(partial(self._anew, made, made.checked(at - 1), progress))
                self._done(made, rows)
                break
        return at, progress

    def _done(self, made: Passes, rows: write.Rows) -> None:
        with self.database.transaction() as tx:
            search.follow(tx)
        made.done(rows)

    def _foreseen(self, made: Passes, batch: Foreseen, turn: Turn[Foreseen]) -> bool:
        """One transaction: everything that a batch writes, and how far the import is. False, and nothing is written,
        when it is not as foreseen."""
        decision = batch.done.decision

        def work(tx: Tx) -> bool:
            imports.hurry(tx)
            ahead = turn.ahead()
            before = ahead[0].done.decision if ahead else None
            # Where both change the same records, the one behind waits until they are written.
            comes = turn.has_come if before and domain.follows(decision, before) else turn.may_begin
            if not comes() or not domain.is_as_foreseen(tx, decision, before, self.living):
                return False
            turn.has_its_locks()
            domain.deliver(tx, batch.delivery)
            # Whoever comes first makes the list, and the others wait for it: that must be the batch ahead.
            if made.task.plan.list is not None and not turn.has_come():
                return False
            self._keep(tx, made, batch.rows, batch.done)
            if not turn.has_come():
                return False
            self._advance(tx, made, batch.rows, batch.done)
            return True

        return self.database.tried(work)

    def _anew(self, made: Passes, rows: write.Rows, before: write.Progress, tx: Tx) -> write.Progress:
        """The same transaction, of a batch that is decided when everything it touches is locked."""
        imports.hurry(tx)
        self._claim(tx, rows.first)
        progress = before.copy()
        done = holding.batch(made, tx, self.actor, rows, progress, domain.decide)
        domain.deliver(tx, domain.pack(self.actor, done.decision, tx.now))
        self._keep(tx, made, rows, done)
        self._advance(tx, made, rows, done)
        return progress

    def _keep(self, tx: Tx, made: Passes, rows: write.Rows, done: write.Done) -> None:
        way = listing.put_on(tx, self.actor, self.job.id)
        done = listing.listed(made.task.plan, made.objects, rows, done, way)
        for name, outcomes in done.outcomes.items():
            imports.keep_outcomes(tx, self.job.id, name, rows.first, outcomes.select("record", "outcome", line="_line"))
        imports.keep_links(tx, self.job.id, rows.first, done.links)
        imports.keep_cells(tx, self.job.id, rows.first, done.cells)
        imports.keep_problems(tx, self.job.id, done.problems)
        domains.note(tx, self.job.id, rows.first, done.decision)

    def _claim(self, tx: Tx, position: int) -> None:
        if not imports.claim(tx, self.job.id, position):
            raise _Stopped

    def _advance(self, tx: Tx, made: Passes, rows: write.Rows, done: write.Done) -> None:
        """Last, for the batch behind it is being written as well, and must not wait for this row before."""
        self._claim(tx, rows.first)
        domain.keep_free(tx, self.actor, done.decision)
        imports.advance(tx, self.job.id, rows.end, made.rows_in_all)

    def _hold(self, position: int, rows: int, tx: Tx) -> None:
        """Behind the last row."""
        imports.hurry(tx)
        self._claim(tx, position)
        imports.advance(tx, self.job.id, position, rows)

    def _tell(self, step: passes.Step) -> None:
        """How far the reading is, is written down now and then; how far the writing is, its batches say."""
        self.on_progress(step)
        if step.phase == "reading" and self.told.is_due(step.done):
            self._read(step.done)

    def _read(self, rows: int) -> None:
        with self.database.transaction() as tx:
            imports.reading(tx, self.job.id, rows)

    def _alive(self, rows: int | None = None) -> int:
        """Shows a sign of life, and gives the size of the batches, which is that of the first worker's."""
        with self.database.transaction() as tx:
            if imports.of_worker(tx, self.job.id).is_to_stop:
                raise _Stopped
            return imports.alive(tx, self.job.id, self.settings.import_batch, rows)

    def _agree(self, work_out: Any) -> Settled:
        """Which rows belong together is settled once, from the database as the import found it."""
        self._read(self.told.rows)
        with self.database.transaction() as tx:
            kept = imports.matches(tx, self.job.id)
        if kept is None:
            found = work_out()
            with self.database.transaction() as tx:
                kept = imports.keep_matches(tx, self.job.id, holding.agreed(tx, self.job, found))
        return kept

    def _progress(self, made: Passes) -> write.Progress:
        """What earlier batches settled of records that come again, read from what they left behind."""
        progress = write.Progress()
        if not self.job.position:
            return progress
        with self.database.transaction() as tx:
            for one in made.objects:
                spanning = made.writing.spanning[one.name]
                parts = [
                    part.join(spanning, left_on=ROW, right_on="group", how="semi")
                    for part in imports.done_before(tx, self.job.id, one.name)
                ]
                heads = pl.concat(parts).rename({ROW: "group"})
                told = import_books.problems_of(tx, self.job.id, one.name, write.KEPT_OUT)
                settled = heads.select("group", "outcome", id=pl.col("record").replace(0, None))
                progress.settled[one.name] = frames.cast(settled.select(write.SETTLED.keys()), write.SETTLED)
                progress.reasons[one.name] = write.one_reason(one, told.join(heads, on="line"))
        return progress


class _Told:
    """So that whoever watches is told often enough, and the database is not asked more often than that."""

    def __init__(self) -> None:
        self.rows = 0
        self._next = 0.0

    def is_due(self, rows: int) -> bool:
        self.rows, now = rows, time.monotonic()
        due = now >= self._next
        if due:
            self._next = now + _TOLD_EVERY
        return due


def _fail(database: Database, import_id: int, sentence: str, type: str | None) -> None:
    """What has a name among the problems is told as one of the whole file, too."""
    whole = pl.DataFrame([{"line": 0, "type": type}] if type else [], schema=PROBLEM)
    with database.transaction() as tx:
        imports.keep_problems(tx, import_id, whole)
        imports.finish(tx, import_id, State.FAILED, sentence)
