"""An import from its file to its books: the steps in order. The only file here that knows them all.

    prepare   open the file, guess and check the plan, settle its dates and numbers over all rows
    begin     keep the file and the plan, and put the import in line
    work      go over the file: number the keys, then batch by batch check, match, write, report
    rehearse  the same, writing nothing
"""

import queue
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import msgspec
import polars as pl

from kartotek import errors
from kartotek.domain import Database, Tx, access, catalogue, files, imports, people, properties
from kartotek.domain import records as domain
from kartotek.imports import check, mapping, match, readers, settle, spool, write
from kartotek.imports.table import Choices, Mode, ObjectPlan, Plan, Sheet
from kartotek.model.catalogue import Catalogue
from kartotek.model.imports import Books, Import, State
from kartotek.model.object_types import ObjectType
from kartotek.model.people import SYSTEM, Actor
from kartotek.model.records import Outcome, Source
from kartotek.settings import Settings
from kartotek.values import Reading


@dataclass(frozen=True, slots=True)
class Step:
    """How far an import is, for whoever watches: `phase` is "reading" or "writing"."""

    phase: str
    done: int
    rows: int | None


OnProgress = Callable[[Step], None]


@dataclass(frozen=True, slots=True)
class Prepared:
    """A file with a plan that can be carried out."""

    path: Path
    sheet: Sheet
    plan: Plan


# ---------------------------------------------------------------- before


def open_sheet(settings: Settings, path: Path, name: str, scratch: Path, asked: Choices | Plan) -> Sheet:
    """Reads as the plan says; what it leaves open is detected."""
    return readers.open(
        path, name=name, sheet=asked.sheet, encoding=asked.encoding, delimiter=asked.delimiter,
        header_line=asked.header_line, limit_bytes=settings.file_limit, scratch=scratch,
    )  # fmt: skip


def prepare(tx: Tx, actor: Actor, settings: Settings, path: Path, name: str, scratch: Path, choices: Choices) -> Prepared:
    """Guesses what was not said, and refuses with a sentence what cannot be guessed or carried out."""
    known = catalogue.load(tx)
    sheet = open_sheet(settings, path, name, scratch, choices)
    plan = plan_for(known, sheet, choices)
    access.require_import(actor, [one.object_type for one in plan.objects])
    mapping.check_plan(plan, known.object_types)
    return Prepared(path, sheet, settled(known, sheet, plan, settings.import_batch))


def plan_for(known: Catalogue, sheet: Sheet, choices: Choices) -> Plan:
    """The plan as far as it follows from the headers and what was said."""
    if not choices.objects:
        raise errors.Ambiguous(
            "Which objects does the file hold? Name them: `--object contacts`, and more of them if a row is about several.",
            option="--object",
        )
    names = [known.object_type(one).name for one in choices.objects]
    sample = next(sheet.batches(100))
    samples = pl.DataFrame({header: sample[f"c{i}"] for i, header in enumerate(sheet.columns)}) if _distinct(sheet) else None
    columns = mapping.from_user(sheet.columns, known.object_types, names, choices.maps, samples)
    modes, keys = dict(choices.modes), dict(choices.match_by)
    objects = tuple(
        ObjectPlan(one, modes.get(one, modes.get("", Mode.UPSERT)), keys.get(one, keys.get("", None) if len(names) == 1 else None))
        for one in names
    )
    said = {f: getattr(choices, f) for f in ("dates", "numbers", "country", "zone", "sheet", "encoding", "delimiter",
                                             "header_line", "short_rows_are_empty")}  # fmt: skip
    return Plan(choices.name or sheet.file, objects, columns, **said)


def settled(known: Catalogue, sheet: Sheet, plan: Plan, size: int) -> Plan:
    """The plan with its date and number formats, from all rows of the file; Ambiguous when they leave it open."""
    columns = check.columns_of(plan, [known.object_types[one.object_type] for one in plan.objects])
    open_ones = settle.undecided(plan, columns)
    if not open_ones:
        return plan
    ballot = settle.Ballot(open_ones)
    for batch in sheet.batches(size):
        ballot.add(batch)
    return ballot.settle(plan)


def begin(tx: Tx, actor: Actor, settings: Settings, prepared: Prepared) -> int:
    """Keeps file and plan and puts the import in line; the same one that has not ended yet is gone on with instead."""
    digest, plan = files.digest_of(prepared.path), plan_to_json(prepared.plan)
    running = imports.unfinished(tx, actor, digest, plan)
    if running is not None:
        return running
    file = files.keep(tx, actor, settings.files_url, prepared.sheet.file, prepared.path)
    objects = [one.object_type for one in prepared.plan.objects]
    return imports.begin(tx, actor, file, prepared.plan.name, plan, objects)


