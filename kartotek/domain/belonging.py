"""What may not stand alone: a line item belongs to a deal; an email, a meeting or a note to somebody or something.

Files are held to that (I-10, I-12); programs and people may log first and associate later.
"""

from collections.abc import Mapping, Sequence

import polars as pl

from kartotek.domain import Tx, bounds, rules
from kartotek.model.catalogue import Catalogue
from kartotek.model.object_types import ObjectType
from kartotek.model.people import Actor
from kartotek.model.records import Links, Source
from kartotek.store import associations as store

_ENDS = (("first", "second"), ("second", "first"))


def homeless(
    actor: Actor,
    one: ObjectType,
    new: pl.DataFrame,
    links: Sequence[Links],
    keys: Mapping[str, pl.DataFrame],
    there: Mapping[str, pl.DataFrame],
) -> pl.DataFrame:
    """Problems of the new records that no link holds. `keys`: per type the `_key`s that are written."""
    if not one.homes or actor.source is not Source.IMPORT or new.is_empty():
        return rules.none()
    held = [pl.DataFrame(schema={"_key": pl.Int64})]
    for link in links:
        for mine, other in _ENDS:
            its, home = (link.first, link.second) if mine == "first" else (link.second, link.first)
            if its.name == one.name and home.name in one.homes:
                held.append(_holding(link, home, other, keys, there).select(_key=f"{mine}_key"))
    lacking = new.join(pl.concat(held), on="_key", how="anti", maintain_order="left")
    return rules.problems(one, lacking, None, "FAILED_TO_FIND_RECORD_FOR_ASSOCIATIONS")


def with_room(
    tx: Tx, catalogue: Catalogue, added: pl.DataFrame, coming: pl.DataFrame, leaving: pl.DataFrame | None = None
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The new pairs without those that would give a record a second home where it may have one; those as bounds.LOST.

    `coming`: pairs that are decided and not written yet. `leaving`: pairs that are there, and end before these begin.
    """
    gone = coming.clear() if leaving is None else leaving
    crowded = []
    for one in catalogue.object_types.values():
        if one.one_home and _concerns(added, one):
            crowded.append(_crowded(tx, catalogue, one, added, coming, gone).with_columns(object_type=pl.lit(one.name)))
    if not crowded:
        return added, bounds.NONE_LOST
    out = pl.concat(crowded)
    told = {"type": pl.lit("ASSOCIATION_LIMIT_EXCEEDED"), "value": pl.lit(None, pl.String)}
    lost = out.select(row="_place", object_type="object_type", **told)
    return added.join(out, on=["first", "second"], how="anti", maintain_order="left"), lost


def _concerns(pairs: pl.DataFrame, one: ObjectType) -> bool:
    return bool(((pairs["first_type"] == one.number) | (pairs["second_type"] == one.number)).any())


def _crowded(
    tx: Tx, catalogue: Catalogue, one: ObjectType, added: pl.DataFrame, coming: pl.DataFrame, leaving: pl.DataFrame
) -> pl.DataFrame:
    """Of the new pairs, those whose record of this type has a home already: `first`, `second`, `_place`."""
    homes = [catalogue.object_types[name].number for name in one.homes if name in catalogue.object_types]
    mine = _to_homes(added, one, homes)
    there = store.all_of(tx, mine["_child"].to_list()).join(leaving, on=["first", "second"], how="anti")
    settled = _to_homes(pl.concat([there, coming.select(*store.TYPED)]), one, homes)
    again = pl.col("_child").is_in(settled["_child"].implode()) | ~pl.col("_child").is_first_distinct()
    return mine.filter(again).select("first", "second", "_place")


def _to_homes(pairs: pl.DataFrame, one: ObjectType, homes: Sequence[int]) -> pl.DataFrame:
    """Those between a record of this type, as `_child`, and a home of it."""
    first = (pl.col("first_type") == one.number) & pl.col("second_type").is_in(homes)
    second = (pl.col("second_type") == one.number) & pl.col("first_type").is_in(homes)
    child = pl.when(first).then("first").when(second).then("second")
    return pairs.with_columns(_child=child).filter(pl.col("_child").is_not_null())


def _holding(
    link: Links, home: ObjectType, end: str, keys: Mapping[str, pl.DataFrame], there: Mapping[str, pl.DataFrame]
) -> pl.DataFrame:
    """The links whose other end is there, or is being written."""
    frame = link.frame.filter(Links.HOLDS) if Links.HOLDS in link.frame.columns else link.frame
    written = keys.get(home.name, pl.DataFrame(schema={"_key": pl.Int64}))["_key"]
    alive = there[home.name].filter(~pl.col("_archived"))["_id"]
    # A number below zero is a record that a rehearsal would have made.
    known = pl.col(f"{end}_id").is_in(alive.implode()) | (pl.col(f"{end}_id") < 0)
    return frame.filter(known.fill_null(False) | pl.col(f"{end}_key").is_in(written.implode()).fill_null(False))
