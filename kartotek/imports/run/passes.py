"""The passes over a file: its rows are read and kept, their keys numbered, and then the batches can be had.

1. Every row is read from the file, its keys are checked, hashed and kept (match.py).
2. Where keys of different rows may lead to one record, the first row of each key is looked up.
3. What later batches say of records that an earlier one writes is gathered, for it to write at once.
4. Batch by batch is checked and handed out, in a thread that works while the batch before is decided.
"""

from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from itertools import combinations
from pathlib import Path
from typing import Any

import polars as pl

from kartotek.domain import Database, Tx, access, catalogue, identifiers, labelling, properties
from kartotek.domain import records as domain
from kartotek.imports import check, mapping, match, spool, write
from kartotek.imports.run import beside
from kartotek.imports.run.ahead import Ahead, Said
from kartotek.imports.run.expecting import Expected
from kartotek.imports.table import BROKEN, EXTRA, LINE, RECORD_ID, ROW, WIDTH, Chain, ColumnPlan, Numbers, Plan, Sheet
from kartotek.model.catalogue import Catalogue
from kartotek.model.object_types import ObjectType
from kartotek.model.people import Actor
from kartotek.model.properties import Property
from kartotek.values import Reading

_HEARTBEAT = 10  # batches
_ABOUT_ROWS = (LINE, WIDTH, EXTRA, BROKEN)


@dataclass(frozen=True, slots=True)
class Step:
    """How far an import is, for whoever watches: `phase` is "reading" or "writing"."""

    phase: str
    done: int
    rows: int | None


OnProgress = Callable[[Step], None]
Settled = dict[str, Any]  # as match.Settled


def nobody(_: Step) -> None:
    """For an import that nobody watches."""


@dataclass(frozen=True, slots=True)
class Task:
    """A file to go over, and what it takes. `agree` is given the way to work out which rows belong together, and gives
    what was found by whoever began; `alive` is called now and then."""

    database: Database
    actor: Actor
    plan: Plan
    sheet: Sheet
    folder: Path
    size: int
    agree: Callable[[Callable[[], Settled]], Settled] = lambda work_out: work_out()
    alive: Callable[[], object] = lambda: None
    tell: OnProgress = nobody


@dataclass(frozen=True, slots=True)
class Passes:
    """The file, numbered, and its batches ready to be written."""

    task: Task
    checker: check.Checker
    spooled: spool.Spool
    writing: write.Writing
    ahead: Mapping[str, Ahead]
    nobodys: write.Nobodys
    expected: Expected | None = None  # after a rehearsal

    @property
    def rows_in_all(self) -> int:
        return self.spooled.rows

    @property
    def objects(self) -> tuple[ObjectType, ...]:
        return self.checker.objects

    def done(self, rows: write.Rows) -> None:
        self.task.tell(Step("writing", rows.end, self.rows_in_all))

    def rows(self, start: int = 0) -> Generator[write.Rows, None, None]:
        """The batches from number `start` on, each checked in a thread of its own while the one before is taken."""
        return beside.one_ahead(self._checked(number) for number in range(start, self.spooled.count))

    def _checked(self, number: int) -> write.Rows:
        raw = self.spooled.batch(number)
        checked = self.checker.check(raw)
        first = number * self.spooled.size
        numbered = checked.values.hstack(self.writing.numbers.of(first, len(raw)))
        ahead = {
            name: found for name, one in self.ahead.items() if (found := one.of(first, first + len(raw))) is not None
        }
        return write.Rows(partial(self.spooled.batch, number), numbered, checked.problems, ahead)


