"""Merging: two records of one object become one (records-and-associations.md 12.5).

The one that was opened keeps its number, and its values win; what it leaves empty the other fills. The other's
addresses and domains become further ones, its associations, labels, lists and histories move over, and its
number leads to the survivor from then on. Nobody can take that back, so it is shown first, and done under locks in one
transaction.

Associations end on one record and are made on the other by the way that all are made, so that each rule about them
holds: a line item has one deal at any time, a contact with companies has a primary one.
"""

from collections import Counter
from collections.abc import Mapping, Sequence

import polars as pl

from kartotek import errors
from kartotek.domain import Tx, bounds, catalogue, identifiers, linking, records, returning, writing
from kartotek.model.catalogue import Catalogue
from kartotek.model.merges import Line, Merge
from kartotek.model.object_types import ObjectType
from kartotek.model.people import Actor
from kartotek.model.properties import Property
from kartotek.model.records import Batch, Links, Record, Source
from kartotek.store import association_dates as dates
from kartotek.store import associations as store
from kartotek.store import bulk, merges, presence, tables
from kartotek.store import records as rows

MOST = 250  # records in one (records-and-associations.md 12.5)
TRACE = "hs_merged_object_ids"
_FURTHEST = "lifecyclestage"

Values = Mapping[str, str | None]


def preview(tx: Tx, actor: Actor, object_type: ObjectType, id: int, other_id: int) -> Merge:
    """What the two would become; nothing is written."""
    kept, gone = _both(tx, actor, object_type, id, other_id)
    known = catalogue.load(tx)
    after = _values(object_type, kept.values, gone.values, gone.id)
    lines = [
        Line(
            prop, kept.values.get(name), gone.values.get(name), after[name] if name in after else kept.values.get(name)
        )
        for name, prop in object_type.properties.items()
        if _counts(prop) and name != TRACE and (kept.values.get(name) or gone.values.get(name) or after.get(name))
    ]
    room = _room(tx, known, kept, gone)
    numbers = dict(_others(room.pairs, kept.id).group_by("other_type").len().rows())
    carried = [(one, numbers[one.number]) for one in known.object_types.values() if one.number in numbers]
    lists = tx.query("merges.lists", {"record": gone.id, "survivor": kept.id})[0]["n"]
    return Merge(kept, gone, tuple(lines), tuple(carried), int(lists), _left(known, room, kept.id))


def merge(tx: Tx, actor: Actor, object_type: ObjectType, id: int, other_id: int) -> Record:
    """The other becomes part of this one; gives it as it is then."""
    known = catalogue.load(tx)
    _lock(tx, known, object_type, id, other_id)
    kept, gone = _both(tx, actor, object_type, id, other_id)
    booked = actor.acting_for(Source.MERGE, gone.id)
    pairs = store.all_of(tx, [gone.id])
    labels = store.labels_among(tx, pairs.select("first", "second")).drop_nulls("type")
    said = dates.among(tx, pairs)
    marked = _end(tx, booked, known, object_type, gone, pairs)
    _archive(tx, booked, object_type, gone)
    _write_values(tx, booked, object_type, kept, gone)
    _link(tx, booked, known, kept, gone, pairs, labels)
    _date(tx, booked, known, kept, gone, said.join(pairs, on=["first", "second"]))
    _mark(tx, booked, known, kept, marked)
    tx.call("merges.carry_lists", {"record": gone.id, "survivor": kept.id})
    tx.call("merges.carry_pins", {"record": gone.id, "survivor": kept.id})
    tx.call(
        "merges.add",
        {"record": gone.id, "object_type": object_type.number, "survivor": kept.id, "actor": actor.person},
    )
    return records.get(tx, actor, object_type, kept.id)


def survivor(tx: Tx, id: int) -> int | None:
    """The record that this one became part of."""
    found = tx.query("merges.survivor", {"record": id})
    return int(found[0]["survivor"]) if found else None


def _lock(tx: Tx, known: Catalogue, object_type: ObjectType, id: int, other_id: int) -> None:
    """Both, and all that the one that goes is associated with, in the order that everybody keeps."""
    pairs = store.all_of(tx, [other_id])
    bounds.hold(tx, returning.holds(known, pairs.select("first_type", "second_type").unique().rows()))
    presence.archive_alone(tx, object_type)
    ends = {object_type.number: {id, other_id}}
    for end in ("first", "second"):
        for number, one in pairs.select(f"{end}_type", end).rows():
            ends.setdefault(number, set()).add(one)
    for one in sorted(map(known.by_number, ends), key=rows.lock_order):
        rows.lock(tx, one, sorted(ends[one.number]), [])


