"""Writes the records and links of one batch of rows, and says what became of every row.

A batch writes the records whose first row stands in it, with the values of all rows that are about them, later ones
included (`Rows.ahead`). Of records whose first row stood in an earlier batch it only makes the links that are new.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from kartotek.domain import Tx, catalogue, participants
from kartotek.domain import records as domain
from kartotek.imports.table import (
    RECORD_ID,
    ROW,
    Chain,
    Mode,
    Numbers,
    Overwrite,
    Plan,
    label_name,
    link_name,
    parents_name,
    twice_name,
    value_name,
)
from kartotek.imports.write import booking, counting, folding, verdicts
from kartotek.imports.write.booking import KEPT_OUT, REASON, SETTLED, Booked, Progress, lost, one_reason
from kartotek.imports.write.folding import fold_by
from kartotek.imports.write.policies import Policies
from kartotek.imports.write.verdicts import differences, regrouped
from kartotek.model.object_types import ObjectType
from kartotek.model.people import Actor
from kartotek.model.records import Batch, Changes, Links, Outcome, Written

__all__ = [
    "KEPT_OUT",
    "REASON",
    "SETTLED",
    "Decider",
    "Done",
    "Held",
    "Nobodys",
    "Progress",
    "Rows",
    "Writing",
    "counts",
    "differences",
    "fold_by",
    "lost",
    "one_reason",
    "regrouped",
]

Decider = Callable[[Tx, Actor, Batch], domain.Decision]

# Per object type's name the keys that nobody had when the import began, and that belong to one record: should somebody
# take one in the meantime, the database says so, and the batch is tried again and looks for itself.
Nobodys = Mapping[str, frozenset[str]]

# Per object type's name the records that are held, by group, with what there is to say of them (as _REFUSED).
Held = Mapping[str, pl.DataFrame]

# Groups that are not written, with why; `property` and `value` say where it shows.
_REFUSED = {**REASON, "value": pl.String}
_SKIPPED = {**_REFUSED, "_id": pl.Int64}
_NOT_HELD = pl.DataFrame(schema=_REFUSED)
_ENDS = ("first_id", "first_key", "second_id", "second_key")
_ID_PROPERTY = "hs_object_id"


@dataclass(frozen=True, slots=True)
class Done:
    """What a batch comes to, once its decision is carried out.

    `outcomes` per object type's name; `problems` as PROBLEM; `links` and `cells`: what they came to → how many.
    """

    decision: domain.Decision
    outcomes: dict[str, pl.DataFrame]
    problems: pl.DataFrame
    links: dict[str, int]
    cells: dict[str, int]
    found: dict[str, pl.DataFrame]  # per object type's name `group` and `_kind`, what each record was looked for by

    def verdicts(self, rows: "Rows") -> dict[str, pl.DataFrame]:
        """Per object type's name, on every row (verdicts.py)."""
        return {
            name: verdicts.of(work, self.outcomes[name], self.found[name], self.problems, rows.values[name])
            for work in self.decision.works
            for name in (work.object_type.name,)
        }


@dataclass(frozen=True, slots=True)
class Rows:
    """One batch: its rows as they stood, checked and numbered, and what later rows add to its records."""

    raw: Callable[[], pl.DataFrame]  # read again where a problem found while writing shows a cell
    plan: Plan  # what it says of their source
    values: pl.DataFrame
    problems: pl.DataFrame
    ahead: Mapping[str, pl.DataFrame]

    @property
    def first(self) -> int:
        return int(self.values[ROW][0])

    @property
    def end(self) -> int:
        """The number of the row after the last one."""
        return self.first + len(self.values)