def over(task: Task) -> Passes:
    """Reads the file to its end and numbers its keys; then the batches can be had."""
    with task.database.transaction() as tx:
        known = catalogue.load(tx)
        access.require_import(task.actor, [one.object_type for one in task.plan.objects])
        mapping.check_plan(task.plan, known.object_types)
        checker = checker_of(tx, known, task.plan)
    chains = tuple(
        match.chain(task.plan, known.object_types[one.object_type], one.match_by, identifiers.FURTHER)
        for one in task.plan.objects
    )
    numbering = match.Numbering(chains, task.folder)
    spooled = _spool(task, checker, numbering)
    settled = task.agree(lambda: numbering.settle(_found(task, checker, spooled, numbering)))
    numbers = numbering.finish(settled, known)
    spanning = {one.name: numbers.spanning(one.name, spooled.size) for one in checker.objects}
    ahead = _ahead(task, checker, spooled, numbers, spanning)
    writing = write.Writing(task.plan, chains, numbers, spanning)
    with task.database.transaction() as tx:
        nobodys = {one.object_type.name: _nobodys(tx, one) for one in chains}
    return Passes(task, checker, spooled, writing, ahead, nobodys)


def checker_of(tx: Tx, known: Catalogue, plan: Plan) -> check.Checker:
    objects = tuple(known.object_types[one.object_type] for one in plan.objects)
    how = Reading(dates=plan.dates, numbers=plan.numbers, zone=plan.zone, country=plan.country)
    columns = tuple(
        check.Column(column, prop, properties.reading(tx, known, known.object_types[prop.object_type], prop, own))
        for column, prop in check.columns_of(plan, objects)
        for own in (replace(how, dates=column.dates or how.dates, numbers=column.numbers or how.numbers),)
    )
    dated = next((_dated(one, prop, how) for one, prop in check.dating_of(plan)), None)
    given, labels = _given(tx, known, plan), _labels(known, plan)
    return check.Checker(plan, objects, columns, known.pipelines, given, labels, dated)


def _dated(column: ColumnPlan, prop: Property, how: Reading) -> check.Column:
    return check.Column(column, prop, replace(how, dates=column.dates or how.dates))


def _labels(known: Catalogue, plan: Plan) -> tuple[check.Labels, ...]:
    """The columns of labels, with what each pair's labels are called."""
    types = (known.object_types[one.object_type] for one in plan.objects)
    return tuple(
        check.Labels(column, Reading(options=labelling.words(known, first, second)))
        for first, second in combinations(types, 2)
        for column in plan.labels(first.name, second.name)
    )


def _given(tx: Tx, known: Catalogue, plan: Plan) -> tuple[check.Given, ...]:
    """What every row says without a column of its own: the contacts' legal basis. A column goes before it."""
    object_type, prop = check.basis_of(known)
    given = [one.object_type for one in plan.objects if plan.given(one.object_type)]
    if plan.legal_basis is None or object_type.name not in given:
        return ()
    how = properties.reading(tx, known, object_type, prop, Reading())
    value = check.fixed(prop, plan.legal_basis, how)
    return () if value is None else (check.Given(prop, value),)


def _spool(task: Task, checker: check.Checker, numbering: match.Numbering) -> spool.Spool:
    names = match.columns_for_keys(numbering.chains)
    batches = 0

    def each(batch: pl.DataFrame) -> None:
        nonlocal batches
        numbering.add(checker.for_keys(batch, names).values)
        batches += 1
        task.tell(Step("reading", int(batch[ROW][-1]) + 1, None))
        if batches % _HEARTBEAT == 0:
            task.alive()

    folder = task.folder / "rows"
    folder.mkdir()
    spooled = spool.fill(task.sheet, folder, task.size, each)
    numbering.group()
    return spooled


