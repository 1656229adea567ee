"""The records of a batch: which there are already, which are to be written, and which are left out, with why."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from kartotek.domain import Tx
from kartotek.domain import records as domain
from kartotek.imports.table import (
    RECORD_ID,
    ROW,
    Chain,
    id_name,
    parents_name,
    twice_name,
)
from kartotek.imports.write import booking, folding
from kartotek.imports.write.booking import REASON, SETTLED, Booked, Progress, one_reason
from kartotek.model.object_types import ObjectType
from kartotek.model.people import Actor
from kartotek.model.records import Changes, Outcome, Written
from kartotek.values import frames

# Groups that are not written, with why; `property` and `value` say where it shows.
REFUSED = {**REASON, "value": pl.String}
_SKIPPED = {**REFUSED, "_id": pl.Int64}
NOT_HELD = pl.DataFrame(schema=REFUSED)
_ID_PROPERTY = "hs_object_id"


@dataclass(frozen=True, slots=True)
class Resolved:
    """What a batch is to write of one object type, and the groups that it leaves out, with why."""

    chain: Chain
    changes: Changes
    refused: pl.DataFrame  # as REFUSED
    skipped: pl.DataFrame  # as _SKIPPED
    same: pl.DataFrame  # group, into: a group that turned out to be about the same record as an earlier one
    found: pl.DataFrame  # group, _kind
    held: pl.DataFrame  # as _SKIPPED, and perhaps several of one group

    @property
    def name(self) -> str:
        return self.chain.object_type.name

    def ends(self, end: str, frame: pl.DataFrame, settled: pl.DataFrame) -> pl.DataFrame:
        """Adds `<end>_id`, `<end>_key`, `<end>_out` for the groups in `_g_<end>`."""
        nobody = pl.lit(None, pl.Int64)
        settled = settled.filter(pl.col("outcome") != Outcome.HELD.value)
        known = pl.concat(
            [
                self.changes.frame.select_seq(group="_key", key="_key", id=nobody),
                self.same.select_seq("group", key="into", id=nobody),
                self.skipped.select_seq("group", key=nobody, id="_id"),
                settled.select_seq("group", key=nobody, id="id"),
            ]
        )
        joined = frame.join(known, left_on=f"_g_{end}", right_on="group", how="left", maintain_order="left")
        out = pl.col("key").is_null() & pl.col("id").is_null()
        return joined.with_columns_seq(out.alias(f"{end}_out")).rename({"key": f"{end}_key", "id": f"{end}_id"})

    def book(self, written: Written, progress: Progress) -> Booked:
        """What is known now of every group that has a row in this batch."""
        done = written.outcomes[self.name].select_seq(group="_key", id="_id", outcome="outcome")
        told = written.problems.filter(pl.col("object_type") == self.name).select_seq(
            "type", "property", "value", group="_key"
        )
        told = told.with_columns_seq(
            property=pl.when(pl.col("type") == "INVALID_RECORD_ID").then(pl.lit(_ID_PROPERTY)).otherwise("property")
        )
        again = self.same.join(done.rename({"group": "into"}), on="into").select_seq(
            "group", "id", booking.again(pl.col("outcome")).alias("outcome")
        )
        failed = self.refused.select_seq("group", id=pl.lit(None, pl.Int64), outcome=pl.lit(Outcome.FAILED.value))
        skipped = self.skipped.select_seq("group", id="_id", outcome=pl.lit(Outcome.SKIPPED.value))
        held = self.held.unique("group").select_seq("group", id="_id", outcome=pl.lit(Outcome.HELD.value))
        own = frames.cast(pl.concat([done, again, failed, skipped, held]), SETTLED)
        also = self.same.join(told, left_on="into", right_on="group").drop("into")
        every = pl.concat(
            [frame.select_seq(REFUSED.keys()) for frame in (told, also, self.refused, self.skipped, self.held)]
        )
        out = own.filter(pl.col("outcome").is_in(booking.OUT))
        reasons = one_reason(self.chain.object_type, every.join(out, on="group", how="semi"))
        return Booked(
            self.chain.object_type,
            pl.concat([own, progress.of(self.name)]),
            pl.concat([reasons, progress.why(self.name)]),
            every,
        )


def why(out: pl.DataFrame) -> pl.DataFrame:
    """As _SKIPPED."""
    by_id = pl.col("_kind") == RECORD_ID
    named = pl.when(by_id).then(pl.lit(_ID_PROPERTY)).otherwise("_kind")
    return frames.cast(out.select_seq("group", type="_refused", property=named, value="_text", _id="_id"), _SKIPPED)


@dataclass(frozen=True, slots=True)
class Looked:
    """What a look at the identifiers found before a batch was decided: of the values `asked`, as `value`, `record`."""

    asked: pl.Series
    found: pl.DataFrame


# By object type's name and key.
LookedUp = Mapping[tuple[str, str], Looked]


def look_up(tx: Tx, chain: Chain, rows: pl.DataFrame, nobodys: frozenset[str]) -> dict[tuple[str, str], Looked]:
    """Whose the keys of a batch's own records are, asked for ahead of its decision; `rows` checked and numbered."""
    one, looked = chain.object_type, {}
    for key in chain.keys:
        if key == RECORD_ID or key in nobodys:
            continue
        own = rows.select_seq(chain.column(key).filter(pl.col(ROW) == pl.col(one.name))).to_series()
        asked = own.drop_nulls().cast(pl.String).unique()
        looked[one.name, key] = Looked(asked, domain.holders(tx, one, one.properties[key], asked))
    return looked


