"""Writes the records and links of one batch of rows, and says what became of every row.

A batch writes the records whose first row stands in it, with the values of all rows that are about them, later ones
included (`Rows.ahead`). Of records whose first row stood in an earlier batch it only makes the links that are new.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import polars as pl

from kartotek.domain import Tx
from kartotek.domain import records as domain
from kartotek.imports.table import (
    RECORD_ID,
    ROW,
    Chain,
    Mode,
    Numbers,
    Overwrite,
    Plan,
    value_name,
)
from kartotek.imports.write import booking, counting, folding, linking, verdicts
from kartotek.imports.write.booking import KEPT_OUT, SETTLED, Booked, Progress, lost, one_reason
from kartotek.imports.write.folding import columns_of, fold_by
from kartotek.imports.write.linking import counts
from kartotek.imports.write.policies import Policies
from kartotek.imports.write.resolving import (
    NOT_HELD,
    Looked,
    LookedUp,
    Resolved,
    find,
    is_nobodys,
    look_at,
    look_up,
    one_each,
    why,
)
from kartotek.imports.write.verdicts import differences, regrouped
from kartotek.model.people import Actor
from kartotek.model.records import Batch, Changes, Links

__all__ = [
    "KEPT_OUT",
    "SETTLED",
    "Decider",
    "Done",
    "Held",
    "Looked",
    "Nobodys",
    "Progress",
    "Rows",
    "Writing",
    "columns_of",
    "counts",
    "differences",
    "fold_by",
    "lost",
    "one_reason",
    "regrouped",
]

Decider = Callable[[Tx, Actor, Batch], domain.Decision]

# Per object type's name keys that need not be looked up, as each value belongs to one record only: nobody had any when
# the import began, or in a whole batch before. Should somebody have one all the same, the database says so, and the
# batch is tried again and looks for itself.
Nobodys = Mapping[str, frozenset[str]]

# Per object type's name the records that are held, by group, with what there is to say of them (as REFUSED).
Held = Mapping[str, pl.DataFrame]


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
    looked: LookedUp = field(default_factory=dict)
    seen: Mapping[str, pl.DataFrame] = field(default_factory=dict)  # per object type's name, as Changes.seen
    nobodys: Nobodys = field(default_factory=dict)

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

    def seen(self, tx: Tx, rows: Rows, nobodys: Nobodys) -> Rows:
        """With a look at the identifiers and records that the batch will ask for, before it is decided."""
        looked: dict[tuple[str, str], Looked] = {}
        seen: dict[str, pl.DataFrame] = {}
        for chain in self.chains:
            name = chain.object_type.name
            looked |= look_up(tx, chain, rows.values, nobodys[name])
            found = look_at(tx, chain, self._written(name), rows.values, looked)
            if found is not None:
                seen[name] = found
        return replace(rows, looked=looked, seen=seen, nobodys=nobodys)

    def are_nobodys(self, tx: Tx, rows: Rows, done: Done, sure: Nobodys) -> bool:
        """Whether the keys that were not looked up are nobody's, of rows that claim none of them: of the others the
        database will say so. `sure`: those keys that nobody had when the import began."""
        return all(
            is_nobodys(tx, chain, key, rows.values, work.claims)
            for chain, work in zip(self.chains, done.decision.works, strict=True)
            for key in rows.nobodys.get(work.object_type.name, frozenset()) - sure[work.object_type.name]
        )

    def _written(self, name: str) -> list[str]:
        return [*self.plan.properties(name), *self.plan.given(name)]

    def batch(
        self,
        tx: Tx,
        actor: Actor,
        rows: Rows,
        progress: Progress,
        decide: Decider,
        held: Held | None = None,
    ) -> Done:
        """`held`: records that are left as they are, whatever is said."""
        kept = held or {}
        resolved = {
            name: self._resolve(tx, actor, one, rows, kept.get(name, NOT_HELD))
            for one in self.chains
            for name in (one.object_type.name,)
        }
        links = [*self._links(rows, resolved, progress), *linking.with_participants(tx, resolved)]
        decision = decide(tx, actor, Batch(tuple(one.changes for one in resolved.values()), tuple(links)))
        written = decision.written()
        booked = [one.book(written, progress) for one in resolved.values()]
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
        found = {name: one.found for name, one in resolved.items()}
        return Done(decision, outcomes, problems, counts(written, links), counted, found)

    def _remember(self, progress: Progress, booked: Sequence[Booked]) -> None:
        for one in booked:
            name = one.object_type.name
            again = pl.col("group").is_in(self.spanning[name]["group"].implode())
            progress.settled[name] = one.settled.filter(again)
            progress.reasons[name] = one.reasons.filter(again)

    def _resolve(self, tx: Tx, actor: Actor, chain: Chain, rows: Rows, held: pl.DataFrame) -> Resolved:
        """The records that this batch is to write, each with the id it has, if any."""
        one = chain.object_type
        mode = next(o.mode for o in self.plan.objects if o.object_type == one.name)
        folded = folding.fold(one, rows.values, rows.first, rows.ahead.get(one.name))
        nobodys = rows.nobodys.get(one.name, frozenset())
        found = find(tx, actor, chain, folded, self.numbers.pinned[one.name], nobodys, rows.looked)
        kinds = found.select_seq("group", "_kind")
        kept = held.join(found.select_seq("group", "_id"), on="group", maintain_order="left")
        found = found.join(held, on="group", how="anti", maintain_order="left") if len(kept) else found
        refused = found.filter(pl.col("_refused").is_not_null())
        left = found.filter(pl.col("_refused").is_null())
        exists = pl.col("_id").is_not_null()
        skipped = left.clear()
        if mode is Mode.CREATE:
            skipped = left.filter(exists).with_columns_seq(_refused=pl.lit("CREATE_ONLY_IMPORT"))
            left = left.filter(~exists)
        elif mode is Mode.UPDATE:
            skipped = left.filter(~exists).with_columns_seq(_refused=pl.lit("UPDATE_ONLY_IMPORT"))
            left = left.filter(exists)
        left, same = one_each(one, left)
        changes = replace(self._changes(tx, chain, left), seen=rows.seen.get(one.name))
        return Resolved(chain, changes, why(refused), why(skipped), same, kinds, kept)

    def _changes(self, tx: Tx, chain: Chain, left: pl.DataFrame) -> Changes:
        one = chain.object_type
        names = self._written(one.name)
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
            left.select_seq(
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

    def _links(self, rows: Rows, resolved: Mapping[str, Resolved], progress: Progress) -> list[Links]:
        pairs = [(a, b) for a, b in self.numbers.pairs if rows.plan.associates(a.name, b.name)]
        return [linking.links(self.plan, a, b, rows.values, resolved, progress) for a, b in pairs]
