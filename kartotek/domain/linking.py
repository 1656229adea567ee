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
_KNOWN = {"_id": pl.Int64, "_primary": pl.Int64}
_THERE = {"first": pl.Int64, "second": pl.Int64, "to_company": pl.Boolean}
OUTCOME = {"first": pl.Int64, "second": pl.Int64, "outcome": pl.String}
_TO_COMPANY = (pl.col("second_type") == store.COMPANY) & (pl.col("first_type") != store.COMPANY)
_IS_PRIMARY = pl.col("second").eq_missing(pl.col("_primary"))
_LIVES = ~pl.col("_archived")
_AS_PAIR = [pl.col(name).cast(kind) for name, kind in PAIR.items()]
# To make an empty frame takes as long as to filter one, and a single pair needs many.
_NO_PAIRS, _NO_LABELS, _NO_OUTCOMES, _NONE_KNOWN, _NONE_THERE = (
    pl.DataFrame(schema=schema) for schema in (PAIR, LABEL, OUTCOME, _KNOWN, _THERE)
)
_NONE_LOST = bounds.NONE_LOST


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
        whole = pairs.filter(pl.col("first") != pl.col("second"))  # an end that is null is not another one either
        failed += len(pairs) - len(whole) if catalogue.can_associate(one.first.name, one.second.name) else len(pairs)
        if catalogue.can_associate(one.first.name, one.second.name):
            wanted.append(store.in_order(whole, one.first.number, one.second.number))
    pairs = _together(_NO_PAIRS, wanted)
    if len(pairs) > 1:
        pairs = pairs.unique(["first", "second"], keep="first", maintain_order=True)
    there = _there(tx, pairs, locked, coming)
    ends = ["first", "second"]
    added = pairs.join(there, on=ends, how="anti", maintain_order="left") if len(there) else pairs
    unchanged = pairs.join(there, on=ends, how="semi") if len(added) < len(pairs) else pairs.clear()
    added, crowded = belonging.with_room(tx, catalogue, added, coming)
    added, beyond = bounds.with_room(tx, catalogue, added, coming)
    failed += len(crowded) + len(beyond)
    return Plan(
        added,
        _primaries(catalogue, added, there, locked),
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
    names = records.names(tx, [(one, ids.to_list()) for one, ids in _ends(catalogue, pairs)])
    for end in ("first", "second"):
        called = names.rename({"_id": end, "name": f"{end}_name"})
        pairs = pairs.join(called, on=end, how="left", maintain_order="left")
    return pairs


def _pass_on(tx: Tx, actor: Actor, catalogue: Catalogue, one: ObjectType, firsts: pl.Series, gone: pl.Series) -> None:
    """Gives the place of a primary company that goes to the one associated longest, if any is left."""
    locked = records.lock(tx, one, firsts.to_list(), [])
    lost = locked.filter(pl.col("_primary").is_in(gone)).select(first="_id", second="_primary")
    if lost.is_empty():
        return
    left = store.of_firsts(tx, lost["first"], store.COMPANY).filter(~pl.col("second").is_in(gone))
    heirs = lost.select("first").join(left.unique("first", keep="first", maintain_order=True), on="first", how="left")
    typed = lost.with_columns(first_type=pl.lit(one.number, pl.Int64), second_type=pl.lit(store.COMPANY, pl.Int64))
    store.remember_primary(tx, actor, named(tx, catalogue, typed))
    records.set_primary(tx, one, heirs["first"].to_list(), heirs["second"].to_list())
    store.mark_primary(tx, actor, heirs["first"].to_list(), heirs["second"].to_list())


def pair(one: ObjectType, id: int, other: ObjectType, other_id: int) -> pl.DataFrame:
    """As store.TYPED, in the order in which pairs are kept."""
    return pairs(one, other, pl.DataFrame({"first": [id], "second": [other_id]}))


def pairs(one: ObjectType, other: ObjectType, ends: pl.DataFrame) -> pl.DataFrame:
    """`first`, `second` of these types, as store.TYPED, in the order in which pairs are kept."""
    told = {"first": "first", "second": "second", "first_type": pl.lit(one.number), "second_type": pl.lit(other.number)}
    typed = frames.cast(ends.select_seq(**told), store.TYPED)
    return store.in_order(typed, one.number, other.number)


def lock_ends(tx: Tx, catalogue: Catalogue, pairs: pl.DataFrame) -> None:
    """Locks the records at both ends of these pairs (as store.TYPED), in the order that everybody keeps."""
    for one, ids in sorted(_ends(catalogue, pairs), key=lambda each: records.lock_order(each[0])):
        records.lock(tx, one, ids.sort().to_list(), [])


def _ends(catalogue: Catalogue, pairs: pl.DataFrame) -> list[tuple[ObjectType, pl.Series]]:
    """The records at both ends of these pairs (as store.TYPED), type by type, each once."""
    every = pl.concat([pairs.select_seq(id=end, type=f"{end}_type") for end in ("first", "second")])
    return [
        (catalogue.by_number(some["type"][0]), some["id"].unique() if len(some) > 1 else some["id"])
        for some in every.partition_by("type")
    ]


def is_first(one: ObjectType, other: ObjectType) -> bool:
    """Whether records of `one` can be the first end of a pair with `other`."""
    return store.is_first(one.number, other.number)


def resolved(
    links: Links, keys: Mapping[str, pl.DataFrame], locked: Mapping[str, pl.DataFrame]
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Both ends as record ids, null where the end was not written or lives no more; and, as LOST, the latter."""
    frame = links.frame.with_row_index("_place")
    if Links.ROW in frame.columns:
        frame = frame.with_columns(_place=Links.ROW)
    found = []
    for end, one in (("first", links.first), ("second", links.second)):
        alive = locked[one.name].filter(_LIVES)["_id"]
        id = pl.col(f"{end}_id")
        # A number below zero is a record that a rehearsal would have made.
        there: pl.Expr = pl.when(id.is_in(alive.implode()) | (id < 0)).then(id)
        own = keys.get(one.name)
        if own is not None and len(own):
            named = own.select(pl.col("_key").alias(f"{end}_key"), pl.col("_id").alias(f"{end}_own"))
            frame = frame.join(named, on=f"{end}_key", how="left", maintain_order="left")
            there = pl.coalesce(f"{end}_own", there)
        found += [there.alias(end), pl.lit(one.number, pl.Int64).alias(f"{end}_type")]
    frame = frame.with_columns_seq(found)
    gone = [pl.col(f"{end}_key").is_null() & pl.col(end).is_null() for end in ("first", "second")]
    lost = frame.filter(pl.any_horizontal(gone))
    told = {"type": pl.lit("FAILED_TO_CREATE_ASSOCIATION"), "value": pl.lit(None, pl.String)}
    if len(lost):
        lost = lost.select(row=pl.col("_place").cast(pl.Int64), object_type=pl.lit(links.first.name), **told)
    pairs = frame.select_seq(_AS_PAIR)
    return pairs, lost if len(lost) else _NONE_LOST


def _there(tx: Tx, pairs: pl.DataFrame, locked: Mapping[str, pl.DataFrame], coming: pl.DataFrame) -> pl.DataFrame:
    """As _THERE: the pairs that exist already, of records that existed before, and all companies of those records.

    Nearly always the company that a file names is the record's primary one, and need not be looked up.
    """
    known = pl.concat([_NONE_KNOWN, *(frame[list(_KNOWN)] for frame in locked.values())])
    met = pairs.join(known, left_on="first", right_on="_id")
    if met.is_empty():
        return _NONE_THERE
    primary = met.filter(_IS_PRIMARY)
    old = met.filter(~_IS_PRIMARY) if len(primary) else met
    to_companies = old.filter(_TO_COMPANY)
    firsts = to_companies["first"]
    companies = store.of_firsts(tx, firsts.unique() if len(firsts) > 1 else firsts, store.COMPANY)
    others = store.among(tx, old.filter(~_TO_COMPANY) if len(to_companies) < len(old) else old.clear())
    there = [
        (primary, pl.lit(True)),
        (companies, pl.lit(True)),
        (others, pl.lit(False)),
        (coming.join(old, on="first", how="semi") if len(coming) else coming, _TO_COMPANY),
    ]
    found = [frame.select_seq("first", "second", to_company=told) for frame, told in there if len(frame)]
    every = _together(_NONE_THERE, found)
    return every.unique() if len(found) > 1 else every


def _together(nothing: pl.DataFrame, frames: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """All of these frames as one."""
    some = [frame for frame in frames if len(frame)]
    return pl.concat(some) if len(some) > 1 else some[0] if some else nothing


def _outcomes(added: pl.DataFrame, unchanged: pl.DataFrame, failed: int) -> pl.DataFrame:
    told = [(added, "created"), (unchanged, "unchanged")]
    done = [frame.select_seq("first", "second", outcome=pl.lit(outcome)) for frame, outcome in told if len(frame)]
    none = {"first": [None] * failed, "second": [None] * failed, "outcome": ["failed"] * failed}
    return _together(_NO_OUTCOMES, [*done, pl.DataFrame(none, schema=OUTCOME)] if failed else done)


def _primaries(
    catalogue: Catalogue, added: pl.DataFrame, there: pl.DataFrame, locked: Mapping[str, pl.DataFrame]
) -> dict[str, pl.DataFrame]:
    """For each record that had no company and now gets some, the first of them."""
    firsts = added.filter(_TO_COMPANY)
    firsts = firsts.filter(pl.col("first").is_first_distinct()) if len(firsts) > 1 else firsts
    if len(firsts) and len(there):
        firsts = firsts.filter(~pl.col("first").is_in(there.filter("to_company")["first"].implode()))
    if firsts.is_empty():
        return {}
    found = {}
    for number in firsts["first_type"].unique().to_list():
        one = catalogue.by_number(number)
        if not one.has_primary_company:
            continue
        before = locked.get(one.name, pl.DataFrame(schema={"_id": pl.Int64})).select("_id", exists=pl.lit(True))
        found[one.name] = (
            firsts.filter(pl.col("first_type") == number)
            .select(_id="first", company="second")
            .join(before, on="_id", how="left", maintain_order="left")
            .with_columns(pl.col("exists").fill_null(False))
        )
    return found
