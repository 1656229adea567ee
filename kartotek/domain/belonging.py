"""What may not stand alone: a line item belongs to a deal; an email, a meeting or a note to somebody or something.

Files are held to that (I-10, I-12); programs and people may log first and associate later.
"""

from collections.abc import Mapping, Sequence

import polars as pl

from kartotek.domain import rules
from kartotek.model.object_types import ObjectType
from kartotek.model.people import Actor
from kartotek.model.records import Links, Source

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
