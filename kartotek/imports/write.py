"""Writes the records and links of one batch of rows, and says what became of every row.

A batch writes the records whose first row stands in it, with the values of all rows that are about them, later ones
included (`Ahead`). Of records whose first row stood in an earlier batch it only makes the links that are new.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl

from kartotek.domain import Tx
from kartotek.domain import records as domain
from kartotek.imports.check import PROBLEM, ROW, absent_name, failed_name, id_name, value_name
from kartotek.imports.match import RECORD_ID, Chain, Numbers, link_name, twice_name
from kartotek.imports.table import LINE, Mode, Plan
from kartotek.model.object_types import ObjectType
from kartotek.model.people import Actor
from kartotek.model.records import Batch, Changes, Links, Outcome, Written

Writer = Callable[[Tx, Actor, Batch], Written]

# What is known of a record that later batches will meet again. `type`: the problem that kept it out, if one did.
SETTLED = {"group": pl.Int64, "id": pl.Int64, "outcome": pl.String, "type": pl.String}
# Problems that keep a whole record out, found when it was to be written.
KEPT_OUT = (
    "CREATE_ONLY_IMPORT", "DUPLICATE_RECORD_ID", "DUPLICATE_UNIQUE_PROPERTY_VALUE", "INVALID_ALTERNATE_ID",
    "INVALID_RECORD_ID", "INVALID_REQUIRED_PROPERTY", "MISSING_REQUIRED_PROPERTY", "MULTIPLE_COMPANIES_WITH_THIS_DOMAIN",
    "UPDATE_ONLY_IMPORT",
)  # fmt: skip
# What became of a row: one line per row and object type.
OUTCOME = {ROW: pl.Int64, LINE: pl.Int64, "record": pl.Int64, "outcome": pl.String}


@dataclass(slots=True)
class Progress:
    """What goes from batch to batch: per object type's name, the records that come again."""

    settled: dict[str, pl.DataFrame] = field(default_factory=dict)

    def of(self, name: str) -> pl.DataFrame:
        return self.settled.get(name, pl.DataFrame(schema=SETTLED))


@dataclass(frozen=True, slots=True)
class Done:
    """`outcomes` per object type's name; `problems` as check.PROBLEM; `links`: outcome → how many."""

    outcomes: dict[str, pl.DataFrame]
    problems: pl.DataFrame
    links: dict[str, int]


@dataclass(frozen=True, slots=True)
class Rows:
    """One batch: its checked rows with their numbers, and what later rows add to its records."""

    values: pl.DataFrame
    problems: pl.DataFrame
    ahead: Mapping[str, pl.DataFrame]

    @property
    def first(self) -> int:
        return int(self.values[ROW][0])


