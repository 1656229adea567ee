"""A look at the whole file before the import, for the mapping page: what the import itself would find in its cells.

It answers question after question: what is wrong in this column, when it is read as that property, in these formats.
What a question depends on is its name, so an answer is good as long as somebody asks the same. A worker looks for the
answers that are missing, in one pass over the file; a second one, over the few columns concerned, only where the rows
had to say first how they write dates and numbers.
"""

import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from time import monotonic
from typing import Any

import msgspec
import polars as pl

from kartotek import errors
from kartotek.domain import Database, Tx, access, catalogue, imports, preferences, surveys
from kartotek.imports import check, survey
from kartotek.imports.readers import preview
from kartotek.imports.run import asking, checkers, passes, preparing, record_ids, sources
from kartotek.imports.run.passes import OnProgress, Step
from kartotek.imports.run.record_ids import Opened
from kartotek.imports.run.sources import Upload
from kartotek.imports.table import BROKEN, EXTRA, LINE, ROW, WIDTH, As, Choices, ColumnPlan, Plan, Sheet, cell
from kartotek.model.imports import State
from kartotek.model.people import Actor
from kartotek.settings import Settings
from kartotek.values import frames

# What a file is taken for until somebody says what it holds: most guesses then hold, and their answers are there.
_LIKELY = ("contacts", "companies", "deals")
_TELL_EVERY = 0.5  # seconds
Batches = Iterator[tuple[pl.DataFrame, int]]  # each with its source
_FACTS = ("file", "sheet", "encoding", "delimiter", "header_line")


def survey_draft(database: Database, settings: Settings, import_id: int, on_progress: OnProgress | None = None) -> None:
    """Finds out what is not known yet of a draft's file, until nothing is missing for its plan as it is then."""
    while True:
        with database.transaction() as tx:
            job = imports.of_worker(tx, import_id)
            if job.state is not State.DRAFT:
                return
            plan = _plan_of(tx, job.draft)
            kept = kept_of(tx, import_id, job.draft, plan)
            checker = _checker(tx, plan)
        if kept.trouble is not None or asking.survey_of(checker, kept).is_complete:
            return
        try:
            with sources.of_import(settings, job.files) as uploads, tempfile.TemporaryDirectory() as scratch:
                sheets = sources.open_all(settings, uploads, checker.plan.sources, Path(scratch))
                tell = _teller(database, import_id, on_progress or passes.nobody)
                for found in _look(
                    sheets, checker, kept, settings.import_batch, Path(scratch), tell, database.transaction
                ):
                    _keep(database, import_id, found)
        except errors.Unavailable:
            raise
        except errors.KartotekError as error:
            _keep(database, import_id, replace(kept, trouble=error.sentence))


def give_up_survey(database: Database, import_id: int, sentence: str) -> None:
    """The file cannot be looked at, and trying again would not help."""
    with database.transaction() as tx:
        draft = imports.of_worker(tx, import_id).draft
        kept = kept_of(tx, import_id, draft, _plan_of(tx, draft))
    _keep(database, import_id, replace(kept, trouble=sentence))


def inspect(
    tx: Tx, actor: Actor, settings: Settings, uploads: Sequence[Upload], scratch: Path, asked: Choices | Plan
) -> survey.Survey:
    """The same at once, of files that are no import. From choices, the plan is guessed first; a plan is taken as it
    is, however incomplete."""
    known = catalogue.load(tx)
    chosen = sources.chosen(settings, uploads, asked, scratch) if isinstance(asked, Choices) else asked.sources
    sheets = sources.open_all(settings, uploads, chosen, scratch)
    plan = (
        preparing.plan_for(known, sheets, chosen, asked, preferences.of_actor(tx, actor).language)
        if isinstance(asked, Choices)
        else asked
    )
    access.require_import(actor, [known.object_type(one.object_type) for one in plan.objects])
    checker, kept = _checker(tx, plan), survey.Kept()
    for found in _look(sheets, checker, kept, settings.import_batch, scratch, lambda _: None, lambda: nullcontext(tx)):
        kept = found
    return asking.survey_of(checker, kept)


def surveyed(tx: Tx, import_id: int, draft: Mapping[str, Any], plan: Plan) -> survey.Survey:
    """What is known by now of this plan of a draft."""
    done = surveys.get(tx, import_id)[1]
    return replace(asking.survey_of(_checker(tx, plan), kept_of(tx, import_id, draft, plan)), done=done)


def kept_of(tx: Tx, import_id: int, draft: Mapping[str, Any], plan: Plan) -> survey.Kept:
    """What was found of these files, as long as they are read in the same way."""
    read = [*map(asdict, plan.sources), *draft.get("facts", ())]
    file = "|".join(str(one.get(name)) for one in read for name in _FACTS)
    kept = msgspec.convert(surveys.get(tx, import_id)[0], survey.Kept)
    return kept if kept.file == file else survey.Kept(file)


