"""Labels of associations, edited by hand: added, taken away, or set as they shall be.

A label belongs to an association: it cannot be without one, and the last one may go while the association stays
(records-and-associations.md 5). Which words there are, association_types.py says; how an import's labels are added to
those there, labelling.py.
"""

from collections.abc import Collection, Sequence

import polars as pl

from kartotek import errors
from kartotek.domain import Tx, access, bounds, catalogue, linking, records, writing
from kartotek.model.associations import AssociationType
from kartotek.model.catalogue import Catalogue
from kartotek.model.object_types import ObjectType
from kartotek.model.people import Actor
from kartotek.model.records import Batch, Links
from kartotek.store import associations as store
from kartotek.store import presence

# Both ends by their ids, and the label as the first of them sees it: what the second one is to it.
LABELS = {"first_id": pl.Int64, "second_id": pl.Int64, "type": pl.Int64}


def edit(
    tx: Tx,
    actor: Actor,
    one: ObjectType,
    id: int,
    other: ObjectType,
    other_id: int,
    types: Sequence[int],
    seen: Collection[int] | None = None,
) -> tuple[int, int]:
    """Sets which labels an association has, none of them or several; how many were added, and how many removed.

    `seen`: those that it had when somebody decided this; what others have added or removed since stays so.
    """
    there = {label.id for label in of(tx, one, id, other, [other_id]).get(other_id, ())}
    before = there if seen is None else set(seen)
    new = _frame(id, other_id, set(types) - before - there)
    gone = _frame(id, other_id, (before - set(types)) & there)
    _begin(tx, one, other, new)
    # First what goes: a company's parent makes room for the next one.
    removed = remove(tx, actor, one, other, gone)
    return add(tx, actor, one, other, new), removed


def add(tx: Tx, actor: Actor, one: ObjectType, other: ObjectType, labels: pl.DataFrame) -> int:
    """Adds labels (as LABELS) to associations that are there, all or none; how many are new."""
    if labels.is_empty():
        return 0
    _may(tx, actor, one, other, labels)
    known = catalogue.load(tx)
    require(known, one, other, labels["type"])
    key = pl.lit(None, pl.Int64)
    ends = labels.with_columns(first_key=key, second_key=key)
    decision = writing.decide(tx, actor, Batch(links=(Links(one, other, ends.drop("type").clear(), ends),)))
    _associated(tx, one, other, labels)
    for lost in decision.links.lost.to_dicts():
        raise bounds.refusal(known, lost, other)
    writing.deliver(tx, writing.pack(actor, decision, tx.now))
    return len(decision.links.labels)


def remove(tx: Tx, actor: Actor, one: ObjectType, other: ObjectType, labels: pl.DataFrame) -> int:
    """Takes labels (as LABELS) away from associations, which stay; how many there were."""
    if labels.is_empty():
        return 0
    _may(tx, actor, one, other, labels)
    known = catalogue.load(tx)
    pairs = linking.pairs(one, other, labels.select(first="first_id", second="second_id"))
    held = linking.lock_ends(tx, known, pairs)
    _associated(tx, one, other, labels)
    turned = [known.turned(type) for type in labels["type"]]
    kept = (
        pl.when(pairs["first"] == labels["first_id"]).then(labels["type"]).otherwise(pl.Series(turned, dtype=pl.Int64))
    )
    return store.unlabel(tx, actor, linking.called(pairs.with_columns(type=kept), held))


def of(
    tx: Tx, one: ObjectType, id: int, other: ObjectType, others: Sequence[int]
) -> dict[int, tuple[AssociationType, ...]]:
    """What each of these is to the record, by id; those without a label are left out."""
    known = catalogue.load(tx)
    found: dict[int, tuple[AssociationType, ...]] = {}
    if not others or not known.labels(one.name, other.name):
        return found
    for row in tx.query("associations.labels_of", {"id": id, "others": list(others)}):
        label = known.association_type(row["type"] if row["is_first"] else known.turned(row["type"]))
        if label is not None:
            found[row["other"]] = (*found.get(row["other"], ()), label)
    return found


def require(known: Catalogue, one: ObjectType, other: ObjectType, types: pl.Series) -> None:
    """Refuses a label that there is not between these objects, as the first of them sees it."""
    there = {label.id for label in known.labels(one.name, other.name)}
    if not set(types.to_list()) <= there:
        raise errors.Invalid(
            f"One of these labels is not there any more between {one.label_plural.lower()} and "
            f"{other.label_plural.lower()}. Open the form again to see those that are."
        )


def _begin(tx: Tx, one: ObjectType, other: ObjectType, new: pl.DataFrame) -> None:
    """What has to be held before any record is locked."""
    ends = pl.DataFrame(schema=dict.fromkeys(("first_id", "first_key", "second_id", "second_key"), pl.Int64))
    bounds.hold(tx, bounds.holds(catalogue.load(tx), [Links(one, other, ends, new)]))
    presence.keep_from_archiving(tx, [one, other])


def _may(tx: Tx, actor: Actor, one: ObjectType, other: ObjectType, labels: pl.DataFrame) -> None:
    records.require_reach(tx, actor, "edit", one, labels["first_id"].unique().to_list())
    access.require(actor, "view", other)


def _associated(tx: Tx, one: ObjectType, other: ObjectType, labels: pl.DataFrame) -> None:
    """Refuses pairs that are not associated; those that are stay so, as an end of each is locked."""
    pairs = linking.pairs(one, other, labels.select(first="first_id", second="second_id")).unique()
    if len(store.among(tx, pairs)) < len(pairs):
        raise errors.Conflict("These two records are not associated any more.")


def _frame(id: int, other_id: int, types: set[int]) -> pl.DataFrame:
    rows = [(id, other_id, type) for type in sorted(types)]
    return pl.DataFrame(rows, schema=LABELS, orient="row")
