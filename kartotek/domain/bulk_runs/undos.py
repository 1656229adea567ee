"""Takes a run back: values as they were, records out of the archive, members off the list, associations (unlinking.py).

What somebody has changed since in the same respect stays as it is, and is told of.
"""

import polars as pl

from kartotek import errors
from kartotek.domain import Tx, access, catalogue, properties, records, restoring
from kartotek.domain.bulk_runs import edits, fates, listings, unlinking
from kartotek.domain.bulk_runs.fates import Told
from kartotek.model import bulk_runs as model
from kartotek.model.bulk_runs import Archive, Associate, Delist, Edit, Enlist, Fate, TakeBack, Task
from kartotek.model.catalogue import Catalogue
from kartotek.model.object_types import ObjectType
from kartotek.model.people import Actor
from kartotek.model.properties import Property
from kartotek.model.records import Batch, Changes, Source
from kartotek.store import archivals
from kartotek.store import bulk_runs as store
from kartotek.store import records as rows
from kartotek.values import TYPES, Reading

UNDONE = (Edit, Associate, Archive, Enlist, Delist)
# Restoring looks at all that the records were associated with, too.
PART = 1_000


def check(tx: Tx, actor: Actor, object_type: ObjectType, task: TakeBack, count: int) -> None:
    access.require(actor, "edit", object_type)
    former = _former(tx, task)
    if not isinstance(former, UNDONE):
        raise errors.Invalid("This cannot be taken back as a whole. Change the records themselves.")
    if isinstance(former, Edit):
        _written(catalogue.load(tx), object_type, former)


def do(tx: Tx, actor: Actor, object_type: ObjectType, task: TakeBack, ids: pl.Series) -> Told:
    match _former(tx, task):
        case Edit() as edit:
            return _put_back(tx, actor, object_type, task, edit, ids)
        case Associate() as former:
            return unlinking.do(tx, actor, object_type, task.run, former, ids)
        case Enlist(list, name):
            return listings.do(tx, actor, object_type, Delist(list, name), ids)
        case Delist(list, name):
            return listings.do(tx, actor, object_type, Enlist(list, name), ids)
    return _restore(tx, actor, object_type, task, ids)


def _former(tx: Tx, task: TakeBack) -> Task:
    row = tx.query("bulk_runs.claim", {"id": task.run})[0]
    return model.task(row["kind"], row["what"])


def _written(known: Catalogue, object_type: ObjectType, edit: Edit) -> list[Property]:
    if edit.property not in object_type.properties:
        raise errors.Conflict(f"“{edit.property}” is archived, so nothing can be put back into it. Restore it first.")
    return [object_type.properties[name] for name in edits.written_by(known, object_type, edit)]


def _put_back(tx: Tx, actor: Actor, object_type: ObjectType, task: TakeBack, edit: Edit, ids: pl.Series) -> Told:
    known = catalogue.load(tx)
    mine, barred = fates.within(tx, actor, "edit", object_type, ids)
    props = _written(known, object_type, edit)
    rows.lock(tx, object_type, mine.sort(), [])  # so that nobody changes them once they are looked at
    was = store.former(tx, task.run, mine, [prop.name for prop in props])
    columns = []
    for prop in props:
        how = properties.reading(tx, known, object_type, prop, Reading())
        text, value = pl.col(prop.name), TYPES[prop.kind].read(pl.col(prop.name), how)
        was = was.filter(text.is_null() | value.is_not_null())  # the property may hold something else by now
        columns += [
            value.alias(prop.name),
            (pl.col(f"_was_{prop.name}") & text.is_null()).alias(Changes.clears(prop.name)),
        ]
    frame = was.select("_id", pl.col("_id").alias("_key"), *columns)
    written = records.write(tx, actor, Batch((Changes(object_type, frame),)))
    return Told(fates.told(ids, barred, *edits.read(object_type, written), otherwise=Fate.SINCE))


def _restore(tx: Tx, actor: Actor, object_type: ObjectType, task: TakeBack, ids: pl.Series) -> Told:
    mine, barred = fates.within(tx, actor, "delete", object_type, ids)
    facts = archivals.facts(tx, object_type, mine.to_list(), restoring.DAYS)
    away = [row["id"] for row in facts if (row["source"], row["source_id"]) == (Source.DELETION, task.run)]
    free = restoring.free(tx, object_type, away)
    restoring.restore(tx, actor, object_type, free)
    back, gone = pl.Series("_id", free, pl.Int64), pl.Series("_id", away, pl.Int64)
    return Told(fates.told(ids, barred, fates.of(back, Fate.CHANGED), fates.of(gone, Fate.TAKEN), otherwise=Fate.SINCE))
