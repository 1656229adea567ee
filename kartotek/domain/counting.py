"""Properties that are counted over associated records: how many deals, when somebody was last contacted.

They are worked out for the records that are shown, from what there is at that moment and what its reader may see: two
people may be told different numbers, as on the cards of associations (docs/decisions/counted.md).
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

import polars as pl

from kartotek import errors
from kartotek.domain import Tx, access, catalogue
from kartotek.model.catalogue import Catalogue
from kartotek.model.object_types import ObjectType
from kartotek.model.people import Actor, Narrowing
from kartotek.model.records import Record
from kartotek.store import counted as store

_HOMES = ("contacts", "companies", "deals", "tickets")


def names(object_type: ObjectType) -> frozenset[str]:
    """The properties of this type that are counted when they are shown; nothing is filtered or sorted by them."""
    if object_type.name not in _HOMES:
        return frozenset()
    found = frozenset(store.FACTS).intersection(object_type.properties)
    # A deal is closed itself: nothing is counted over others for it.
    return found - {"days_to_close"} if object_type.name == "deals" else found


def filled(
    tx: Tx, actor: Actor, object_type: ObjectType, records: Sequence[Record], wanted: Collection[str]
) -> list[Record]:
    """The records with those of the wanted properties that are counted."""
    ids = pl.Series([record.id for record in records], dtype=pl.Int64)
    told: dict[int, dict[str, str | None]] = {record.id: {} for record in records}
    asked = names(object_type).intersection(wanted)
    blank = dict.fromkeys(asked)
    for frame in _counted(tx, actor, object_type, asked, ids):
        for row in frame.to_dicts():
            told[row.pop("id")].update(row)
    return [replace(record, values=record.values | blank | told[record.id]) for record in records]


def beside(tx: Tx, actor: Actor, object_type: ObjectType, frame: pl.DataFrame) -> pl.DataFrame:
    """`frame` (`_id` and properties) with those of its columns that are counted."""
    for told in _counted(tx, actor, object_type, names(object_type).intersection(frame.columns), frame["_id"]):
        mine = [name for name in told.columns if name != "id"]
        joined = frame.drop(mine).join(told, left_on="_id", right_on="id", how="left", maintain_order="left")
        frame = joined.select(frame.columns)
    return frame


def refuse(object_type: ObjectType, name: str | None) -> None:
    """Whoever filters or sorts by what is only counted when it is shown."""
    if name in names(object_type):
        label = object_type.properties[str(name)].label
        raise errors.Invalid(
            f"{label} is counted when it is shown, so nothing can be found or sorted by it. Filter by the associated "
            "records instead."
        )


def _counted(tx: Tx, actor: Actor, own: ObjectType, asked: Collection[str], ids: pl.Series) -> Iterator[pl.DataFrame]:
    """A frame for each kind of associated records: `id`, and the properties that are counted over it."""
    if not asked or ids.is_empty():
        return
    known = catalogue.load(tx)
    stages = _stages(known)
    for source in sorted({store.FACTS[name][0] for name in asked}):
        mine = sorted(name for name in asked if store.FACTS[name][0] == source)
        if others := list(_seen(actor, known, store.ACTIVITIES if source == "activities" else (source,))):
            yield store.over(tx, own, ids, mine, others, stages)


def _seen(actor: Actor, known: Catalogue, types: Sequence[str]) -> Iterator[tuple[ObjectType, Narrowing]]:
    for name in types:
        narrowing = access.narrow(actor, "view", name)
        if narrowing.reach != "none":
            yield known.object_types[name], narrowing


def _stages(known: Catalogue) -> dict[str, list[str]]:
    every = [stage for pipeline in known.pipelines.get("deals", ()) for stage in pipeline.stages]
    return {
        "won": [stage.id for stage in every if stage.probability == 1],
        "closed": [stage.id for stage in every if stage.closed or stage.probability in (0, 1)],
    }
