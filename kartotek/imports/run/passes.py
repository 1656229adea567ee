"""The passes over a file: its rows are read and kept, their keys numbered, and then the batches can be had.

1. Every row is read from the file, checked and kept, and its keys are hashed (match.py).
2. Where keys of different rows may lead to one record, the first row of each key is looked up.
3. What later batches say of records that an earlier one writes is gathered, for it to write at once.
4. Batch by batch is taken up again and its records are looked at, in a thread of its own, while those before it are
   decided.
"""

from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import polars as pl

from kartotek.domain import Database, Tx, access, catalogue, identifiers
from kartotek.domain import records as domain
from kartotek.imports import check, mapping, match, spool, write
from kartotek.imports.run import beside
from kartotek.imports.run.ahead import Ahead, Said
from kartotek.imports.run.checkers import Checkers, of_plan
from kartotek.imports.run.expecting import Expected
from kartotek.imports.run.trusting import Trust
from kartotek.imports.table import (
    LINE,
    PROBLEM,
    RECORD_ID,
    ROW,
    Chain,
    Checked,
    Plan,
    Sheet,
)
from kartotek.model.object_types import ObjectType
from kartotek.model.people import Actor

_HEARTBEAT = 10  # batches


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
    """The sheets of a run to go over, and what it takes. `agree` is given the way to work out which rows belong
    together, and gives what was found by whoever began; `alive` is called now and then."""

    database: Database
    actor: Actor
    plan: Plan
    sheets: Sequence[Sheet]
    folder: Path
    size: int
    agree: Callable[[Callable[[], Settled]], Settled] = lambda work_out: work_out()
    alive: Callable[[], object] = lambda: None
    tell: OnProgress = nobody


@dataclass(frozen=True, slots=True)
class Passes:
    """The file, numbered, and its batches ready to be written."""

    task: Task
    checkers: Checkers
    spooled: spool.Spool
    writing: write.Writing
    tying: match.Tying
    ahead: Mapping[str, Ahead]
    nobodys: write.Nobodys
    expected: Expected | None = None  # after a rehearsal

    @property
    def rows_in_all(self) -> int:
        return self.spooled.rows

    @property
    def objects(self) -> tuple[ObjectType, ...]:
        return self.checkers.objects

    def done(self, rows: write.Rows) -> None:
        self.task.tell(Step("writing", rows.end, self.rows_in_all))

    def rows(self, start: int = 0, trust: Trust | None = None) -> Generator[write.Rows, None, None]:
        """The batches from number `start` on, made ready while those before them are taken."""
        return beside.one_ahead(self._seen(start, trust))

    def _seen(self, start: int, trust: Trust | None) -> Generator[write.Rows, None, None]:
        for number in range(start, self.spooled.count):
            rows = self.checked(number)
            with self.task.database.transaction() as tx:
                seen = self.writing.seen(tx, rows, trust.nobodys if trust else self.nobodys)
            del rows
            if trust:
                trust.learn(seen)
            yield seen
            del seen

    def checked(self, number: int) -> write.Rows:
        """One batch, ready to be decided."""
        checked, first = self.spooled.checked(number), self.spooled.firsts[number]
        unmet, end = self.writing.numbers.unmet, first + len(checked.values)
        numbered = checked.values.hstack(self.spooled.numbers(number))
        again, plan = partial(self.spooled.batch, number), self.task.plan.part(self.spooled.sources[number])
        ahead = {name: found for name, one in self.ahead.items() if (found := one.of(first, end)) is not None}
        problems = checked.problems
        if len(mine := unmet.filter(pl.col(ROW).is_between(first, end, closed="left"))):
            problems = pl.concat([problems, told(again(), mine)])
        return write.Rows(again, plan, numbered, problems, ahead)


def over(task: Task) -> Passes:
    """Reads the file to its end and numbers its keys; then the batches can be had."""
    with task.database.transaction() as tx:
        known = catalogue.load(tx)
        access.require_import(task.actor, [known.object_type(one.object_type) for one in task.plan.objects])
        mapping.check_plan(task.plan, known.object_types)
        checkers = of_plan(tx, known, task.plan)
    chains = tuple(
        match.chain(task.plan, known.object_types[one.object_type], one.match_by, identifiers.FURTHER)
        for one in task.plan.objects
    )
    numbering = match.Numbering(chains, task.folder, len(task.plan.sources) == 1, match.Tying(match.ties(task.plan)))
    spooled = _spool(task, checkers, numbering)
    settled = task.agree(lambda: numbering.settle(_found(task, spooled, numbering)))
    numbers = numbering.finish(settled, known)
    spanning = {one.name: numbers.spanning(one.name, spooled.firsts) for one in checkers.objects}
    spooled.keep_numbers(numbers.frame)
    numbers = numbers.without_rows()
    ahead = _ahead(task, checkers, spooled, chains, spanning)
    writing = write.Writing(task.plan, chains, numbers, spanning)
    with task.database.transaction() as tx:
        nobodys = {one.object_type.name: _nobodys(tx, one) for one in chains}
    return Passes(task, checkers, spooled, writing, numbering.tying, ahead, nobodys)


