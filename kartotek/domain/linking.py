"""Works out which pairs a batch newly associates, and whose primary company that settles.

A contact that has companies always has exactly one primary (records-and-associations.md 4): its first company takes
the place. The same holds for deals and tickets when their first company comes; they may give it up later.
Everything is decided from what is read after both ends of every pair are locked.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl

from kartotek.domain import Tx, belonging, bounds
from kartotek.model.catalogue import Catalogue
from kartotek.model.object_types import ObjectType
from kartotek.model.people import Actor
from kartotek.model.records import Links
from kartotek.store import associations as store
from kartotek.store import bulk, records
from kartotek.values import frames

PAIR = {"first": pl.Int64, "second": pl.Int64, "first_type": pl.Int64, "second_type": pl.Int64, "_place": pl.Int64}
LOST = bounds.LOST
LABEL = store.LABEL
OUTCOME = {"first": pl.Int64, "second": pl.Int64, "outcome": pl.String}
# To make an empty frame takes as long as to filter one, and a single pair needs many. For the same reason what a column
# tells by itself is asked of it, and not of the frame by an expression (docs/decisions/records-speed.md).
_NO_PAIRS, _NO_LABELS, _NO_OUTCOMES, _NONE_THERE = (
    pl.DataFrame(schema=schema) for schema in (PAIR, LABEL, OUTCOME, store.PAIR)
)
_NONE_LOST = bounds.NONE_LOST
_BOTH = ("first", "second")
_TO_COMPANY = (pl.col("second_type") == store.COMPANY) & (pl.col("first_type") != store.COMPANY)


@dataclass(slots=True)
class Plan:
    """`added`: pairs to insert. `labels`: those to set (as LABEL). `primaries`: per type's name, `_id`, `company`,
    `exists` (whether it has a row yet)."""

    added: pl.DataFrame = field(default_factory=_NO_PAIRS.clear)
    primaries: dict[str, pl.DataFrame] = field(default_factory=dict)
    outcomes: pl.DataFrame = field(default_factory=_NO_OUTCOMES.clear)
    lost: pl.DataFrame = field(default_factory=_NONE_LOST.clear)
    labels: pl.DataFrame = field(default_factory=_NO_LABELS.clear)
    holds: Mapping[tuple[int, int], bool] = field(default_factory=dict)  # as bounds.holds


def no_primaries() -> pl.DataFrame:
    return pl.DataFrame(schema={"_id": pl.Int64, "company": pl.Int64, "exists": pl.Boolean})


def plan(
    tx: Tx,
    catalogue: Catalogue,
    links: Sequence[Links],
    keys: Mapping[str, pl.DataFrame],
    locked: Mapping[str, pl.DataFrame],
    coming: pl.DataFrame,
) -> Plan:
    """`keys`: per type `_key`, `_id` of the batch's own records. A pair with an end that is gone fails. `coming`: pairs
    (as PAIR) that batches before this one will make."""
    if not links:
        return Plan()
    wanted, failed, lost = [], 0, [_NONE_LOST]
    for one in links:
        pairs, gone = resolved(one, keys, locked)
        lost.append(gone)
        whole = pairs.filter(pairs["first"] != pairs["second"])  # an end that is null is not another one either
        failed += len(pairs) - len(whole) if catalogue.can_associate(one.first.name, one.second.name) else len(pairs)
        if catalogue.can_associate(one.first.name, one.second.name):
            wanted.append(store.in_order(whole, one.first.number, one.second.number))
    pairs = _together(_NO_PAIRS, wanted)
    # One after the other they are of different records, as new ones are.
    if len(pairs) > 1 and not (pairs["first"].diff(null_behavior="drop") > 0).all():
        pairs = pairs.unique(["first", "second"], keep="first", maintain_order=True)
    met = _met(pairs, links, locked)
    there = _there(tx, met, coming)
    added, unchanged = _parted(met, there)
    added, crowded = belonging.with_room(tx, catalogue, added, coming)
    added, beyond = bounds.with_room(tx, catalogue, added, coming)
    failed += len(crowded) + len(beyond)
    return Plan(
        added[list(PAIR)],
        _primaries(tx, catalogue, added, coming),
        _outcomes(added, unchanged, failed),
        _together(_NONE_LOST, [*lost, crowded, beyond]),
        holds=bounds.holds(catalogue, links),
    )


def pack(actor: Actor, what: Plan) -> bulk.Parcel:
    """The new pairs, ready to be sent."""
    return store.parcel(actor, what.added)


def settle_primaries(tx: Tx, catalogue: Catalogue, what: Plan) -> None:
    """Enters the primary companies of records that existed before."""
    for name, frame in what.primaries.items():
        rows = frame.filter("exists")
        if len(rows):
            records.set_primary(tx, catalogue.object_types[name], rows["_id"].to_list(), rows["company"].to_list())


def end_all(tx: Tx, actor: Actor, catalogue: Catalogue, object_type: ObjectType, ids: Sequence[int]) -> None:
    """Ends every pair of records that are being archived, and that are locked: so nobody adds to their pairs.

    Where the primary company goes, the one associated longest takes its place (records-and-associations.md 4.6).
    """
    pairs = store.all_of(tx, ids)
    gone = pl.Series(ids, dtype=pl.Int64).implode()
    orphans = pairs.filter((pl.col("second_type") == store.COMPANY) & ~pl.col("first").is_in(gone))
    owners = [catalogue.by_number(number) for number in orphans["first_type"].unique().to_list()]
    for one in sorted(owners, key=records.lock_order):
        if one.has_primary_company:
            firsts = orphans.filter(pl.col("first_type") == one.number)["first"].unique().sort()
            _pass_on(tx, actor, catalogue, one, firsts, gone)
    store.remove(tx, actor, named(tx, catalogue, pairs))


def named(tx: Tx, catalogue: Catalogue, pairs: pl.DataFrame) -> pl.DataFrame:
    """Adds what both ends are called just now."""
    return called(pairs, records.names_by_type(tx, _ends(catalogue, pairs)))


def called(pairs: pl.DataFrame, names: Mapping[int, pl.DataFrame]) -> pl.DataFrame:
    """The same, known already. `names`: `_id` and `name` by the number of their type."""
    for end in _BOTH:
        some = [names[number] for number in _distinct(pairs[f"{end}_type"]) if number in names]
        told = _together(records.NO_NAMES, [frame[["_id", "name"]] for frame in some])
        pairs = frames.beside(pairs, told.rename({"_id": end, "name": f"{end}_name"}), on=end)
    return pairs


def _pass_on(tx: Tx, actor: Actor, catalogue: Catalogue, one: ObjectType, firsts: pl.Series, gone: pl.Series) -> None:
    """Gives the place of a primary company that goes to the one associated longest, if any is left."""
    locked = records.lock(tx, one, firsts.to_list(), [])
    lost = locked.filter(pl.col("_primary").is_in(gone)).select_seq(first="_id", second="_primary")
    if lost.is_empty():
        return
    left = store.of_firsts(tx, lost["first"], store.COMPANY).filter(~pl.col("second").is_in(gone))
    heirs = lost.select_seq("first").join(
        left.unique("first", keep="first", maintain_order=True), on="first", how="left"
    )
    typed = lost.with_columns_seq(first_type=pl.lit(one.number, pl.Int64), second_type=pl.lit(store.COMPANY, pl.Int64))
    store.remember_primary(tx, actor, named(tx, catalogue, typed))
    records.set_primary(tx, one, heirs["first"].to_list(), heirs["second"].to_list())
    store.mark_primary(tx, actor, heirs["first"].to_list(), heirs["second"].to_list())


def pair(one: ObjectType, id: int, other: ObjectType, other_id: int) -> pl.DataFrame:
    """As store.TYPED, in the order in which pairs are kept."""
    return pairs(one, other, pl.DataFrame({"first": [id], "second": [other_id]}, schema=store.PAIR))


def pairs(one: ObjectType, other: ObjectType, ends: pl.DataFrame) -> pl.DataFrame:
    """`first`, `second` of these types, as store.TYPED, in the order in which pairs are kept."""
    typed = frames.cast(ends[list(store.PAIR)], store.PAIR).hstack(_types(one, other, len(ends)))
    return store.in_order(typed, one.number, other.number)


def _types(one: ObjectType, other: ObjectType, length: int) -> list[pl.Series]:
    """The columns that say the types of the ends of so many pairs."""
    ends = (("first_type", one), ("second_type", other))
    return [frames.constant(name, each.number, pl.Int64, length) for name, each in ends]


def lock_ends(tx: Tx, catalogue: Catalogue, pairs: pl.DataFrame) -> dict[int, pl.DataFrame]:
    """Locks the records at both ends of these pairs (as store.TYPED), in the order that everybody keeps.

    Gives them as records.KNOWN, with their names, by the number of their type.
    """
    ends = sorted(_ends(catalogue, pairs), key=lambda each: records.lock_order(each[0]))
    return {one.number: records.lock_named(tx, one, ids.sort()) for one, ids in ends}


def _ends(catalogue: Catalogue, pairs: pl.DataFrame) -> list[tuple[ObjectType, pl.Series]]:
    """The records at both ends of these pairs (as store.TYPED), type by type, each once."""
    found: dict[int, list[pl.Series]] = {}
    for end in _BOTH:
        types, ids = pairs[f"{end}_type"], pairs[end]
        numbers = _distinct(types)
        for number in numbers:
            found.setdefault(number, []).append(ids.filter(types == number) if len(numbers) > 1 else ids)
    return [(catalogue.by_number(number), _distinct(pl.concat(ids))) for number, ids in found.items()]


def _distinct(values: pl.Series) -> pl.Series:
    return values.unique() if len(values) > 1 else values


def is_first(one: ObjectType, other: ObjectType) -> bool:
    """Whether records of `one` can be the first end of a pair with `other`."""
    return store.is_first(one.number, other.number)


def resolved(
    links: Links, keys: Mapping[str, pl.DataFrame], locked: Mapping[str, pl.DataFrame]
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Both ends as record ids, null where the end was not written or lives no more; and, as LOST, the latter."""
    frame = links.frame
    first, second = (
        _resolved(frame, end, one, keys, locked) for end, one in zip(_BOTH, (links.first, links.second), strict=True)
    )
    place = frame[Links.ROW] if Links.ROW in frame.columns else frame.with_row_index("_place")["_place"]
    types = _types(links.first, links.second, len(frame))
    pairs = pl.DataFrame([first.alias("first"), second.alias("second"), *types, place.cast(pl.Int64).alias("_place")])
    if not first.null_count() and not second.null_count():
        return pairs, _NONE_LOST
    gone = (frame["first_key"].is_null() & first.is_null()) | (frame["second_key"].is_null() & second.is_null())
    told = {"type": pl.lit("FAILED_TO_CREATE_ASSOCIATION"), "value": pl.lit(None, pl.String)}
    return pairs, pairs.filter(gone).select_seq(row="_place", object_type=pl.lit(links.first.name), **told)