def _both(tx: Tx, actor: Actor, object_type: ObjectType, id: int, other_id: int) -> tuple[Record, Record]:
    if id == other_id:
        raise errors.Invalid("A record cannot be merged with itself. Choose another one.")
    records.require_reach(tx, actor, "edit", object_type, [id, other_id])
    kept, gone = (records.get(tx, actor, object_type, one) for one in (id, other_id))
    for one in (kept, gone):
        if one.archived and survivor(tx, one.id):
            raise errors.Conflict(f"{one.name} has become part of another record meanwhile. Open that one.")
        if one.archived:
            raise errors.Conflict(f"{one.name} is archived, so it cannot be merged. Restore it first.")
    both = {"records": [id, other_id]}
    if tx.query("merges.family", both)[0]["related"]:
        raise errors.Invalid("A company that is a parent or a child of another cannot be merged: end that first.")
    if tx.query("merges.count", both)[0]["n"] + 1 > MOST:
        raise errors.Invalid(f"These two hold {MOST} merged records already, which is as many as one may.")
    return kept, gone


def _counts(prop: Property) -> bool:
    return tables.fact(prop) is None and (not prop.read_only or prop.name == TRACE)


def _values(object_type: ObjectType, kept: Values, gone: Values, gone_id: int) -> dict[str, str | None]:
    """What changes in the one that is kept."""
    after = {
        name: gone.get(name)
        for name, prop in object_type.properties.items()
        if _counts(prop) and not kept.get(name) and gone.get(name)
    }
    for further, main in identifiers.FURTHER.items():
        if {further, main} <= object_type.properties.keys():
            first = kept.get(main) or gone.get(main)
            every = [*_split(kept.get(further)), gone.get(main), *_split(gone.get(further))]
            after[further] = ";".join(dict.fromkeys(one for one in every if one and one != first)) or None
    if TRACE in object_type.properties:
        ids = [*_split(kept.get(TRACE)), *_split(gone.get(TRACE)), str(gone_id)]
        after[TRACE] = ";".join(dict.fromkeys(ids))
    if object_type.properties.get(_FURTHEST) and kept.get(_FURTHEST) and gone.get(_FURTHEST):
        order = [option.value for option in object_type.properties[_FURTHEST].options]
        after[_FURTHEST] = max(kept[_FURTHEST], gone[_FURTHEST], key=lambda v: order.index(v) if v in order else -1)
    return {name: value for name, value in after.items() if value != (kept.get(name) or None)}


def _split(text: str | None) -> list[str]:
    return text.split(";") if text else []


def _room(tx: Tx, known: Catalogue, kept: Record, gone: Record) -> returning.Room:
    """What of the associations of the one that goes is new to the one that stays, and whether it may have it."""
    pairs, mine = store.all_of(tx, [gone.id]), store.all_of(tx, [kept.id])
    moving = pairs.filter((pl.col("first") != kept.id) & (pl.col("second") != kept.id))
    labels = store.labels_among(tx, moving).drop_nulls("type").join(pairs, on=["first", "second"])
    new = _on(known, moving, kept, gone).join(mine, on=["first", "second"], how="anti", maintain_order="left")
    set_already = store.labels_among(tx, mine).drop_nulls("type")
    told = _on(known, labels, kept, gone).join(set_already, on=list(store.LABEL), how="anti", maintain_order="left")
    return returning.room(tx, known, new, told, leaving=pairs)


def _on(known: Catalogue, pairs: pl.DataFrame, kept: Record, gone: Record) -> pl.DataFrame:
    """The same of the one that stays."""
    moved = pairs.with_columns(pl.col("first", "second").replace(gone.id, kept.id))
    found = store.ordered(moved)
    if "type" not in found.columns:
        return found
    # Between records of one object the ends change places, and then a paired label is the other of its two.
    turned = [
        type if stays else known.turned(type)
        for type, stays in zip(found["type"], found["first"] == moved["first"], strict=True)
    ]
    return found.with_columns(type=pl.Series(turned, dtype=pl.Int64))


def _left(known: Catalogue, room: returning.Room, id: int) -> tuple[tuple[ObjectType, str | None, int], ...]:
    called = {one.id: one.label for one in known.association_types}
    crowded = _others(room.crowded, id)["other_type"].value_counts(sort=True).rows()
    seen = Counter(
        (other, type if first == id else known.turned(type))
        for (_, other), first, type in zip(
            _others(room.unlabelled, id).rows(), room.unlabelled["first"], room.unlabelled["type"], strict=True
        )
    )
    labels = ((known.by_number(other), called[type], n) for (other, type), n in sorted(seen.items()))
    return *((known.by_number(number), None, n) for number, n in crowded), *labels


def _others(pairs: pl.DataFrame, id: int) -> pl.DataFrame:
    is_first = pl.col("first") == id
    return pairs.select(
        other=pl.when(is_first).then("second").otherwise("first"),
        other_type=pl.when(is_first).then("second_type").otherwise("first_type"),
    )


