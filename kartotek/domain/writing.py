"""Writes a batch: any number of new and existing records of several types, and the links between them.

The order matters. First everything that the batch touches is locked, then read, and only what is read after that
decides: old values, who holds an address, whether the other end of a link still lives, which company is primary.
A batch that was decided ahead (foresight.py) is locked and read the same; if anything is not as it was foreseen, it is
decided again. New rows never pass through a staging table: they get their ids in one block and go by COPY straight to
where they stay, primary company included, so the database sees each of them once.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import polars as pl

from kartotek.domain import Tx, blocking, bounds, catalogue, claims, deciding, identifiers, labelling, linking
from kartotek.domain.comparing import OLD
from kartotek.domain.decisions import Decision, Work
from kartotek.domain.sights import Asked, There
from kartotek.model.object_types import ObjectType
from kartotek.model.people import Actor
from kartotek.model.properties import Property
from kartotek.model.records import Batch, Changes, Source, Written
from kartotek.store import bulk, presence, word_parts
from kartotek.store import catalogue as stored
from kartotek.store import records as store
from kartotek.values import frames

_NO_PAIRS, _NO_LABELS = pl.DataFrame(schema=linking.PAIR), pl.DataFrame(schema=linking.LABEL)


class Present:
    """Sees the records locked, as they are; nobody else changes or archives them before the transaction ends."""

    def look(self, tx: Tx, asked: Sequence[Asked]) -> list[There]:
        return _locked(tx, asked)

    def reserve(self, tx: Tx, count: int) -> int:
        return store.reserve_ids(tx, count)

    def memory(self) -> claims.Memory | None:
        return None

    def pairs(self) -> pl.DataFrame:
        return _NO_PAIRS

    def labels(self) -> pl.DataFrame:
        return _NO_LABELS


@dataclass(frozen=True, slots=True)
class _Update:
    object_type: ObjectType
    rows: pl.DataFrame
    properties: list[Property]
    before: bulk.Parcel


@dataclass(frozen=True, slots=True)
class Delivery:
    """A decision, put into the words in which the database takes it."""

    decision: Decision
    inserts: tuple[bulk.Parcel, ...]
    updates: tuple[_Update, ...]
    freed: pl.DataFrame
    pairs: bulk.Parcel
    claims: bulk.Parcel
    labels: bulk.Parcel
    words: tuple[word_parts.Part | word_parts.Due, ...]

    def encode(self) -> "Delivery":
        """All of it now, rather than while it is sent."""
        for parcel in (
            *self.inserts,
            *(update.before for update in self.updates),
            self.pairs,
            self.claims,
            self.labels,
        ):
            parcel.encode()
        for part in self.words:
            part.encode()
        return self


def write(tx: Tx, actor: Actor, batch: Batch) -> Written:
    """Writes all of it that can be written; what cannot comes back as problems."""
    decision = decide(tx, actor, batch)
    deliver(tx, pack(actor, decision, tx.now))
    keep_free(tx, actor, decision)
    return decision.written()


def decide(tx: Tx, actor: Actor, batch: Batch) -> Decision:
    """Locks what the batch touches, and decides: the delivery must follow in the same transaction."""
    _keep_columns(tx, batch)
    _hold(tx, [changes.object_type for changes in batch.changes], bounds.holds(catalogue.load(tx), batch.links))
    return deciding.decide(tx, actor, batch, Present())


def pack(actor: Actor, decision: Decision, now: datetime) -> Delivery:
    works = decision.works
    asked = pl.concat([identifiers.none(), *(work.claims for work in works)])
    return Delivery(
        decision,
        tuple(_insert(actor, work, decision.links, now) for work in works if len(work.new)),
        tuple(_update(actor, work) for work in works if work.old["_changed"].any()),
        pl.concat([identifiers.none(), *(work.freed for work in works)]),
        linking.pack(actor, decision.links),
        identifiers.pack(asked),
        labelling.pack(actor, decision.links),
        tuple(part for work in works if (part := word_parts.of_new(work.object_type, work.new))),
    )


def is_as_foreseen(tx: Tx, decision: Decision, before: Decision | None, known: presence.Living) -> bool:
    """Locks what the batch writes; whether that, and all that it only looks at, is as when it was decided ahead.

    `before`: the batch ahead of it, that may not be written yet, but will be first; its new records cannot be seen.
    `known`: the same for all batches of an import.
    """
    _hold(tx, [work.object_type for work in decision.works], decision.links.holds)
    if catalogue.load(tx).version != decision.catalogue.version or _is_blocked(tx, decision):
        return False
    asked = [there.asked for there in decision.there]
    presence.keep_from_archiving(tx, [one.object_type for one in asked if len(one.ends)])
    coming = {} if before is None else {work.object_type.name: work.new["_id"] for work in before.works}
    if not all(_alive(tx, there, coming, known) for there in decision.there) or not _stands(tx, decision):
        return False
    links = decision.links
    return labelling.are_held(
        tx, links, linking.Plan().added if before is None else before.links.added
    ) and bounds.still_hold(tx, decision.catalogue, links.holds, links.added, links.labels)


def follows(decision: Decision, before: Decision) -> bool:
    """Whether the batch changes records that the one ahead of it makes or changes."""
    written = {work.object_type.name: work.keys()["_id"] for work in before.works}
    return any(
        there.asked.kept.is_in(written[name].implode()).any()
        for there in decision.there
        if (name := there.asked.object_type.name) in written
    )


def deliver(tx: Tx, what: Delivery) -> None:
    for parcel in what.inserts:
        bulk.send(tx, parcel)
    for part in what.words:
        word_parts.send(tx, part)
    for update in what.updates:
        bulk.send(tx, update.before)
        store.update(tx, update.object_type, update.rows, update.properties)
    identifiers.release(tx, what.freed)
    bulk.send(tx, what.pairs)
    bulk.send(tx, what.labels)
    linking.settle_primaries(tx, what.decision.catalogue, what.decision.links)
    # Last, and all of them in one order: who waits here for an address that another is taking holds up nobody else.
    bulk.send(tx, what.claims)


def keep_free(tx: Tx, actor: Actor, decision: Decision) -> None:
    """To be asked last: what the batch found to be nobody's, though several may hold it (domains), is its own only.

    People and imports look for a domain before they give it to a record, and so see each other, one after the other.
    Two that looked at the same time meet here, and the later one has to look again.
    """
    records: dict[str, list[pl.Series]] = {}
    found: list[tuple[int, str, pl.Series]] = []
    for work in decision.works:
        name = work.object_type.name
        records.setdefault(name, []).append(work.keys()["_id"])
        for (number,), some in _found_free(actor, work).group_by("property"):
            found.append((int(str(number)), name, some["value"]))
    for number, name, values in sorted(found, key=lambda one: one[0]):
        identifiers.keep_alone(tx, number, values, pl.concat(records[name]))


def _keep_columns(tx: Tx, batch: Batch) -> None:
    """What is people's own may become another kind while we wait for our turn."""
    own = [one.object_type for one in batch.changes if any(map(_is_own(one), one.frame.columns))]
    if own:
        stored.keep_columns(tx, own, catalogue.load(tx).version)


