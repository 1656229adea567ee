"""The first pages of a large table in an order that no index knows yet: the first time that somebody sorts by it.

To work out a million keys, and to sort by them, takes a third of a second, though only the first of them are shown. So
a small sample is put in order first. What stands behind one of its first records cannot be on the page, and of a text
one or two letters as they are written mostly say that: to compare those costs a twentieth of a key, which is left for
the few that come near. The page is the whole order's own: where fewer than a page stand before that record, nothing was
gained, and all are sorted.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise, takewhile
from unicodedata import normalize

from psycopg import sql

from kartotek.store.database import Tx
from kartotek.store.search import depths

# Below so many records all keys are soon worked out.
LARGE = 50_000
# So many records are looked at first. Of a page of twice the length, as many as are among them stand before the bound,
# and some more, as a sample of few may be off.
_SAMPLED, _TWICE, _MORE = 2_000, 2, 8
# The sample's records at these parts of the order tell how many letters of the bound others have, too: half of all
# differ from it at one, most of the nearer ones at another.
_PARTS = (2, 8, 32)
# Of these letters it is known what stands for them in a key, whatever follows them.
LETTERS = range(1, 256)
_IN_KEYS = str.maketrans("æøåäöß", "{|}{|s")

_IS_MISSING = sql.SQL("""
SELECT c.reltuples >= {least} AND NOT EXISTS (
           SELECT FROM pg_index AS i WHERE i.indexrelid = to_regclass({index}) AND i.indisvalid
       )
  FROM pg_class AS c WHERE c.oid = {name}::regclass
""")
_SIZE = sql.SQL("SELECT reltuples FROM pg_class WHERE oid = {name}::regclass")
_SAMPLE = sql.SQL("""
WITH fitting AS MATERIALIZED (
    SELECT {key} AS key, {value} AS value, _id FROM {table} TABLESAMPLE SYSTEM ({percent}) REPEATABLE (1) WHERE {where}
), ordered AS MATERIALIZED (SELECT key, value, _id FROM fitting ORDER BY {order})
SELECT b.key, b.value, b._id,
       ARRAY(SELECT (SELECT key FROM ordered OFFSET (SELECT count(*) FROM ordered) / p LIMIT 1)
               FROM unnest({parts}::integer[]) WITH ORDINALITY AS p(p, place) ORDER BY place) AS others
  FROM (SELECT key, value, _id FROM ordered LIMIT 1 OFFSET {rank}) AS b
