"""Which associations, labels and primary marks of an import end, which come back, and which stay.

What the import made ends, unless somebody has labelled the association since, or chosen its company as the primary one.
What it ended begins again, where both ends still live. A mark goes back when it is where the import left it.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from kartotek.domain import Tx, linking
from kartotek.domain.undoing.values import Reader
from kartotek.model.catalogue import Catalogue
from kartotek.model.people import Actor
from kartotek.model.undos import Why
from kartotek.store import association_dates as dates
from kartotek.store import associations as store
from kartotek.store import deeds, records, undoing

COMPANY = store.COMPANY
_ENDS = ["first", "second"]
_TYPED = [*_ENDS, "first_type", "second_type"]


@dataclass(frozen=True, slots=True)
class Plan:
    """`stays`: `first`, `second`, `first_type`, `why`, and whether the pair is the import's `own`, or only a mark."""

    firsts: pl.DataFrame  # _id, _primary, number, has_primary: of the batch's living records
    labelled: bool  # whether any of their associations has labels
    stays: pl.DataFrame
    own_labels: pl.DataFrame  # pairs, type: all that the import set
    unlabel: pl.DataFrame  # those of them whose pairs last
    relink: pl.DataFrame  # pairs
    relabel: pl.DataFrame  # pairs, type
    primaries: pl.DataFrame  # first, second: marks that go back; null to none
    undate: pl.DataFrame  # pairs of which the import said from when until when they hold
    redates: bool  # whether it said so no more of any

    @property
    def kept(self) -> pl.DataFrame:
        """The import's own pairs that do not end."""
        return self.stays.filter("own").select(*_ENDS)


@dataclass(frozen=True, slots=True)
class Done:
    ended: int
    unlabelled: int
    relinked: int
    relabelled: int
    primaries: int


def plan(tx: Tx, id: int, known: Catalogue, locked: Mapping[str, pl.DataFrame], read: Reader) -> Plan:
    """`locked`: per type's name the batch's records as records.KNOWN."""
    firsts = _living(known, locked)
    labels, dated = _told(tx, id, firsts["_id"])
    endings = deeds.endings(tx, id, firsts["_id"])
    labelled = _labelled_since(labels, dated)
    chosen = _chosen_since(tx, id, firsts, endings)
    primaries, moved = _primaries(firsts, endings)
    primaries = pl.concat([primaries, _gained(tx, id, firsts, endings)])
    stays = pl.concat(
        [
            _staying(labelled.select(*_ENDS, "first_type"), Why.LABELLED, own=True),
            _staying(chosen, Why.PRIMARY, own=True),
            _staying(moved, Why.PRIMARY, own=False),
        ]
    ).unique(_ENDS, keep="first", maintain_order=True)
    kept = stays.filter("own").select(*_ENDS)
    own = labels.filter("own")
    lasting = pl.concat([own.filter(~pl.col("link_own")), own.filter("link_own").join(kept, on=_ENDS, how="semi")])
    relink = _relinked(tx, id, known, endings, read)
    relabel = endings.filter(pl.col("own") & (pl.col("what") == "label"))
    typed = [*_TYPED, "type"]
    return Plan(
        firsts,
        len(labels) > 0,
        stays,
        own.select(typed),
        lasting.select(typed),
        relink,
        relabel.select(*_TYPED, "type"),
        primaries,
        dated.filter("own").select(_TYPED),
        endings.filter(pl.col("own") & (pl.col("what") == "dates")).height > 0,
    )


def staying(tx: Tx, id: int, known: Catalogue, firsts: pl.Series) -> pl.DataFrame:
    """`first`, `second` of the import's own pairs with these first ends that will not end, when their turn comes."""
    labels, dated = _told(tx, id, firsts)
    endings = deeds.endings(tx, id, firsts)
    marks = endings.filter((pl.col("what") == "primary") & ~pl.col("own"))
    holders = {
        one.name: records.peek(tx, one, some["first"].unique().sort(), [])
        for (number,), some in marks.group_by("first_type", maintain_order=True)
        for one in (known.by_number(int(str(number))),)
    }
    chosen = _chosen_since(tx, id, _living(known, holders), endings)
    return pl.concat([_labelled_since(labels, dated).select(*_ENDS), chosen.select(*_ENDS)]).unique()


