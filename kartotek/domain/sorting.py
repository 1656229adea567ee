"""Sorting large tables: the first time that somebody sorts one by a property, a worker makes the index for it."""

from kartotek.domain import Database, Tx, catalogue, jobs
from kartotek.model.object_types import ObjectType
from kartotek.store import sorting as store

LARGE = store.LARGE


def wish(tx: Tx, object_type: ObjectType, name: str) -> None:
    """Asks for the index, unless it is there; the next page is read along it."""
    prop = object_type.properties[name]
    if not store.is_sorted(tx, prop):
        jobs.enqueue(tx, "index", {"id": prop.id})


def build(database: Database, property_id: int) -> None:
    """Makes the index of the property with this number; one that is gone needs none."""
    with database.transaction() as tx:
        known = catalogue.load(tx)
    for object_type in known.object_types.values():
        for prop in object_type.properties.values():
            if prop.id == property_id:
                store.build(database, object_type, prop)
