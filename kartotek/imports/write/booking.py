"""What became of every row of a batch, and which problems it tells.

A row's record may have been written, or kept out, by an earlier batch that had its first row. So what is known of
such records goes on from batch to batch as Progress, and reads the same whoever carries it on.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import polars as pl

from kartotek.imports.table import LINE, PROBLEM, ROW, Plan, absent_name, cell, failed_name
from kartotek.model.object_types import ObjectType
from kartotek.model.problems import HOLDS
from kartotek.model.records import Outcome
from kartotek.values import TYPES, Reading, frames

# What a record came to, by its group.
SETTLED = {"group": pl.Int64, "id": pl.Int64, "outcome": pl.String}
# Why a record was kept out.
REASON = {"group": pl.Int64, "type": pl.String, "property": pl.String}
# Problems that keep a whole record out, found when it was to be written.
KEPT_OUT = (
    *HOLDS, "CREATE_ONLY_IMPORT", "DUPLICATE_RECORD_ID", "DUPLICATE_UNIQUE_PROPERTY_VALUE",
    "FAILED_TO_FIND_RECORD_FOR_ASSOCIATIONS", "GDPR_BLACKLISTED_EMAIL", "INVALID_ALTERNATE_ID",
    "INVALID_OBJECT_ID", "INVALID_RECORD_ID", "INVALID_REQUIRED_PROPERTY",
    "LINE_ITEM_MULTIPLE_PARENTS_IN_ROW", "MISSING_REQUIRED_PROPERTY", "MULTIPLE_COMPANIES_WITH_THIS_DOMAIN",
    "UPDATE_ONLY_IMPORT",
)  # fmt: skip
# What became of a row: one line per row and object type.
OUTCOME = {ROW: pl.Int64, LINE: pl.Int64, "record": pl.Int64, "outcome": pl.String}
OUT = (Outcome.FAILED.value, Outcome.SKIPPED.value, Outcome.HELD.value)
_MOST_SHOWN = 1_000  # characters of a bad cell that are kept
_ID_PROPERTY = "hs_object_id"


@dataclass(slots=True)
class Progress:
    """What goes from batch to batch: per object type's name, the records that come again, and why some are out."""

    settled: dict[str, pl.DataFrame] = field(default_factory=dict)
    reasons: dict[str, pl.DataFrame] = field(default_factory=dict)

    def of(self, name: str) -> pl.DataFrame:
        return self.settled.get(name, pl.DataFrame(schema=SETTLED))

    def why(self, name: str) -> pl.DataFrame:
        return self.reasons.get(name, pl.DataFrame(schema=REASON))

    def copy(self) -> "Progress":
        return Progress(dict(self.settled), dict(self.reasons))


@dataclass(frozen=True, slots=True)
class Booked:
    """What a batch came to, for one object type. `told`: as REASON with `value`, every problem of its own records."""

    object_type: ObjectType
    settled: pl.DataFrame  # as SETTLED, of this batch's records and of those that were settled before
    reasons: pl.DataFrame  # as REASON, one for each record that was kept out
    told: pl.DataFrame


def outcomes(one: ObjectType, values: pl.DataFrame, settled: pl.DataFrame) -> pl.DataFrame:
    """As OUTCOME. The first row of a record has what became of it; the others changed nothing more."""
    name = one.name
    rows = values.select_seq(ROW, LINE, name, failed_name(name), absent_name(name))
    joined = rows.join(settled, left_on=name, right_on="group", how="left", maintain_order="left")
    outcome = (
        pl.when(failed_name(name)).then(pl.lit(Outcome.FAILED.value))
        .when(absent_name(name)).then(pl.lit(Outcome.SKIPPED.value))
        .when(pl.col(ROW) == pl.col(name)).then(pl.col("outcome"))
        .otherwise(again(pl.col("outcome")))
    )  # fmt: skip
    return joined.select_seq(ROW, LINE, pl.col("id").fill_null(0).alias("record"), outcome.alias("outcome"))


def again(outcome: pl.Expr) -> pl.Expr:
    """What a further row of a record counts as: the record was written once, by its first row."""
    once = [Outcome.CREATED.value, Outcome.UPDATED.value]
    return pl.when(outcome.is_in(once)).then(pl.lit(Outcome.UNCHANGED.value)).otherwise(outcome)


def one_reason(one: ObjectType, problems: pl.DataFrame) -> pl.DataFrame:
    """Of all that keeps a record out, what its further rows say; the same from what was found as from what was kept."""
    firsts = {name: group[0] for group in one.needs for name in group}
    invalid = pl.col("type") == "INVALID_REQUIRED_PROPERTY"
    plain = problems.filter(pl.col("type").is_in(KEPT_OUT)).select_seq(
        "group",
        pl.when(invalid).then(pl.lit("MISSING_REQUIRED_PROPERTY")).otherwise("type").alias("type"),
        pl.when(invalid).then(pl.col("property").replace(firsts)).otherwise("property").alias("property"),
    )
    first = plain.sort("group", "type", "property").unique("group", keep="first", maintain_order=True)
    return frames.cast(first, REASON)