def is_nobodys(tx: Tx, chain: Chain, key: str, rows: pl.DataFrame, claims: pl.DataFrame) -> bool:
    """Whether no record has any of the values of this key that a batch's own records do not claim."""
    one, prop = chain.object_type, chain.object_type.properties[key]
    claimed = claims.filter(pl.col("property") == prop.id)
    heads = rows.filter((pl.col(ROW) == pl.col(one.name)) & chain.column(key).is_not_null())
    left = heads.join(claimed, left_on=one.name, right_on="_key", how="anti").select_seq(chain.column(key)).to_series()
    return left.is_empty() or domain.holders(tx, one, prop, left.cast(pl.String).unique()).is_empty()


def look_at(tx: Tx, chain: Chain, names: Sequence[str], rows: pl.DataFrame, looked: LookedUp) -> pl.DataFrame | None:
    """The records that these keys lead to, as far as these properties are concerned: as Changes.seen."""
    one = chain.object_type
    ids = [looked[one.name, key].found["record"] for key in chain.keys if (one.name, key) in looked]
    if id_name(one.name) in rows.columns:
        ids.append(rows[id_name(one.name)].drop_nulls().cast(pl.Int64))
    wanted = pl.concat([pl.Series(dtype=pl.Int64), *ids]).unique().sort()
    return domain.glimpse(tx, one, wanted, names) if len(wanted) else None


