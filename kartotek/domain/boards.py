"""Boards: the records of a pipeline by stage, and a record's move from one stage to another.

A move is a write like any other: the stage is a property, and its history tells who moved what.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from kartotek import errors
from kartotek.domain import Tx, access, catalogue, filters, reach, records
from kartotek.model.filters import Query
from kartotek.model.object_types import ObjectType
from kartotek.model.people import Actor
from kartotek.model.pipelines import Pipeline, Stage
from kartotek.model.properties import Property
from kartotek.model.records import Record
from kartotek.store import boards as store
from kartotek.store import search

# What is added up, where an object has it, and in what it is counted.
AMOUNT, CURRENCY = "amount", "deal_currency_code"


@dataclass(frozen=True, slots=True)
class Sum:
    amount: Decimal
    currency: str | None


@dataclass(frozen=True, slots=True)
class Lane:
    """One stage: how many records are in it, what they add up to in each currency, and the first of them."""

    stage: Stage
    count: int
    sums: tuple[Sum, ...]
    records: list[Record]


@dataclass(frozen=True, slots=True)
class Move:
    record: Record
    stage: Stage
    before: str | None  # the stage that it was in


def has_board(object_type: ObjectType) -> bool:
    return bool(object_type.pipeline and object_type.stage)


def of(
    tx: Tx, actor: Actor, object_type: ObjectType, pipeline: Pipeline, query: Query, names: Sequence[str], most: int
) -> list[Lane]:
    """What fits, by the stages of a pipeline; of each the first records, with these properties."""
    access.require(actor, "view", object_type)
    narrowing = access.narrow(actor, "view", object_type.name)
    asked = search.fitting(tx, object_type, filters.read(tx, actor, object_type, query), narrowing)
    amount, currency = object_type.properties.get(AMOUNT), object_type.properties.get(CURRENCY)
    totals = store.totals(tx, object_type, asked, pipeline.id, _number(amount), currency)
    full = [one.id for one in pipeline.stages if any(row["stage"] == one.id for row in totals)]
    first = store.firsts if query.sort else store.newest
    ids = first(tx, object_type, asked, pipeline.id, full, most) if full else {}
    every = [id for some in ids.values() for id in some]
    shown = list(dict.fromkeys([*names, *object_type.naming]))
    read = {one.id: one for one in records.many(tx, actor, object_type, every, shown)} if every else {}
    return [
        Lane(
            stage,
            sum(row["count"] for row in totals if row["stage"] == stage.id),
            tuple(
                Sum(row["amount"], row["currency"])
                for row in totals
                if row["stage"] == stage.id and row["amount"] is not None
            ),
            [read[id] for id in ids.get(stage.id, ()) if id in read],
        )
        for stage in pipeline.stages
    ]


def may_move(actor: Actor, record: Record) -> bool:
    narrowing = access.narrow(actor, "edit", record.object_type.name)
    return record.archived is None and narrowing.takes(record.values.get(reach.OWNER))


def move(tx: Tx, actor: Actor, object_type: ObjectType, id: int, stage: str) -> Move:
    """Puts a record into a stage, and into that stage's pipeline."""
    record = records.get(tx, actor, object_type, id)
    if not has_board(object_type):
        raise errors.Invalid(f"{object_type.label_plural} have no stages.")
    if record.archived:
        raise errors.Conflict(f"{record.name} is archived, so it stays where it is. Restore it first.")
    pipeline, wanted = _found(tx, object_type, stage)
    before = record.values.get(str(object_type.stage))
    texts = {str(object_type.pipeline): pipeline.id, str(object_type.stage): wanted.id}
    return Move(records.update(tx, actor, object_type, id, texts), wanted, before)


def _found(tx: Tx, object_type: ObjectType, id: str) -> tuple[Pipeline, Stage]:
    for pipeline in catalogue.load(tx).pipelines.get(object_type.name, ()):
        for stage in pipeline.stages:
            if stage.id == id:
                return pipeline, stage
    raise errors.Conflict("This stage is not there any more. Load the page again and choose another one.")


def _number(prop: Property | None) -> Property | None:
    return prop if prop and prop.kind == "number" else None
