"""What rows with different keys have to do with each other, settled for the whole file before its first batch.

Keys that lead to one record of the database are of one group; a key that nobody has belongs to the record, named
earlier in the file, that gives it as a further value; a domain that several give is nobody's.
"""

from collections.abc import Mapping

import polars as pl

from kartotek.imports.match import keys
from kartotek.imports.table import PINNED, RECORD_ID, ROW, Chain
from kartotek.values import frames

# Where a key leads in the database: `group`, and its record (null when several have it).
FOUND = {"group": pl.Int64, "id": pl.Int64}
# `group` → `into`, another group; and of some groups the record, as PINNED.
Settled = Mapping[str, Mapping[str, list[list[int]]]]


def settled(
    one: Chain, groups: pl.DataFrame, claims: list[pl.DataFrame], found: pl.DataFrame
) -> dict[str, list[list[int]]]:
    same = found.filter(pl.col("id").is_not_null()).select_seq("group", into=pl.col("group").min().over("id"))
    contested = _contested(one, groups, claims, found)
    free = contested.join(found, on="group", how="anti")
    moved = _to_the_end(same)
    while True:
        given, several = _given(free, moved)
        onward = _to_the_end(pl.concat([same, given]))
        if onward.equals(moved):
            break
        moved = onward
    known = contested.filter("shared").select_seq("group").unique().join(found, on="group")
    pins = pl.concat(
        [known.with_columns_seq(pl.col("id").fill_null(0)), several.with_columns_seq(id=pl.lit(0, pl.Int64))]
    )
    pins = pins.sort("group")
    return {
        "into": [moved["group"].to_list(), moved["into"].to_list()],
        "pins": [pins["group"].to_list(), pins["id"].to_list()],
    }


def pinned(settled: Mapping[str, list[list[int]]]) -> pl.DataFrame:
    groups, ids = settled.get("pins", [[], []])
    return pl.DataFrame({"group": groups, "id": ids}, schema=PINNED)


def _contested(one: Chain, groups: pl.DataFrame, claims: list[pl.DataFrame], found: pl.DataFrame) -> pl.DataFrame:
    """Groups whose key rows of another give as well: `group`, `claimant_group`, `shared` (several may have it)."""
    schema = {"group": pl.Int64, "claimant_group": pl.Int64, "shared": pl.Boolean}
    if not claims:
        return pl.DataFrame(schema=schema)
    places = {key: i for i, key in enumerate(one.keys)}
    shared = [i for key, i in places.items() if key != RECORD_ID and one.object_type.properties[key].kind == "domain"]
    # Rows whose record id stands twice or is nobody's bring nothing in.
    nobody = (pl.col("kind") == places.get(RECORD_ID, keys.NO_KEY)) & ~pl.col("group").is_in(found["group"].implode())
    by_row = groups.with_columns_seq(pl.col("group").cast(pl.Int64)).filter(~pl.col("twice") & ~nobody)
    rows = pl.concat(claims).join(by_row.select_seq(ROW, claimant_group="group"), on=ROW)
    heads = groups.filter(keys.IS_HEAD).select_seq(pl.col("group").cast(pl.Int64), "h1", "h2", "kind")
    both = heads.join(rows, on=["h1", "h2"]).filter(pl.col("group") != pl.col("claimant_group"))
    return frames.cast(both.select_seq("group", "claimant_group", shared=pl.col("kind").is_in(shared)), schema)


def _given(free: pl.DataFrame, moved: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Keys that nobody has and that a record named earlier gives as well: `group`, `into`; and, as `group`, domains
    that several such records give, which are nobody's.

    Earlier is where the record's first row stands: there it is written, with what all its rows give.
    """
    ends = free.join(moved, left_on="claimant_group", right_on="group", how="left").select_seq(
        "group", "shared", into=pl.coalesce("into", "claimant_group")
    )
    earlier = ends.filter(pl.col("into") < pl.col("group")).unique().sort("group", "into")
    several = earlier.filter(pl.col("shared") & pl.col("group").is_duplicated()).select_seq("group").unique()
    given = earlier.join(several, on="group", how="anti", maintain_order="left").unique("group", keep="first")
    return given.select_seq("group", "into"), several


def _to_the_end(moved: pl.DataFrame) -> pl.DataFrame:
    """`group` and where it comes to rest, each step going to an earlier group."""
    moved = moved.filter(pl.col("group") != pl.col("into")).sort("group")
    while True:
        onward = moved.join(
            moved.select_seq(into="group", further="into"), on="into", how="left", maintain_order="left"
        )
        if onward["further"].null_count() == len(onward):
            return moved
        moved = onward.select_seq("group", into=pl.coalesce("further", "into"))