@dataclass(frozen=True, slots=True)
class Writing:
    """What is the same for every batch of an import."""

    plan: Plan
    chains: tuple[Chain, ...]
    numbers: Numbers
    spanning: Mapping[str, pl.DataFrame]  # per object type's name the groups that later batches meet again

    def batch(
        self,
        tx: Tx,
        actor: Actor,
        rows: Rows,
        progress: Progress,
        decide: Decider,
        nobodys: Nobodys | None = None,
        held: Held | None = None,
    ) -> Done:
        """`nobodys`: keys that need not be looked up; `held`: records that are left as they are, whatever is said."""
        spared, kept = nobodys or {}, held or {}
        resolved = [
            self._resolve(tx, one, rows, spared.get(name, frozenset()), kept.get(name, _NOT_HELD))
            for one in self.chains
            for name in (one.object_type.name,)
        ]
        links = [self._links(a, b, rows, progress, resolved) for a, b in self.numbers.pairs]
        links += self._participants(tx, resolved)
        decision = decide(tx, actor, Batch(tuple(r.changes for r in resolved), tuple(links)))
        written = decision.written()
        booked = [one.book(written, progress) for one in resolved]
        told = [
            rows.problems,
            lost(rows.values, written.lost),
            *(booking.problems(rows.plan, rows.values, rows.raw, one) for one in booked),
        ]
        outcomes = {b.object_type.name: booking.outcomes(b.object_type, rows.values, b.settled) for b in booked}
        self._remember(progress, booked)
        objects = [chain.object_type for chain in self.chains]
        problems = booking.required(pl.concat(told), objects, self.plan)
        counted = counting.cells(rows.plan, rows.values, problems, outcomes, decision)
        found = {one.name: one.found for one in resolved}
        return Done(decision, outcomes, problems, counts(written, links), counted, found)

    def _remember(self, progress: Progress, booked: Sequence[Booked]) -> None:
        for one in booked:
            name = one.object_type.name
            progress.settled[name] = one.settled.join(self.spanning[name], on="group", how="semi")
            progress.reasons[name] = one.reasons.join(self.spanning[name], on="group", how="semi")

    def _resolve(self, tx: Tx, chain: Chain, rows: Rows, nobodys: frozenset[str], held: pl.DataFrame) -> "_Resolved":
        """The records that this batch is to write, each with the id it has, if any."""
        one = chain.object_type
        mode = next(o.mode for o in self.plan.objects if o.object_type == one.name)
        folded = folding.fold(one, rows.values, rows.first, rows.ahead.get(one.name))
        found = _find(tx, chain, folded, self.numbers.pinned[one.name], nobodys)
        kinds = found.select("group", "_kind")
        kept = held.join(found.select("group", "_id"), on="group", maintain_order="left")
        found = found.join(held, on="group", how="anti", maintain_order="left") if len(kept) else found
        refused = found.filter(pl.col("_refused").is_not_null())
        left = found.filter(pl.col("_refused").is_null())
        exists = pl.col("_id").is_not_null()
        skipped = left.clear()
        if mode is Mode.CREATE:
            skipped = left.filter(exists & ~pl.col("_unknown")).with_columns(_refused=pl.lit("CREATE_ONLY_IMPORT"))
            left = left.filter(~exists | pl.col("_unknown"))
        elif mode is Mode.UPDATE:
            skipped = left.filter(~exists).with_columns(_refused=pl.lit("UPDATE_ONLY_IMPORT"))
            left = left.filter(exists)
        left, same = _one_each(one, left)
        return _Resolved(chain, self._changes(tx, chain, left), _why(refused), _why(skipped), same, kinds, kept)

    def _changes(self, tx: Tx, chain: Chain, left: pl.DataFrame) -> Changes:
        one = chain.object_type
        names = [*self.plan.properties(one.name), *self.plan.given(one.name)]
        policies = Policies.of(tx, self.plan, one, left)
        left = policies.rows
        # An address that found its record leaves the record's own as it is: it may be a further one (imports.md 5.9).
        matched = pl.col("_id").is_not_null() & (pl.col("_kind") != RECORD_ID)
        columns = [
            pl.when(~(matched & (pl.col("_kind") == name)).fill_null(False))
            .then(value_name(one.name, name))
            .alias(name)
            if name in chain.keys
            else pl.col(value_name(one.name, name)).alias(name)
            for name in names
        ]
        alone = len(chain.keys) == 1 and not chain.further
        return Changes(
            one,
            left.select(
                pl.col("group").alias("_key"),
                "_id",
                *map(policies.allowed, columns, names),
                *policies.marks(),
                pl.when(pl.col("_id").is_null()).then("_kind").alias(Changes.SOUGHT),
            ),
            fill_only=policies.named(lambda c: c.overwrite is Overwrite.EMPTY),
            removing=policies.removing,
            looked_up=frozenset(chain.keys) - {RECORD_ID} if alone else frozenset(),
        )

    def _links(
        self, first: ObjectType, second: ObjectType, rows: Rows, progress: Progress, resolved: Sequence["_Resolved"]
    ) -> Links:
        def ended(pairs: pl.DataFrame, *also: pl.Expr) -> pl.DataFrame:
            frame = pairs.select(ROW, *also, _g_first=pl.col(first.name), _g_second=pl.col(second.name))
            for end, one in (("first", first), ("second", second)):
                mine = next(r for r in resolved if r.name == one.name)
                frame = mine.ends(end, frame, progress.of(one.name))
            return frame.filter(~pl.col("first_out") & ~pl.col("second_out"))

        usable = ended(rows.values.filter(link_name(first.name, second.name)))
        # A record's first row names what it belongs to: so it does not matter where a batch ends.
        heads = [pl.col(ROW) == pl.col(f"_g_{end}") for end, one in (("first", first), ("second", second)) if one.homes]
        named = usable.select(*_ENDS, pl.col(ROW).alias(Links.ROW), *(one.alias(Links.HOLDS) for one in heads[:1]))
        columns = [pl.col(label_name(c.index)) for c in self.plan.labels(first.name, second.name)]
        if not columns:
            return Links(first, second, named)
        # Every row may add a label, not only the one that names the two records first.
        types = pl.concat_list(one.fill_null([]) for one in columns).alias("type")
        told = ended(rows.values.drop_nulls([first.name, second.name]), types).explode("type").drop_nulls("type")
        return Links(
            first, second, named, told.select(*_ENDS, pl.col("type").cast(pl.Int64), pl.col(ROW).alias(Links.ROW))
        )

    def _participants(self, tx: Tx, resolved: Sequence["_Resolved"]) -> list[Links]:
        """Contacts by the addresses that emails and meetings name; where contacts come in, too, the rows name them."""
        frames = {one.name: one.changes.frame for one in resolved}
        if "contacts" in frames:
            return []
        known = catalogue.load(tx)
        types = [one.changes.object_type for one in resolved]
        named = [one for one in types if set(one.participants) & set(frames[one.name].columns)]
        return [participants.links(tx, known, one, frames[one.name]) for one in named]