def _look(
    sheets: Sequence[Sheet],
    checker: check.Checker,
    kept: survey.Kept,
    size: int,
    scratch: Path,
    tell: Callable[[int], None],
    opened: Opened,
) -> Iterator[survey.Kept]:
    """What is known after each of the one or two passes."""
    later = asking.unsettled(checker, kept)
    ballots = survey.Ballots({index: asking.what(checker, index) for index in later} if later else {})
    distinct = survey.Distinct({c.index for c in checker.plan.columns} if kept.rows is None else set())
    first = _Asked.of(checker, kept, later, opened)
    narrow = _Narrow(scratch / "narrow", tuple(asking.taken_for(checker, later)))
    strays = [preview.Strays(sheet) for sheet in sheets]

    def each(batch: pl.DataFrame, source: int) -> None:
        first.add(batch, source)
        ballots.add(batch)
        distinct.add(batch)
        narrow.add(batch, source)
        strays[source].add(batch)
        tell(first.tally.rows)

    _go_over(((batch, source) for source, sheet in enumerate(sheets) for batch in sheet.batches(size)), each)
    kept = first.answered(kept)
    kept = replace(kept, ballots=kept.ballots | ballots.done(), distinct=kept.distinct or distinct.done())
    kept = replace(kept, notes=tuple(one.notes() for one in strays))
    yield kept
    if later:
        second = _Asked.of(checker, kept, frozenset(), opened)
        _go_over(narrow.batches(), second.add)
        yield replace(second.answered(kept), rows=kept.rows)


@dataclass(frozen=True, slots=True)
class _Asked:
    """The questions of one pass, and what is being found. `checkers`: for each source what it is asked."""

    checkers: Sequence[check.Checker]
    questions: Mapping[str, int | None]
    tally: survey.Tally
    opened: Opened  # to look for records

    @staticmethod
    def of(checker: check.Checker, kept: survey.Kept, later: frozenset[int], opened: Opened) -> "_Asked":
        """What is not answered yet, but for the columns that come later."""
        formed = asking.read_by(checker, asking.settled(checker, kept)[0])
        asked = {
            key: index
            for key, index in asking.questions(formed).items()
            if index not in later and key not in kept.answers
        }
        wanted = {index for index in asked.values() if index is not None}
        of_source = [{c.index for c in checker.plan.part(s).columns} for s in range(len(checker.plan.sources))]
        return _Asked([asking.only(formed, wanted & own) for own in of_source], asked, survey.Tally(), opened)

    def add(self, batch: pl.DataFrame, source: int) -> None:
        numbered = batch.with_row_index(ROW).with_columns(pl.col(ROW).cast(pl.Int64))
        checker = self.checkers[source]
        checked = checker.check(numbered)
        strangers = record_ids.strangers(self.opened, checker, numbered, checked)
        self.tally.add(len(batch), pl.concat([checked.problems, strangers]))

    def answered(self, kept: survey.Kept) -> survey.Kept:
        return kept.with_answers(self.tally.rows, self.questions, self.tally.kinds())


@dataclass(slots=True)
class _Narrow:
    """The columns that are looked at twice, kept beside us: reading the file again would take ten times as long."""

    folder: Path
    indexes: tuple[int, ...]
    sources: list[int] = field(default_factory=list)  # of each batch

    def add(self, batch: pl.DataFrame, source: int) -> None:
        kept = [name for index in self.indexes if (name := cell(index)) in batch.columns]
        if kept:
            self.folder.mkdir(exist_ok=True)
            cells = batch.select(LINE, WIDTH, EXTRA, BROKEN, *kept)
            frames.keep(cells, self.folder / f"{len(self.sources)}.arrow")
            self.sources.append(source)

    def batches(self) -> Batches:
        return ((pl.read_ipc(self.folder / f"{number}.arrow"), source) for number, source in enumerate(self.sources))


def _go_over(batches: Batches, each: Callable[[pl.DataFrame, int], None]) -> None:
    """The next batch is read while one is looked at."""
    with ThreadPoolExecutor(1) as reader:
        coming = reader.submit(next, batches, None)
        while (come := coming.result()) is not None:
            coming = reader.submit(next, batches, None)
            each(*come)


def _checker(tx: Tx, plan: Plan) -> check.Checker:
    known = catalogue.load(tx)
    return checkers.checker_of(tx, known, replace(plan, columns=tuple(_existing(known.object_types, plan))))


def _existing(object_types: Mapping[str, Any], plan: Plan) -> Iterator[ColumnPlan]:
    """The columns; one whose property is gone meanwhile is not imported."""
    for one in plan.columns:
        gone = one.imported_as is As.PROPERTY and one.property not in object_types[str(one.object_type)].properties
        yield ColumnPlan(one.index, one.header, source=one.source) if gone else one


def _plan_of(tx: Tx, draft: Mapping[str, Any]) -> Plan:
    """As it stands in the draft; before anybody has said what the file holds, what it most likely does."""
    plan = preparing.plan_from_json(draft["plan"])
    if plan.objects:
        return plan
    known = catalogue.load(tx)
    return preparing.guessed(known, plan, [name for name in _LIKELY if name in known.object_types])


def _teller(database: Database, import_id: int, on_progress: OnProgress) -> Callable[[int], None]:
    last = monotonic()

    def tell(rows: int) -> None:
        nonlocal last
        on_progress(Step("surveying", rows, None))
        if monotonic() - last > _TELL_EVERY:
            last = monotonic()
            with database.transaction() as tx:
                surveys.advance(tx, import_id, rows)

    return tell


def _keep(database: Database, import_id: int, kept: survey.Kept) -> None:
    with database.transaction() as tx:
        surveys.keep(tx, import_id, msgspec.to_builtins(asdict(kept)))