@dataclass(frozen=True, slots=True)
class Writing:
    """What is the same for every batch of an import."""

    plan: Plan
    chains: tuple[Chain, ...]
    numbers: Numbers
    spanning: Mapping[str, pl.DataFrame]  # per object type's name the groups that later batches meet again
    write: Writer  # domain.records.write, or its rehearsal
    lines: pl.DataFrame  # ROW and LINE of the whole file

    def batch(self, tx: Tx, actor: Actor, rows: Rows, progress: Progress) -> Done:
        resolved = [self._resolve(tx, chain, rows) for chain in self.chains]
        links = [self._links(a, b, rows, progress, resolved) for a, b in self.numbers.pairs]
        written = self.write(tx, actor, Batch(tuple(r.changes for r in resolved), tuple(links)))
        problems = [rows.problems]
        outcomes = {}
        for one in resolved:
            settled = one.settle(written)
            known = pl.concat([settled, progress.of(one.name)])
            outcomes[one.name] = _outcomes(one.name, rows, known)
            problems.append(_group_problems(self.plan, one.chain.object_type, rows, known, written))
            progress.settled[one.name] = known.join(self.spanning[one.name], on="group", how="semi")
        counts = written.links.group_by("outcome").len().rows() if len(written.links) else []
        return Done(outcomes, _required(problems, resolved), dict(counts))

    def _resolve(self, tx: Tx, chain: Chain, rows: Rows) -> "Resolved":
        """The records that this batch is to write, each with the id it has, if any."""
        one = chain.object_type
        mode = next(o.mode for o in self.plan.objects if o.object_type == one.name)
        folded = fold(one, rows)
        refused = folded.filter(twice_name(one.name)).select("group", type=pl.lit("DUPLICATE_RECORD_ID"))
        folded = folded.filter(~pl.col(twice_name(one.name)))
        found, several = _find(tx, chain, folded)
        refused = pl.concat([refused, several])
        left = found.join(several, on="group", how="anti", maintain_order="left")
        exists = pl.col("_id").is_not_null()
        skipped = pl.DataFrame(schema={"group": pl.Int64, "_id": pl.Int64, "type": pl.String})
        if mode is Mode.CREATE:
            left, unknown = _known_ids(tx, one, left)
            refused = pl.concat([refused, unknown])
            skipped = left.filter(exists).select("group", "_id", type=pl.lit("CREATE_ONLY_IMPORT"))
            left = left.filter(~exists)
        elif mode is Mode.UPDATE:
            skipped = left.filter(~exists).select("group", "_id", type=pl.lit("UPDATE_ONLY_IMPORT"))
            left = left.filter(exists)
        left, same = _one_each(one, left)
        return Resolved(chain, self._changes(chain, left), refused, skipped, same)

    def _changes(self, chain: Chain, left: pl.DataFrame) -> Changes:
        one = chain.object_type
        names = [c.property for c in self.plan.of(one.name) if c.property]
        columns = [pl.col(value_name(one.name, name)).alias(name) for name in names]
        # An address that found its record leaves the record's own as it is: it may be a further one (imports.md 5.9).
        matched = pl.col("_id").is_not_null() & (pl.col("_kind") != RECORD_ID)
        columns = [
            pl.when(~(matched & (pl.col("_kind") == name)).fill_null(False)).then(c).alias(name)
            for name, c in zip(names, columns, strict=True)
        ]
        return Changes(
            one,
            left.select(pl.col("group").alias("_key"), "_id", *columns),
            fill_only=frozenset(c.property for c in self.plan.of(one.name) if c.keep_existing and c.property),
            looked_up=frozenset(chain.keys[:1]) - {RECORD_ID} if len(chain.keys) == 1 else frozenset(),
        )

    def _links(
        self, first: ObjectType, second: ObjectType, rows: Rows, progress: Progress, resolved: Sequence["Resolved"]
    ) -> Links:
        pairs = rows.values.filter(link_name(first.name, second.name))
        frame = pairs.select(pl.col(first.name).alias("_g_first"), pl.col(second.name).alias("_g_second"))
        for end, one in (("first", first), ("second", second)):
            mine = next(r for r in resolved if r.name == one.name)
            frame = mine.ends(end, frame, progress.of(one.name))
        usable = frame.filter(~pl.col("first_out") & ~pl.col("second_out"))
        return Links(first, second, usable.select("first_id", "first_key", "second_id", "second_key"))


@dataclass(frozen=True, slots=True)
class Resolved:
    """What a batch is to write of one object type, and the groups that it leaves out, with why."""

    chain: Chain
    changes: Changes
    refused: pl.DataFrame  # group, type
    skipped: pl.DataFrame  # group, _id, type
    same: pl.DataFrame  # group, into: a group that turned out to be about the same record as an earlier one

    @property
    def name(self) -> str:
        return self.chain.object_type.name

    def ends(self, end: str, frame: pl.DataFrame, settled: pl.DataFrame) -> pl.DataFrame:
        """Adds `<end>_id`, `<end>_key`, `<end>_out` for the groups in `_g_<end>`."""
        group = f"_g_{end}"
        known = pl.concat(
            [
                self.changes.frame.select("_id", group="_key", key="_key").select("group", "key", id=pl.lit(None, pl.Int64)),
                self.same.select("group", key="into", id=pl.lit(None, pl.Int64)),
                self.skipped.select("group", key=pl.lit(None, pl.Int64), id="_id"),
                settled.select("group", key=pl.lit(None, pl.Int64), id="id"),
            ]
        ).unique("group", keep="first", maintain_order=True)
        joined = frame.join(known, left_on=group, right_on="group", how="left", maintain_order="left")
        return joined.with_columns(
            (pl.col("key").is_null() & pl.col("id").is_null()).alias(f"{end}_out")
        ).rename({"key": f"{end}_key", "id": f"{end}_id"})

    def settle(self, written: Written) -> pl.DataFrame:
        """SETTLED for every group whose first row stands in this batch."""
        outcomes = written.outcomes[self.name].rename({"_key": "group", "_id": "id"}).with_columns(type=pl.lit(None, pl.String))
        why = written.problems.filter(pl.col("object_type") == self.name).unique("_key", keep="first", maintain_order=True)
        outcomes = (
            outcomes.join(why.select(group="_key", why="type"), on="group", how="left", maintain_order="left")
            .with_columns(type=pl.when(pl.col("outcome") == Outcome.FAILED.value).then(pl.col("why")))
            .select(*SETTLED)
        )
        merged = self.same.join(outcomes, left_on="into", right_on="group", how="left").select(
            "group", "id", outcome=_again(pl.col("outcome")), type="type"
        )
        return pl.concat(
            [
                outcomes,
                merged,
                self.refused.select("group", id=pl.lit(None, pl.Int64), outcome=pl.lit(Outcome.FAILED.value), type="type"),
                self.skipped.select("group", id="_id", outcome=pl.lit(Outcome.SKIPPED.value), type="type"),
            ]
        ).cast(SETTLED)  # type: ignore[arg-type]