def _end(
    tx: Tx, actor: Actor, known: Catalogue, object_type: ObjectType, gone: Record, pairs: pl.DataFrame
) -> pl.DataFrame:
    """Ends all associations of the one that goes; gives whose primary company it was: `first`, `first_type`."""
    marked = [pl.DataFrame(schema={"first": pl.Int64, "first_type": pl.Int64})]
    if gone.primary is not None:
        own = pairs.filter((pl.col("first") == gone.id) & (pl.col("second") == gone.primary))
        store.remember_primary(tx, actor, linking.named(tx, known, own))
        rows.set_primary(tx, object_type, [gone.id], [None])
    for (number,), some in pairs.filter(pl.col("second") == gone.id).group_by("first_type"):
        one = known.by_number(int(str(number)))
        if object_type.number != store.COMPANY or not one.has_primary_company:
            continue
        held = rows.lock(tx, one, some["first"].sort(), []).filter(pl.col("_primary") == gone.id)
        mine = some.join(held.select(first="_id"), on="first", how="semi")
        store.remember_primary(tx, actor, linking.named(tx, known, mine))
        rows.set_primary(tx, one, mine["first"].to_list(), [None] * len(mine))
        marked.append(mine.select("first", "first_type"))
    store.remove(tx, actor, linking.named(tx, known, pairs))
    return pl.concat(marked)


def _archive(tx: Tx, actor: Actor, object_type: ObjectType, gone: Record) -> None:
    identifiers.release(tx, identifiers.wanted(object_type, _row(gone, gone.values)))
    rows.archive(tx, actor, object_type, [gone.id])


def _write_values(tx: Tx, actor: Actor, object_type: ObjectType, kept: Record, gone: Record) -> None:
    after = _values(object_type, kept.values, gone.values, gone.id)
    merges.make_older(tx, object_type, kept.id, gone.created)
    if not after:
        return
    before = {name: kept.values.get(name) for name in after}
    old = pl.DataFrame([before], schema=dict.fromkeys(before, pl.String))
    said = old.select(record=pl.lit(kept.id, pl.Int64), old=pl.struct(pl.all()).struct.json_encode())
    bulk.send(tx, rows.memories(actor, said))
    frame = pl.DataFrame([after], schema=dict.fromkeys(after, pl.String)).with_columns(_id=pl.lit(kept.id, pl.Int64))
    rows.update(tx, object_type, frame, [object_type.properties[name] for name in after])
    held, wanted = (
        identifiers.wanted(object_type, _row(kept, values)) for values in (kept.values, {**kept.values, **after})
    )
    key = ["property", "value"]
    identifiers.release(tx, held.join(wanted, on=key, how="anti"))
    bulk.send(tx, identifiers.pack(wanted.join(held, on=key, how="anti").unique(key, maintain_order=True)))


def _row(record: Record, values: Values) -> pl.DataFrame:
    names = [prop.name for prop in identifiers.identifying(record.object_type)]
    texts = pl.DataFrame([{name: values.get(name) for name in names}], schema=dict.fromkeys(names, pl.String))
    number = pl.lit(record.id, pl.Int64)
    return texts.with_columns(_key=number, _id=number)


def _link(
    tx: Tx, actor: Actor, known: Catalogue, kept: Record, gone: Record, pairs: pl.DataFrame, labels: pl.DataFrame
) -> None:
    """Makes on the survivor what the other had, its primary company first: where there was none, that one is it."""
    parts = []
    first = pl.col("second") == (gone.primary or 0)
    moving = pairs.filter((pl.col("first") != kept.id) & (pl.col("second") != kept.id)).sort(first, descending=True)
    for (one, other), some in moving.group_by("first_type", "second_type", maintain_order=True):
        mine = labels.join(some, on=["first", "second"], how="semi")
        ends = known.by_number(int(str(one))), known.by_number(int(str(other)))
        told = _turned(mine, kept, gone).with_columns(mine["type"]) if len(mine) else None
        parts.append(Links(*ends, _turned(some, kept, gone), told))
    if parts:
        writing.write(tx, actor, Batch(links=tuple(parts)))


def _date(tx: Tx, actor: Actor, known: Catalogue, kept: Record, gone: Record, said: pl.DataFrame) -> None:
    """From when until when they hold, where nothing is said of the survivor's own."""
    moved = store.ordered(said.with_columns(pl.col("first", "second").replace(gone.id, kept.id)))
    moved = moved.filter(pl.col("first") != pl.col("second"))
    new = moved.join(dates.among(tx, moved), on=["first", "second"], how="anti")
    dates.say(tx, actor, linking.named(tx, known, new))


def _turned(pairs: pl.DataFrame, kept: Record, gone: Record) -> pl.DataFrame:
    nobody = pl.lit(None, pl.Int64)
    ends = [pl.col(end).replace(gone.id, kept.id).alias(f"{end}_id") for end in ("first", "second")]
    return pairs.select(*ends).with_columns(first_key=nobody, second_key=nobody)


def _mark(tx: Tx, actor: Actor, known: Catalogue, kept: Record, marked: pl.DataFrame) -> None:
    """Whose primary company became part of another, has that one for it."""
    for (number,), some in marked.group_by("first_type"):
        one = known.by_number(int(str(number)))
        without = rows.lock(tx, one, some["first"].sort(), []).filter(pl.col("_primary").is_null())["_id"].to_list()
        companies: Sequence[int] = [kept.id] * len(without)
        rows.set_primary(tx, one, without, companies)
        store.mark_primary(tx, actor, without, companies)
