"""Pipelines and their stages: written whole, counted before anything of them goes."""

from collections.abc import Sequence
from dataclasses import replace

from psycopg import sql

from kartotek.model.object_types import ObjectType
from kartotek.model.pipelines import Pipeline
from kartotek.store import catalogue, tables
from kartotek.store.database import Tx


def add(tx: Tx, pipeline: Pipeline) -> None:
    tx.call("pipelines.add", {"object_type": pipeline.object_type, "id": pipeline.id, "label": pipeline.label})
    catalogue.add_stages(tx, [pipeline])


def keep(tx: Tx, pipeline: Pipeline) -> None:
    """Its words and its stages, as they are to be."""
    known = {"object_type": pipeline.object_type, "id": pipeline.id}
    tx.call("pipelines.rename", {**known, "label": pipeline.label, "labels": list(pipeline.labels)})
    tx.call("pipelines.clear", known)
    stages = tuple(replace(stage, position=i) for i, stage in enumerate(pipeline.stages))
    catalogue.add_stages(tx, [replace(pipeline, stages=stages)])


def arrange(tx: Tx, object_type: ObjectType, ids: Sequence[str]) -> None:
    tx.call("pipelines.arrange", {"object_type": object_type.name, "ids": list(ids)})
    catalogue.touch(tx)


def remove(tx: Tx, pipeline: Pipeline) -> None:
    known = {"object_type": pipeline.object_type, "id": pipeline.id}
    tx.call("pipelines.clear", known)
    tx.call("pipelines.remove", known)
    catalogue.touch(tx)


def hold(tx: Tx, object_type: ObjectType) -> None:
    """Nobody writes records of this type until the transaction ends; the caller tries again if somebody is at it."""
    tx.run("SET LOCAL lock_timeout = '200ms'")
    tx.run(sql.SQL("LOCK TABLE {} IN SHARE MODE").format(tables.table(object_type)))
    tx.run("SET LOCAL lock_timeout = DEFAULT")


def used(tx: Tx, object_type: ObjectType, pipeline: str, stages: Sequence[str] | None = None) -> int:
    """How many records are in this pipeline, or in these stages of it; archived ones, too, as they may come back."""
    statement = sql.SQL("SELECT count(*) FROM {} WHERE {} = %(pipeline)s").format(
        tables.table(object_type), sql.Identifier(str(object_type.pipeline))
    )
    if stages is not None:
        statement += sql.SQL(" AND {} = ANY(%(stages)s::text[])").format(sql.Identifier(str(object_type.stage)))
    return int(tx.value(statement, {"pipeline": pipeline, "stages": list(stages or ())}))
