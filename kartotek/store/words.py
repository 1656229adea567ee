"""The directory of words that records are found by (docs/decisions/search.md).

The problem: an index kept up row by row costs an import more than the records themselves. The idea: whoever writes
records leaves the words of all of them as one sorted part, in stretches of some hundred words, and nobody ever changes
it. So a batch of 50,000 costs some thousand rows. What records say now is not the directory's to know: it is asked for
candidates, and the records themselves tell (search/finding.py). So a part may hold words that a record had once, and
an update only adds to them. A worker puts many small parts together to a large one; and of many records that were
written at once, it reads the words, so that an import is not held up by them.
"""

from collections.abc import Iterable, Sequence

import polars as pl
from psycopg import sql

from kartotek.model.object_types import ObjectType
from kartotek.model.properties import Property
from kartotek.store import bulk, jobs, tables, word_parts
from kartotek.store.database import Tx

# Parts of about one size are put together when there are so many; no part grows beyond so many words.
MANY, LARGEST = 8, 4_000_000
JOB, LOCK = "words", "words 0"
CATCHING_UP = "catching up"
# Who looks, and finds so many parts of a type, asks for a worker to put them together.
SCATTERED = 80
_READ_AT_ONCE = 50_000
_SMALL = 5_000  # records that are read while somebody waits
_PAIR = {"word": pl.String, "_id": pl.Int64}


def follow(tx: Tx, object_type: ObjectType, ids: pl.Series, changed: Sequence[Property]) -> None:
    """After these properties of the records have changed."""
    if {prop.name for prop in changed} & {prop.name for prop in word_parts.searched(object_type)}:
        add(tx, object_type, ids)


def add(tx: Tx, object_type: ObjectType, ids: pl.Series) -> None:
    """The words of these records as they are."""
    if len(ids) > word_parts.AT_ONCE:
        word_parts.send(tx, word_parts.Due.of(object_type, ids))
    else:
        _add(tx, object_type, ids)


def catch_up(tx: Tx, object_types: Iterable[ObjectType], *, after: float) -> bool:
    """Writes the words of records that were written together so many seconds ago; whether there were any. After
    hold_reading."""
    due = tx.query("words.next_due", {"seconds": after})
    if not due:
        return False
    one = next((one for one in object_types if one.number == due[0]["object_type"]), None)
    if one is not None:
        runs = pl.DataFrame(
            {"first": due[0]["firsts"], "end": due[0]["ends"]}, schema=dict.fromkeys(("first", "end"), pl.Int64)
        )
        _add(tx, one, runs.select(pl.int_ranges("first", "end").explode()).to_series())
    return True


def hold_reading(tx: Tx) -> None:
    """Nobody else reads words that are due, or takes words out, before the transaction ends: what is read could be just
    what they take out."""
    tx.query("words.hold_reading")


def is_behind(tx: Tx, *, after: float = 0) -> bool:
    """Whether words have been due for so many seconds, and this transaction may put a job in line."""
    return bool(tx.query("words.is_behind", {"seconds": after}))


def catch_up_later(tx: Tx, *, after: float) -> None:
    """In the line of jobs that somebody waits for: an import is in the other."""
    if is_behind(tx, after=after):
        # One after the other: two that found no job in line would both put one there, and the second would fail.
        tx.query("words.hold_line")
        jobs.defer_next(tx, CATCHING_UP, "catching up 0", {"id": 0}, jobs.QUICK)


def _add(tx: Tx, object_type: ObjectType, ids: pl.Series) -> None:
    for some in ids.to_frame("_id").iter_slices(_READ_AT_ONCE):
        made = word_parts.of_records(tx, object_type, some["_id"])
        if made.size:
            word_parts.send(tx, made)


def known(tx: Tx, object_types: Iterable[ObjectType]) -> list[ObjectType]:
    """Those of which the directory holds every record, by all that it is searched by now."""
    found = {row["object_type"]: set(row["properties"]) for row in tx.query("words.known")}
    wanted = ((one, {prop.name for prop in word_parts.searched(one)}) for one in object_types)
    return [one for one, names in wanted if one.number in found and names <= found[one.number]]


def ready(tx: Tx, object_types: Sequence[ObjectType]) -> list[ObjectType]:
    """The same, after it has been filled with what there is: at once where that is little, else by a worker."""
    there = known(tx, object_types)
    return there + [one for one in object_types if one not in there and _filled(tx, one)]


