"""What rows say of associations beside that they are: settled once all records and associations are in.

A label that takes the place of others, or is taken away, and a mark that moves from one company to another, must not
depend on where a batch ends. So all rows that say such things are gathered, pair by pair, and gone over in pieces, each
in a transaction of its own (domain/relations.py). An import without such columns does none of it.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import combinations

import polars as pl

from kartotek.domain import Tx, catalogue, imports
from kartotek.domain import relations as domain
from kartotek.imports import match, write
from kartotek.imports.run import waiting
from kartotek.imports.run.passes import Passes
from kartotek.imports.run.waiting import Waiting
from kartotek.imports.table import LINE, OF_ASSOCIATIONS, ROW, As, ColumnPlan, Linking, Plan, label_name
from kartotek.model.object_types import ObjectType
from kartotek.model.people import Actor
from kartotek.model.records import Outcome
from kartotek.values import frames

_OUT = [Outcome.FAILED.value, Outcome.HELD.value]
_LABELS = pl.List(pl.Int64)


def types_told(plan: Plan) -> tuple[str, ...]:
    """The object types whose records have to be known by row; none where nothing is to be settled."""
    told = [c for c in plan.columns if c.other is not None and _is_settled(c)]
    return tuple(sorted({str(end) for column in told for end in (column.object_type, column.other)}))


@dataclass(frozen=True, slots=True)
class Settling:
    """`claim` holds the import at a position, or raises when it is to stop or another worker has it."""

    made: Passes
    actor: Actor
    import_id: int
    claim: Callable[[Tx, int], None]

    def settle(self, position: int, tell: Callable[[], None]) -> int:
        """Goes on wherever it was stopped; gives the import's position, beyond all rows and all that waited."""
        if not types_told(self.made.task.plan):
            return position
        database, base = self.made.task.database, 2 * self.made.rows_in_all
        with database.transaction() as tx:
            told, at = self._told(tx), imports.of_worker(tx, self.import_id).position
        parts = [part for one in told.relations for part in one.parts(self.made.task.size)]
        steps = [partial(self._take, part, told.lines) for part in parts]
        steps += [partial(self._give, part, told.lines) for part in parts]
        for number, step in list(enumerate(steps, base + 1))[max(at - base, 0) :]:
            at = database.retried(partial(self._step, step, at, number))
            tell()
        return at

    def _told(self, tx: Tx) -> "Told":
        known, plan = catalogue.load(tx), self.made.task.plan
        named = {
            name: pl.concat([part["record"] for part in imports.done_before(tx, self.import_id, name)])
            for name in waiting.types_named(plan, known)
        }
        own = {
            name: pl.concat([record(part) for part in imports.done_before(tx, self.import_id, name)])
            for name in types_told(plan)
        }
        return Gathering(self.made, Waiting(self.made, known, named), own).told(tx)

    def _step(self, step: Callable[[Tx, int], None], at: int, position: int, tx: Tx) -> int:
        imports.hurry(tx)
        self.claim(tx, at)
        step(tx, position)
        imports.advance(tx, self.import_id, position, self.made.rows_in_all)
        return position

    def _take(self, part: domain.Relations, lines: pl.DataFrame, tx: Tx, position: int) -> None:
        ended, lost = domain.take(tx, self.actor, catalogue.load(tx), part)
        if ended:
            imports.keep_links(tx, self.import_id, position, {"removed": ended})
        imports.keep_problems(tx, self.import_id, write.lost(lines, lost))

    def _give(self, part: domain.Relations, lines: pl.DataFrame, tx: Tx, position: int) -> None:
        lost = domain.give(tx, self.actor, catalogue.load(tx), part)
        imports.keep_links(tx, self.import_id, position, _changed(part, domain.redated(tx, part, self.import_id)))
        imports.keep_problems(tx, self.import_id, write.lost(lines, lost))


def record(outcomes: pl.DataFrame) -> pl.Series:
    """Of every row the record that it may say something of; 0 where there is none."""
    return outcomes.select(pl.when(~pl.col("outcome").is_in(_OUT)).then("record").otherwise(0)).to_series()


def foreseen(tx: Tx, told: "Told") -> dict[str, int]:
    """How many associations would end or have other days, for whoever only looks."""
    found = Counter({"removed": sum(domain.ending(tx, one) for one in told.relations)})
    for one in told.relations:
        found.update(_changed(one, domain.redating(tx, one)))
    return dict(found)


def _changed(what: domain.Relations, count: int) -> dict[str, int]:
    """Those that their rows had found to be there already have changed after all."""
    told = {"updated": count, "unchanged": -count if what.made else 0}
    return {name: number for name, number in told.items() if number}


@dataclass(frozen=True, slots=True)
class Told:
    """`records`: per object type's name that of every row of the run (record); `lines`: ROW and LINE of those rows."""

    relations: tuple[domain.Relations, ...]
    lines: pl.DataFrame