def _spool(task: Task, checkers: Checkers, numbering: match.Numbering) -> spool.Spool:
    batches = 0

    def each(checked: Checked) -> None:
        nonlocal batches
        numbering.add(checked.values)
        batches += 1
        task.tell(Step("reading", int(checked.values[ROW][-1]) + 1, None))
        if batches % _HEARTBEAT == 0:
            task.alive()

    folder = task.folder / "rows"
    folder.mkdir()
    spooled = spool.fill(task.sheets, match.in_order(task.plan), folder, task.size, checkers.check, each)
    numbering.group()
    return spooled


def _found(task: Task, spooled: spool.Spool, numbering: match.Numbering) -> dict[str, pl.DataFrame]:
    """Where the keys lead in the database, for objects of which two keys may lead to one record."""
    found: dict[str, list[pl.DataFrame]] = {
        one.object_type.name: [pl.DataFrame(schema=match.FOUND)] for one in numbering.chains
    }
    with task.database.transaction() as tx:
        meeting = [(one, _may_meet(tx, one, numbering)) for one in numbering.chains]
    asked = [(one, values) for one, values in meeting if values is None or len(values)]
    names = [ROW, *match.columns_for_keys([one for one, _ in asked])]
    for number in range(spooled.count) if asked else ():
        values = spooled.values(number, names)
        with task.database.transaction() as tx:
            for one, some in asked:
                name = one.object_type.name
                firsts = numbering.heads(name, spooled.firsts[number], len(values))
                heads = values.filter(pl.col(ROW).is_in(firsts.implode()))
                met = heads if some is None else heads.filter(one.text().is_in(some.implode()))
                found[name].append(_leading(tx, task.actor, one, met))
        if number % _HEARTBEAT == 0:
            task.alive()
    return {name: pl.concat(parts) for name, parts in found.items()}


def _may_meet(tx: Tx, one: Chain, numbering: match.Numbering) -> pl.Series | None:
    """The keys of the file, as texts, of which different ones may turn out to be about one record; None for any."""
    merged = domain.merged(tx, one.object_type) if RECORD_ID in one.keys else pl.Series(dtype=pl.Int64)
    nothing = None if merged is None else merged.cast(pl.String)
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


def _leading(tx: Tx, actor: Actor, one: Chain, heads: pl.DataFrame) -> pl.DataFrame:
    """As match.FOUND."""
    rows = heads.select_seq(pl.col(ROW).alias("group"), kind=one.kind(), text=one.text())
    found = [pl.DataFrame(schema=match.FOUND)]
    for key in one.keys:
        mine = rows.filter(pl.col("kind") == key)
        if key == RECORD_ID:
            ids = mine.select_seq("group", asked=pl.col("text").cast(pl.Int64))
            meant = domain.meant(tx, actor, one.object_type, ids["asked"])
            found.append(ids.join(meant, on="asked", maintain_order="left").select_seq("group", "id"))
            continue
        held = domain.holders(tx, one.object_type, one.object_type.properties[key], mine["text"])
        by_value = held.group_by("value").agg(id=pl.when(pl.len() == 1).then(pl.col("record").first()))
        found.append(mine.join(by_value, left_on="text", right_on="value").select_seq("group", "id"))
    return pl.concat(found)


def _ahead(
    task: Task,
    checkers: Checkers,
    spooled: spool.Spool,
    chains: Sequence[Chain],
    spanning: Mapping[str, pl.DataFrame],
) -> dict[str, Ahead]:
    found = {one.name: Ahead(one, task.folder) for one in checkers.objects if len(spanning[one.name])}
    said = {name: Said(spanning[name]) for name in found}
    keys = {one.object_type.name: one.keys for one in chains}
    columns = {name: checkers.told_of(ahead.one) for name, ahead in found.items()}

    def telling() -> Iterator[tuple[str, int, pl.DataFrame, pl.DataFrame]]:
        for number in range(spooled.count) if found else ():
            source = spooled.sources[number]
            for name, ahead in found.items():
                if checkers.says_more(ahead.one, source, keys[name]):
                    values = spooled.values(number, [ROW, LINE, *columns[name]])
                    group = spooled.numbers(number, [name])[name].alias("group")
                    told = values.select_seq(ROW, group, said=pl.struct(columns[name]).hash())
                    yield name, number, values, told.drop_nulls("group")

    with closing(beside.one_ahead(telling())) as batches:
        for name, number, values, told in batches:
            late = said[name].anew(told, spooled.firsts[number])
            if len(late):
                found[name].add(values.join(late, on=ROW, maintain_order="left"))
            if number % _HEARTBEAT == 0:
                task.alive()
    return {name: ahead.seal() for name, ahead in found.items()}


def told(raw: pl.DataFrame, unmet: pl.DataFrame) -> pl.DataFrame:
    """Cells that lead to no record, as PROBLEM; `unmet` as UNMET, of rows of this batch."""
    parts = []
    for (place,), some in unmet.group_by("place", maintain_order=True):
        cells = raw.select_seq(ROW, line=LINE, value=check.as_it_stood(int(str(place))))
        parts.append(some.join(cells, on=ROW, maintain_order="left"))
    return pl.concat(parts).with_columns_seq(property=pl.lit(None, pl.String)).select_seq(PROBLEM.keys())