def _is_own(changes: Changes) -> Callable[[str], bool]:
    known = changes.object_type.properties
    return lambda name: name in known and known[name].tier == "custom"


def _hold(tx: Tx, written: Sequence[ObjectType], pairs: bounds.Holds) -> None:
    if any(one.name == "contacts" for one in written):
        blocking.hold(tx)
    bounds.hold(tx, pairs)


def _is_blocked(tx: Tx, decision: Decision) -> bool:
    """Whether an address that it brings in was erased for good since."""
    return any(len(blocking.among(tx, work.claims)) for work in decision.works if work.object_type.name == "contacts")


def _found_free(actor: Actor, work: Work) -> pl.DataFrame:
    shared = work.claims.filter(~pl.col("exclusive"))
    if actor.source is Source.USER or shared.is_empty():
        return shared
    if Changes.SOUGHT not in work.new.columns:
        return shared.clear()
    return shared.join(work.new.select_seq("_key", name=Changes.SOUGHT), on=["_key", "name"], how="semi")


def _locked(tx: Tx, asked: Sequence[Asked]) -> list[There]:
    presence.keep_from_archiving(tx, [one.object_type for one in asked if len(one.ends)])
    return [
        There(
            one,
            store.lock(tx, one.object_type, one.kept, one.properties),
            store.peek(tx, one.object_type, one.ends, ()),
        )
        for one in asked
    ]


