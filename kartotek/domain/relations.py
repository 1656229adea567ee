"""What a file says of associations beside that they are: labels instead of others or no longer, days, ends, marks.

It is settled when every association of the file stands, in two rounds over its pairs: first what goes, then what comes.
So a label that moves from one record to another finds room, and it does not matter in which row it stands.
"""

from dataclasses import dataclass

import polars as pl

from kartotek.domain import Tx, linking, reach, writing
from kartotek.model.catalogue import Catalogue
from kartotek.model.object_types import ObjectType
from kartotek.model.people import Actor
from kartotek.model.records import Batch, Links
from kartotek.store import association_dates as dates
from kartotek.store import associations as store
from kartotek.store import records

ROW = Links.ROW
ENDS = {ROW: pl.Int64, "first_id": pl.Int64, "second_id": pl.Int64}
_NUMBERS = pl.List(pl.Int64)
# What a row may say of a pair: labels that it has, whether those are all, labels that go, labels whose association
# ends; whether its company is the primary one; from when until when it holds, and the day on which it ends. Labels as
# the first end sees them; null: nothing is said.
SAID = {"has": _NUMBERS, "alone": pl.Boolean, "loses": _NUMBERS, "ended_by": _NUMBERS, "primary": pl.Boolean,
        "starts_on": pl.Date, "ends_on": pl.Date, "ended_on": pl.Date}  # fmt: skip
_LAST = ("primary", "starts_on", "ends_on", "ended_on")
_LISTS = [name for name, kind in SAID.items() if kind == _NUMBERS]
_PAIR = list(store.PAIR)
_BACKWARDS = (pl.col("starts_on") > pl.col("ends_on")).fill_null(False)
_TYPED = list(store.TYPED)


