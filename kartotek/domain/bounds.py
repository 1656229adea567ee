"""How many associations a record may have, and how many of a label: limits that people set for a pair of objects.

A limit stands on a type of association, which leads one way: `most` of the unlabelled type is how many records of the
other object a record may have, `most` of a label how many may carry it (records-and-associations.md 3.9). Who writes
associations holds the pair of object types; where something is counted, alone. So a limit is never passed by two at
once, and none is set while somebody is writing.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from kartotek import errors
from kartotek.domain import Tx, families
from kartotek.model.associations import AssociationType
from kartotek.model.catalogue import Catalogue
from kartotek.model.object_types import ObjectType
from kartotek.model.records import Links
from kartotek.store import associations as store

LOST = families.LOST
NONE_LOST = pl.DataFrame(schema=LOST)
Holds = Mapping[tuple[int, int], bool]


def holds(known: Catalogue, links: Sequence[Links]) -> dict[tuple[int, int], bool]:
    """The pairs of object types that these links are between, by number, and whether each is to be held alone."""
    found: dict[tuple[int, int], bool] = {}
    for link in links:
        pair = _pair(link.first, link.second)
        found[pair] = found.get(pair, False) or _counts(known, link)
    return found


def hold(tx: Tx, pairs: Holds) -> None:
    """Until the end of the transaction; to be asked before anything else is locked."""
    store.hold(tx, pairs)


def with_room(
    tx: Tx, known: Catalogue, added: pl.DataFrame, coming: pl.DataFrame, leaving: pl.DataFrame | None = None
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The new pairs (as store.TYPED and `_place`) that pass no limit, the first come first, and the others as LOST.

    `leaving`: pairs that are there, and end before these begin. A pair that one end has no room for still counts at the
    other one: so a limit may refuse more than it had to, and never less.
    """
    leaving = coming.clear() if leaving is None else leaving
    lost = [NONE_LOST]
    for one in _limited(known, "unlabeled"):
        first, second = (known.object_types[name].number for name in (one.from_type, one.to_type))
        mine = _seen_from(added.with_row_index("_n"), first, second)
        if mine.is_empty():
            continue
        ids = mine["_end"].unique()
        there = store.count_pairs(tx, ids, second)
        soon, gone = (
            _seen_from(pairs.select(*store.TYPED).with_row_index("_n"), first, second) for pairs in (coming, leaving)
        )
        out = _beyond(one, mine, _there(there, soon, gone))
        beyond = added.with_row_index("_n").filter(pl.col("_n").is_in(out.implode()))
        added = added.with_row_index("_n").filter(~pl.col("_n").is_in(out.implode())).drop("_n")
        lost.append(_lost(beyond.select(_row="_place"), one, None))
    return added, pl.concat(lost)