def carry_out(tx: Tx, actor: Actor, id: int, known: Catalogue, what: Plan, archived: pl.Series) -> Done:
    """Ends and begins them, and settles who is primary; `archived`: records that leave in the same transaction."""
    lasting = what.firsts.filter(pl.col("has_primary") & ~pl.col("_id").is_in(archived.implode()))
    lost = _lost(tx, id, lasting, what)
    if len(lost):
        store.remember_primary(tx, actor, linking.named(tx, known, lost))
    types = list(known.object_types.values())
    nothing = pl.lit(None, pl.Date)
    dates.say(tx, actor, linking.named(tx, known, what.undate).with_columns(starts_on=nothing, ends_on=nothing))
    ended, unlabelled = undoing.end_links(tx, actor, id, what.firsts["_id"], what.kept, types, labelled=what.labelled)
    undoing.unlabel(tx, actor, id, linking.named(tx, known, what.unlabel))
    relinked = undoing.relink(tx, id, what.relink)
    there = deeds.links(tx, id, what.relabel).select(*_ENDS)
    relabelled = undoing.relabel(tx, id, what.relabel.join(there, on=_ENDS, how="semi"))
    if what.redates:
        dates.say_again(tx, id, what.firsts["_id"])
    _settle(tx, actor, known, lost, what.primaries)
    return Done(ended, unlabelled + len(what.unlabel), relinked, relabelled, len(what.primaries))


def _told(tx: Tx, id: int, firsts: pl.Series) -> tuple[pl.DataFrame, pl.DataFrame]:
    """What is said of the pairs with these first ends: labels, and days."""
    dated = dates.of_import(tx, id, firsts) if dates.there_are(tx) else pl.DataFrame(schema=dates.OWN)
    return deeds.labels(tx, id, firsts), dated


def _labelled_since(labels: pl.DataFrame, dated: pl.DataFrame) -> pl.DataFrame:
    """The import's pairs of which somebody else has said something."""
    told = pl.concat([frame.select(*_TYPED, "own", "link_own") for frame in (labels, dated)])
    return told.filter(~pl.col("own") & pl.col("link_own")).unique(_ENDS, maintain_order=True)