def fold(one: ObjectType, rows: Rows) -> pl.DataFrame:
    """One line per record whose first row stands in this batch: `group` and, of each property, the last value given."""
    name, first = one.name, rows.first
    mine = rows.values.filter(pl.col(name) >= first).with_columns(group=pl.col(name))
    heads = mine.filter(pl.col(ROW) == pl.col("group"))
    others = mine.filter(pl.col(ROW) != pl.col("group"))
    ahead = rows.ahead.get(name)
    parts = [others] if ahead is None else [others, ahead]
    later = pl.concat([part.select(ROW, "group", *_columns(one, part)) for part in parts], how="diagonal")
    keep = [ROW, LINE, "group", twice_name(name), *_columns(one, heads)]
    if later.is_empty():
        return heads.select(keep)
    plural = heads.join(later, on="group", how="semi", maintain_order="left")
    together = fold_by("group", pl.concat([plural.select(keep), later], how="diagonal"))
    alone = heads.select(keep).join(later, on="group", how="anti", maintain_order="left")
    return pl.concat([alone, together.select(alone.columns)]).sort("group")


def fold_by(key: str, rows: pl.DataFrame) -> pl.DataFrame:
    """One line per `key`, of each other column the last value that is not blank, in the order of ROW."""
    first = [ROW, LINE] if LINE in rows.columns else [ROW]
    others = [name for name in rows.columns if name not in (*first, key)]
    return (
        rows.sort(ROW)
        .group_by(key, maintain_order=True)
        .agg(*(pl.col(name).first() for name in first), *(pl.col(name).drop_nulls().last() for name in others))
    )


def _columns(one: ObjectType, frame: pl.DataFrame) -> list[str]:
    marks = {failed_name(one.name), absent_name(one.name), twice_name(one.name)}
    return [name for name in frame.columns if name.startswith(f"{one.name}.") and name not in marks]