def _resolved(
    frame: pl.DataFrame, end: str, one: ObjectType, keys: Mapping[str, pl.DataFrame], locked: Mapping[str, pl.DataFrame]
) -> pl.Series:
    """One end of each link as a record id, null where it was not written or lives no more."""
    known, own = locked[one.name], keys.get(one.name)
    alive = (known.filter(~known["_archived"]) if known["_archived"].any() else known)["_id"]
    named = own is not None and len(own) > 0
    if not named and frame[f"{end}_id"].equals(alive):
        return alive
    # A number below zero is a record that a rehearsal would have made.
    id = pl.col(f"{end}_id")
    found: pl.Expr = pl.when(id.is_in(alive.implode()) | (id < 0)).then(id)
    if own is not None and named:
        mine = own.select_seq(pl.col("_key").alias(f"{end}_key"), pl.col("_id").alias("_own"))
        frame = frame.join(mine, on=f"{end}_key", how="left", maintain_order="left")
        found = pl.coalesce("_own", found)
    return frame.select_seq(found.cast(pl.Int64)).to_series()


def _met(pairs: pl.DataFrame, links: Sequence[Links], locked: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """With what is known of the first ends, as records.KNOWN; nothing of records that are new."""
    types = {(link.first if is_first(link.first, link.second) else link.second).name for link in links}
    known = [locked[name] for name in types]
    first = (pl.concat(known) if len(known) > 1 else known[0]).rename({"_id": "first"})
    return frames.beside(pairs, first, on="first")


def _parted(met: pl.DataFrame, there: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The pairs that are new, and those that are there already."""
    ends = list(store.PAIR)
    if there.equals(met[ends]):
        return met.clear(), met
    if there.is_empty():
        return met, met.clear()
    new = met.join(there, on=ends, how="anti", maintain_order="left")
    return new, met.join(there, on=ends, how="semi") if len(new) < len(met) else met.clear()


def _there(tx: Tx, met: pl.DataFrame, coming: pl.DataFrame) -> pl.DataFrame:
    """Those of the pairs that exist already; none does of records that are new.

    Nearly always the company that a file names is the record's primary one, and need not be looked up.
    """
    if met["_archived"].null_count() == len(met):
        return _NONE_THERE
    old = met.filter(met["_archived"].is_not_null()) if met["_archived"].null_count() else met
    is_primary = (old["second"] == old["_primary"]).fill_null(False)
    primary = old.filter(is_primary)
    if len(primary) == len(old):
        return primary[list(store.PAIR)]
    others = old.filter(~is_primary) if len(primary) else old
    soon = coming.join(others, on="first", how="semi") if len(coming) else coming
    every = _together(
        _NONE_THERE, [frame[list(store.PAIR)] for frame in (primary, store.among(tx, others), soon) if len(frame)]
    )
    return every.unique() if len(every) > 1 else every


def _together(nothing: pl.DataFrame, frames: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """All of these frames as one."""
    some = [frame for frame in frames if len(frame)]
    return pl.concat(some) if len(some) > 1 else some[0] if some else nothing


def _outcomes(added: pl.DataFrame, unchanged: pl.DataFrame, failed: int) -> pl.DataFrame:
    told = [(added, "created"), (unchanged, "unchanged")]
    done = [frame.select_seq("first", "second", outcome=pl.lit(outcome)) for frame, outcome in told if len(frame)]
    none = {"first": [None] * failed, "second": [None] * failed, "outcome": ["failed"] * failed}
    return _together(_NO_OUTCOMES, [*done, pl.DataFrame(none, schema=OUTCOME)] if failed else done)


def _primaries(tx: Tx, catalogue: Catalogue, added: pl.DataFrame, coming: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """For each record that had no company and now gets some, the first of them. `added`: as _met gives them."""
    bare = (
        added["_primary"].is_null() & (added["second_type"] == store.COMPANY) & (added["first_type"] != store.COMPANY)
    )
    if not bare.any():
        return {}
    types = [catalogue.by_number(number) for number in added.filter(bare)["first_type"].unique()]
    able = {one.number: one.name for one in types if one.has_primary_company}
    if not able:
        return {}
    firsts = added.filter(bare & added["first_type"].is_in(list(able)) & added["first"].is_first_distinct())
    exists = pl.col("_archived").is_not_null()
    if firsts["_archived"].null_count() < len(firsts):
        # Of records that existed before, some have companies and gave the mark away.
        homed = [store.of_firsts(tx, firsts.filter(exists)["first"], store.COMPANY), coming.filter(_TO_COMPANY)]
        taken = pl.concat([frame["first"] for frame in homed])
        firsts = firsts.filter(~pl.col("first").is_in(taken.implode()))
    named = firsts.select_seq("first_type", _id="first", company="second", exists=exists)
    return {able[some["first_type"][0]]: some.drop("first_type") for some in named.partition_by("first_type")}
