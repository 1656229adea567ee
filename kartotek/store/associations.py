"""Pairs of records, many at once. A pair's first end is never a company beside a non-company: see `ordered`."""

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl
from psycopg import sql

from kartotek.model.people import Actor
from kartotek.store import bulk
from kartotek.store.database import Tx
from kartotek.values import frames

COMPANY = 2  # the number of object type 0-2
# The labels of a parent and its child company, by the end that sees them.
TO_CHILD, TO_PARENT = 13, 14

PAIR = {"first": pl.Int64, "second": pl.Int64}
TYPED = {**PAIR, "first_type": pl.Int64, "second_type": pl.Int64}
LABEL = {**PAIR, "type": pl.Int64}
# With what both ends are called: history keeps it, for when they are gone.
NAMED = {**TYPED, "first_name": pl.String, "second_name": pl.String}
_NO_PAIRS = pl.DataFrame(schema=PAIR)
_TABLE = sql.Identifier("kartotek", "associations")
_LABELS = sql.Identifier("kartotek", "association_labels")
_FAMILY = {"child": pl.Int64, "parent": pl.Int64}
_WRITING = 1263424327  # the advisory locks of pairs of object types


def ordered(frame: pl.DataFrame) -> pl.DataFrame:
    """Puts the ends of `first`, `second`, `first_type`, `second_type` in the order in which pairs are kept.

    If exactly one end is a company the other is first; else the lower type; within one type the lower id.
    """
    a, b = pl.col("first_type"), pl.col("second_type")
    swap = (
        pl.when((a == COMPANY) != (b == COMPANY))
        .then(a == COMPANY)
        .when(a != b)
        .then(a > b)
        .otherwise(pl.col("first") > pl.col("second"))
    )

    def end(one: str, other: str) -> pl.Expr:
        return pl.when(swap).then(pl.col(other)).otherwise(pl.col(one)).alias(one)

    return frame.with_columns_seq(
        end("first", "second"), end("second", "first"),
        end("first_type", "second_type"), end("second_type", "first_type"),
    )  # fmt: skip


def in_order(frame: pl.DataFrame, one: int, other: int) -> pl.DataFrame:
    """The same where all first ends are of the type with the one number, and all second ones of the other."""
    if one == other:
        return ordered(frame)
    if is_first(one, other):
        return frame
    swapped = {"first": "second", "second": "first", "first_type": "second_type", "second_type": "first_type"}
    return frame.rename(swapped)[frame.columns]


def is_first(one: int, other: int) -> bool:
    """Whether records of the type with this number can be the first end of a pair with the other's."""
    if (one == COMPANY) != (other == COMPANY):
        return other == COMPANY
    return one <= other


def hold(tx: Tx, pairs: Mapping[tuple[int, int], bool]) -> None:
    """Holds these pairs of object types, given by their numbers, until the end of the transaction, alone or with others
    that do not need to be alone."""
    for (one, other), alone in sorted(pairs.items()):
        kind = "" if alone else "_shared"
        # Two pairs may come to share a number: that only makes one wait for the other.
        tx.run(f"SELECT pg_advisory_xact_lock{kind}(%s, hashint8(%s))", [_WRITING, one * 2**31 + other])
    tx.kept.clear()  # whom this waited for may have changed what counts here


def count_pairs(tx: Tx, ids: pl.Series, other: int) -> pl.DataFrame:
    """How many records of the other type each of these is associated with: `_end`, `n`."""
    found = tx.query("associations.counts_for", {"ids": ids.to_list(), "other": other})
    return pl.DataFrame([(row["id"], row["n"]) for row in found], {"_end": pl.Int64, "n": pl.Int64}, orient="row")


def count_labels(tx: Tx, ids: pl.Series, type: int, turned: int) -> pl.DataFrame:
    """How many associations of each of these carry a label, which the other end sees as `turned`: `_end`, `n`."""
    found = tx.query("associations.label_counts", {"ids": ids.to_list(), "type": type, "turned": turned})
    return pl.DataFrame([(row["id"], row["n"]) for row in found], {"_end": pl.Int64, "n": pl.Int64}, orient="row")


def ancestry(tx: Tx, companies: pl.Series) -> pl.DataFrame:
    """The parents of these companies, theirs, and so on: `child`, `parent`."""
    found = tx.query("associations.ancestry", {"ids": companies.drop_nulls().unique().to_list()})
    return pl.DataFrame(found, _FAMILY)


def families(tx: Tx) -> pl.DataFrame:
    """Every parent company: `child`, `parent`."""
    return pl.DataFrame(tx.query("associations.families"), _FAMILY)


def of_firsts(tx: Tx, ids: bulk.Keys, second_type: int) -> pl.DataFrame:
    """The pairs whose first end is one of these and whose second is of that type, the oldest first."""
    if not len(ids):
        return pl.DataFrame(schema=PAIR)
    select = sql.SQL(
        "SELECT first, second FROM kartotek.associations "
        "WHERE first = ANY(%(ids)s::bigint[]) AND second_type = {} ORDER BY began, second"
    ).format(sql.Literal(second_type))
    return bulk.fetch(tx, select, PAIR, {"ids": ids})