@dataclass(frozen=True, slots=True)
class Relations:
    """`pairs`: as store.TYPED, all of the same types, by their first ends; with ROW, the first that names the pair, and
    SAID. `made`: whether the rows associate them."""

    first: ObjectType
    second: ObjectType
    pairs: pl.DataFrame
    made: bool = True

    def parts(self, size: int) -> list["Relations"]:
        """In pieces of about so many pairs, all of a first end together: they have one primary company."""
        numbered = self.pairs.with_columns(_part=(pl.col("first").rank("dense").cast(pl.Int64) - 1) // size)
        parts = numbered.partition_by("_part", maintain_order=True, include_key=False)
        return [Relations(self.first, self.second, some, self.made) for some in parts]


def of(known: Catalogue, one: ObjectType, other: ObjectType, rows: pl.DataFrame, *, made: bool = True) -> Relations:
    """All that rows (as ENDS and SAID) say of associations between these two. Of marks and days the last counts."""
    typed = rows.select(
        ROW, *SAID, first="first_id", second="second_id", was="first_id",
        first_type=pl.lit(one.number, pl.Int64), second_type=pl.lit(other.number, pl.Int64),
    )  # fmt: skip
    inverse = {each.id: each.inverse for each in known.association_types if each.inverse is not None}
    turned = pl.element().replace(list(inverse), list(inverse.values()))
    seen = [
        pl.when(pl.col("was") == pl.col("first")).then(name).otherwise(pl.col(name).list.eval(turned)).alias(name)
        for name in _LISTS
    ]
    pairs = store.ordered(typed).with_columns(seen).sort(ROW).group_by(_TYPED, maintain_order=True).agg(
        pl.col(ROW).first(),
        *(pl.col(name).explode().drop_nulls().unique().sort() for name in _LISTS),
        pl.col("alone").any(),
        pl.col(*_LAST).drop_nulls().last(),
    )  # fmt: skip
    ends = (one, other) if linking.is_first(one, other) else (other, one)
    return Relations(*ends, pairs.sort(_PAIR), made)


def take(tx: Tx, actor: Actor, known: Catalogue, what: Relations) -> tuple[int, pl.DataFrame]:
    """The round of what goes; how many associations have ended, and as Written.lost days that cannot be."""
    taking = pl.any_horizontal(pl.col("alone"), pl.col("loses", "ended_by").list.len() > 0, _is_over(tx))
    pairs = what.pairs.filter(taking)
    if pairs.is_empty():
        return 0, pl.DataFrame(schema=linking.LOST)
    _may(tx, actor, what, pairs)
    held = linking.lock_ends(tx, known, pairs.select(_TYPED))
    there = store.labels_among(tx, pairs)
    ended = _ending(tx, pairs, there)
    label = pl.col("type")
    left = pl.col("loses").list.contains(label) | (pl.col("alone") & ~pl.col("has").list.contains(label))
    gone = there.drop_nulls("type").join(pairs, on=_PAIR).filter(left).join(ended, on=_PAIR, how="anti")
    store.unlabel(tx, actor, linking.called(gone.select(*_TYPED, "type"), held))
    # Said before they end, so that history has it.
    lost = _date(tx, actor, known, what, pairs.join(ended, on=_PAIR, how="semi"))
    inherit(tx, actor, known, what, ended)
    store.remove(tx, actor, linking.called(ended, held))
    return len(ended), lost


def give(tx: Tx, actor: Actor, known: Catalogue, what: Relations) -> pl.DataFrame:
    """The round of what comes; why some of it could not be, as Written.lost."""
    lost = _label(tx, actor, what)
    said = what.pairs.filter(pl.any_horizontal(pl.col(*_LAST).is_not_null()))
    if said.is_empty():
        return lost
    _may(tx, actor, what, said)
    linking.lock_ends(tx, known, said.select(_TYPED))
    there = said.join(store.among(tx, said), on=_PAIR, how="semi", maintain_order="left").sort(ROW)
    marks = there.filter(pl.col("primary").is_not_null())
    chosen = marks.filter("primary").unique("first", keep="last", maintain_order=True)
    if len(marks) and what.first.has_primary_company and what.second.name == "companies":
        mark(tx, actor, known, what, chosen.select(_PAIR))
        inherit(tx, actor, known, what, marks.filter(~pl.col("primary")).select(_TYPED), keeps=True)
    return pl.concat([lost, _date(tx, actor, known, what, there)])


def ending(tx: Tx, what: Relations) -> int:
    """How many associations would end; records below zero are those that a rehearsal would have made."""
    pairs = what.pairs.filter(pl.any_horizontal(pl.col("ended_by").list.len() > 0, _is_over(tx)))
    there = store.labels_among(tx, pairs.filter((pl.col("first") > 0) & (pl.col("second") > 0)))
    coming = pairs.select(*_PAIR, type="has").explode("type") if what.made else there.clear()
    return len(_ending(tx, pairs, pl.concat([there, coming])))


def redated(tx: Tx, what: Relations, import_id: int) -> int:
    """Of how many associations that it did not make itself the import has changed the days."""
    said = dates.of_import(tx, import_id, what.pairs["first"].unique())
    return len(said.filter(pl.col("own") & ~pl.col("link_own")).join(what.pairs, on=_PAIR, how="semi"))


def redating(tx: Tx, what: Relations) -> int:
    """Of how many that there are it would change them."""
    pairs = what.pairs.filter((pl.col("first") > 0) & (pl.col("second") > 0))
    ended = _ending(tx, pairs, store.labels_among(tx, pairs))
    left = pairs.join(store.among(tx, pairs), on=_PAIR, how="semi").join(ended, on=_PAIR, how="anti")
    whole = _dated(tx, left).filter(~_BACKWARDS)
    return len(whole.filter(pl.any_horizontal(
        pl.col(now).ne_missing(pl.col(before)) for now, before in (("starts_on", "_starts"), ("ends_on", "_ends"))
    )))  # fmt: skip


def _is_over(tx: Tx) -> pl.Expr:
    """Whether the day on which it ends has come: one that has not is only said."""
    return pl.col("ended_on").is_not_null() & (pl.col("ended_on") <= tx.now.date())


def _ending(tx: Tx, pairs: pl.DataFrame, there: pl.DataFrame) -> pl.DataFrame:
    """As store.TYPED: those that have a label by which they end, or whose day has come."""
    labels = there.join(pairs, on=_PAIR)
    ends = pl.col("ended_by").list.contains(pl.col("type")).fill_null(False) | _is_over(tx)
    return labels.filter(ends).select(_TYPED).unique().sort(_PAIR)


def _date(tx: Tx, actor: Actor, known: Catalogue, what: Relations, pairs: pl.DataFrame) -> pl.DataFrame:
    """Says from when until when they hold; what is not said stays. As Written.lost those that would end before."""
    whole = _dated(tx, pairs)
    if whole.is_empty():
        return pl.DataFrame(schema=linking.LOST)
    dates.say(tx, actor, linking.named(tx, known, whole.filter(~_BACKWARDS)))
    return whole.filter(_BACKWARDS).select(
        pl.col(ROW).alias("row"), pl.lit(what.first.name).alias("object_type"),
        pl.lit("OUTSIDE_VALID_TIME_RANGE").alias("type"),
        pl.format("{} – {}", "starts_on", "ends_on").alias("value"),
    )  # fmt: skip


def _dated(tx: Tx, pairs: pl.DataFrame) -> pl.DataFrame:
    """Those of which days are said: `starts_on`, `ends_on` as they will be, `_starts`, `_ends` as they are."""
    said = pairs.with_columns(ends_on=pl.coalesce("ended_on", "ends_on")).select(*_TYPED, ROW, "starts_on", "ends_on")
    said = said.filter(pl.any_horizontal(pl.col("starts_on", "ends_on").is_not_null()))
    before = dates.among(tx, said).rename({"starts_on": "_starts", "ends_on": "_ends"})
    return said.join(before, on=_PAIR, how="left", maintain_order="left").with_columns(
        starts_on=pl.coalesce("starts_on", "_starts"), ends_on=pl.coalesce("ends_on", "_ends")
    )


def _may(tx: Tx, actor: Actor, what: Relations, pairs: pl.DataFrame) -> None:
    reach.require_batch(tx, actor, Batch(links=(Links(what.first, what.second, _ends(pairs)),)))


def _ends(pairs: pl.DataFrame) -> pl.DataFrame:
    nobody = pl.lit(None, pl.Int64)
    return pairs.select(ROW, first_id="first", first_key=nobody, second_id="second", second_key=nobody)


def _label(tx: Tx, actor: Actor, what: Relations) -> pl.DataFrame:
    """Sets the labels that are all that their associations are to have; those that are there stay."""
    some = what.pairs.filter("alone").explode("has").drop_nulls("has")
    labels = _ends(some).with_columns(some["has"].alias("type"))
    decision = writing.decide(tx, actor, Batch(links=(Links(what.first, what.second, _ends(some.clear()), labels),)))
    writing.deliver(tx, writing.pack(actor, decision, tx.now))
    return decision.written().lost


def inherit(
    tx: Tx, actor: Actor, known: Catalogue, what: Relations, going: pl.DataFrame, *, keeps: bool = False
) -> None:
    """Where the primary company is one of those that go, the one associated longest of the others takes its place.

    `keeps`: the associations last, so a contact that has no other company keeps its primary one.
    """
    if going.is_empty() or not what.first.has_primary_company or what.second.name != "companies":
        return
    now = records.lock(tx, what.first, going["first"].unique().sort(), []).select(first="_id", second="_primary")
    lost = going.join(now, on=_PAIR, how="semi").select("first")
    left = store.of_firsts(tx, lost["first"], store.COMPANY).join(going, on=_PAIR, how="anti", maintain_order="left")
    heirs = lost.join(left.unique("first", keep="first", maintain_order=True), on="first", how="left")
    if keeps and what.first.name == "contacts":
        heirs = heirs.drop_nulls("second")
    mark(tx, actor, known, what, heirs)


def mark(tx: Tx, actor: Actor, known: Catalogue, what: Relations, marks: pl.DataFrame) -> None:
    """Makes these companies (null: none) the primary ones of these records."""
    now = records.lock(tx, what.first, marks["first"].unique().sort(), []).select(first="_id", former="_primary")
    moved = marks.join(now, on="first").filter(pl.col("former").ne_missing(pl.col("second")))
    if moved.is_empty():
        return
    former = moved.drop_nulls("former").select("first", second="former")
    store.remember_primary(tx, actor, linking.named(tx, known, linking.pairs(what.first, what.second, former)))
    firsts, companies = moved["first"].to_list(), moved["second"].to_list()
    records.set_primary(tx, what.first, firsts, companies)
    store.mark_primary(tx, actor, firsts, companies)