def _found(
    task: Task, checker: check.Checker, spooled: spool.Spool, numbering: match.Numbering
) -> dict[str, pl.DataFrame]:
    """Where the keys lead in the database, for objects of which two keys may lead to one record."""
    found: dict[str, list[pl.DataFrame]] = {
        one.object_type.name: [pl.DataFrame(schema=match.FOUND)] for one in numbering.chains
    }
    with task.database.transaction() as tx:
        meeting = [(one, _may_meet(tx, one, numbering)) for one in numbering.chains]
    asked = [(one, values) for one, values in meeting if values is None or len(values)]
    names = match.columns_for_keys([one for one, _ in asked])
    for number in range(spooled.count) if asked else ():
        batch = spooled.batch(number)
        values = checker.for_keys(batch, names).values
        with task.database.transaction() as tx:
            for one, some in asked:
                name = one.object_type.name
                heads = values.filter(
                    pl.col(ROW).is_in(numbering.heads(name, number * spooled.size, len(batch)).implode())
                )
                met = heads if some is None else heads.filter(one.text().is_in(some.implode()))
                found[name].append(_leading(tx, one, met))
        if number % _HEARTBEAT == 0:
            task.alive()
    return {name: pl.concat(parts) for name, parts in found.items()}


def _may_meet(tx: Tx, one: Chain, numbering: match.Numbering) -> pl.Series | None:
    """The keys of the file, as texts, of which different ones may turn out to be about one record; None for any."""
    nothing = pl.Series(dtype=pl.String)
    keys = [one.object_type.properties[key] for key in one.keys if key != RECORD_ID]
    if numbering.claims(one.object_type.name):
        return None
    if len(one.keys) > 1:
        return None if any(identifiers.are_held(tx, one.object_type, key) for key in keys) else nothing
    return identifiers.beside_others(tx, one.object_type, keys[0]) if keys else nothing


def _nobodys(tx: Tx, one: Chain) -> frozenset[str]:
    """Keys that no record has yet, and only one may: those need not be looked up, the database tells if somebody
    takes one in the meantime."""
    keys = [one.object_type.properties[key] for key in one.keys if key != RECORD_ID]
    return frozenset(key.name for key in keys if key.exclusive and not identifiers.are_held(tx, one.object_type, key))


def _leading(tx: Tx, one: Chain, heads: pl.DataFrame) -> pl.DataFrame:
    """As match.FOUND."""
    rows = heads.select(pl.col(ROW).alias("group"), kind=one.kind(), text=one.text())
    found = [pl.DataFrame(schema=match.FOUND)]
    for key in one.keys:
        mine = rows.filter(pl.col("kind") == key)
        if key == RECORD_ID:
            ids = mine.select("group", id=pl.col("text").cast(pl.Int64))
            found.append(ids.filter(pl.col("id").is_in(domain.living(tx, one.object_type, ids["id"]).implode())))
            continue
        held = domain.holders(tx, one.object_type, one.object_type.properties[key], mine["text"])
        by_value = held.group_by("value").agg(id=pl.when(pl.len() == 1).then(pl.col("record").first()))
        found.append(mine.join(by_value, left_on="text", right_on="value").select("group", "id"))
    return pl.concat(found)


def _ahead(
    task: Task, checker: check.Checker, spooled: spool.Spool, numbers: Numbers, spanning: Mapping[str, pl.DataFrame]
) -> dict[str, Ahead]:
    found = {one.name: Ahead(one, task.folder) for one in checker.objects if len(spanning[one.name])}
    own = {name: checker.of(one.one) for name, one in found.items()}
    said = {name: Said(checker.cells_of(one.one), spanning[name]) for name, one in found.items()}
    for number in range(spooled.count) if found else ():
        batch, first = spooled.batch(number), number * spooled.size
        groups = pl.concat([batch.select(ROW), numbers.of(first, len(batch))], how="horizontal")
        for name, ahead in found.items():
            rows = groups.select(ROW, group=pl.col(name)).filter(pl.col("group").is_not_null())
            late = said[name].anew(batch, rows, first)
            if len(late):
                mine = batch.select(ROW, *_ABOUT_ROWS, *said[name].cells)
                values = own[name].check(mine.join(late, on=ROW, how="semi", maintain_order="left")).values
                ahead.add(values.join(late, on=ROW, maintain_order="left"))
        if number % _HEARTBEAT == 0:
            task.alive()
    return {name: ahead.seal() for name, ahead in found.items()}