@dataclass(frozen=True, slots=True)
class _Resolved:
    """What a batch is to write of one object type, and the groups that it leaves out, with why."""

    chain: Chain
    changes: Changes
    refused: pl.DataFrame  # as _REFUSED
    skipped: pl.DataFrame  # as _SKIPPED
    same: pl.DataFrame  # group, into: a group that turned out to be about the same record as an earlier one
    found: pl.DataFrame  # group, _kind
    held: pl.DataFrame  # as _SKIPPED, and perhaps several of one group

    @property
    def name(self) -> str:
        return self.chain.object_type.name

    def ends(self, end: str, frame: pl.DataFrame, settled: pl.DataFrame) -> pl.DataFrame:
        """Adds `<end>_id`, `<end>_key`, `<end>_out` for the groups in `_g_<end>`."""
        nobody = pl.lit(None, pl.Int64)
        settled = settled.filter(pl.col("outcome") != Outcome.HELD.value)
        known = pl.concat(
            [
                self.changes.frame.select(group="_key", key="_key", id=nobody),
                self.same.select("group", key="into", id=nobody),
                self.skipped.select("group", key=nobody, id="_id"),
                settled.select("group", key=nobody, id="id"),
            ]
        )
        joined = frame.join(known, left_on=f"_g_{end}", right_on="group", how="left", maintain_order="left")
        out = pl.col("key").is_null() & pl.col("id").is_null()
        return joined.with_columns(out.alias(f"{end}_out")).rename({"key": f"{end}_key", "id": f"{end}_id"})

    def book(self, written: Written, progress: Progress) -> Booked:
        """What is known now of every group that has a row in this batch."""
        done = written.outcomes[self.name].select(group="_key", id="_id", outcome="outcome")
        told = written.problems.filter(pl.col("object_type") == self.name).select(
            "type", "property", "value", group="_key"
        )
        told = told.with_columns(
            property=pl.when(pl.col("type") == "INVALID_RECORD_ID").then(pl.lit(_ID_PROPERTY)).otherwise("property")
        )
        again = self.same.join(done.rename({"group": "into"}), on="into").select(
            "group", "id", booking.again(pl.col("outcome")).alias("outcome")
        )
        failed = self.refused.select("group", id=pl.lit(None, pl.Int64), outcome=pl.lit(Outcome.FAILED.value))
        skipped = self.skipped.select("group", id="_id", outcome=pl.lit(Outcome.SKIPPED.value))
        held = self.held.unique("group").select("group", id="_id", outcome=pl.lit(Outcome.HELD.value))
        own = pl.concat([done, again, failed, skipped, held]).cast(SETTLED)  # type: ignore[arg-type]
        also = self.same.join(told, left_on="into", right_on="group").drop("into")
        every = pl.concat(
            [frame.select(_REFUSED.keys()) for frame in (told, also, self.refused, self.skipped, self.held)]
        )
        out = own.filter(pl.col("outcome").is_in(booking.OUT))
        reasons = one_reason(self.chain.object_type, every.join(out, on="group", how="semi"))
        return Booked(
            self.chain.object_type,
            pl.concat([own, progress.of(self.name)]),
            pl.concat([reasons, progress.why(self.name)]),
            every,
        )


