"""The directory of words that records are found by (docs/decisions/search.md).

The problem: an index kept up row by row costs an import more than the records themselves. The idea: whoever writes
records leaves the words of all of them as one sorted part, in stretches of some hundred words, and nobody ever changes
it. So a batch of 50,000 costs some thousand rows. What records say now is not the directory's to know: it is asked for
candidates, and the records themselves tell (search/finding.py). So a part may hold words that a record had once, and
an update only adds to them. A worker puts many small parts together to a large one; and of many records that were
written at once, it reads the words, so that an import is not held up by them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import polars as pl
from psycopg import sql

from kartotek.model.object_types import ObjectType
from kartotek.model.properties import Property
from kartotek.store import bulk, jobs, tables
from kartotek.store.database import Tx
from kartotek.values import domain, frames, words

# Words in a stretch, so that it stays inside a page of the table; records of a word that has stretches for itself.
_STRETCH, _ALONE, _FREQUENT = 96, 800, 64
# Parts of about one size are put together when there are so many; no part grows beyond so many words.
MANY, LARGEST = 8, 4_000_000
JOB, LOCK = "words", "words 0"
CATCHING_UP = "catching up"
# Who looks, and finds so many parts of a type, asks for a worker to put them together.
SCATTERED = 80
# Of so many records the words are written with them; of more, soon after.
_AT_ONCE = 5_000
_READ_AT_ONCE = 50_000
_SMALL = 5_000  # records that are read while somebody waits

_ALWAYS = ("email", "domain", "phone", "mobilephone", "jobtitle", "hs_additional_emails", "hs_additional_domains")
_DOMAINS = ("domain", "domains")
_KINDS = ("text", "multiline", "email", "emails", "domain", "domains", "phone")
_PAIR = {"word": pl.String, "_id": pl.Int64}
_STRETCHES = {"first": pl.String, "last": pl.String, "size": pl.Int64, "words": pl.String, "records": pl.String}


@dataclass(frozen=True, slots=True)
class Part:
    """The words of some records on their way into the directory."""

    number: int
    size: int
    head: bulk.Parcel
    stretches: bulk.Parcel

    def encode(self) -> None:
        self.head.encode()
        self.stretches.encode()


@dataclass(frozen=True, slots=True)
class Due:
    """Records whose words a worker is to write."""

    parcel: bulk.Parcel

    @classmethod
    def of(cls, object_type: ObjectType, ids: pl.Series) -> "Due":
        records = _runs(ids)
        return cls(bulk.Parcel(_DUE, pl.DataFrame({"object_type": [object_type.number], "records": [records]})))

    def encode(self) -> None:
        self.parcel.encode()


def searched(object_type: ObjectType) -> list[Property]:
    """By which of its properties a record is found: what names it, and where it is reached."""
    names = dict.fromkeys([*object_type.naming, *object_type.secondary, *_ALWAYS])
    props = [object_type.properties[name] for name in names if name in object_type.properties]
    return [prop for prop in props if prop.kind in _KINDS and tables.fact(prop) is None]


def part(object_type: ObjectType, frame: pl.DataFrame) -> Part | Due | None:
    """The words of new records, `_id` and typed properties. The lowest of their ids is the part's number."""
    if len(frame) > _AT_ONCE:
        return Due.of(object_type, frame["_id"])
    there = [prop for prop in searched(object_type) if prop.name in frame.columns]
    if frame.is_empty() or not there:
        return None
    lists = [prop.name for prop in there if isinstance(frame.schema[prop.name], pl.List)]
    texts = frame.with_columns(pl.col(name).list.join(" ") for name in lists)
    texts = texts.with_columns(_in_both_spellings(texts[prop.name]) for prop in there if prop.kind in _DOMAINS)
    return _part(object_type, frames.whole(frame["_id"].min()), _pairs(object_type, texts, there))


def send(tx: Tx, part: Part | Due) -> None:
    for parcel in (part.parcel,) if isinstance(part, Due) else (part.head, part.stretches):
        bulk.send(tx, parcel)


def follow(tx: Tx, object_type: ObjectType, ids: pl.Series, changed: Sequence[Property]) -> None:
    """After these properties of the records have changed."""
    if {prop.name for prop in changed} & {prop.name for prop in searched(object_type)}:
        add(tx, object_type, ids)


def add(tx: Tx, object_type: ObjectType, ids: pl.Series) -> None:
    """The words of these records as they are."""
    if len(ids) > _AT_ONCE:
        send(tx, Due.of(object_type, ids))
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
        made = _part(object_type, _number(tx), _read(tx, object_type, some["_id"]))
        if made.size:
            send(tx, made)


def known(tx: Tx, object_types: Iterable[ObjectType]) -> list[ObjectType]:
    """Those of which the directory holds every record, by all that it is searched by now."""
    found = {row["object_type"]: set(row["properties"]) for row in tx.query("words.known")}
    wanted = ((one, {prop.name for prop in searched(one)}) for one in object_types)
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
    names = [prop.name for prop in searched(object_type)]
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
    send(tx, _made(int(head["object_type"]), max(parts), frame.unique()))


_PAIRS_OF = sql.SQL(
    "SELECT coalesce(u.word, w.last), u.record FROM kartotek.words AS w "
    "CROSS JOIN LATERAL unnest(w.words, w.records) AS u(word, record) WHERE w.part = ANY(%(parts)s::bigint[])"
)


