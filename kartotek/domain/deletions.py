"""Deleting the records that an import created: asked for with a look at the consequences, done in batches by a job.

What it updated stays as it is (imports.md 12.10); taking back an import as a whole is the matter of undoing.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from kartotek import errors
from kartotek.domain import Database, Tx, access, catalogue, imports, jobs, people, records
from kartotek.model.deletions import Deletion
from kartotek.model.imports import ENDED
from kartotek.model.object_types import ObjectType
from kartotek.model.people import Actor
from kartotek.store import deletions as store

BATCH = 10_000


@dataclass(frozen=True, slots=True)
class Consequence:
    """How many records of a type go, and how many associations end with them."""

    object_type: ObjectType
    records: int
    associations: int


def consequences(tx: Tx, actor: Actor, import_id: int) -> list[Consequence]:
    """By object type; refused where the actor may not delete all records of one, or while the import runs."""
    _require(tx, actor, import_id)
    found = [
        (one, count) for one in catalogue.load(tx).object_types.values() if (count := store.count(tx, one, import_id))
    ]
    for one, _ in found:
        _require_all(actor, one)
    return [Consequence(one, count, store.associations(tx, one, import_id)) for one, count in found]


def ask(tx: Tx, actor: Actor, import_id: int) -> None:
    """Puts it in line for a worker."""
    going = sum(one.records for one in consequences(tx, actor, import_id))
    if not going:
        raise errors.Invalid("None of the records that this import created is there any more.")
    tx.call("deletions.ask", {"import": import_id, "person": actor.person, "records": going})
    jobs.enqueue(tx, "deletion", {"id": import_id})


def get(tx: Tx, actor: Actor, import_id: int) -> Deletion | None:
    access.require_import(actor, ())
    rows = tx.query("deletions.get", {"import": import_id})
    return Deletion(**rows[0]) if rows else None


def work(database: Database, import_id: int, tell: Callable[[], object], size: int = BATCH) -> None:
    """Batch by batch, each in a transaction of its own, until nothing is left. Safe beside another worker."""
    try:
        while database.retried(partial(_batch, import_id, size)):
            tell()
    except (errors.NotAllowed, errors.NotFound) as error:
        with database.transaction() as tx:
            tx.call("deletions.finish", {"import": import_id, "message": error.sentence})


def _batch(import_id: int, size: int, tx: Tx) -> bool:
    """Whether there may be more."""
    rows = tx.query("deletions.claim", {"import": import_id})
    if not rows or rows[0]["finished"] is not None:
        return False
    actor = people.actor_of(people.get(tx, tx.query("deletions.get", {"import": import_id})[0]["person"]))
    for one in catalogue.load(tx).object_types.values():
        if ids := store.some(tx, one, import_id, size):
            _require_all(actor, one)
            tx.call("deletions.advance", {"import": import_id, "archived": records.archive(tx, actor, one, ids)})
            return True
    tx.call("deletions.finish", {"import": import_id, "message": None})
    return False


def _require(tx: Tx, actor: Actor, import_id: int) -> None:
    if imports.get(tx, actor, import_id).state not in ENDED:
        raise errors.Conflict("This import has not ended. Wait for it, or cancel it first.")


def _require_all(actor: Actor, object_type: ObjectType) -> None:
    if actor.rights.reach("delete", object_type.name) != "all":
        raise errors.NotAllowed(
            f"{actor.name} may not delete all {object_type.label_plural.lower()}. "
            "An administrator can do it, or give you another role."
        )
