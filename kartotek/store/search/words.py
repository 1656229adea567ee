"""What the search box of a page finds: records of one type that say each of its words, or longer ones that begin so.

The directory of words tells which records may be meant, and they say themselves whether they are. Where those are too
many to be named, the records in their order soon fill a page; and the newest of many are found among their newest.
"""

from dataclasses import dataclass, replace

from psycopg import sql

from kartotek.model.object_types import ObjectType
from kartotek.store import tables
from kartotek.store import words as directory
from kartotek.store.database import Tx
from kartotek.store.search import finding

# So many are counted as they are asked, which costs more than to find them.
COUNTED = 10_000
# Those that may be meant are named by their ids up to here: along these a page is found, wherever they lie.
_ONE_WORD = finding.Bounds(words=150_000, candidates=150_000)
_SEVERAL_WORDS = finding.Bounds(words=300_000, candidates=150_000)
# Of words that are frequent each and rare together, and of one that none of the newest has: of the rarest all.
_RARE_TOGETHER = finding.Bounds(words=4_000_000, candidates=150_000)
_WALKED, _A_PAGE = 8_000, 50
# Of the newest that had the words, so many say them still.
_STILL = 0.5
_AMONG_LAST = sql.SQL(
    "SELECT 1 AS one FROM (SELECT * FROM {table} ORDER BY _id DESC LIMIT {few}) AS last WHERE {says} LIMIT {most}"
)


@dataclass(frozen=True, slots=True)
class Sought:
    """Conditions on a row. `many`: how many fit, where they are too many to be counted one by one, else nothing;
    `newest`: what the newest of those fit, which is enough for pages among these."""

    where: sql.Composable
    many: int = 0
    newest: sql.Composable | None = None


def sought(tx: Tx, object_type: ObjectType, text: str, soon: int) -> Sought:
    """Each word begins one of what names a record or reaches it. `soon`: how many of the newest are wanted, if only
    these are."""
    known = directory.ready(tx, [object_type])
    for some in finding.readings(text):
        says = finding.says(object_type, some)
        if not known:
            return Sought(says)
        found = _having(tx, object_type, some, says, soon)
        if found and found.every is None and found.newest is None:
            return Sought(says, max(found.many, COUNTED))
        if found:
            return _among(found, says, soon)
    return Sought(sql.SQL("false"))


def _having(
    tx: Tx, object_type: ObjectType, some: tuple[str, ...], says: sql.Composable, soon: int
) -> finding.Having | None:
    def having(bounds: finding.Bounds) -> finding.Having | None:
        most = finding.ASKED if soon else bounds.candidates
        return finding.having(tx, object_type, some, replace(bounds, candidates=most), int(soon / _STILL))

    found = having(_ONE_WORD if len(some) == 1 else _SEVERAL_WORDS)
    if found and found.newest is None and not _is_frequent(tx, object_type, says):
        return having(_RARE_TOGETHER)
    return found


def _among(found: finding.Having, says: sql.Composable, soon: int) -> Sought:
    both = sql.SQL("({} AND {})")
    every = says if found.every is None else both.format(found.every, says)
    if found.many <= COUNTED or not found.all_read:
        return Sought(every)
    newest = both.format(found.newest, says) if soon and found.newest else None
    return Sought(every, found.many, newest)


def _is_frequent(tx: Tx, object_type: ObjectType, says: sql.Composable) -> bool:
    """Whether those written last hold so many that say this that to go through the records soon fills a page.

    Words that are frequent each may be rare together, and numbers that begin alike lie side by side: then that would
    take seconds for a million records."""
    asked = {
        "table": tables.table(object_type),
        "says": says,
        "few": sql.Literal(_WALKED),
        "most": sql.Literal(_A_PAGE),
    }
    return len(tx.rows(_AMONG_LAST.format(**asked))) == _A_PAGE
