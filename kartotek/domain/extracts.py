"""Records on their way out: everything that an actor may see, in batches, as it stood at one moment."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

import polars as pl

from kartotek.domain import Database, Tx, access, catalogue, counting, filters
from kartotek.model.catalogue import Catalogue
from kartotek.model.extracts import Extract
from kartotek.model.object_types import ObjectType
from kartotek.model.people import Actor
from kartotek.store import association_dates
from kartotek.store import extracts as store

# A batch is cut so that its values take about so many bytes: notes are long, most records are not.
_BYTES = 16 << 20
_FIRST, _MOST = 1_000, 50_000


# Of an extract with a row for each associated record: its id, and of the association the labels (a list), the days, and
# whether its company is the primary one.
EACH, EACH_LABELS, EACH_STARTS, EACH_ENDS = "_each", "_each_labels", "_each_starts", "_each_ends"
EACH_PRIMARY = "_each_primary"


@contextmanager
def snapshot(database: Database) -> Iterator[Tx]:
    """A transaction that sees everything as it stood when it began, and changes nothing."""
    with database.transaction() as tx:
        store.begin(tx)
        yield tx


@dataclass(frozen=True, slots=True)
class Reading:
    """The records of an extract: how many there are is known before the first is read."""

    tx: Tx
    actor: Actor
    extract: Extract
    ids: pl.Series

    def batches(self) -> Iterator[pl.DataFrame]:
        """`_id`, `_primary`, each property as canonical text; per linked type `links_name` and `labels_name`; EACH."""
        start, size = 0, _FIRST
        while start < len(self.ids):
            some = self.ids.slice(start, size)
            one = self.extract.object_type
            said = store.read(self.tx, one, some, self.extract.properties)
            frame = self._linked(counting.beside(self.tx, self.actor, one, said))
            yield frame
            start += size
            size = max(1, min(_MOST, int(_BYTES / max(1, frame.estimated_size() / max(1, len(frame))))))

    def _linked(self, frame: pl.DataFrame) -> pl.DataFrame:
        each = self.extract.each
        types = [*self.extract.linked, *([each] if each else [])]
        if not types:
            return frame
        found = _labelled(catalogue.load(self.tx), store.links(self.tx, frame["_id"], [one.number for one in types]))
        primary = found.join(frame.select("_id", "_primary"), left_on="id", right_on="_id", how="left")
        ordered = primary.with_columns(is_primary=(pl.col("other") == pl.col("_primary")).fill_null(False)).sort(
            "id", "is_primary", descending=[False, True], maintain_order=True
        )
        for other in self.extract.linked:
            lists = (
                self._of_type(other, ordered)
                .group_by("id", maintain_order=True)
                .agg(pl.col("other").alias(links_name(other)), pl.col("labels").alias(labels_name(other)))
            )
            frame = _beside(frame, lists)
        if each:
            frame = _beside(frame, self._each(self._of_type(each, ordered)))
        return frame

    def _each(self, links: pl.DataFrame) -> pl.DataFrame:
        ends = [
            pl.when("turned").then(there).otherwise(here).alias(end)
            for end, here, there in (("first", "id", "other"), ("second", "other", "id"))
        ]
        pairs = links.with_columns(ends)
        said = association_dates.among(self.tx, pairs)
        dated = pairs.join(said, on=["first", "second"], how="left", maintain_order="left")
        days = [
            pl.col(said).dt.to_string("%Y-%m-%d").alias(name)
            for said, name in (("starts_on", EACH_STARTS), ("ends_on", EACH_ENDS))
        ]
        primary = pl.when("is_primary").then(pl.lit("true")).otherwise(pl.lit("false")).alias(EACH_PRIMARY)
        return dated.select("id", pl.col("other").alias(EACH), pl.col("labels").alias(EACH_LABELS), *days, primary)

    def _of_type(self, other: ObjectType, links: pl.DataFrame) -> pl.DataFrame:
        mine = links.filter(pl.col("other_type") == other.number)
        narrowing = access.narrow(self.actor, "view", other.name)
        if narrowing.reach == "all":
            return mine
        seen = store.among(self.tx, other, mine["other"].unique(), narrowing)
        return mine.filter(pl.col("other").is_in(seen.implode()))


def links_name(other: ObjectType) -> str:
    """The column of record ids (a list): the primary company first, then the oldest associations."""
    return f"_links_{other.name}"


def labels_name(other: ObjectType) -> str:
    """The column of these associations' labels: a list, for each of them, of labels as this end sees them."""
    return f"_labels_{other.name}"


def read(tx: Tx, actor: Actor, extract: Extract) -> Reading:
    """Refuses what the actor may not export or see; of linked types those that may not be seen are left out."""
    access.require_export(actor)
    one = extract.object_type
    access.require(actor, "view", one)
    narrowing = access.narrow(actor, "view", one.name)
    if extract.ids is None:
        counting.refuse(one, extract.query.sort)
        ids = store.ids(tx, one, filters.read(tx, actor, one, extract.query), narrowing)
    else:
        ids = store.among(tx, one, pl.Series(extract.ids, dtype=pl.Int64).unique(maintain_order=True), narrowing)
    if extract.each:
        access.require(actor, "view", extract.each)
    seen = tuple(other for other in extract.linked if access.may(actor, "view", other.name))
    return Reading(tx, actor, replace(extract, linked=seen), ids)


def linkable(tx: Tx, actor: Actor, object_type: ObjectType) -> tuple[ObjectType, ...]:
    """The types whose records can be named beside those of this one, and that the actor may see."""
    return tuple(one for one in catalogue.load(tx).associable(object_type.name) if access.may(actor, "view", one.name))


def _labelled(known: Catalogue, links: pl.DataFrame) -> pl.DataFrame:
    """The numbers of label types as the words that the record's own end reads."""
    by_id = {one.id: one for one in known.association_types}
    here = {str(one.id): one.label or one.name for one in by_id.values()}
    there = {str(one.id): here[str(one.inverse)] for one in by_id.values() if one.inverse in by_id}
    numbers = pl.col("labels").fill_null("").str.split(";")

    def said(words: dict[str, str]) -> pl.Expr:
        return numbers.list.eval(
            pl.element().replace_strict(list(words), list(words.values()), default=None, return_dtype=pl.String)
        ).list.drop_nulls()

    return links.with_columns(labels=pl.when("turned").then(said(there)).otherwise(said(here)))


def _beside(frame: pl.DataFrame, links: pl.DataFrame) -> pl.DataFrame:
    return frame.join(links, left_on="_id", right_on="id", how="left", maintain_order="left_right")