def labels_with_room(
    tx: Tx, known: Catalogue, labels: pl.DataFrame, coming: pl.DataFrame, leaving: pl.DataFrame | None = None
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The same for new labels (as store.LABEL, and `_row`); and what would spoil a family of companies."""
    leaving = coming.clear() if leaving is None else leaving
    labels, spoiling = families.sound(tx, known, labels, coming)
    lost = [spoiling]
    for one in _limited(known, "labeled"):
        mine = _labelled(known, labels.with_row_index("_n"), one)
        if mine.is_empty():
            continue
        there = store.count_labels(tx, mine["_end"].unique(), one.id, known.turned(one.id))
        soon, gone = (_labelled(known, some.with_row_index("_n"), one) for some in (coming, leaving))
        out = _beyond(one, mine, _there(there, soon, gone))
        beyond = labels.with_row_index("_n").filter(pl.col("_n").is_in(out.implode()))
        labels = labels.with_row_index("_n").filter(~pl.col("_n").is_in(out.implode())).drop("_n")
        lost.append(_lost(beyond, one, one.label))
    return labels, pl.concat(lost)


def still_hold(tx: Tx, known: Catalogue, pairs: Holds, added: pl.DataFrame, labels: pl.DataFrame) -> bool:
    """Whether what was planned ahead still fits, when its pairs of types are held."""
    if not any(pairs.values()):
        return True
    told = labels.with_columns(_row=pl.lit(None, pl.Int64))
    fitting, _ = with_room(tx, known, added, added.clear())
    fit, _ = labels_with_room(tx, known, told, labels.clear())
    return len(fitting) == len(added) and len(fit) == len(labels)


def refusal(known: Catalogue, lost: Mapping[str, Any], other: ObjectType) -> errors.KartotekError:
    """Why a link or a label (a row as LOST) cannot be, for the person who asked for it."""
    kind, value = lost["type"], lost["value"]
    if kind == "FAILED_TO_CREATE_ASSOCIATION" and value:
        return errors.Invalid(
            f"{value}: a company has one parent at most, and is never above itself. Nothing was changed."
        )
    if kind != "ASSOCIATION_LIMIT_EXCEEDED":
        return errors.NotFound("One of the records is not there any more, so nothing was associated.")
    one = known.object_types[lost["object_type"]]
    limits = [each for each in _limited(known, "labeled" if value else "unlabeled") if each.from_type == one.name]
    mine = next((each for each in limits if each.label == value), None)
    if mine is None:
        return errors.Invalid(f"A {one.label.lower()} belongs to one record only, so nothing was associated.")
    to = known.object_types[mine.to_type]
    many = (to.label if mine.most == 1 else to.label_plural).lower()
    what = f"{mine.most:,} {many}" + (f" as “{value}”" if value else "")
    return errors.Invalid(f"A {one.label.lower()} may have {what} at most, so nothing was changed. Remove some first.")


def _counts(known: Catalogue, link: Links) -> bool:
    """Whether anything is counted between these types, or a family grows."""
    ends = {link.first.name, link.second.name}
    if any(each.most is not None and {each.from_type, each.to_type} == ends for each in known.association_types):
        return True
    told = None if link.labels is None else link.labels["type"]
    return ends == {"companies"} and told is not None and told.is_in([families.TO_CHILD, families.TO_PARENT]).any()


def _pair(one: ObjectType, other: ObjectType) -> tuple[int, int]:
    return min(one.number, other.number), max(one.number, other.number)


def _limited(known: Catalogue, kind: str) -> list[AssociationType]:
    return [each for each in known.association_types if each.kind == kind and each.most is not None]


def _seen_from(pairs: pl.DataFrame, first: int, second: int) -> pl.DataFrame:
    """`_end` and `_n` of the pairs between these types, one row for each end that is of the first."""
    ends = [
        pairs.filter((pl.col(f"{a}_type") == first) & (pl.col(f"{b}_type") == second)).select("_n", _end=a)
        for a, b in (("first", "second"), ("second", "first"))
    ]
    return pl.concat(ends).sort("_n")


def _labelled(known: Catalogue, labels: pl.DataFrame, one: AssociationType) -> pl.DataFrame:
    """`_end` and `_n` of the labels that the limit counts, at the end that it counts for."""
    first, second = (known.object_types[name].number for name in (one.from_type, one.to_type))
    parts = (
        [labels.filter(pl.col("type") == one.id).select("_n", _end="first")] if store.is_first(first, second) else []
    )
    if store.is_first(second, first):
        turned = known.turned(one.id)
        parts.append(labels.filter(pl.col("type") == turned).select("_n", _end="second"))
    return pl.concat(parts).sort("_n")


def _there(there: pl.DataFrame, coming: pl.DataFrame, leaving: pl.DataFrame) -> pl.DataFrame:
    """How many each end has by then: `_end`, `n`."""
    soon, gone = (some.group_by("_end").agg(n=pl.len().cast(pl.Int64)) for some in (coming, leaving))
    return pl.concat([there, soon, gone.with_columns(-pl.col("n"))])


def _beyond(one: AssociationType, mine: pl.DataFrame, there: pl.DataFrame) -> pl.Series:
    """The `_n` of those that are more than the limit leaves room for. `there`: `_end`, `n`."""
    held = there.group_by("_end").agg(pl.col("n").sum())
    ranked = mine.with_columns(rank=pl.int_range(1, pl.len() + 1).over("_end"))
    full = ranked.join(held, on="_end", how="left").filter(pl.col("rank") + pl.col("n").fill_null(0) > one.most)
    return full["_n"].unique()


def _lost(rows: pl.DataFrame, one: AssociationType, label: str | None) -> pl.DataFrame:
    return rows.select(
        row=pl.col("_row").cast(pl.Int64),
        object_type=pl.lit(one.from_type),
        type=pl.lit("ASSOCIATION_LIMIT_EXCEEDED"),
        value=pl.lit(label, pl.String),
    )
