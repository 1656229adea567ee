"""What rows say of records that may stand anywhere in the run: associated once all records are in.

A contact's manager may come in a later row, or in another file, and the managers may go round in a circle. So these
associations are made in a second go over the rows that name any, batch by batch like the first.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import polars as pl

from kartotek.domain import Tx
from kartotek.domain import records as domain
from kartotek.imports import match
from kartotek.imports.run import passes
from kartotek.imports.run.passes import Passes
from kartotek.imports.table import LINE, OF_RECORDS, PROBLEM, ROW, UNMET, As, ColumnPlan, Plan, key_name, label_name
from kartotek.model.catalogue import Catalogue
from kartotek.model.object_types import ObjectType
from kartotek.model.people import Actor
from kartotek.model.records import Links
from kartotek.values import frames

# Per object type's name the record of every row of the run; 0 where there is none.
Records = Mapping[str, pl.Series]
Holders = Callable[[Tx, Actor, ObjectType, str, pl.Series], pl.DataFrame]
_RECORD_ID = "hs_object_id"
_FOUND = {ROW: pl.Int64, "id": pl.Int64, "several": pl.Boolean}
_PAIR = {Links.ROW: pl.Int64, "first_id": pl.Int64, "second_id": pl.Int64}


@dataclass(frozen=True, slots=True)
class Waited:
    """One batch of it: the pairs to associate, and the cells that lead nowhere, as PROBLEM."""

    rows: pl.DataFrame  # ROW and the line
    links: tuple[Links, ...]
    named: tuple[Links, ...]  # also those that are not to be made, only to be taken something from
    problems: pl.DataFrame
    first: int
    end: int
    unread: int  # cells in which no key can be read; that was told before

    def counted(self, pairs: Mapping[str, int]) -> dict[str, int]:
        """Pairs by outcome, one for each cell: a pair that was named before is unchanged, and a cell that leads nowhere
        has failed."""
        wanted = sum(len(one.frame) for one in self.links)
        again = max(wanted - sum(pairs.values()), 0)
        found = {"unchanged": pairs.get("unchanged", 0) + again, "failed": self.unread + len(self.problems)}
        found["failed"] += pairs.get("failed", 0)
        return {**pairs, **{name: count for name, count in found.items() if count}}


def types_named(plan: Plan, known: Catalogue) -> tuple[str, ...]:
    """The object types whose records have to be known by row."""
    columns = [column for some in match.waiting(plan).values() for column in some]
    own = {name for column in columns for name in _own(plan, known, column)}
    return tuple(sorted(own | {str(column.object_type) for column in columns if column.key}))


def properties_named(plan: Plan) -> set[tuple[str, str]]:
    """Object type and property by which records are named."""
    columns = (column for some in match.waiting(plan).values() for column in some)
    return {(str(c.object_type), str(c.property)) for c in columns if c.key is None and c.property != _RECORD_ID}


def in_database(tx: Tx, actor: Actor, one: ObjectType, prop: str, values: pl.Series) -> pl.DataFrame:
    """`value`, `record`: whose these values are."""
    if prop != _RECORD_ID:
        return domain.holders(tx, one, one.properties[prop], values).select("value", "record")
    ids = values.cast(pl.Int64, strict=False).drop_nulls()
    return domain.meant(tx, actor, one, ids).select(value=pl.col("asked").cast(pl.String), record="id")


@dataclass(slots=True)
class Waiting:
    made: Passes
    known: Catalogue
    records: Records
    holders: Holders = in_database
    _leads: dict[tuple[str, str], pl.DataFrame] = field(default_factory=dict)

    def whole(self, tx: Tx) -> Waited | None:
        """All of it as one batch, for whoever only looks."""
        parts = [self.batch(tx, number) for number in self.numbers(0)]
        if not parts:
            return None
        return Waited(
            pl.concat([part.rows.select(ROW, LINE) for part in parts]),
            tuple(one for part in parts for one in part.links),
            tuple(one for part in parts for one in part.named),
            pl.concat([part.problems for part in parts]),
            parts[0].first,
            parts[-1].end,
            sum(part.unread for part in parts),
        )

    def numbers(self, start: int) -> Iterator[int]:
        """Of the batches from number `start` on that name any."""
        concerned = match.waiting(self.made.task.plan)
        sources = self.made.spooled.sources
        return (number for number in range(start, len(sources)) if sources[number] in concerned)

    def batch(self, tx: Tx, number: int) -> Waited:
        spooled, plan = self.made.spooled, self.made.task.plan
        raw, source, first = spooled.batch(number), spooled.sources[number], spooled.firsts[number]
        checker = self.made.checkers.parts[source]
        checked = replace(checker, columns=(), given=()).check(raw)
        read, unread = checked.values, (checked.problems["type"] == "INVALID_ASSOCIATION_KEY").sum()
        links: list[Links] = []
        unmet = [pl.DataFrame(schema=UNMET)]
        for column in match.waiting(plan)[source]:
            named = self._named(tx, column, read)
            lost = named.filter(pl.col("several").fill_null(True))
            unmet.append(lost.select(ROW, place=pl.lit(column.index, pl.Int64), object_type=pl.lit(column.object_type),
                                     type=_type(column)))  # fmt: skip
            for name in _own(plan, self.known, column):
                pairs, alone = self._links(column, name, named, read, plan.part(source))
                links.append(pairs)
                unmet.append(alone)
        wrong = frames.cast(pl.concat(unmet), UNMET)
        problems = passes.told(raw, wrong) if len(wrong) else pl.DataFrame(schema=PROBLEM)
        own = plan.part(source)
        made = tuple(one for one in links if own.associates(one.first.name, one.second.name))
        return Waited(read, made, tuple(links), problems, first, first + len(raw), int(unread))

    def _named(self, tx: Tx, column: ColumnPlan, read: pl.DataFrame) -> pl.DataFrame:
        """As _FOUND, for every row that names a record in this column; `several` is null where there is none."""
        said = read.select(ROW, value=key_name(column.index)).drop_nulls("value")
        if column.key is None:
            one = self.known.object_types[str(column.object_type)]
            held = self.holders(tx, self.made.task.actor, one, str(column.property), said["value"].unique())
            by_value = held.group_by("value").agg(id=pl.col("record").min(), several=pl.col("record").n_unique() > 1)
            return said.join(by_value, on="value", how="left", maintain_order="left").select(_FOUND.keys())
        leads, (h1, h2) = self._lead(column), self._tie(column).hashes(pl.col("value"))
        hashed = said.select(ROW, h1=h1, h2=h2)
        found = hashed.join(leads, on=["h1", "h2"], how="left", maintain_order="left")
        ids = self.records[str(column.object_type)].gather(found["group"].fill_null(0))
        return found.with_columns(ids.alias("id")).select(_FOUND.keys())

    def _tie(self, column: ColumnPlan) -> match.Tie:
        return next(
            tie for tie in self.made.tying.ties if (tie.object_type, tie.key) == (column.object_type, column.key)
        )

    def _lead(self, column: ColumnPlan) -> pl.DataFrame:
        key = (str(column.object_type), str(column.key))
        if key not in self._leads:
            spooled = self.made.spooled
            groups = pl.concat([spooled.numbers(number, [key[0]])[key[0]] for number in range(spooled.count)])
            self._leads[key] = self.made.tying.leads(self._tie(column), groups)
        return self._leads[key]

    def _links(
        self, column: ColumnPlan, name: str, named: pl.DataFrame, read: pl.DataFrame, plan: Plan
    ) -> tuple[Links, pl.DataFrame]:
        """The pairs, with the labels that their rows say; and, as UNMET, records that name themselves."""
        own = self.records[name].gather(named[ROW])
        pairs = named.filter(~pl.col("several").fill_null(True)).select(ROW, second_id="id")
        pairs = pairs.join(pl.DataFrame({ROW: named[ROW], "first_id": own}), on=ROW, maintain_order="left")
        pairs = pairs.filter((pl.col("first_id") != 0) & (pl.col("second_id") != 0))
        self_named = pairs.filter(pl.col("first_id") == pl.col("second_id")).select(
            ROW,
            place=pl.lit(column.index, pl.Int64),
            object_type=pl.lit(name),
            type=pl.lit("FAILED_TO_CREATE_ASSOCIATION"),
        )
        nobody = pl.lit(None, pl.Int64)
        frame = pairs.filter(pl.col("first_id") != pl.col("second_id")).select(
            pl.col(ROW).alias(Links.ROW), "first_id", "second_id", first_key=nobody, second_key=nobody
        )
        first, second = self.known.object_types[name], self.known.object_types[str(column.object_type)]
        columns = [pl.col(label_name(c.index)).fill_null([]) for c in plan.labels(name, second.name)]
        if not columns:
            return Links(first, second, frame), self_named
        types = read.select(pl.col(ROW).alias(Links.ROW), type=pl.concat_list(columns))
        told = frame.join(types, on=Links.ROW, maintain_order="left").explode("type").drop_nulls("type")
        labels = told.select("first_id", "first_key", "second_id", "second_key", pl.col("type").cast(pl.Int64))
        return Links(first, second, frame, labels), self_named


def _own(plan: Plan, known: Catalogue, column: ColumnPlan) -> Sequence[str]:
    """Of which records in the row the named one is an associate."""
    if column.imported_as is As.ASSOCIATION:
        return (str(column.object_type),)
    said = {c.object_type for c in plan.part(column.source).columns if c.imported_as in OF_RECORDS}
    return [
        one.object_type
        for one in plan.objects
        if one.object_type in said and known.can_associate(one.object_type, str(column.object_type))
    ]


def _type(column: ColumnPlan) -> pl.Expr:
    """What a name is told as that leads to no record, or to several."""
    if column.key is not None:
        return match.unmet_type(pl.col("several"))
    unknown = "UNKNOWN_ASSOCIATION_RECORD_ID" if column.property == _RECORD_ID else "ASSOCIATION_RECORD_NOT_FOUND"
    return pl.when("several").then(pl.lit("DUPLICATE_ASSOCIATION_ID")).otherwise(pl.lit(unknown))