def _living(known: Catalogue, locked: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    parts = [
        frame.filter(~pl.col("_archived")).select(
            "_id", "_primary", number=pl.lit(known.object_types[name].number, pl.Int64),
            has_primary=pl.lit(known.object_types[name].has_primary_company),
        )
        for name, frame in locked.items()
    ]  # fmt: skip
    none = {"_id": pl.Int64, "_primary": pl.Int64, "number": pl.Int64, "has_primary": pl.Boolean}
    return pl.concat([pl.DataFrame(schema=none), *parts])


def _staying(pairs: pl.DataFrame, why: Why, *, own: bool) -> pl.DataFrame:
    return pairs.select(*_ENDS, "first_type", why=pl.lit(why.value), own=pl.lit(own))


def _chosen_since(tx: Tx, id: int, firsts: pl.DataFrame, endings: pl.DataFrame) -> pl.DataFrame:
    """The import's pairs whose company somebody has made the primary one since: the mark is not where it was left."""
    marks = endings.filter((pl.col("what") == "primary") & ~pl.col("own"))
    now = firsts.drop_nulls("_primary").select(first="_id", second="_primary", first_type="number")
    now = now.join(marks.select("first").unique(), on="first", how="semi")
    own = deeds.links(tx, id, now).filter("own")
    after = (
        marks.select("first", "ended", left="second").join(own, on="first").filter(pl.col("ended") >= pl.col("began"))
    )
    left = after.sort("ended").unique("first", keep="first", maintain_order=True)
    chosen = left.filter(pl.col("left") != pl.col("second"))
    return now.join(chosen.select(*_ENDS), on=_ENDS, how="semi")


def _primaries(firsts: pl.DataFrame, endings: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Marks that the import moved and that go back; and those that somebody has moved on since."""
    marks = endings.filter(pl.col("what") == "primary")
    own = marks.filter("own").sort("ended").unique("first", keep="first", maintain_order=True)
    own = own.select(*_ENDS, "first_type", "second_type", moved="ended")
    later = marks.filter(~pl.col("own")).join(own.select("first", "moved"), on="first")
    later = later.filter(pl.col("ended") > pl.col("moved")).sort("ended").unique("first", keep="first")
    written = later.select("first", written="second")
    now = firsts.select(first="_id", now="_primary")
    joined = own.join(written, on="first", how="left").join(now, on="first")
    stands = pl.col("written").is_null() | (pl.col("written") == pl.col("now")).fill_null(False)
    back = joined.filter(stands & pl.col("now").ne_missing(pl.col("second")))
    gone_on = joined.filter(~stands & pl.col("now").ne_missing(pl.col("second")))
    return back.select(*_TYPED, "now"), gone_on.select(*_ENDS, "first_type")


def _gained(tx: Tx, id: int, firsts: pl.DataFrame, endings: pl.DataFrame) -> pl.DataFrame:
    """Marks that the import gave to records with companies and no primary one: those have none again."""
    moved = endings.filter((pl.col("what") == "primary") & pl.col("own"))
    now = firsts.select(first="_id", second="_primary", first_type="number")
    stands = deeds.gained(tx, id, firsts["_id"]).join(now, on=_ENDS).join(moved, on="first", how="anti")
    return stands.select(
        "first",
        pl.lit(None, pl.Int64).alias("second"),
        "first_type",
        second_type=pl.lit(COMPANY, pl.Int64),
        now="second",
    )


def _relinked(tx: Tx, id: int, known: Catalogue, endings: pl.DataFrame, read: Reader) -> pl.DataFrame:
    """Pairs that the import ended, are not associated again, and whose other end lives; its first end is locked."""
    pairs = endings.filter((pl.col("what") == "association") & pl.col("own")).unique(_ENDS).select(*_TYPED)
    if pairs.is_empty():
        return pairs
    pairs = pairs.join(deeds.links(tx, id, pairs), on=_ENDS, how="anti")
    alive = [pl.Series("second", [], pl.Int64)]
    numbers = pairs["second_type"].unique().to_list()
    for one in sorted(map(known.by_number, numbers), key=records.lock_order):
        wanted = pairs.filter(pl.col("second_type") == one.number)["second"].unique().sort()
        alive.append(read(tx, one, wanted, []).filter(~pl.col("_archived"))["_id"])
    return pairs.filter(pl.col("second").is_in(pl.concat(alive).implode()))


def _lost(tx: Tx, id: int, lasting: pl.DataFrame, what: Plan) -> pl.DataFrame:
    """Marks that go with the association they stand on, or go back to where they were."""
    now = lasting.drop_nulls("_primary").select(
        first="_id", second="_primary", first_type="number", second_type=pl.lit(store.COMPANY, pl.Int64)
    )
    own = deeds.links(tx, id, now).filter("own").select(*_ENDS)
    ending = own.join(what.kept, on=_ENDS, how="anti")
    back = what.primaries.drop_nulls("now").select("first", second="now")
    return now.join(pl.concat([ending, back]).unique(), on=_ENDS, how="semi", maintain_order="left")


def _settle(tx: Tx, actor: Actor, known: Catalogue, lost: pl.DataFrame, primaries: pl.DataFrame) -> None:
    """Who lost the mark's company gets the one before it back, else the one associated longest, if there is any."""
    owners = pl.concat([lost.select("first", "first_type"), primaries.select("first", "first_type")]).unique()
    if owners.is_empty():
        return
    bare = primaries.filter(pl.col("second").is_null())["first"]
    for (number,), some in owners.sort("first").group_by("first_type", maintain_order=True):
        firsts = some.select("first")
        left = store.of_firsts(tx, firsts["first"].to_list(), store.COMPANY)
        before = primaries.select(*_ENDS).join(left, on=_ENDS, how="semi").rename({"second": "before"})
        oldest = left.unique("first", keep="first", maintain_order=True)
        heirs = firsts.join(before, on="first", how="left").join(oldest, on="first", how="left")
        heir = pl.when(~pl.col("first").is_in(bare.implode())).then(pl.coalesce("before", "second"))
        companies = heirs.select(heir.alias("company"))["company"].to_list()
        records.set_primary(tx, known.by_number(int(str(number))), heirs["first"].to_list(), companies)
        store.mark_primary(tx, actor, heirs["first"].to_list(), companies)