@dataclass(frozen=True, slots=True)
class Gathering:
    made: Passes
    waiting: Waiting
    records: Mapping[str, pl.Series]

    def told(self, tx: Tx) -> Told:
        parts: dict[tuple[str, str], list[pl.DataFrame]] = {}
        lines = [pl.DataFrame(schema={ROW: pl.Int64, LINE: pl.Int64})]
        for number, source in enumerate(self.made.spooled.sources):
            plan = self.made.task.plan.part(source)
            ways = [way for way in self._ways() if any(map(_is_settled, plan.told_of(*_names(way))))]
            for one, other, rows in self._batch(tx, number, plan, ways) if ways else ():
                parts.setdefault((one.name, other.name), []).append(rows.drop(LINE))
                lines.append(rows.select(pl.col(ROW).cast(pl.Int64), pl.col(LINE).cast(pl.Int64)))
        known, plan = self.waiting.known, self.made.task.plan
        found = [
            domain.of(known, known.object_types[one], known.object_types[other], pl.concat(rows),
                      made=plan.associates(one, other))
            for (one, other), rows in parts.items()
        ]  # fmt: skip
        return Told(tuple(found), pl.concat(lines).unique(ROW))

    def _ways(self) -> Iterator[tuple[ObjectType, ObjectType]]:
        """As the labels' words are looked up: the first one's eyes are theirs."""
        yield from combinations(self.made.objects, 2)
        yield from ((one, one) for one in self.made.objects)

    def _batch(
        self, tx: Tx, number: int, plan: Plan, ways: list[tuple[ObjectType, ObjectType]]
    ) -> Iterator[tuple[ObjectType, ObjectType, pl.DataFrame]]:
        """Per pair of objects what the rows of a batch say: LINE, domain.ENDS and domain.SAID."""
        raw, source = self.made.spooled.batch(number), self.made.spooled.sources[number]
        first = self.made.spooled.firsts[number]
        checker = replace(self.made.checkers.parts[source], columns=(), given=(), dated=None, keys=())
        values = checker.check(raw).values
        named = self.waiting.batch(tx, number).named if source in match.waiting(self.made.task.plan) else ()
        for one, other in ways:
            said = values.select(ROW, LINE, *_said(plan.told_of(one.name, other.name)))
            ends = [pl.DataFrame(schema=domain.ENDS)]
            if one is not other:
                both = ((f"{end}_id", self.records[each.name].slice(first, len(raw)))
                        for end, each in (("first", one), ("second", other)))  # fmt: skip
                ends.append(said.select(pl.col(ROW).cast(pl.Int64)).with_columns(ids.alias(end) for end, ids in both))
            for link in named:
                if {link.first.name, link.second.name} == {one.name, other.name}:
                    there = ("first_id", "second_id") if link.first.name == one.name else ("second_id", "first_id")
                    ends.append(link.frame.select(ROW, first_id=there[0], second_id=there[1]))
            found = pl.concat([frames.cast(part, domain.ENDS) for part in ends])
            found = found.filter((pl.col("first_id") != 0) & (pl.col("second_id") != 0))
            yield one, other, found.join(said.filter(_says_something()), on=ROW)


def _names(way: tuple[ObjectType, ObjectType]) -> tuple[str, str]:
    return way[0].name, way[1].name


def _is_settled(column: ColumnPlan) -> bool:
    """Whether it says what cannot be done as its row is written."""
    adds = column.imported_as is As.LABEL and column.linking is Linking.ADD
    return column.imported_as in OF_ASSOCIATIONS and not adds


def _said(columns: tuple[ColumnPlan, ...]) -> list[pl.Expr]:
    labels = [c for c in columns if c.imported_as is As.LABEL]
    alone = [pl.col(label_name(c.index)).is_not_null() for c in labels if c.linking is Linking.REPLACE]
    ends, over = ([c for c in columns if (c.linking is Linking.END) is is_over] for is_over in (False, True))
    return [
        _all(labels, Linking.ADD, Linking.REPLACE).alias("has"),
        pl.any_horizontal(pl.lit(False), *alone).alias("alone"),
        _all(labels, Linking.REMOVE).alias("loses"),
        _all(labels, Linking.END).alias("ended_by"),
        _last(columns, As.PRIMARY).alias("primary"),
        _last(columns, As.STARTS).alias("starts_on"),
        _last(ends, As.ENDS).alias("ends_on"),
        _last(over, As.ENDS).alias("ended_on"),
    ]


def _last(columns: Sequence[ColumnPlan], told: As) -> pl.Expr:
    """Of several columns that say one thing the last one counts."""
    said = [pl.col(label_name(c.index)) for c in reversed(columns) if c.imported_as is told]
    return pl.coalesce(*said, pl.lit(None, pl.Boolean if told is As.PRIMARY else pl.Date))


def _all(columns: list[ColumnPlan], *how: Linking) -> pl.Expr:
    mine = [pl.col(label_name(c.index)).cast(_LABELS).fill_null([]) for c in columns if c.linking in how]
    return pl.concat_list(mine) if mine else pl.lit(None, _LABELS)


def _says_something() -> pl.Expr:
    lists = [pl.col(name).list.len().fill_null(0) > 0 for name in ("has", "loses", "ended_by")]
    return pl.any_horizontal(*lists, pl.col("primary", "starts_on", "ends_on", "ended_on").is_not_null())