def plan_to_json(plan: Plan) -> dict[str, Any]:
    found: dict[str, Any] = msgspec.to_builtins(asdict(plan))
    return found


def plan_from_json(found: Mapping[str, Any]) -> Plan:
    return msgspec.convert(found, Plan)


# ---------------------------------------------------------------- the work


def work(database: Database, settings: Settings, import_id: int, on_progress: OnProgress | None = None) -> Books:
    """Does an import, or goes on with it where it stopped. Safe beside another worker: one of them gets Overtaken.

    What cannot be helped by trying again ends the import as FAILED with a sentence; a database that is away raises
    Unavailable, and the same call goes on later.
    """
    with database.transaction() as tx:
        job = imports.of_worker(tx, import_id)
        actor = _actor(tx, job)
    if job.state in (State.DONE, State.FAILED, State.CANCELED):
        with database.transaction() as tx:
            return imports.books(tx, import_id)
    try:
        with files.local(settings.files_url, job.file) as path:
            _Run(database, settings, job, actor, on_progress).go(path)
    except (errors.Unavailable, errors.Overtaken):
        raise
    except FileNotFoundError:
        _fail(database, import_id, "The uploaded file is not kept any more. Upload it again.")
    except errors.KartotekError as error:
        _fail(database, import_id, error.sentence)
    with database.transaction() as tx:
        return imports.books(tx, import_id)


def rehearse(
    database: Database, actor: Actor, settings: Settings, prepared: Prepared, on_progress: OnProgress | None = None
) -> tuple[Books, pl.DataFrame]:
    """What the import would do, and the problems it would find (the first thousand); nothing is written."""
    tally = _Tally()
    with tempfile.TemporaryDirectory() as scratch, _passes(database, actor, settings.import_batch, prepared.plan,
                                                           prepared.sheet, Path(scratch), domain.rehearse, on_progress) as passes:  # fmt: skip
        progress = write.Progress()
        for rows in passes.rows(0):
            done = database.retried(lambda tx, rows=rows: passes.writing.batch(tx, actor, rows, progress))
            tally.add(done)
            passes.tell("writing", rows.first + len(rows.values))
        return tally.books(passes.rows_in_all, [one.name for one in passes.objects]), tally.problems


