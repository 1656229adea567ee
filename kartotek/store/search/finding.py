"""What somebody types, found in the directory of words (store/words.py), and told by the records themselves.

The directory gives candidates: records that have, or once had, a word for each that is asked. Their number is bounded
before anything is read, so that one letter costs no more than a name: the rarest word says who may be meant, further
ones narrow that as long as they are few enough to be read, and the rest is left to the records.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from psycopg import sql

from kartotek.model.object_types import ObjectType
from kartotek.model.people import Narrowing
from kartotek.store import tables, word_parts
from kartotek.store.database import Tx
from kartotek.store.search import keys
from kartotek.store.search.reach import within_reach
from kartotek.values import words

MOST_WORDS = 8
_MOST_SAID = 250  # characters of a text that are searched
_NAMED, _SAYING = 0, 1  # ways of looking: by how a name begins, by words anywhere
# The rank of a hit of which nothing more is known.
SAID = 3
# Of one word that is not read to its end, so many for each candidate that is wanted: who has it twice, counts once.
_SPARE = 4
# A stretch has at least so many words, but for the last of a part.
_STRETCH = 64
_ALL, _FEWEST = 1_000_000, 8
# To read a word takes a thirtieth of asking a record what it says: of words that many more have, so many are asked.
_MUCH_RARER, ASKED = 10, 30_000


@dataclass(frozen=True, slots=True)
class Bounds:
    """How many words of the directory are read for a type, and how many candidates it gives.

    `alone`: of several words that many have, one may stand for all; else there are no candidates where none is rare
    enough to be read beside another.
    """

    words: int
    candidates: int
    alone: bool = True


@dataclass(frozen=True, slots=True)
class Candidates:
    ids: list[int]
    complete: bool  # whether there can be no others
    about: int  # words of the directory that begin as the rarest one does
    parts: int  # of the directory that were asked


@dataclass(frozen=True, slots=True)
class Having:
    """Records of a type that may have all of the words: how many, the newest, and all of them, as conditions on a row.

    `every` is None where they are too many to be named, and so is `newest` where they were too many to be read.
    """

    many: int
    newest: sql.Composable | None
    every: sql.Composable | None
    all_read: bool = True  # else there may be fewer


@dataclass(frozen=True, slots=True)
class Counted:
    """How much of the directory begins with a word, of one type: words, stretches of them, parts that they stand in."""

    size: int
    stretches: int
    parts: int

    def share(self, most: int) -> tuple[int, int]:
        """For so many words in all, how many stretches of each part may be read, and how many words of each."""
        stretches = max(1, most * self.stretches // max(1, self.size) // self.parts)
        return stretches, max(_FEWEST, most // stretches // self.parts)


@dataclass(frozen=True, slots=True)
class Hit:
    object_type: int
    id: int
    rank: int  # 0: its name is what is asked; 1: begins so; 2: has all words; 3: they stand elsewhere


def readings(text: str) -> list[tuple[str, ...]]:
    """The words of what somebody types, in the ways in which it may be meant."""
    return [some[:MOST_WORDS] for some in words.readings(text)]


def candidates(
    tx: Tx, object_types: Collection[ObjectType], wanted: Sequence[str], bounds: Bounds
) -> dict[int, Candidates]:
    """Of each type that has any, by its number, those likelier to be meant first."""
    if not wanted or not object_types:
        return {}
    counted = _counted(tx, object_types, wanted, bounds)
    if not counted:
        return {}
    asked, complete = _readings_of(wanted, counted, bounds)
    found: dict[int, dict[int, list[int]]] = {}
    if not asked["types"]:
        return {}
    for row in tx.query("words.candidates", {**asked, "limit": bounds.candidates + 1}):
        found.setdefault(row["object_type"], {})[row["way"]] = row["ids"]
    return {
        number: _together(ways, complete[number], counted[number], bounds.candidates) for number, ways in found.items()
    }


def having(
    tx: Tx, object_type: ObjectType, wanted: Sequence[str], bounds: Bounds, newest: int
) -> Having | None:  # fmt: skip
    """None where nobody has them. Of a word that many more have than another, those few records are asked."""
    counted = _counted(tx, [object_type], wanted, bounds).get(object_type.number)
    if not counted:
        return None
    chosen = _chosen(counted, bounds.words)
    rarest = counted[chosen[0]].size
    near = [place for place in chosen if counted[place].size <= _MUCH_RARER * max(rarest, _STRETCH)]
    may_read = sum(one.size for one in counted.values()) <= bounds.words
    if not may_read and (rarest > bounds.words or (len(near) == 1 and rarest > 2 * ASKED)):
        return Having(rarest, None, None)
    found = _read(tx, object_type, [wanted[place] for place in near], bounds, newest)
    if found is None or len(near) == len(counted):
        return found
    if found.many <= ASKED:
        return replace(found, all_read=False)
    return _read(tx, object_type, wanted, bounds, newest) if may_read else Having(found.many, None, None)


def hits(
    tx: Tx, wanted: Sequence[str], asked: Mapping[int, Candidates],
    narrowed: Mapping[int, tuple[ObjectType, Narrowing]], each: int,
) -> list[Hit]:  # fmt: skip
    """Of these candidates of each type the best `each`: by their names, then those that were touched last."""
    selects = [
        _BEST.format(
            number=sql.Literal(number),
            table=tables.table(narrowed[number][0]),
            name=tables.display_name(narrowed[number][0]),
            ids=sql.Literal(one.ids),
            asked=sql.Literal(" ".join(wanted)),
            begins=sql.Literal(" ".join(map(keys.plain, wanted)) + "%"),
            words=_patterns(wanted),
            reach=within_reach(*narrowed[number]),
            says=says(narrowed[number][0], wanted),
            each=sql.Literal(each),
        )
        for number, one in asked.items()
    ]
    if not selects:
        return []
    return [Hit(row["object_type"], row["_id"], row["rank"]) for row in tx.rows(sql.SQL(" UNION ALL ").join(selects))]


def says(object_type: ObjectType, wanted: Sequence[str]) -> sql.Composable:
    """The condition on a row that it says all of these words, or longer ones that begin so."""
    props = word_parts.searched(object_type)
    if not props or not wanted:
        return sql.SQL("false")
    texts = [sql.SQL("left({}, {})").format(word_parts.plain(prop), sql.Literal(_MOST_SAID)) for prop in props]
    phones = [
        _without_country(tables.text(prop)) if prop.kind == "phone" else text
        for prop, text in zip(props, texts, strict=True)
    ]
    return _SAYS.format(sql.SQL(", ").join(phones), _patterns(wanted))


# OFFSET 0: else the text would be put together anew at each place where the key asks for it.
_SAYS = sql.SQL("""
(SELECT ' ' || kartotek.search_key(said) LIKE ALL ({1}) FROM (SELECT concat_ws(' ', {0}) AS said OFFSET 0) AS s)""")
_BARE = sql.SQL("""
CASE WHEN left({number}, 1) = '+' THEN substr({number}, 2 + CASE {lengths} ELSE -1 END) ELSE {number} END""")
_BEST = sql.SQL("""
(SELECT {number} AS object_type, _id,
        CASE WHEN name = {asked} THEN 0 WHEN name LIKE {begins} THEN 1 WHEN ' ' || name LIKE ALL ({words}) THEN 2
             ELSE 3 END AS rank
   FROM (SELECT _id, _updated, btrim(regexp_replace(kartotek.search_key({name}), ' +', ' ', 'g')) AS name
           FROM {table} WHERE _id = ANY({ids}::bigint[]) AND {reach} AND {says} OFFSET 0) AS r
  ORDER BY rank, _updated DESC, _id DESC LIMIT {each})""")


def _without_country(number: sql.Composable) -> sql.Composable:
    """No country's number begins another's, so each length is looked at once: a tenth of what an expression takes."""
    lengths = [
        sql.SQL("WHEN substr({}, 2, {}) = ANY ({}::text[]) THEN {}").format(
            number, sql.Literal(length), sql.Literal(list(some)), sql.Literal(length)
        )
        for length, some in groupby(sorted(words.countries(), key=len), key=len)
    ]
    return _BARE.format(number=number, lengths=sql.SQL(" ").join(lengths))


def _patterns(wanted: Sequence[str]) -> sql.Composable:
    return sql.SQL("ARRAY[{}]::text[]").format(
        sql.SQL(", ").join(sql.Literal(f"% {keys.plain(word)}%") for word in wanted)
    )


def _read(
    tx: Tx, object_type: ObjectType, wanted: Sequence[str], bounds: Bounds, newest: int
) -> Having | None:  # fmt: skip
    asked = {"object_type": object_type.number, "words": list(wanted), "needs": (1 << len(wanted)) - 1}
    row = tx.query("words.having", {**asked, "newest": newest, "most": bounds.candidates})[0]
    return Having(row["many"], _named(row["newest"]), _named(row["every"])) if row["many"] else None


def _named(ids: str | None) -> sql.Composable | None:
    return None if ids is None else sql.SQL("_id = ANY({}::bigint[])").format(sql.Literal(ids))


def _counted(
    tx: Tx, object_types: Collection[ObjectType], wanted: Sequence[str], bounds: Bounds
) -> dict[int, dict[int, Counted]]:  # fmt: skip
    """Of each type, by its number, how much of the directory begins with each word, by its place."""
    most = -(-bounds.words // _STRETCH)
    given = {"types": [one.number for one in object_types], "words": list(wanted), "most": most}
    counted: dict[int, dict[int, Counted]] = {}
    for row in tx.query("words.count", given):
        count = Counted(row["size"], row["stretches"], row["parts"])
        counted.setdefault(row["object_type"], {})[row["place"] - 1] = count
    return counted


def _readings_of(
    wanted: Sequence[str], counted: Mapping[int, Mapping[int, Counted]], bounds: Bounds
) -> tuple[dict[str, list[int | str]], dict[int, bool]]:
    """What is read of the directory, column by column, and of which types it is all that there is."""
    rows: list[tuple[int | str, ...]] = []
    complete: dict[int, bool] = {}
    for number, sizes in counted.items():
        chosen = _chosen(sizes, bounds.words, bounds.candidates)
        if not bounds.alone and len(chosen) == 1 and sizes[chosen[0]].size > bounds.candidates:
            continue
        complete[number] = sum(sizes[place].size for place in chosen) <= bounds.words
        needs = sum(1 << place for place in chosen)
        few = min(bounds.words, _SPARE * bounds.candidates)  # of a word that is alone: nothing else narrows it
        for at in chosen:
            much = (_ALL, _ALL) if complete[number] else sizes[at].share(few)
            rows.append((number, _SAYING, at, wanted[at], *much, needs))
        named = Counted(bounds.words, bounds.words // _STRETCH, sizes[0].parts).share(bounds.words // 4)
        rows.append((number, _NAMED, 0, words.NAME + " ".join(wanted), *named, 1))
    columns = ("types", "ways", "places", "words", "mosts", "widths", "needs")
    return {name: [row[at] for row in rows] for at, name in enumerate(columns)}, complete


def _chosen(sizes: Mapping[int, Counted], most: int, asked: int = 0) -> list[int]:
    """The rarest word, and others that can be read beside it. Where no more than `asked` have the rarest one, they are
    asked themselves rather than looked for among many more."""
    chosen: list[int] = []
    for place in sorted(sizes, key=lambda one: sizes[one].size):
        rarest = sizes[chosen[0] if chosen else place].size
        if chosen and sum(sizes[one].size for one in (*chosen, place)) > most:
            break
        if rarest <= asked and sizes[place].size > _MUCH_RARER * max(rarest, _STRETCH):
            break
        chosen.append(place)
    return chosen


def _together(
    ways: Mapping[int, list[int]], complete: bool, counted: Mapping[int, Counted], most: int
) -> Candidates:  # fmt: skip
    """Whose name begins so, first; in half the room, if others want it."""
    named, saying = ways.get(_NAMED, []), ways.get(_SAYING, [])
    ids = list(dict.fromkeys([*named[: most // 2], *saying, *named]))[:most]
    about = min(one.size for one in counted.values())
    return Candidates(ids, complete and len(saying) <= most, about, counted[0].parts)