def _find(tx: Tx, chain: Chain, folded: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Adds `_kind` and `_id`; and the groups whose domain several companies have."""
    one = chain.object_type
    rows = folded.with_columns(_kind=chain.kind(), _text=chain.text())
    by_id = pl.col(id_name(one.name)) if RECORD_ID in chain.keys else pl.lit(None, pl.Int64)
    rows = rows.with_columns(_id=by_id.cast(pl.Int64))
    several = pl.DataFrame(schema={"group": pl.Int64, "type": pl.String})
    for key in chain.keys:
        if key == RECORD_ID:
            continue
        mine = rows.filter(pl.col("_kind") == key)
        held = domain.holders(tx, one, one.properties[key], mine["_text"])
        twice = held.filter(pl.col("value").is_duplicated()).unique("value")
        several = pl.concat(
            [several, mine.join(twice, left_on="_text", right_on="value", how="semi")
             .select("group", type=pl.lit("MULTIPLE_COMPANIES_WITH_THIS_DOMAIN"))]
        )  # fmt: skip
        held = held.unique("value", keep="first").with_columns(_kind=pl.lit(key))
        rows = (
            rows.join(held, left_on=["_kind", "_text"], right_on=["_kind", "value"], how="left", maintain_order="left")
            .with_columns(_id=pl.coalesce("_id", "record"))
            .drop("record")
        )
    return rows, several


def _known_ids(tx: Tx, one: ObjectType, rows: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Sets apart rows whose record id belongs to no record."""
    named = rows.filter(pl.col("_kind") == RECORD_ID)
    alive = domain.living(tx, one, named["_id"])
    unknown = named.filter(~pl.col("_id").is_in(alive.implode())).select("group", type=pl.lit("INVALID_RECORD_ID"))
    return rows.join(unknown, on="group", how="anti", maintain_order="left"), unknown


def _one_each(one: ObjectType, rows: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Two keys of the file (a first and a further address, say) that lead to one record are one write."""
    doubled = pl.col("_id").is_not_null() & pl.col("_id").is_duplicated()
    plural = rows.filter(doubled)
    if plural.is_empty():
        return rows, pl.DataFrame(schema={"group": pl.Int64, "into": pl.Int64})
    into = pl.col("group").min().over("_id")
    same = plural.select("group", into=into).filter(pl.col("group") != pl.col("into"))
    together = fold_by("_into", plural.with_columns(_into=into).drop("group")).rename({"_into": "group"})
    return pl.concat([rows.filter(~doubled), together.select(rows.columns)]).sort("group"), same


def _again(outcome: pl.Expr) -> pl.Expr:
    """What a further row of a record counts as: the record was written once, by its first row."""
    once = [Outcome.CREATED.value, Outcome.UPDATED.value]
    return pl.when(outcome.is_in(once)).then(pl.lit(Outcome.UNCHANGED.value)).otherwise(outcome)


def _outcomes(name: str, rows: Rows, known: pl.DataFrame) -> pl.DataFrame:
    joined = rows.values.select(ROW, LINE, name, failed_name(name), absent_name(name)).join(
        known, left_on=name, right_on="group", how="left", maintain_order="left"
    )
    outcome = (
        pl.when(failed_name(name)).then(pl.lit(Outcome.FAILED.value))
        .when(absent_name(name)).then(pl.lit(Outcome.SKIPPED.value))
        .when(pl.col(ROW) == pl.col(name)).then(pl.col("outcome"))
        .otherwise(_again(pl.col("outcome")))
    )  # fmt: skip
    return joined.select(ROW, LINE, pl.col("id").fill_null(0).alias("record"), outcome.alias("outcome"))


def _group_problems(plan: Plan, one: ObjectType, rows: Rows, known: pl.DataFrame, written: Written) -> pl.DataFrame:
    """Each row of a record that was kept out says why; a value that was left out is told at the first row."""
    told = written.problems.filter(pl.col("object_type") == one.name).select(
        group="_key", named="property", left="type", told="value"
    )
    why = known.filter(pl.col("type").is_not_null()).select("group", "type")
    rows_of = rows.values.filter(~pl.col(failed_name(one.name))).select(ROW, line=LINE, group=one.name)
    kept_out = rows_of.join(why, on="group").join(
        told, left_on=["group", "type"], right_on=["group", "left"], how="left", coalesce=True
    )
    lost = rows_of.filter(pl.col(ROW) == pl.col("group")).join(
        told.join(why, on="group", how="anti"), on="group"
    ).rename({"left": "type"})  # fmt: skip
    places = {c.property: c.index for c in plan.of(one.name)}
    record_id = plan.record_id_of(one.name)
    found = pl.concat([kept_out, lost.select(kept_out.columns)])
    place = pl.col("named").replace_strict(places, default=None, return_dtype=pl.Int64) if places else pl.lit(None, pl.Int64)
    if record_id is not None:
        by_id = pl.col("type").is_in(["INVALID_RECORD_ID", "DUPLICATE_RECORD_ID"])
        place = pl.when(by_id).then(pl.lit(record_id.index, pl.Int64)).otherwise(place)
    return found.select(
        ROW, "line", place.alias("place"), pl.lit(one.name).alias("object_type"), pl.col("named").alias("property"),
        "type", pl.col("told").alias("value"),
    ).cast(PROBLEM)  # type: ignore[arg-type]  # fmt: skip


def _required(problems: Sequence[pl.DataFrame], resolved: Sequence[Resolved]) -> pl.DataFrame:
    """A required value that stood there and could not be read is invalid rather than missing (imports.md 3)."""
    every = pl.concat(problems)
    missing = every.filter(pl.col("type") == "MISSING_REQUIRED_PROPERTY")
    if missing.is_empty():
        return every
    groups = pl.concat(
        [
            pl.DataFrame(
                {"object_type": r.name, "property": [list(g)[0] for g in needs], "of": [list(g) for g in needs]},
                schema={"object_type": pl.String, "property": pl.String, "of": pl.List(pl.String)},
            )
            for r in resolved
            if (needs := r.chain.object_type.needs)
        ]
    ).explode("of")
    keys = [ROW, "object_type"]
    bad = every.filter(~pl.col("type").is_in(["MISSING_REQUIRED_PROPERTY", "UPDATE_ONLY_IMPORT"])).rename({"property": "of"})
    invalid = missing.join(groups, on=["object_type", "property"]).select(*keys, "of").join(bad, on=[*keys, "of"], how="inner")
    if invalid.is_empty():
        return every
    mended = invalid.unique(keys, maintain_order=True).with_columns(
        type=pl.lit("INVALID_REQUIRED_PROPERTY")
    ).rename({"of": "property"}).select(*PROBLEM)  # fmt: skip
    cells = invalid.select(*keys, property="of")
    rest = every.join(cells, on=[*keys, "property"], how="anti", maintain_order="left").join(
        mended.filter(pl.lit(True)).select(*keys, type=pl.lit("MISSING_REQUIRED_PROPERTY")), on=[*keys, "type"], how="anti", maintain_order="left"
    )
    return pl.concat([rest, mended])