def among(tx: Tx, pairs: pl.DataFrame) -> pl.DataFrame:
    """Those of these pairs that exist."""
    if pairs.is_empty():
        return _NO_PAIRS
    select = sql.SQL(
        "SELECT first, second FROM kartotek.associations "
        "JOIN unnest(%(firsts)s::bigint[], %(seconds)s::bigint[]) AS wanted(first, second) USING (first, second)"
    )
    return bulk.fetch(tx, select, PAIR, {"firsts": pairs["first"], "seconds": pairs["second"]})


def labels_among(tx: Tx, pairs: pl.DataFrame) -> pl.DataFrame:
    """Those of these pairs that exist, a line for each label, as LABEL; `type` is null where there is none."""
    if pairs.is_empty():
        return pl.DataFrame(schema=LABEL)
    select = sql.SQL(
        "SELECT first, second, l.type::bigint AS type FROM kartotek.associations "
        "JOIN unnest(%(firsts)s::bigint[], %(seconds)s::bigint[]) AS wanted(first, second) USING (first, second) "
        "LEFT JOIN kartotek.association_labels AS l USING (first, second)"
    )
    return bulk.fetch(tx, select, LABEL, {"firsts": pairs["first"], "seconds": pairs["second"]})


def labels_parcel(actor: Actor, frame: pl.DataFrame) -> bulk.Parcel:
    """New labels (as LABEL) of pairs that exist or come first."""
    if frame.is_empty():
        return bulk.Parcel(_LABELS, frame)
    booked = frame.select_seq(
        *LABEL,
        actor=pl.lit(actor.person, pl.Int64),
        source=pl.lit(actor.source.value),
        source_id=pl.lit(actor.source_id, pl.Int64),
    )
    return bulk.Parcel(_LABELS, booked.sort("first", "second", "type"))


def parcel(actor: Actor, frame: pl.DataFrame) -> bulk.Parcel:
    """New pairs: `first`, `second`, `first_type`, `second_type`, already ordered and known to be new."""
    # By second end: its index takes sorted keys a quarter faster, and the first ends are near each other anyway.
    pairs = frame[list(TYPED)]
    if len(pairs) > 1:  # one after the other: half of what both together take
        pairs = pairs.sort("first").sort("second", maintain_order=True)
    booked = pairs.hstack(
        [
            frames.constant("actor", actor.person, pl.Int64, len(pairs)),
            frames.constant("source", actor.source.value, pl.String, len(pairs)),
            frames.constant("source_id", actor.source_id, pl.Int64, len(pairs)),
        ]
    )
    return bulk.Parcel(_TABLE, booked)


def remove(tx: Tx, actor: Actor, pairs: pl.DataFrame) -> int:
    """Ends these pairs (as NAMED) and what they say, and keeps when and by whom all that began and ended; how many rows
    of history that makes, one at least for each pair that is there."""
    return tx.call("associations.remove", _ended(actor, pairs)) if len(pairs) else 0


def unlabel(tx: Tx, actor: Actor, labels: pl.DataFrame) -> int:
    """Ends these labels (as NAMED, and `type`), and keeps when and by whom they began and ended; how many they were."""
    if labels.is_empty():
        return 0
    return tx.call("associations.unlabel", {**_ended(actor, labels), "type": bulk.array(labels["type"])})


def remember_primary(tx: Tx, actor: Actor, pairs: pl.DataFrame) -> None:
    """Keeps that in these pairs (as NAMED) the second, a company, is the first's primary one no longer."""
    if len(pairs):
        tx.call("associations.remember_primary", _ended(actor, pairs))


def mark_primary(tx: Tx, actor: Actor, firsts: Sequence[int], companies: Sequence[int | None]) -> None:
    """Keeps since when these companies, associated already, are the primary ones of these records; null is none.

    A mark that a record gets together with the association has that one's beginning.
    """
    tx.call(
        "associations.mark_primary",
        {
            "firsts": list(firsts), "seconds": list(companies),
            "actor": actor.person, "source": actor.source.value, "source_id": actor.source_id,
        },
    )  # fmt: skip


def _ended(actor: Actor, pairs: pl.DataFrame) -> dict[str, Any]:
    return {
        **{name: bulk.array(pairs[name]) for name in NAMED},
        "actor": actor.person,
        "source": actor.source.value,
        "source_id": actor.source_id,
    }


def all_of(tx: Tx, ids: Sequence[int]) -> pl.DataFrame:
    """Every pair that one of these records is an end of: `first`, `second`, `first_type`, `second_type`."""
    if not ids:
        return pl.DataFrame(schema=TYPED)
    select = sql.SQL(
        "SELECT first, second, first_type, second_type FROM kartotek.associations "
        "WHERE first = ANY(%(ids)s::bigint[]) "
        "UNION SELECT first, second, first_type, second_type FROM kartotek.associations "
        "WHERE second = ANY(%(ids)s::bigint[])"
    )
    return bulk.fetch(tx, select, TYPED, {"ids": list(ids)})
