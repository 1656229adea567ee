"""Purging: what was archived so long ago that it cannot come back goes for good, with its values and what they were.

What it was associated with stays in history, under the name that it had; so does what became part of another record,
whose history that is. Any number of workers may purge at the same time.
"""

from kartotek.domain import Tx, catalogue, lists, restoring
from kartotek.store import archivals as store
from kartotek.store.database import Database

# So many at a time, so that nobody waits for long.
_PART = 5_000


def purge(database: Database) -> int:
    """How many records went; deleted lists go, too."""
    gone = 0
    with database.transaction() as tx:
        lists.purge(tx)
    while True:
        with database.transaction() as tx:
            some = _some(tx)
        if not some:
            return gone
        gone += some


def _some(tx: Tx) -> int:
    for one in catalogue.load(tx).object_types.values():
        if some := store.purge(tx, one, restoring.DAYS, _PART):
            return some
    return 0
