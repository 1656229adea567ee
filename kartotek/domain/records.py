"""Records: write, find, read, archive. One is a batch of one."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC
from typing import Any

import polars as pl

from kartotek import errors
from kartotek.domain import (
    Tx,
    access,
    activities,
    catalogue,
    counting,
    decisions,
    domains,
    filters,
    foresight,
    identifiers,
    linking,
    properties,
    reach,
    sorting,
    writing,
)
from kartotek.model.catalogue import Catalogue
from kartotek.model.filters import Query
from kartotek.model.object_types import ObjectType
from kartotek.model.people import Actor
from kartotek.model.properties import Property
from kartotek.model.records import Batch, Changes, Links, Record, Source, Written
from kartotek.store import merges, presence, search
from kartotek.store import records as store
from kartotek.values import TYPES, Reading

rehearse = foresight.rehearse
Rehearsal = foresight.Rehearsal
Foresight = foresight.Foresight
glimpse = foresight.glimpse
Decision = decisions.Decision
Living = presence.Living
Delivery = writing.Delivery
decide, pack, deliver, keep_free = writing.decide, writing.pack, writing.deliver, writing.keep_free
is_as_foreseen, follows = writing.is_as_foreseen, writing.follows

_KEY = 1
_MERGED = 100_000  # so many merged records are compared with what a file names


@dataclass(frozen=True, slots=True)
class Page:
    records: list[Record]
    total: int
    exact: bool  # whether the total was counted, or is the statistics' guess


def write(tx: Tx, actor: Actor, batch: Batch, spared: Collection[int] = ()) -> Written:
    """Writes all of it that can be written, and what follows of it; what cannot comes back as problems.

    `spared`: records that a new activity is not to be associated with, though the rules say so.
    """
    decision = writing.decide(tx, actor, batch)
    writing.deliver(tx, writing.pack(actor, decision, tx.now))
    domains.follow(tx, decision)
    activities.follow(tx, actor, decision, spared)
    writing.keep_free(tx, actor, decision)
    return decision.written()


def get(tx: Tx, actor: Actor, object_type: ObjectType, id: int) -> Record:
    """With all the properties that are kept of it; an archived one too."""
    found = many(tx, actor, object_type, [id])
    if not found:
        raise reach.missing(object_type, id)
    return found[0]


def whole(tx: Tx, actor: Actor, object_type: ObjectType, id: int) -> Record:
    """As `get`, with what is counted of its associations, too."""
    found = counting.filled(tx, actor, object_type, [get(tx, actor, object_type, id)], object_type.properties)
    return found[0]


def many(
    tx: Tx, actor: Actor, object_type: ObjectType, ids: Sequence[int], names: Sequence[str] | None = None
) -> list[Record]:
    """In the order of the ids; those that are not there, or not to be seen, are left out. `names`: None for all."""
    access.require(actor, "view", object_type)
    seen = reach.seen(tx, actor, object_type, ids)
    found = _read(tx, object_type, [id for id in ids if id in seen], names)
    return counting.filled(tx, actor, object_type, found, names) if names else found


def find(tx: Tx, actor: Actor, object_type: ObjectType, query: Query, names: Sequence[str]) -> Page:
    """One page of the records that fit, with these properties."""
    access.require(actor, "view", object_type)
    counting.refuse(object_type, query.sort)
    read = filters.read(tx, actor, object_type, query)
    found = search.find(tx, object_type, read, access.narrow(actor, "view", object_type.name))
    if read.sort is not None and found.total >= sorting.LARGE:
        sorting.wish(tx, object_type, read.sort)
    shown = dict.fromkeys([*names, *object_type.naming])
    return Page(many(tx, actor, object_type, found.ids, list(shown)), found.total, found.exact)


def create(
    tx: Tx,
    actor: Actor,
    object_type: ObjectType,
    texts: Mapping[str, str | None],
    associated: Sequence[tuple[ObjectType, int]] = (),
    spared: Collection[int] = (),
) -> Record:
    """One record from texts as people type them, associated with these; all of it, or an error that says why.

    `spared`: as of `write`.
    """
    known = catalogue.load(tx)
    given = {name: text for name, text in texts.items() if text is not None and text.strip()}
    given = _kept(actor, object_type, given)
    frame = typed(tx, known, object_type, given).with_columns(_id=pl.lit(None, pl.Int64))
    ends = [
        Links(
            object_type, other,
            pl.DataFrame({"first_id": [None], "first_key": [_KEY], "second_id": [id], "second_key": [None]},
                         schema=dict.fromkeys(("first_id", "first_key", "second_id", "second_key"), pl.Int64)),
        )
        for other, id in associated
    ]  # fmt: skip
    written = write(tx, actor, Batch((Changes(object_type, frame, clear=True),), tuple(ends)), spared)
    _all_or_nothing(tx, actor, object_type, written.problems, texts)
    if len(written.links.filter(pl.col("outcome") == "failed")):
        raise errors.Conflict("The record to associate with is not there any more, so nothing was created.")
    return _read(tx, object_type, [int(written.outcomes[object_type.name]["_id"][0])])[0]


def update(tx: Tx, actor: Actor, object_type: ObjectType, id: int, texts: Mapping[str, str | None]) -> Record:
    """Sets these properties of one record from texts as people type them; an empty text empties the property."""
    known = catalogue.load(tx)
    require_reach(tx, actor, "edit", object_type, [id])
    frame = typed(tx, known, object_type, texts).with_columns(_id=pl.lit(id, pl.Int64))
    written = write(tx, actor, Batch((Changes(object_type, frame, clear=True),)))
    _all_or_nothing(tx, actor, object_type, written.problems, texts)
    return _read(tx, object_type, [id])[0]  # which may just have been given away


def archive(tx: Tx, actor: Actor, object_type: ObjectType, ids: Sequence[int]) -> int:
    """Takes records out of sight: their associations end, their addresses are free again. How many there were."""
    require_reach(tx, actor, "delete", object_type, ids)
    if len(ids) > 1:
        access.require_bulk_delete(actor)
    booked = actor.acting_for(Source.DELETION, actor.source_id)
    presence.archive_alone(tx, object_type)
    rows = store.lock(tx, object_type, sorted(ids), identifiers.identifying(object_type)).filter(~pl.col("_archived"))
    living = rows["_id"].to_list()
    linking.end_all(tx, booked, catalogue.load(tx), object_type, living)
    identifiers.release(tx, identifiers.wanted(object_type, rows.with_columns(_key=pl.col("_id"))))
    return store.archive(tx, booked, object_type, living)


def holders(tx: Tx, object_type: ObjectType, prop: Property, values: pl.Series) -> pl.DataFrame:
    """Which records of the type these addresses or unique values (canonical texts) belong to: `value`, `record`."""
    return identifiers.matching(tx, object_type, prop, values)


def living(tx: Tx, object_type: ObjectType, ids: pl.Series) -> pl.Series:
    """Those of the ids that are records of this type and not archived."""
    return store.living(tx, object_type, ids.drop_nulls().unique(), None)


def meant(tx: Tx, actor: Actor, object_type: ObjectType, ids: pl.Series) -> pl.DataFrame:
    """`asked`, `id`: of these ids the living records of this type; of a merged one, what it has become part of.

    Not those that the actor's own run has made: who wrote the ids down before it began meant none of them.
    """
    asked = ids.drop_nulls().unique()
    alive = store.living(tx, object_type, asked, actor)
    moved = merges.survivors(tx, object_type, asked.filter(~asked.is_in(alive.implode())))
    moved = moved.filter(pl.col("id").is_in(living(tx, object_type, moved["id"]).implode()))
    return pl.concat([pl.DataFrame({"asked": alive, "id": alive}), moved])


def merged(tx: Tx, object_type: ObjectType) -> pl.Series | None:
    """All records that were merged and what they are part of; None when those are too many to tell."""
    return merges.met(tx, object_type, _MERGED)


require_reach = reach.require


def _read(tx: Tx, object_type: ObjectType, ids: Sequence[int], names: Sequence[str] | None = None) -> list[Record]:
    props = [object_type.properties[name] for name in (object_type.properties if names is None else names)]
    return [_record(object_type, row) for row in store.read(tx, object_type, ids, props)]


def _kept(actor: Actor, object_type: ObjectType, given: dict[str, str]) -> dict[str, str]:
    """Who sees only what is theirs keeps what they make, unless they give it away."""
    if access.narrow(actor, "view", object_type.name).reach == "all" or actor.person is None:
        return given
    return {name: str(actor.person) for name in (reach.OWNER,) if name in object_type.properties} | given


def typed(tx: Tx, known: Catalogue, object_type: ObjectType, texts: Mapping[str, str | None]) -> pl.DataFrame:
    """A frame of one row; the first text that cannot be read is an error that says so."""
    how = Reading(dates="DMY")
    props = [known.property(object_type, name) for name in texts]
    raw = pl.DataFrame({"_key": [_KEY], **{name: [text] for name, text in texts.items()}},
                       schema={"_key": pl.Int64, **dict.fromkeys(texts, pl.String)})  # fmt: skip
    readings = [properties.reading(tx, known, object_type, prop, how) for prop in props]
    pairs_of = list(zip(props, readings, strict=True))
    wrong = raw.select(TYPES[prop.kind].wrong(pl.col(prop.name), r).alias(prop.name) for prop, r in pairs_of).to_dicts()
    for prop in props:
        if wrong and wrong[0][prop.name]:
            raise errors.Unfit(prop.name, properties.sentence(prop, wrong[0][prop.name], texts[prop.name]))
    return raw.select("_key", *(TYPES[prop.kind].read(pl.col(prop.name), r).alias(prop.name) for prop, r in pairs_of))


def _all_or_nothing(
    tx: Tx, actor: Actor, object_type: ObjectType, problems: pl.DataFrame, texts: Mapping[str, str | None]
) -> None:
    for problem in problems.to_dicts():
        if problem["type"] == "INVALID_RECORD_ID":
            raise errors.NotFound(f"This {object_type.singular.replace('_', ' ')} is not there any more.")
        name = problem["property"]
        group = next((g for g in object_type.needs if g[0] == name), (name,))
        if problem["type"] == "MISSING_REQUIRED_PROPERTY" and len(group) > 1:
            labels = [object_type.properties[one].label for one in group]
            raise errors.Invalid(f"At least one of {', '.join(labels)} is needed: fill one in.")
        prop = object_type.properties[name]
        sentence = properties.sentence(prop, problem["type"], problem["value"] or texts.get(name))
        twin = problem["type"] == "DUPLICATE_UNIQUE_PROPERTY_VALUE"
        raise errors.Unfit(
            name, sentence, holder=_holder(tx, actor, prop, object_type, problem["value"]) if twin else None
        )


def _holder(
    tx: Tx, actor: Actor, prop: Property, object_type: ObjectType, value: str | None
) -> tuple[str, int, str] | None:
    """Whose value this is already, where the actor may see them."""
    found = identifiers.matching(tx, object_type, prop, pl.Series("value", [value], pl.String))
    named = many(tx, actor, object_type, found["record"].to_list(), object_type.display)
    return (object_type.name, named[0].id, named[0].name) if named else None


def _record(object_type: ObjectType, row: Mapping[str, Any]) -> Record:
    return Record(
        object_type,
        row["_id"],
        values={name: value for name, value in row.items() if not name.startswith("_")},
        created=row["_created"].astimezone(UTC),
        updated=row["_updated"].astimezone(UTC),
        archived=row["_archived"].astimezone(UTC) if row["_archived"] else None,
        primary=row["_primary"],
        source=Source(row["_source"]),
        source_id=row["_source_id"],
        person=row["_actor"],
    )