@dataclass(slots=True)
class _Run:
    """One worker's go at one import."""

    database: Database
    settings: Settings
    job: Import
    actor: Actor
    on_progress: OnProgress | None

    def go(self, path: Path) -> None:
        plan = plan_from_json(self.job.plan or {})
        with tempfile.TemporaryDirectory(prefix="kartotek-") as scratch:
            folder = Path(scratch)
            sheet = open_sheet(self.settings, path, self.job.file.name, folder, plan)
            size = self._alive(None)
            with _passes(self.database, self.actor, size, plan, sheet, folder, domain.write, self.on_progress,
                         lambda: self._alive(None)) as passes:  # fmt: skip
                self._alive(passes.rows_in_all)
                self._write(passes)

    def _write(self, passes: "_Passes") -> None:
        progress = passes.progress_at(self.database, self.job.id, self.job.position)
        for rows in passes.rows(self.job.position // passes.size):
            if not self.database.retried(partial(self._batch, passes, rows, progress)):
                return
            passes.tell("writing", rows.first + len(rows.values))
        with self.database.transaction() as tx:
            imports.finish(tx, self.job.id, State.DONE)

    def _batch(self, passes: "_Passes", rows: write.Rows, progress: write.Progress, tx: Tx) -> bool:
        """One transaction: everything that a batch writes, and how far the import is. False: it was cancelled."""
        if not imports.claim(tx, self.job.id, rows.first):
            imports.finish(tx, self.job.id, State.CANCELED)
            return False
        # A batch that is tried again begins from the same place.
        attempt = write.Progress(dict(progress.settled))
        done = passes.writing.batch(tx, self.actor, rows, attempt)
        for name, outcomes in done.outcomes.items():
            kept = outcomes.select("record", "outcome", line="_line")
            imports.keep_outcomes(tx, self.job.id, name, rows.first, kept)
        imports.keep_links(tx, self.job.id, rows.first, done.links)
        imports.keep_problems(tx, self.job.id, done.problems)
        imports.advance(tx, self.job.id, rows.first + len(rows.values), passes.rows_in_all)
        progress.settled = attempt.settled
        return True

    def _alive(self, rows: int | None) -> int:
        with self.database.transaction() as tx:
            return imports.alive(tx, self.job.id, self.settings.import_batch, rows)


# ---------------------------------------------------------------- the passes over the file


@dataclass(slots=True)
class _Passes:
    """The file, numbered, and its batches ready to be written."""

    checker: check.Checker
    spooled: spool.Spool
    writing: write.Writing
    ahead: dict[str, pl.DataFrame]
    on_progress: OnProgress | None

    @property
    def rows_in_all(self) -> int:
        return self.spooled.rows

    @property
    def size(self) -> int:
        return self.spooled.size

    @property
    def objects(self) -> tuple[ObjectType, ...]:
        return self.checker.objects

    def tell(self, phase: str, done: int) -> None:
        if self.on_progress:
            self.on_progress(Step(phase, done, self.rows_in_all))

    def rows(self, start: int) -> Iterator[write.Rows]:
        """The batches from number `start` on, each checked in a thread of its own while the one before is written."""
        ready: queue.Queue[write.Rows | BaseException | None] = queue.Queue(1)
        stop = threading.Event()
        thread = threading.Thread(target=self._check_all, args=(start, ready, stop), daemon=True)
        thread.start()
        try:
            while (item := ready.get()) is not None:
                if isinstance(item, BaseException):
                    raise item
                yield item
        finally:
            stop.set()
            with suppress(queue.Empty):
                ready.get_nowait()
            thread.join()

    def _check_all(self, start: int, ready: "queue.Queue[write.Rows | BaseException | None]", stop: threading.Event) -> None:
        try:
            for number in range(start, self.spooled.count):
                item = self._rows(number)
                while not stop.is_set():
                    with suppress(queue.Full):
                        ready.put(item, timeout=0.2)
                        break
                if stop.is_set():
                    return
            ready.put(None)
        except BaseException as error:  # carried over to the thread that waits for it
            ready.put(error)

    def _rows(self, number: int) -> write.Rows:
        checked = self.checker.check(self.spooled.batch(number))
        first = number * self.size
        numbered = checked.values.hstack(self.writing.numbers.of(first, len(checked.values)).drop(check.ROW))
        inside = pl.col("group").is_between(first, first + self.size - 1)
        return write.Rows(numbered, checked.problems, {name: frame.filter(inside) for name, frame in self.ahead.items()})

    def progress_at(self, database: Database, import_id: int, position: int) -> write.Progress:
        """What earlier batches settled of records that come again, read from what they left behind."""
        progress = write.Progress()
        if not position:
            return progress
        with database.transaction() as tx:
            found = imports.problems(tx, import_id, limit=10_000_000)
            for one in self.objects:
                before = imports.done_before(tx, import_id, one.name)
                progress.settled[one.name] = _settled(one.name, before, found, self.writing)
        return progress


def _settled(name: str, before: pl.DataFrame, problems: pl.DataFrame, writing: write.Writing) -> pl.DataFrame:
    why = problems.filter((pl.col("object_type") == name) & pl.col("type").is_in(write.KEPT_OUT)).unique("line", keep="first")
    heads = before.join(writing.spanning[name], left_on=check.ROW, right_on="group", how="semi").with_columns(group=check.ROW)
    lines = writing.lines.select(check.ROW, line="_line")
    return (
        heads.join(lines, on=check.ROW, how="left")
        .join(why.select("line", "type"), on="line", how="left")
        .select("group", id=pl.col("record").replace(0, None), outcome="outcome", type="type")
        .with_columns(type=pl.when(pl.col("outcome").is_in([Outcome.FAILED.value, Outcome.SKIPPED.value])).then(pl.col("type")))
        .cast(write.SETTLED)  # type: ignore[arg-type]
    )


@contextmanager
def _passes(
    database: Database,
    actor: Actor,
    size: int,
    plan: Plan,
    sheet: Sheet,
    scratch: Path,
    writer: write.Writer,
    on_progress: OnProgress | None,
    heartbeat: Callable[[], object] = lambda: None,
) -> Iterator[_Passes]:
    """Reads the file to its end and numbers its keys; then the batches can be had."""
    with database.transaction() as tx:
        known = catalogue.load(tx)
        access.require_import(actor, [one.object_type for one in plan.objects])
        mapping.check_plan(plan, known.object_types)
        checker = _checker(tx, known, plan)
    chains = tuple(
        match.chain(plan, known.object_types[one.object_type], one.match_by) for one in plan.objects
    )
    numbering = match.Numbering(chains, known)
    keys = replace(checker, columns=tuple(c for c in checker.columns if match.needed_for_keys(chains, c.property)))
    lines: list[pl.DataFrame] = []

    def each(batch: pl.DataFrame) -> None:
        numbering.add(keys.check(batch).values)
        lines.append(batch.select(check.ROW, "_line"))
        if on_progress:
            on_progress(Step("reading", int(batch[check.ROW][-1]) + 1, None))
        if len(lines) % 10 == 0:
            heartbeat()

    folder = scratch / "rows"
    folder.mkdir()
    spooled = spool.fill(sheet, folder, size, each)
    numbers = numbering.finish()
    spanning = {one.name: numbers.spanning(one.name, spooled.size) for one in checker.objects}
    ahead = _ahead(checker, spooled, numbers, spanning)
    writing = write.Writing(plan, chains, numbers, spanning, writer, pl.concat(lines))
    yield _Passes(checker, spooled, writing, ahead, on_progress)


def _ahead(
    checker: check.Checker, spooled: spool.Spool, numbers: match.Numbers, spanning: Mapping[str, pl.DataFrame]
) -> dict[str, pl.DataFrame]:
    """Per object, what rows of later batches say of records whose first row stands in an earlier one: one line each."""
    found: dict[str, list[pl.DataFrame]] = {}
    again = [one for one in checker.objects if len(spanning[one.name])]
    for one in again:
        mine = replace(checker, objects=(one,), columns=tuple(c for c in checker.columns if c.property.object_type == one.name))
        if not mine.columns:
            continue
        for number, batch in enumerate(spooled.batches()):
            first = number * spooled.size
            part = numbers.of(first, len(batch))
            late = part.select(check.ROW, group=pl.col(one.name)).filter(pl.col("group") < first)
            if late.is_empty():
                continue
            values = mine.check(batch.join(late, on=check.ROW, how="semi")).values.join(late, on=check.ROW)
            names = [check.value_name(one.name, c.property.name) for c in mine.columns]
            found.setdefault(one.name, []).append(write.fold_by("group", values.select(check.ROW, "group", *names)))
    return {name: write.fold_by("group", pl.concat(parts)) for name, parts in found.items()}


def _checker(tx: Tx, known: Catalogue, plan: Plan) -> check.Checker:
    objects = tuple(known.object_types[one.object_type] for one in plan.objects)
    how = Reading(dates=plan.dates, numbers=plan.numbers, zone=plan.zone, country=plan.country)
    columns = tuple(
        check.Column(column, prop, properties.reading(tx, known, known.object_types[prop.object_type], prop, how))
        for column, prop in check.columns_of(plan, objects)
    )
    return check.Checker(plan, objects, columns, known.pipelines)


@dataclass(slots=True)
class _Tally:
    """The books of an import that keeps none in the database."""

    objects: dict[str, dict[str, int]] = None  # type: ignore[assignment]
    links: dict[str, int] = None  # type: ignore[assignment]
    kinds: dict[str, int] = None  # type: ignore[assignment]
    problems: pl.DataFrame = None  # type: ignore[assignment]

    def __post_init__(self) -> None:
        self.objects, self.links, self.kinds, self.problems = {}, {}, {}, pl.DataFrame(schema=check.PROBLEM)

    def add(self, done: write.Done) -> None:
        for name, frame in done.outcomes.items():
            _sum(self.objects.setdefault(name, {}), dict(frame.group_by("outcome").len().rows()))
        _sum(self.links, done.links)
        _sum(self.kinds, dict(done.problems.group_by("type").len().rows()))
        if len(self.problems) < 1000:
            self.problems = pl.concat([self.problems, done.problems.sort("line", "place", nulls_last=False)]).head(1000)

    def books(self, rows: int, names: list[str]) -> Books:
        every = {name: dict.fromkeys((str(o) for o in Outcome), 0) | self.objects.get(name, {}) for name in names}
        return Books(rows, every, dict.fromkeys(imports.LINKS, 0) | self.links, self.kinds)


def _sum(into: dict[str, int], more: Mapping[str, int]) -> None:
    for key, count in more.items():
        into[key] = into.get(key, 0) + count


def _actor(tx: Tx, job: Import) -> Actor:
    """Who started it, with the rights they have now."""
    who = SYSTEM if job.person is None else people.actor_of(people.get(tx, job.person))
    return who.acting_for(Source.IMPORT, job.id)


def _fail(database: Database, import_id: int, sentence: str) -> None:
    with database.transaction() as tx:
        imports.finish(tx, import_id, State.FAILED, sentence)


def _distinct(sheet: Sheet) -> bool:
    return len(set(sheet.columns)) == len(sheet.columns)