def _number(tx: Tx) -> int:
    return int(tx.value("SELECT kartotek.reserve_ids(1)"))


def _read(tx: Tx, object_type: ObjectType, ids: pl.Series) -> pl.DataFrame:
    props = searched(object_type)
    columns, table = sql.SQL(", ").join(map(plain, props)), tables.table(object_type)
    select = _READ.format(columns=columns, table=table, records=sql.Literal(_runs(ids)))
    frame = bulk.fetch(tx, select, {"_id": pl.Int64, **{prop.name: pl.String for prop in props}})
    return _pairs(object_type, frame, props)


def _runs(ids: pl.Series) -> str:
    """Consecutive ids, as an import gives them, are one range: an int8multirange."""
    return "{" + ",".join(bulk.runs(ids).select(pl.format("[{},{}]", "first", "last")).to_series()) + "}"


def plain(prop: Property) -> sql.Composable:
    """What a property says, of several addresses each as a word of its own; of a domain with its own letters, too."""
    said = sql.SQL("replace({}, ';', ' ')" if prop.kind in ("emails", "domains") else "{}").format(tables.text(prop))
    return _BOTH.format(said) if prop.kind in _DOMAINS else said


def _in_both_spellings(domains: pl.Series) -> pl.Series:
    """As `plain` says them. Hardly any domain has letters of its own."""
    coded = domains.to_frame("said").filter(pl.col("said").str.contains("xn--", literal=True)).unique()
    if coded.is_empty():
        return domains
    both = [" ".join([said, *map(domain.own_letters, said.split(" "))]) for said in coded["said"]]
    return domains.replace(coded["said"], pl.Series(both))


def _pairs(object_type: ObjectType, frame: pl.DataFrame, props: Sequence[Property]) -> pl.DataFrame:
    names = [name for name in object_type.display if name in {prop.name for prop in props}]
    phones = [prop.name for prop in props if prop.kind == "phone"]
    rest = [prop.name for prop in props if prop.name not in {*names, *phones}]
    return words.of(frame, names, rest, phones)


def _part(object_type: ObjectType, number: int, pairs: pl.DataFrame) -> Part:
    return _made(object_type.number, number, pairs)


def _made(object_type: int, number: int, pairs: pl.DataFrame) -> Part:
    head = pl.DataFrame({"part": [number], "object_type": [object_type], "size": [len(pairs)]})
    stretches = _stretches(pairs).select(pl.lit(number).alias("part"), *_STRETCHES)
    return Part(number, len(pairs), bulk.Parcel(_HEADS, head), bulk.Parcel(_WORDS, stretches))


# By ranges, as the index has them: of many numbers PostgreSQL may think that to read the whole table takes less.
_READ = sql.SQL("""
SELECT _id, {columns} FROM unnest({records}::int8multirange) AS ids(run)
  JOIN {table} ON _id >= lower(run) AND _id < upper(run)
""")
_BOTH = sql.SQL("CASE WHEN strpos({0}, 'xn--') > 0 THEN concat_ws(' ', {0}, kartotek.own_letters({0})) ELSE {0} END")
_FEW = sql.SQL("SELECT _id FROM {table} LIMIT {most}")
_STRAYS = sql.SQL("""
SELECT array_agg(DISTINCT u.record) FROM kartotek.words AS w CROSS JOIN LATERAL unnest(w.records) AS u(record)
 WHERE w.part = %s AND NOT EXISTS (SELECT FROM {table} AS r WHERE r._id = u.record)
""")
_SOME = sql.SQL("SELECT _id FROM {table} WHERE _id > %s ORDER BY _id LIMIT {limit}")
_HEADS, _WORDS = sql.Identifier("kartotek", "word_parts"), sql.Identifier("kartotek", "words")
_DUE = sql.Identifier("kartotek", "words_due")


def _stretches(pairs: pl.DataFrame) -> pl.DataFrame:
    """As _STRETCHES, the arrays as PostgreSQL writes them. A word that many records have stands in stretches alone."""
    by_word = pairs.group_by("word").agg("_id", n=pl.len()).sort("word")
    by_word = by_word.with_columns(alone=pl.col("n") >= _FREQUENT)
    by_word = by_word.with_columns(run=pl.col("alone").rle_id())
    mixed = by_word.filter(~pl.col("alone"))
    mixed = mixed.with_columns(place=pl.col("n").cum_sum().over("run") // _STRETCH).explode("_id")
    alone = by_word.filter("alone").explode("_id")
    alone = alone.with_columns(place=pl.int_range(pl.len()).over("word") // _ALONE)
    text = pl.col("_id").cast(pl.String).str.join(",")
    word = pl.when(pl.col("word") == "null").then(pl.lit('"null"')).otherwise("word")
    ends = {"first": pl.col("word").first(), "last": pl.col("word").last(), "size": pl.len(), "records": text}
    made = [
        mixed.group_by("run", "place", maintain_order=True).agg(words=word.str.join(","), **ends),
        alone.group_by(pl.col("word").alias("of"), "place", maintain_order=True).agg(words=word.first(), **ends),
    ]
    return pl.concat(
        one.select(
            "first", "last", pl.col("size").cast(pl.Int64),
            *(pl.concat_str(pl.lit("{"), name, pl.lit("}")).alias(name) for name in ("words", "records")),
        )
        for one in made
    ).sort("last", "first")  # fmt: skip
