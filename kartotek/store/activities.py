"""What activities may reach from the records they are logged on."""

from collections.abc import Sequence

import polars as pl

from kartotek.model.object_types import ObjectType
from kartotek.store import bulk
from kartotek.store.database import Tx

_FOUND = {"subject": pl.Int64, "other": pl.Int64}


def open_deals(
    tx: Tx, ids: pl.Series, deals: ObjectType, closed: Sequence[str], most: int | None
) -> pl.DataFrame:  # fmt: skip
    """`subject`, `other`: the deals of these records that are in none of the stages, the newest first. `most`: of each
    record's those that it was associated with last, so that a company of 50,000 deals is no burden."""
    asked = {"ids": bulk.array(ids), "deals": deals.number, "closed": list(closed), "most": most}
    return pl.DataFrame(tx.query("activities.open_deals", asked), _FOUND)


def associated(tx: Tx, ids: pl.Series, other: ObjectType) -> pl.DataFrame:
    """`subject`, `other`: what of one type these records are associated with."""
    return pl.DataFrame(tx.query("activities.associated", {"ids": bulk.array(ids), "other": other.number}), _FOUND)


def ends(tx: Tx, ids: Sequence[int], most: int | None) -> dict[int, list[tuple[int, int]]]:
    """Per number of a type: which of these activities belong to which of its records; up to `most` of each."""
    found: dict[int, list[tuple[int, int]]] = {}
    for row in tx.query("activities.ends", {"ids": list(ids), "most": most}):
        found.setdefault(row["type"], []).append((row["id"], row["other"]))
    return found