def find(
    tx: Tx,
    actor: Actor,
    chain: Chain,
    folded: pl.DataFrame,
    pinned: pl.DataFrame,
    nobodys: frozenset[str],
    looked: LookedUp,
) -> pl.DataFrame:
    """Adds `_kind` and `_text`, by what a record is found; `_id`; `_refused`."""
    one = chain.object_type
    by_id = chain.column(RECORD_ID) if RECORD_ID in chain.keys else pl.lit(None, pl.Int64)
    rows = folded.with_columns_seq(
        _kind=chain.kind(), _text=chain.text(), _id=by_id.cast(pl.Int64),
        _refused=pl.when(twice_name(one.name)).then(pl.lit("DUPLICATE_RECORD_ID")).when(_parents(one, folded))
        .then(pl.lit("LINE_ITEM_MULTIPLE_PARENTS_IN_ROW")),
    )  # fmt: skip
    asked = [key for key in chain.keys if key != RECORD_ID and key not in nobodys]
    held = pl.concat([pl.DataFrame(schema=_HELD), *(_held(tx, chain, key, rows, looked) for key in asked)])
    rows = rows.join(held, on="group", how="left", maintain_order="left").join(
        pinned.rename({"id": "pin"}), on="group", how="left", maintain_order="left"
    )
    several = pl.when(pl.col("pin").is_null()).then("several").otherwise(pl.col("pin") == 0).fill_null(False)
    rows = rows.with_columns_seq(
        _refused=pl.when(several).then(pl.lit("MULTIPLE_COMPANIES_WITH_THIS_DOMAIN")).otherwise("_refused"),
        _id=pl.when(~several).then(pl.coalesce("_id", "pin", "record")),
    ).drop("record", "several", "pin")
    by_ids = rows.filter(pl.col("_kind") == RECORD_ID)["_id"]
    if by_ids.is_empty():
        return rows
    meant = domain.meant(tx, actor, one, by_ids)
    rows = rows.join(meant.rename({"asked": "_id", "id": "_meant"}), on="_id", how="left", maintain_order="left")
    by_id = pl.col("_kind") == RECORD_ID
    unknown = by_id & pl.col("_meant").is_null() & pl.col("_refused").is_null()
    return rows.with_columns_seq(
        _refused=pl.when(unknown).then(pl.lit("INVALID_RECORD_ID")).otherwise("_refused"),
        _id=pl.when(by_id).then(pl.coalesce("_meant", "_id")).otherwise("_id"),
    ).drop("_meant")


def _parents(one: ObjectType, rows: pl.DataFrame) -> pl.Expr:
    return pl.col(parents_name(one.name)) if parents_name(one.name) in rows.columns else pl.lit(False)


_HELD = {"group": pl.Int64, "record": pl.Int64, "several": pl.Boolean}


def _held(tx: Tx, chain: Chain, key: str, rows: pl.DataFrame, looked: LookedUp) -> pl.DataFrame:
    """Whose the values of this key are: as _HELD."""
    one = chain.object_type
    mine = rows.filter(pl.col("_kind") == key).select_seq("group", value="_text")
    held = _holders(tx, chain, key, mine["value"], looked.get((one.name, key)))
    by_value = held.group_by("value").agg(pl.col("record").first(), several=pl.len() > 1)
    return mine.join(by_value, on="value").select_seq(_HELD.keys())


def _holders(tx: Tx, chain: Chain, key: str, values: pl.Series, looked: Looked | None) -> pl.DataFrame:
    """Whose these values are; asked for only where nobody has before."""
    one = chain.object_type
    if looked is None:
        return domain.holders(tx, one, one.properties[key], values)
    left = values.filter(~values.is_in(looked.asked.implode()))
    if left.is_empty():
        return looked.found
    return pl.concat([looked.found, domain.holders(tx, one, one.properties[key], left)])


def one_each(one: ObjectType, rows: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Two groups that lead to one record are one write: somebody has just given an address to another record."""
    doubled = pl.col("_id").is_not_null() & pl.col("_id").is_duplicated()
    plural = rows.filter(doubled)
    if plural.is_empty():
        return rows, pl.DataFrame(schema={"group": pl.Int64, "into": pl.Int64})
    into = pl.col("group").min().over("_id")
    same = plural.select_seq("group", into=into).filter(pl.col("group") != pl.col("into"))
    merged = folding.fold_by(one, "_into", plural.with_columns_seq(_into=into)).rename({"_into": "group"})
    facts = plural.select_seq("group", *(name for name in plural.columns if name not in merged.columns))
    together = merged.join(facts, on="group", how="left").select_seq(rows.columns)
    return pl.concat([rows.filter(~doubled), together]).sort("group"), same