""")
# CASE, as the planner would put what looks cheapest to it first.
_NEAR = sql.SQL("CASE WHEN {behind} THEN false ELSE {key} {within} {bound} END")
_SAME = sql.SQL("({value} = {bound} AND _id {beside} {id})")
# So many codes are looked up in a table, in one step.
_BEGINS = sql.SQL("ascii({value}) = ANY ({codes}::integer[])")
_SPAN = sql.SQL('({value} COLLATE "C" >= {first} AND {value} COLLATE "C" < {last})')


@dataclass(frozen=True, slots=True)
class _Mark:
    """A record that stands behind the page."""

    id: int
    key: object
    value: object
    others: Sequence[object]  # keys of some that stand further behind


def is_missing(tx: Tx, parts: depths.Parts) -> bool:
    """Whether `parts` name an order of a large table that has no index; without "index" none can help."""
    return "index" in parts and bool(tx.value(_IS_MISSING.format(**parts, least=sql.Literal(LARGE))))


def read(tx: Tx, parts: depths.Parts, order: sql.SQL, offset: int, limit: int) -> list[int]:
    """As depths.read, but what is empty comes last in either order."""
    return depths.along(tx, _ways(parts), order, offset, limit, _part)


def read_back(tx: Tx, parts: depths.Parts, order: sql.SQL, offset: int, limit: int) -> list[int]:
    """From the end of such an order; each part of it turned round already, so what is empty comes first."""
    return depths.along(tx, reversed(_ways(parts)), order, offset, limit, _part)


def _ways(parts: depths.Parts) -> list[depths.Parts]:
    """What is known, and what is empty, which is in order by its number alone."""
    known = depths.narrowed({**parts, "all": parts["where"]}, sql.SQL("{value} IS NOT NULL").format(**parts))
    empty = depths.narrowed({**parts, "key": depths.UNSORTED}, sql.SQL("{value} IS NULL").format(**parts))
    return [known, empty]


def _part(tx: Tx, parts: depths.Parts, order: sql.SQL, offset: int, limit: int) -> list[int]:
    mark = None if parts["key"] is depths.UNSORTED else _mark(tx, parts, order, offset + limit)
    if mark:
        # A bound leaves out what is empty, too: to ask for that as well would cost each record a step.
        near = depths.narrowed({**parts, "where": parts["all"]}, _near(parts, order, mark))
        found = depths.walk(tx, near, order, offset, limit)
        if len(found) == limit:
            return found
    return depths.walk(tx, parts, order, offset, limit)


def _mark(tx: Tx, parts: depths.Parts, order: sql.SQL, wanted: int) -> _Mark | None:
    """None where so few fit, or so many are wanted, that a bound would leave out nothing."""
    share = min(1.0, _SAMPLED / float(tx.value(_SIZE.format(**parts))))
    asked = {
        **parts,
        "order": order.format(key=sql.SQL("key")),
        "percent": sql.Literal(100 * share),
        "rank": sql.Literal(int(_TWICE * wanted * share) + _MORE),
        "parts": sql.Literal(list(_PARTS)),
    }
    row = tx.row(_SAMPLE.format(**asked))
    return _Mark(row["_id"], row["key"], row["value"], row["others"]) if row else None


def _near(parts: depths.Parts, order: sql.SQL, mark: _Mark) -> sql.Composable:
    """The condition that a record does not stand behind that one, as far as it can be said; no other is left out."""
    up = order is depths.FORWARDS
    bound, id = sql.Literal(mark.value), sql.Literal(mark.id)
    behind: list[sql.Composable] = [_SAME.format(**parts, bound=bound, id=id, beside=sql.SQL("<" if up else ">"))]
    if isinstance(mark.value, str) and isinstance(mark.key, str):
        behind = [*_by_letters(parts["value"], mark.value, mark.key, mark.others, up=up), *behind]
    return _NEAR.format(
        behind=sql.SQL(" OR ").join(behind),
        key=parts["key"],
        within=sql.SQL("<=" if up else ">="),
        bound=sql.Literal(mark.key),
    )


def _by_letters(
    value: sql.Composable, text: str, key: str, others: Sequence[object], *, up: bool
) -> Iterator[sql.Composable]:  # fmt: skip
    """Conditions on a text whose key stands behind the bound's for a single letter.

    Where a text is ASCII, so is its key, in small letters (kartotek.sort_key): the first letter that differs decides.
    """
    plain = "".join(takewhile(str.isascii, text))
    alike = [_alike(key, str(other)) for other in others]
    for at in sorted({0, *alike, *(many + 1 for many in alike)}):
        if at > len(plain) or at >= len(key):
            return
        codes = [code for code in LETTERS if (in_key(code) > ord(key[at]) if up else in_key(code) < ord(key[at]))]
        if at == 0 and codes:
            yield _BEGINS.format(value=value, codes=sql.Literal(codes))
        for first, last in _runs(codes) if at else ():
            span = (sql.Literal(plain[:at] + chr(code)) for code in (first, last + 1))
            yield _SPAN.format(value=value, first=next(span), last=next(span))


def _alike(one: str, other: str) -> int:
    """How many letters they begin with together."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def in_key(code: int) -> int:
    """The first letter of what stands for this one in a key."""
    return ord(normalize("NFD", chr(code).lower().translate(_IN_KEYS))[0])


def _runs(codes: Sequence[int]) -> Sequence[tuple[int, int]]:
    """The first and the last of each row of numbers without a gap."""
    if not codes:
        return []
    breaks = [(one, other) for one, other in pairwise(codes) if other > one + 1]
    firsts = [codes[0], *(other for _, other in breaks)]
    lasts = [*(one for one, _ in breaks), codes[-1]]
    return list(zip(firsts, lasts, strict=True))
