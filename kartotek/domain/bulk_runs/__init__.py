"""One thing done to many records: edit, associate, archive, put on a list, and take that back.

Which records they are is settled at the moment when it is asked for: those that are ticked, or all that the filters
find just then and the actor may see. What comes to fit later stays out; what no longer fits stays in, as somebody has
seen it and decided. A page's worth is done at once, more in parts by a worker. A part is one transaction, with a number
of statements that does not depend on its records, and says in the end what became of each; the first part that says
nothing yet is the next. So a worker may be killed at any moment, and nothing is done twice or left out.

The rights that count are those that the person has when a part is done. A record that they do not reach is passed over
and told of; it never stops the others.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import asdict
from functools import partial
from typing import Any

import polars as pl

from kartotek import errors
from kartotek.domain import Database, Tx, access, catalogue, filters, jobs, people, restoring
from kartotek.domain.bulk_runs import archivals, edits, links, listings, undos
from kartotek.model import bulk_runs as model
from kartotek.model.bulk_runs import Archive, Associate, BulkRun, Chosen, Delist, Edit, Enlist, Fate, TakeBack, Task
from kartotek.model.object_types import ObjectType
from kartotek.model.people import SYSTEM, Actor
from kartotek.model.records import Source
from kartotek.store import bulk_runs as store
from kartotek.store import extracts
from kartotek.store import records as rows

# So many are done while the person waits: what one page can tick.
AT_ONCE = 100
# Records of a part, for a task that writes one thing to each.
PART = 10_000
# So long can a run be taken back, as a deleted record can.
DAYS = restoring.DAYS
_LISTED = 20
_KINDS = {Edit: edits, Associate: links, Archive: archivals, Enlist: listings, Delist: listings, TakeBack: undos}


def ask(tx: Tx, actor: Actor, object_type: ObjectType, task: Task, chosen: Chosen) -> BulkRun:
    """Does it now, or puts it in line for a worker; refuses what could be done to none of them."""
    access.require(actor, "view", object_type)
    ids = settled(tx, actor, object_type, chosen)
    if ids.is_empty():
        raise errors.Invalid(f"There are no such {object_type.label_plural.lower()} any more. Choose them again.")
    return over(tx, actor, object_type, task, ids)


def over(tx: Tx, actor: Actor, object_type: ObjectType, task: Task, ids: pl.Series) -> BulkRun:
    """The same over records that somebody has settled: their ids, each once."""
    _check(tx, actor, object_type, task, len(ids))
    undoes = task.run if isinstance(task, TakeBack) else None
    row = {"kind": task.kind, "object_type": object_type.number, "person": actor.person, "rows": len(ids)}
    made = tx.query("bulk_runs.begin", {**row, "what": asdict(task), "undoes": undoes})
    if not made:
        raise errors.Conflict("This has been taken back already, or is being taken back just now.")
    id = int(made[0]["id"])
    store.add_parts(tx, id, ids.sort(), _part(task))
    if len(ids) <= AT_ONCE:
        while _next(tx, id):
            pass
    else:
        jobs.enqueue(tx, "bulk", {"id": id})
    return _find(tx, id=id)[0]


def undo(tx: Tx, actor: Actor, id: int) -> BulkRun:
    """Takes a run back, in the records that it changed and that nobody has changed since in the same respect."""
    run = get(tx, actor, id)
    if run.finished is None:
        raise errors.Conflict("This goes on still. Wait for it, or stop it first.")
    if run.summed:
        raise errors.Conflict(f"This is more than {DAYS} days ago, so it cannot be taken back as a whole any more.")
    object_type = catalogue.load(tx).object_type(run.object_type)
    ids = store.changed(tx, id)
    if ids.is_empty():
        raise errors.Invalid("Nothing was changed, so there is nothing to take back.")
    return over(tx, actor, object_type, TakeBack(id), ids)


def cancel(tx: Tx, actor: Actor, id: int) -> None:
    """It stops before its next part; what was done stays."""
    get(tx, actor, id)
    tx.call("bulk_runs.cancel", {"id": id})


def get(tx: Tx, actor: Actor, id: int) -> BulkRun:
    """One's own; those who run the place see everybody's."""
    found = _find(tx, id=id)
    if not found or not (found[0].person == actor.person or actor.rights.settings):
        raise errors.NotFound(f"There is no bulk change with the number {id}.")
    access.require(actor, "view", catalogue.load(tx).object_type(found[0].object_type))
    return found[0]


def find(tx: Tx, actor: Actor, limit: int = 50) -> list[BulkRun]:
    """The newest ones, of objects that the actor may see; as `get` says, whose."""
    found = _find(tx, person=None if actor.rights.settings else actor.person, limit=limit)
    return [one for one in found if access.may(actor, "view", one.object_type)]


def running(tx: Tx, actor: Actor) -> tuple[int, int] | None:
    """The number of one of one's own that is under way, and its percent."""
    for row in tx.query("bulk_runs.running", {"person": actor.person}):
        return row["id"], row["done"] * 100 // row["rows"] if row["rows"] else 100
    return None