def _filled(tx: Tx, object_type: ObjectType) -> bool:
    if tx.value("SELECT current_setting('transaction_read_only')") == "on":
        return False
    few = tx.rows(_FEW.format(table=tables.table(object_type), most=sql.Literal(_SMALL + 1)))
    if len(few) > _SMALL:
        tidy_later(tx)
        return False
    fill(tx, object_type, [row["_id"] for row in few])
    note_known(tx, object_type)
    return True


def fill(tx: Tx, object_type: ObjectType, ids: Sequence[int]) -> None:
    _add(tx, object_type, pl.Series(ids, dtype=pl.Int64))


def some_after(tx: Tx, object_type: ObjectType, id: int) -> list[int]:
    """The ids of records behind this one, archived ones too, in their order."""
    statement = _SOME.format(table=tables.table(object_type), limit=sql.Literal(_READ_AT_ONCE))
    return [row["_id"] for row in tx.rows(statement, [id])]


def note_known(tx: Tx, object_type: ObjectType) -> None:
    names = [prop.name for prop in word_parts.searched(object_type)]
    tx.call("words.note_known", {"object_type": object_type.number, "properties": names})


def forget_known(tx: Tx, object_type: ObjectType) -> None:
    """Its records may say other words than the directory holds: they are all read again."""
    tx.call("words.forget_known", {"object_type": object_type.number})


def forget(tx: Tx, object_type: ObjectType, ids: Sequence[int]) -> None:
    """Takes all words of these records out of the directory, those that they had once too."""
    hold(tx)
    _forget(tx, object_type, ids, None)


def next_part(tx: Tx, object_type: ObjectType, after: int) -> int | None:
    """The part of this type with the next higher number."""
    found = tx.query("words.next_part", {"object_type": object_type.number, "after": after})[0]["part"]
    return None if found is None else int(found)


def sweep(tx: Tx, object_type: ObjectType, part: int) -> None:
    """Takes the words of records that are not there any more out of a part."""
    strays = tx.value(_STRAYS.format(table=tables.table(object_type)), [part])
    if strays:
        _forget(tx, object_type, strays, part)


def _forget(tx: Tx, object_type: ObjectType, ids: Sequence[int], part: int | None) -> None:
    tx.call("words.forget", {"object_type": object_type.number, "ids": list(ids), "part": part})


def tidy_later(tx: Tx) -> None:
    jobs.defer(tx, JOB, LOCK, {"id": 0})


def hold(tx: Tx) -> None:
    """Nobody else takes words out, puts parts together or reads those that are due before the transaction ends: they
    would keep, or bring, what is being taken out."""
    hold_reading(tx)
    hold_parts(tx)


def hold_parts(tx: Tx) -> None:
    """The same without those that are due: who puts parts together need not wait for them."""
    tx.query("words.hold")


def to_merge(tx: Tx) -> list[list[int]]:
    """Groups of parts that are to be put together."""
    found = tx.query("words.to_merge", {"many": MANY, "largest": LARGEST})
    return [list(row["parts"]) for row in found]


def merge(tx: Tx, parts: Sequence[int]) -> None:
    """Makes one of these parts, in whose place it stands: as new as the newest of them."""
    if len(parts) < 2:
        return
    head = tx.query("words.head", {"part": parts[0]})[0]
    frame = bulk.fetch(tx, _PAIRS_OF, _PAIR, {"parts": list(parts)})
    tx.call("words.remove", {"parts": list(parts)})
    word_parts.send(tx, word_parts.made(int(head["object_type"]), max(parts), frame.unique()))


_PAIRS_OF = sql.SQL(
    "SELECT coalesce(u.word, w.last), u.record FROM kartotek.words AS w "
    "CROSS JOIN LATERAL unnest(w.words, w.records) AS u(word, record) WHERE w.part = ANY(%(parts)s::bigint[])"
)


_FEW = sql.SQL("SELECT _id FROM {table} LIMIT {most}")
_STRAYS = sql.SQL("""
SELECT array_agg(DISTINCT u.record) FROM kartotek.words AS w CROSS JOIN LATERAL unnest(w.records) AS u(record)
 WHERE w.part = %s AND NOT EXISTS (SELECT FROM {table} AS r WHERE r._id = u.record)
""")
_SOME = sql.SQL("SELECT _id FROM {table} WHERE _id > %s ORDER BY _id LIMIT {limit}")