def _why(out: pl.DataFrame) -> pl.DataFrame:
    """As _SKIPPED."""
    by_id = pl.col("_kind") == RECORD_ID
    return out.select(
        "group",
        type="_refused",
        property=pl.when(by_id).then(pl.lit(_ID_PROPERTY)).otherwise("_kind"),
        value="_text",
        _id="_id",
    ).cast(_SKIPPED)  # type: ignore[arg-type]


def _find(tx: Tx, chain: Chain, folded: pl.DataFrame, pinned: pl.DataFrame, nobodys: frozenset[str]) -> pl.DataFrame:
    """Adds `_kind` and `_text`, by what a record is found; `_id`; `_unknown`, an id that nobody has; `_refused`."""
    one = chain.object_type
    by_id = chain.column(RECORD_ID) if RECORD_ID in chain.keys else pl.lit(None, pl.Int64)
    rows = folded.with_columns(
        _kind=chain.kind(), _text=chain.text(), _id=by_id.cast(pl.Int64),
        _refused=pl.when(twice_name(one.name)).then(pl.lit("DUPLICATE_RECORD_ID")).when(_parents(one, folded))
        .then(pl.lit("LINE_ITEM_MULTIPLE_PARENTS_IN_ROW")),
    )  # fmt: skip
    asked = [key for key in chain.keys if key != RECORD_ID and key not in nobodys]
    held = pl.concat([pl.DataFrame(schema=_HELD), *(_held(tx, chain, key, rows) for key in asked)])
    rows = rows.join(held, on="group", how="left", maintain_order="left").join(
        pinned.rename({"id": "pin"}), on="group", how="left", maintain_order="left"
    )
    several = pl.when(pl.col("pin").is_null()).then("several").otherwise(pl.col("pin") == 0).fill_null(False)
    rows = rows.with_columns(
        _refused=pl.when(several).then(pl.lit("MULTIPLE_COMPANIES_WITH_THIS_DOMAIN")).otherwise("_refused"),
        _id=pl.when(~several).then(pl.coalesce("_id", "pin", "record")),
    ).drop("record", "several", "pin")
    alive = domain.living(tx, one, rows.filter(pl.col("_kind") == RECORD_ID)["_id"])
    return rows.with_columns(
        _unknown=((pl.col("_kind") == RECORD_ID) & ~pl.col("_id").is_in(alive.implode())).fill_null(False)
    )


def _parents(one: ObjectType, rows: pl.DataFrame) -> pl.Expr:
    return pl.col(parents_name(one.name)) if parents_name(one.name) in rows.columns else pl.lit(False)


_HELD = {"group": pl.Int64, "record": pl.Int64, "several": pl.Boolean}


def _held(tx: Tx, chain: Chain, key: str, rows: pl.DataFrame) -> pl.DataFrame:
    """Whose the values of this key are: as _HELD."""
    one = chain.object_type
    mine = rows.filter(pl.col("_kind") == key).select("group", value="_text")
    held = domain.holders(tx, one, one.properties[key], mine["value"])
    by_value = held.group_by("value").agg(pl.col("record").first(), several=pl.len() > 1)
    return mine.join(by_value, on="value").select(_HELD.keys())


def _one_each(one: ObjectType, rows: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Two groups that lead to one record are one write: somebody has just given an address to another record."""
    doubled = pl.col("_id").is_not_null() & pl.col("_id").is_duplicated()
    plural = rows.filter(doubled)
    if plural.is_empty():
        return rows, pl.DataFrame(schema={"group": pl.Int64, "into": pl.Int64})
    into = pl.col("group").min().over("_id")
    same = plural.select("group", into=into).filter(pl.col("group") != pl.col("into"))
    merged = folding.fold_by(one, "_into", plural.with_columns(_into=into)).rename({"_into": "group"})
    facts = plural.select("group", *(name for name in plural.columns if name not in merged.columns))
    together = merged.join(facts, on="group", how="left").select(rows.columns)
    return pl.concat([rows.filter(~doubled), together]).sort("group"), same


def counts(written: Written, links: Sequence[Links]) -> dict[str, int]:
    """Pairs by outcome. A record that was not written is told by its own row, not by its links."""
    found: dict[str, int] = dict(written.links.group_by("outcome").len().rows()) if len(written.links) else {}
    if not found.pop("failed", 0):
        return found
    wanted = 0
    for one in links:
        frame = one.frame
        for end, kind in (("first", one.first), ("second", one.second)):
            done = written.outcomes.get(kind.name)
            if done is not None:
                failed = done.filter(pl.col("outcome") == Outcome.FAILED.value)
                frame = frame.join(failed, left_on=f"{end}_key", right_on="_key", how="anti")
        wanted += len(frame)
    missed = wanted - sum(found.values())
    return found | {"failed": missed} if missed > 0 else found
