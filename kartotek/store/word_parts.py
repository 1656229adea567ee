"""A part of the directory of words (words.py): the words of some records, in stretches, ready to be sent.

It is made of records that are just being written, or of what records say already; of very many at once only a note is
left, so that a worker makes it soon after.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl
from psycopg import sql

from kartotek.model.object_types import ObjectType
from kartotek.model.properties import Property
from kartotek.store import bulk, tables
from kartotek.store.database import Tx
from kartotek.values import domain, frames, words

# Words in a stretch, so that it stays inside a page of the table; records of a word that has stretches for itself.
_STRETCH, _ALONE, _FREQUENT = 96, 800, 64
# Of so many records the words are written with them; of more, soon after.
AT_ONCE = 5_000

_ALWAYS = ("email", "domain", "phone", "mobilephone", "jobtitle", "hs_additional_emails", "hs_additional_domains")
_DOMAINS = ("domain", "domains")
_KINDS = ("text", "multiline", "email", "emails", "domain", "domains", "phone")
_STRETCHES = {"first": pl.String, "last": pl.String, "size": pl.Int64, "words": pl.String, "records": pl.String}
_HEADS, _WORDS = sql.Identifier("kartotek", "word_parts"), sql.Identifier("kartotek", "words")
_DUE = sql.Identifier("kartotek", "words_due")


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


def of_new(object_type: ObjectType, frame: pl.DataFrame) -> Part | Due | None:
    """The words of new records, `_id` and typed properties. The lowest of their ids is the part's number."""
    if len(frame) > AT_ONCE:
        return Due.of(object_type, frame["_id"])
    there = [prop for prop in searched(object_type) if prop.name in frame.columns]
    if frame.is_empty() or not there:
        return None
    lists = [prop.name for prop in there if isinstance(frame.schema[prop.name], pl.List)]
    texts = frame.with_columns(pl.col(name).list.join(" ") for name in lists)
    texts = texts.with_columns(_in_both_spellings(texts[prop.name]) for prop in there if prop.kind in _DOMAINS)
    return made(object_type.number, frames.whole(frame["_id"].min()), _pairs(object_type, texts, there))


def of_records(tx: Tx, object_type: ObjectType, ids: pl.Series) -> Part:
    """The words of records as they are."""
    number = int(tx.value("SELECT kartotek.reserve_ids(1)"))
    return made(object_type.number, number, _read(tx, object_type, ids))


def made(object_type: int, number: int, pairs: pl.DataFrame) -> Part:
    """Of `word` and `_id`, each pair once."""
    head = pl.DataFrame({"part": [number], "object_type": [object_type], "size": [len(pairs)]})
    stretches = _stretches(pairs).select(pl.lit(number).alias("part"), *_STRETCHES)
    return Part(number, len(pairs), bulk.Parcel(_HEADS, head), bulk.Parcel(_WORDS, stretches))


def send(tx: Tx, part: Part | Due) -> None:
    for parcel in (part.parcel,) if isinstance(part, Due) else (part.head, part.stretches):
        bulk.send(tx, parcel)


def searched(object_type: ObjectType) -> list[Property]:
    """By which of its properties a record is found: what names it, and where it is reached."""
    names = dict.fromkeys([*object_type.naming, *object_type.secondary, *_ALWAYS])
    props = [object_type.properties[name] for name in names if name in object_type.properties]
    return [prop for prop in props if prop.kind in _KINDS and tables.fact(prop) is None]


def plain(prop: Property) -> sql.Composable:
    """What a property says, of several addresses each as a word of its own; of a domain with its own letters, too."""
    said = sql.SQL("replace({}, ';', ' ')" if prop.kind in ("emails", "domains") else "{}").format(tables.text(prop))
    return _BOTH.format(said) if prop.kind in _DOMAINS else said


def _read(tx: Tx, object_type: ObjectType, ids: pl.Series) -> pl.DataFrame:
    props = searched(object_type)
    columns, table = sql.SQL(", ").join(map(plain, props)), tables.table(object_type)
    select = _READ.format(columns=columns, table=table, records=sql.Literal(_runs(ids)))
    frame = bulk.fetch(tx, select, {"_id": pl.Int64, **{prop.name: pl.String for prop in props}})
    return _pairs(object_type, frame, props)


# By ranges, as the index has them: of many numbers PostgreSQL may think that to read the whole table takes less.
_READ = sql.SQL("""
SELECT _id, {columns} FROM unnest({records}::int8multirange) AS ids(run)
  JOIN {table} ON _id >= lower(run) AND _id < upper(run)
""")
_BOTH = sql.SQL("CASE WHEN strpos({0}, 'xn--') > 0 THEN concat_ws(' ', {0}, kartotek.own_letters({0})) ELSE {0} END")


def _runs(ids: pl.Series) -> str:
    """Consecutive ids, as an import gives them, are one range: an int8multirange."""
    return "{" + ",".join(bulk.runs(ids).select(pl.format("[{},{}]", "first", "last")).to_series()) + "}"


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
    runs = [
        mixed.group_by("run", "place", maintain_order=True).agg(words=word.str.join(","), **ends),
        alone.group_by(pl.col("word").alias("of"), "place", maintain_order=True).agg(words=word.first(), **ends),
    ]
    return pl.concat(
        one.select(
            "first", "last", pl.col("size").cast(pl.Int64),
            *(pl.concat_str(pl.lit("{"), name, pl.lit("}")).alias(name) for name in ("words", "records")),
        )
        for one in runs
    ).sort("last", "first")  # fmt: skip
