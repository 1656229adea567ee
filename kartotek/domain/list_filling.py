"""Lists that are filled with all that another list, or an import, has just then: at once, or many by a worker.

It is a bulk change as any other: it is followed on a page, and a worker that is killed leaves nothing out.
"""

import polars as pl

from kartotek.domain import Tx, access, bulk_runs, imports, lists
from kartotek.model.bulk_runs import BulkRun, Chosen, Enlist
from kartotek.model.filters import Query
from kartotek.model.object_types import ObjectType
from kartotek.model.people import Actor
from kartotek.store import lists as store


def from_import(
    tx: Tx, actor: Actor, object_type: ObjectType, name: str, import_id: int, which: str
) -> tuple[int, BulkRun | None]:
    """A list of the records that an import created, updated, wrote ("written") or met ("all"); gives its id."""
    imports.get(tx, actor, import_id)
    access.require(actor, "view", object_type)
    ids = store.met_by(tx, object_type, import_id, lists.LETTERS[which])
    id = lists.create(tx, actor, object_type, name, import_id)
    return id, put(tx, actor, object_type, id, ids)


def on(tx: Tx, actor: Actor, object_type: ObjectType, id: int) -> pl.Series:
    """Those that are on a list now, as far as the actor sees them."""
    return bulk_runs.settled(tx, actor, object_type, Chosen(Query(on_list=id)))


def put(tx: Tx, actor: Actor, object_type: ObjectType, id: int, ids: pl.Series) -> BulkRun | None:
    """On a static list; None where there are none to put."""
    if ids.is_empty():
        return None
    return bulk_runs.over(tx, actor, object_type, Enlist(id, lists.uncounted(tx, actor, id).name), ids)