def _stands(tx: Tx, decision: Decision) -> bool:
    """Whether all that was seen stands. What is to be written is locked. Of the rest, that may be nearly all, it is
    enough that nobody has written it by the moment when everything else is locked: were it looked at and written alone,
    the batch would come to the same just then. What somebody has written in the meantime is locked and read again."""
    if all(there.asked.kept.is_empty() for there in decision.there):
        return True
    unread = [there.kept.filter(pl.col("_version").is_null())["_id"] for there in decision.there]
    to_read = pl.concat([decision.touched().clear(), *unread])
    to_lock = pl.concat([decision.touched(), to_read]).unique()
    locked = to_lock.clear()
    while True:
        if not all(_held(tx, decision, there, to_lock, to_read) for there in decision.there):
            return False
        locked = pl.concat([locked, to_lock])
        free = ~pl.col("_id").is_in(locked.implode())
        rest = [(there, there.asked.kept.to_frame("_id").filter(free)["_id"]) for there in decision.there]
        newer = store.changed_since(tx, [(there.asked.object_type, ids, there.kept) for there, ids in rest])
        if newer is None or newer.is_empty():
            return newer is not None
        to_lock = to_read = newer


def _held(tx: Tx, decision: Decision, foreseen: There, to_lock: pl.Series, to_read: pl.Series) -> bool:
    """Locks these of the records; whether they are as foreseen. Those in `to_read` may be, though they have changed."""
    kept = foreseen.asked.kept
    newer = store.lock_changed(
        tx, foreseen.asked.object_type, kept.filter(kept.is_in(to_lock.implode())), foreseen.kept
    )
    return newer is not None and _same(tx, decision, foreseen, pl.concat([to_read, newer]))


def _same(tx: Tx, decision: Decision, foreseen: There, ids: pl.Series) -> bool:
    """Whether these of the records, that are locked, are as foreseen. Of those that the batch only associates, what
    they say does not matter."""
    mine = pl.col("_id").is_in(ids.implode())
    asked, before = foreseen.asked, foreseen.kept.filter(mine).sort("_id")
    now = store.peek(tx, asked.object_type, asked.kept.to_frame("_id").filter(mine)["_id"], asked.properties)
    told = [work.changes.frame["_id"] for work in decision.works if work.object_type == asked.object_type]
    said = pl.col("_id").is_in(pl.concat([ids.clear(), *told]).implode())
    now = now.sort("_id")
    return now.select_seq(*store.KNOWN).equals(before.select_seq(*store.KNOWN)) and now.filter(said).equals(
        before.filter(said).select_seq(now.columns)
    )


def _alive(tx: Tx, foreseen: There, coming: Mapping[str, pl.Series], known: presence.Living) -> bool:
    one, ends = foreseen.asked.object_type, foreseen.ends["_id"]
    new = ends.is_in(coming.get(one.name, pl.Series(dtype=pl.Int64)).implode())
    return known.are(tx, one, ends.filter(~new))


def _insert(actor: Actor, work: Work, links: linking.Plan, now: datetime) -> bulk.Parcel:
    primaries = links.primaries.get(work.object_type.name)
    rows = work.new.drop("_key")
    if primaries is not None:
        rows = frames.beside(rows, primaries.select_seq("_id", _primary="company"), on="_id")
    return store.parcel(actor, work.object_type, rows, now)


def _before(differs: Mapping[str, pl.Series]) -> pl.Expr:
    """What was, as a JSON object of those properties that differ in a row; those that do in every row in one go."""
    everywhere = [name for name, rows in differs.items() if rows.all()]
    somewhere = {name: rows for name, rows in differs.items() if name not in everywhere}
    whole = [_object(everywhere)] if everywhere else []
    if not somewhere:
        return whole[0]
    pieces = [*whole, *(pl.when(rows).then(_object([name])) for name, rows in somewhere.items())]
    inner = (piece.str.strip_prefix("{").str.strip_suffix("}") for piece in pieces)
    return pl.concat_str(pl.lit("{"), pl.concat_str(inner, separator=",", ignore_nulls=True), pl.lit("}"))


def _object(names: Sequence[str]) -> pl.Expr:
    return pl.struct(pl.col(OLD + name).alias(name) for name in names).struct.json_encode()


def _update(actor: Actor, work: Work) -> _Update:
    changed = work.old.filter("_changed")
    differs = {prop.name: changed[prop.name].ne_missing(changed[OLD + prop.name]) for prop in work.properties}
    moved = [prop for prop in work.properties if differs[prop.name].any()]
    old = changed.select_seq(record="_id", old=_before({prop.name: differs[prop.name] for prop in moved}))
    return _Update(
        work.object_type, changed.select_seq("_id", *(prop.name for prop in moved)), moved, store.memories(actor, old)
    )