def refused(tx: Tx, id: int, why: Fate) -> list[int]:
    """The first records to which a run was not done for this reason."""
    return [row["record"] for row in tx.query("bulk_runs.refused", {"id": id, "why": why.value, "limit": _LISTED})]


def may_undo(run: BulkRun) -> bool:
    """Whether what it did can be taken back by another run."""
    is_ended = run.finished is not None and not run.summed and run.undone is None
    return isinstance(run.task, undos.UNDONE) and is_ended and run.changed > 0


def purge(tx: Tx) -> None:
    """Of runs that ended so long ago that they are not taken back any more, the counts stay and the records go."""
    tx.call("bulk_runs.sum_up", {"days": DAYS})


# ---------------------------------------------------------------- for the one who does it


def work(database: Database, id: int, tell: Callable[[], object]) -> None:
    """Part by part, each in a transaction of its own, until nothing is left. Safe beside another worker."""
    jobs.part_by_part(database, partial(_next, id=id), tell, partial(give_up, database, id))


def give_up(database: Database, id: int, why: str) -> None:
    """What was done so far stays."""
    with database.transaction() as tx:
        tx.call("bulk_runs.finish", {"id": id, "message": why})


def _next(tx: Tx, id: int) -> bool:
    """Does the next part; whether there may be more."""
    held = tx.query("bulk_runs.claim", {"id": id})
    if not held or held[0]["finished"] is not None:
        return False
    left = [] if held[0]["cancelled"] else tx.query("bulk_runs.next", {"id": id})
    if not left:
        tx.call("bulk_runs.finish", {"id": id, "message": None})
        return False
    actor = _acting(tx, held[0]["person"], id)
    object_type = catalogue.load(tx).by_number(held[0]["object_type"])
    task = model.task(held[0]["kind"], held[0]["what"])
    ids = pl.Series("_id", left[0]["records"], pl.Int64)
    try:
        told = _KINDS[type(task)].do(tx, actor, object_type, task, ids)
    except (errors.NotAllowed, errors.NotFound):
        # Somebody gave one of them away before it was locked. Now they are, and it is passed over.
        told = _KINDS[type(task)].do(tx, actor, object_type, task, ids)
    letters = ids.to_frame().join(told.fates, on="_id", how="left", maintain_order="left")["fate"]
    counts = Counter(letters.to_list()) + told.notes
    done = {"outcomes": letters.str.join("").item(), "counts": dict(counts)}
    tx.call("bulk_runs.done", {"id": id, "part": left[0]["part"], **done})
    return True


def _acting(tx: Tx, person: int | None, id: int) -> Actor:
    """Whoever asked for it, as they may now. What they do so is theirs, as if by hand, and known by its number."""
    if person is None:
        return SYSTEM.acting_for(Source.JOB, id)
    asked = people.get(tx, person)
    if asked.archived:
        raise errors.NotAllowed(f"{asked.name} is not here any more, so nobody goes on with this.")
    return people.actor_of(asked).acting_for(Source.USER, id)


def settled(tx: Tx, actor: Actor, object_type: ObjectType, chosen: Chosen) -> pl.Series:
    """Which records they are at this moment."""
    if chosen.ids is not None:
        return pl.Series("_id", sorted({id for id in chosen.ids if 0 < id <= rows.LAST_ID}), pl.Int64)
    query = filters.read(tx, actor, object_type, chosen.query)
    return extracts.ids(tx, object_type, query, access.narrow(actor, "view", object_type.name))


def _check(tx: Tx, actor: Actor, object_type: ObjectType, task: Task, count: int) -> None:
    _KINDS[type(task)].check(tx, actor, object_type, task, count)


def _part(task: Task) -> int:
    if isinstance(task, Associate):
        return max(1, PART // len(task.others))
    return undos.PART if isinstance(task, TakeBack) else PART


def _find(tx: Tx, *, id: int | None = None, person: int | None = None, limit: int = 1) -> list[BulkRun]:
    return [_run(row) for row in tx.query("bulk_runs.find", {"id": id, "person": person, "limit": limit})]


def _run(row: dict[str, Any]) -> BulkRun:
    told = {name: value for name, value in row.items() if name not in ("kind", "what")}
    return BulkRun(task=model.task(row["kind"], row["what"]), **told)