def problems(plan: Plan, values: pl.DataFrame, raw: Callable[[], pl.DataFrame], booked: Booked) -> pl.DataFrame:
    """Each row of a record that was kept out says why; what else there is to say, its first row does."""
    one = booked.object_type
    rows = values.filter(~pl.col(failed_name(one.name))).select_seq(ROW, line=LINE, group=one.name).drop_nulls("group")
    heads = rows.filter(pl.col(ROW) == pl.col("group")).join(booked.told, on="group", maintain_order="left")
    others = rows.filter(pl.col(ROW) != pl.col("group")).join(booked.reasons, on="group", maintain_order="left")
    found = pl.concat(
        [
            heads.select_seq(ROW, "line", *_TOLD),
            others.with_columns_seq(value=pl.lit(None, pl.String)).select_seq(ROW, "line", *_TOLD),
        ]
    )
    if found.is_empty():
        return pl.DataFrame(schema=PROBLEM)
    places = {c.property: c.index for c in plan.of(one.name) if c.property}
    if (record_id := plan.record_id_of(one.name)) is not None:
        places[_ID_PROPERTY] = record_id.index
    place = (
        pl.col("property").replace_strict(places, default=None, return_dtype=pl.Int64)
        if places
        else pl.lit(None, pl.Int64)
    )
    placed = found.with_columns_seq(object_type=pl.lit(one.name), place=place)
    held = pl.col("type").is_in(HOLDS)  # these tell what is there now, not what the file says
    stood = (
        [_as_they_stood(placed.filter(~held), raw()), placed.filter(held)]
        if placed.select_seq(held.any()).item()
        else [_as_they_stood(placed, raw())]
    )
    return pl.concat([frames.cast(part.select_seq(PROBLEM.keys()), PROBLEM) for part in stood])


def lost(values: pl.DataFrame, links: pl.DataFrame) -> pl.DataFrame:
    """As PROBLEM, the links that could not be made; `links` as Written.lost."""
    if links.is_empty():
        return pl.DataFrame(schema=PROBLEM)
    lines = values.select_seq(pl.col(ROW).cast(pl.Int64), line=LINE)
    told = links.rename({"row": ROW}).unique([ROW, "object_type", "type"], maintain_order=True)
    nothing = [pl.lit(None).alias(name) for name in ("place", "property")]
    found = told.join(lines, on=ROW, maintain_order="left").with_columns_seq(nothing)
    return frames.cast(found.select_seq(PROBLEM.keys()), PROBLEM)


_TOLD = ("type", "property", "value")


def _as_they_stood(found: pl.DataFrame, raw: pl.DataFrame) -> pl.DataFrame:
    """With the cells' own text as `value`, wherever the row has any there."""
    for place in found["place"].drop_nulls().unique().to_list():
        text = TYPES["multiline"].read(pl.col(cell(place)).str.slice(0, _MOST_SHOWN), Reading())
        own = raw.join(found.filter(pl.col("place") == place), on=ROW, how="semi").select_seq(
            ROW, pl.lit(place).alias("place"), own=text
        )
        found = found.join(own, on=[ROW, "place"], how="left", maintain_order="left").with_columns_seq(
            value=pl.coalesce("own", "value")
        ).drop("own")  # fmt: skip
    return found


def required(found: pl.DataFrame, objects: Sequence[ObjectType], plan: Plan) -> pl.DataFrame:
    """A required value that stood there and could not be read is invalid rather than missing (imports.md 3)."""
    missing = found.filter(pl.col("type") == "MISSING_REQUIRED_PROPERTY")
    if missing.is_empty():
        return found
    groups = [(one.name, group[0], name) for one in objects for group in one.needs for name in group]
    needs = pl.DataFrame(
        groups, schema={"object_type": pl.String, "property": pl.String, "of": pl.String}, orient="row"
    )
    keys = [ROW, "object_type"]
    unread = found.filter(~pl.col("type").is_in(KEPT_OUT) & pl.col("place").is_not_null()).rename({"property": "of"})
    invalid = (
        missing.join(needs, on=["object_type", "property"])
        .select_seq(*keys, "of", needed="property")
        .join(unread, on=[*keys, "of"])
        .unique([*keys, "needed"], keep="first", maintain_order=True)
    )
    if invalid.is_empty():
        return found
    replaced = pl.concat(
        [invalid.select_seq(*keys, property="of"), invalid.select_seq(*keys, property="needed")]
    ).unique()
    mine = pl.col("type").is_in(["MISSING_REQUIRED_PROPERTY", *unread["type"].unique().to_list()])
    kept = pl.concat(
        [
            found.filter(~mine),
            found.filter(mine).join(replaced, on=[*keys, "property"], how="anti", maintain_order="left"),
        ]
    )
    mended = invalid.with_columns_seq(type=pl.lit("INVALID_REQUIRED_PROPERTY")).rename({"of": "property"})
    return pl.concat([kept, mended.select_seq(PROBLEM.keys())])
