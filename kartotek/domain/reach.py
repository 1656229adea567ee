"""Which records an actor's rights reach: of many at once, by who owns them.

A record that may not be seen is not there: whoever asks for it by its number hears the same as for one that never was.
"""

from collections.abc import Sequence

import polars as pl

from kartotek import errors
from kartotek.domain import Tx, access, catalogue
from kartotek.model.object_types import ObjectType
from kartotek.model.people import Actor, Narrowing
from kartotek.model.properties import Property
from kartotek.model.records import Batch, Links
from kartotek.store import records as store

OWNER = "hubspot_owner_id"


def require(tx: Tx, actor: Actor, verb: str, object_type: ObjectType, ids: Sequence[int]) -> None:
    """Refuses unless the actor may do this to all of these records. Those that are not there are for others to miss."""
    access.require(actor, verb, object_type)
    narrowing = access.narrow(actor, verb, object_type.name)
    if narrowing.reach == "all":
        return
    out = _owned(tx, object_type, ids).filter(~_takes(narrowing))
    if out.is_empty():
        return
    hidden = out.filter(~_takes(access.narrow(actor, "view", object_type.name)))
    if len(hidden):
        raise missing(object_type, hidden["_id"][0])
    raise errors.NotAllowed(
        f"{actor.name} may {verb} only {_whose(narrowing)} {object_type.label_plural.lower()}. "
        "An administrator can give you another role."
    )


def require_batch(tx: Tx, actor: Actor, batch: Batch) -> None:
    """Refuses a batch that changes, or associates, records out of reach. Costs nothing where all are within."""
    for changes in batch.changes:
        if access.narrow(actor, "edit", changes.object_type.name).reach != "all":
            require(tx, actor, "edit", changes.object_type, changes.frame["_id"].drop_nulls().unique().to_list())
    for links in batch.links:
        reaches = {
            access.narrow(actor, verb, end.name).reach
            for verb in ("view", "edit")
            for end in (links.first, links.second)
        }
        if reaches != {"all"}:
            _require_ends(tx, actor, links)


def seen(tx: Tx, actor: Actor, object_type: ObjectType, ids: Sequence[int]) -> set[int]:
    """Those of these records that the actor may see, archived ones too: others are named by their number alone."""
    return _within(tx, actor, "view", object_type, ids)


def is_hidden(tx: Tx, actor: Actor, id: int) -> bool:
    """Whether there is a record with this id, of whichever type, that the actor may not see."""
    for one in catalogue.load(tx).object_types.values():
        narrowing = access.narrow(actor, "view", one.name)
        if narrowing.reach != "all" and len(_owned(tx, one, [id]).filter(~_takes(narrowing))):
            return True
    return False


def within(tx: Tx, actor: Actor, verb: str, object_type: ObjectType, ids: pl.Series) -> pl.Series:
    """Those of these records, in their order, to which the actor may do this."""
    narrowing = access.narrow(actor, verb, object_type.name)
    if narrowing.reach == "all":
        return ids
    if narrowing.reach == "none":
        return ids.clear()
    taken = _owned(tx, object_type, ids.to_list()).filter(_takes(narrowing))["_id"]
    return ids.filter(ids.is_in(taken.implode()))


def missing(object_type: ObjectType, id: int) -> errors.NotFound:
    return errors.NotFound(f"There is no {object_type.singular.replace('_', ' ')} with record id {id}.")


def owner(object_type: ObjectType) -> list[Property]:
    """The property by which rights reach a record, if the type has it."""
    return [prop] if (prop := object_type.properties.get(OWNER)) else []


def _require_ends(tx: Tx, actor: Actor, links: Links) -> None:
    """To edit either end, and to see the other (records-and-associations.md 15). What is new is its maker's to edit."""
    frames = [links.frame, *([] if links.labels is None else [links.labels])]
    ends = pl.concat([frame.select("first_id", "second_id") for frame in frames]).unique()
    first, second = (ends[column].drop_nulls().unique().to_list() for column in ends.columns)
    require(tx, actor, "view", links.first, first)
    require(tx, actor, "view", links.second, second)
    editable = _within(tx, actor, "edit", links.first, first) | _within(tx, actor, "edit", links.second, second)
    mine = pl.any_horizontal(pl.col("first_id", "second_id").is_in(list(editable)))
    if len(ends.drop_nulls().filter(~mine)):
        raise errors.NotAllowed(
            f"{actor.name} may edit neither of two records that were to be associated. "
            "An administrator can give you another role."
        )


def _within(tx: Tx, actor: Actor, verb: str, object_type: ObjectType, ids: Sequence[int]) -> set[int]:
    narrowing = access.narrow(actor, verb, object_type.name)
    if narrowing.reach == "none" or not ids:
        return set()
    if narrowing.reach == "all":
        return set(ids)
    return set(_owned(tx, object_type, ids).filter(_takes(narrowing))["_id"])


def _owned(tx: Tx, object_type: ObjectType, ids: Sequence[int]) -> pl.DataFrame:
    """Those of these records that are there, archived ones too: `_id` and OWNER."""
    rows = store.peek(tx, object_type, [id for id in ids if 0 < id <= store.LAST_ID], owner(object_type))
    return rows if OWNER in rows.columns else rows.with_columns(pl.lit(None, pl.String).alias(OWNER))


def _takes(narrowing: Narrowing) -> pl.Expr:
    """As Narrowing.takes, over a frame."""
    if narrowing.reach != "some":
        return pl.lit(narrowing.reach == "all")
    return pl.col(OWNER).is_in(list(map(str, narrowing.owners))).fill_null(narrowing.unassigned)


def _whose(narrowing: Narrowing) -> str:
    whose = "their own" if len(narrowing.owners) < 2 else "their team's"
    return f"{whose} and unassigned" if narrowing.unassigned else whose
