"""Which records are there, while nobody archives any: for whoever only associates others with tens of thousands of
them, and would have to lock each."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from threading import Lock

import polars as pl
from psycopg import sql

from kartotek.model.object_types import ObjectType
from kartotek.store import bulk, tables
from kartotek.store.database import Tx

# The advisory locks of object types, by their numbers. Who archives takes one of a type's lanes alone, so that an undo
# may archive in several transactions at once; who keeps from archiving shares all.
_LANES = (1263424326, 1263424390)
LANES = len(_LANES)
_SHARE = sql.SQL("SELECT {}").format(
    sql.SQL(", ").join(sql.SQL("pg_advisory_xact_lock_shared({}, %(type)s)").format(lane) for lane in _LANES)
)
_WORTH_REMEMBERING = 500  # records: fewer are looked at in the time that it takes to ask whether anybody has archived
_NOBODY = pl.Series(dtype=pl.Int64)


def keep_from_archiving(tx: Tx, object_types: Iterable[ObjectType]) -> None:
    """Nobody archives any of these before the transaction ends. To be asked before anything else is locked."""
    for number in sorted(one.number for one in object_types):
        tx.run(_SHARE, {"type": number})


def archive_alone(tx: Tx, object_type: ObjectType, lane: int = 0) -> None:
    """Waits until nobody has a type's records kept from archiving. To be asked before anything else is locked.

    `lane`: below LANES; others than the first are for transactions that an undo has beside that one.
    """
    tx.run("SELECT pg_advisory_xact_lock(%s, %s)", [_LANES[lane], object_type.number])
    # Behind the lock: who keeps records from being archived sees the number of the last one that has ended.
    tx.run("SELECT nextval('kartotek.archivings')")


def are_living(tx: Tx, object_type: ObjectType, ids: pl.Series) -> bool:
    """Whether all of these, each named once, are there and not archived."""
    if ids.is_empty():
        return True
    with bulk.by_keys(tx, len(ids)):
        count = sql.SQL("SELECT count(*) FROM {} WHERE _id = ANY(%s::bigint[]) AND _archived IS NULL")
        return bool(tx.value(count.format(tables.table(object_type)), [bulk.array(ids)]) == len(ids))


@dataclass(slots=True)
class Living:
    """Knows which records it has found there, as long as nobody has archived any: the rows of an import name the same
    companies in all its batches."""

    _archivings: int = -1
    _proven: dict[int, pl.Series] = field(default_factory=dict)  # by object type's number
    _lock: Lock = field(default_factory=Lock)

    def are(self, tx: Tx, object_type: ObjectType, ids: pl.Series) -> bool:
        """As `are_living`, after keep_from_archiving."""
        if len(ids) < _WORTH_REMEMBERING:
            return are_living(tx, object_type, ids)
        now = int(tx.value("SELECT last_value + is_called::integer FROM kartotek.archivings"))
        rest = ids.filter(~ids.is_in(self._known(now, object_type.number).implode()))
        if not are_living(tx, object_type, rest):
            return False
        self._add(now, object_type.number, rest)
        return True

    def _known(self, now: int, number: int) -> pl.Series:
        with self._lock:
            if now != self._archivings:
                self._archivings, self._proven = now, {}
            return self._proven.get(number, _NOBODY)

    def _add(self, now: int, number: int, ids: pl.Series) -> None:
        with self._lock:
            if now == self._archivings:
                self._proven[number] = pl.concat([self._proven.get(number, _NOBODY), ids])
