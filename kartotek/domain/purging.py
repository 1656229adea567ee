"""Purging: what was archived so long ago that it cannot come back goes for good, with its values and what they were.

What it was associated with stays in history, under the name that it had; so does what became part of another record,
whose history that is. Any number of workers may purge at the same time. The words that records were found by go last,
once for all that went, however many, and part by part of the directory.
"""

from functools import partial

from kartotek.domain import Tx, bulk_runs, catalogue, lists, restoring
from kartotek.model.object_types import ObjectType
from kartotek.store import archivals as store
from kartotek.store import words
from kartotek.store.database import Database

# So many at a time, so that nobody waits for long.
_PART = 5_000


def purge(database: Database) -> int:
    """How many records went; deleted lists go, too, and what bulk changes were about."""
    gone = 0
    with database.transaction() as tx:
        lists.purge(tx)
        bulk_runs.purge(tx)
        types = list(catalogue.load(tx).object_types.values())
    for one in types:
        if some := _purge(database, one):
            _sweep(database, one)
            gone += some
    return gone


def _purge(database: Database, one: ObjectType) -> int:
    gone = 0
    while True:
        with database.transaction() as tx:
            some = store.purge(tx, one, restoring.DAYS, _PART)
        if not some:
            return gone
        gone += some


def _sweep(database: Database, one: ObjectType) -> None:
    """Upwards: parts that are put together meanwhile stand in the place of the newest, which comes later."""
    part: int | None = 0
    while part is not None:
        part = database.retried(partial(_sweep_next, one, part))


def _sweep_next(one: ObjectType, after: int, tx: Tx) -> int | None:
    words.hold(tx)
    part = words.next_part(tx, one, after)
    if part is not None:
        words.sweep(tx, one, part)
    return part
