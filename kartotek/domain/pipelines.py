"""Pipelines: the steps that deals and tickets go through, made, renamed, arranged and removed.

A stage or pipeline that records are in is never removed: they would say what nobody can read.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from decimal import Decimal

from kartotek import errors
from kartotek.domain import Tx, access, audit, catalogue, internal_names
from kartotek.model.catalogue import Catalogue
from kartotek.model.object_types import ObjectType
from kartotek.model.people import Actor
from kartotek.model.pipelines import Pipeline, Stage
from kartotek.store import catalogue as stored
from kartotek.store import pipelines as store

LONGEST = 100
MOST_STAGES = 100
_TENTHS = tuple(Decimal(i) / 10 for i in range(11))


def get(tx: Tx, object_type: ObjectType, id: str) -> Pipeline:
    return _find(catalogue.load(tx), object_type, id)


def create(tx: Tx, actor: Actor, object_type: ObjectType, label: str) -> Pipeline:
    """Begins with the stages of the first one."""
    known = _begin(tx, actor, object_type)
    there = known.pipelines.get(object_type.name, ())
    said = _unique(label, (one.label for one in there), "pipeline")
    taken = {stage.id for one in there for stage in one.stages}
    stages: list[Stage] = []
    for stage in there[0].stages if there else ():
        id = _stage_id(said, stage.label, taken)
        taken.add(id)
        stages.append(replace(stage, id=id))
    id = internal_names.free(internal_names.plain(said, "pipeline"), {one.id for one in there})
    made = Pipeline(id, object_type.name, said, len(there), tuple(stages))
    store.add(tx, made)
    audit.note(tx, actor, "created pipeline", object=object_type.name, label=said)
    return made


def change(
    tx: Tx, actor: Actor, object_type: ObjectType, id: str, label: str, stages: Sequence[Stage],
    seen: Collection[str] | None = None,
) -> Pipeline:  # fmt: skip
    """Its name and all its stages in their order; those without an id are new. Older words stay readable in files.

    `seen`: the stages that there were when somebody decided this, so that none goes which they never saw.
    """
    known = _begin(tx, actor, object_type)
    now = _find(known, object_type, id)
    if seen is not None and (new := [one.label for one in now.stages if one.id not in seen]):
        raise errors.Conflict(f"Somebody has added the stage “{new[0]}” meanwhile. Load the page again.")
    others = [one for one in known.pipelines[object_type.name] if one.id != id]
    said = _unique(label, (one.label for one in others), "pipeline")
    if not 0 < len(stages) <= MOST_STAGES:
        raise errors.Invalid(f"A pipeline has at least one stage, and {MOST_STAGES} at most.")
    _refuse_used(tx, object_type, now, {one.id for one in now.stages} - {one.id for one in stages})
    taken = {stage.id for one in known.pipelines[object_type.name] for stage in one.stages}
    made: list[Stage] = []
    for stage in stages:
        word = _unique(stage.label, (one.label for one in made), "stage of this pipeline")
        made.append(_stage(object_type, now, replace(stage, label=word), taken))
        taken.add(made[-1].id)
    words = {one.label for one in made}
    kept = replace(
        now, label=said, labels=_labels(now.label, said, now.labels, {one.label for one in others}),
        stages=tuple(replace(one, labels=tuple(w for w in one.labels if w not in words)) for one in made),
    )  # fmt: skip
    store.keep(tx, kept)
    audit.note(tx, actor, "changed pipeline", object=object_type.name, label=said)
    return kept


def arrange(tx: Tx, actor: Actor, object_type: ObjectType, ids: Sequence[str]) -> None:
    """Puts the pipelines into this order; the first is where boards and forms begin."""
    known = _begin(tx, actor, object_type)
    if sorted(ids) != sorted(one.id for one in known.pipelines.get(object_type.name, ())):
        raise errors.Conflict("Somebody has made or removed a pipeline meanwhile. Load the page again.")
    store.arrange(tx, object_type, ids)
    audit.note(tx, actor, "arranged pipelines", object=object_type.name)


def remove(tx: Tx, actor: Actor, object_type: ObjectType, id: str) -> None:
    known = _begin(tx, actor, object_type)
    now = _find(known, object_type, id)
    if len(known.pipelines[object_type.name]) == 1:
        raise errors.Conflict(f"It is the only pipeline of {object_type.label_plural.lower()}, so it stays.")
    store.hold(tx, object_type)
    if used := store.used(tx, object_type, id):
        raise errors.Conflict(
            f"{used:,} {_counted(object_type, used)} in “{now.label}”, archived ones included. Move them to another "
            "pipeline first."
        )
    store.remove(tx, now)
    audit.note(tx, actor, "removed pipeline", object=object_type.name, label=now.label)


def _begin(tx: Tx, actor: Actor, object_type: ObjectType) -> Catalogue:
    access.require_settings(actor)
    if not object_type.pipeline or not object_type.stage:
        raise errors.Invalid(f"{object_type.label_plural} have no pipelines.")
    stored.only_writer(tx)
    return catalogue.load(tx)


def _find(known: Catalogue, object_type: ObjectType, id: str) -> Pipeline:
    found = next((one for one in known.pipelines.get(object_type.name, ()) if one.id == id), None)
    if found is None:
        raise errors.NotFound("This pipeline is not there any more.")
    return found


def _refuse_used(tx: Tx, object_type: ObjectType, pipeline: Pipeline, gone: set[str]) -> None:
    if not gone:
        return
    store.hold(tx, object_type)
    for stage in pipeline.stages:
        if stage.id in gone and (used := store.used(tx, object_type, pipeline.id, [stage.id])):
            raise errors.Conflict(
                f"{used:,} {_counted(object_type, used)} in “{stage.label}”, archived ones included. Move them to "
                "another stage first."
            )


def _stage(object_type: ObjectType, pipeline: Pipeline, wanted: Stage, taken: set[str]) -> Stage:
    """Deals need a probability, tickets say whether they are closed by it."""
    before = next((one for one in pipeline.stages if one.id == wanted.id), None)
    if wanted.id and before is None:
        raise errors.Conflict("One of these stages is not there any more. Load the page again.")
    if object_type.name == "deals" and wanted.probability not in _TENTHS:
        raise errors.Invalid(f"“{wanted.label}” needs a probability: 0, 10, 20 and so on to 100 percent.")
    if before is None:
        return replace(wanted, id=_stage_id(pipeline.label, wanted.label, taken))
    return replace(wanted, labels=_labels(before.label, wanted.label, before.labels, set()))


def _labels(before: str, now: str, labels: tuple[str, ...], taken: set[str]) -> tuple[str, ...]:
    words = labels if before == now else (*labels, before)
    return tuple(word for word in dict.fromkeys(words) if word not in taken)


def _unique(label: str, others: Iterable[str], what: str) -> str:
    said = " ".join(label.replace("\0", "").split())
    if not said:
        raise errors.Invalid(f"Give each {what} a name.")
    if len(said) > LONGEST:
        raise errors.Invalid(f"The name of a {what} has at most {LONGEST} characters. Shorten it.")
    if said.casefold() in (other.casefold() for other in others):
        raise errors.Conflict(f"There is a {what} called “{said}” already. Choose another name.")
    return said


def _stage_id(pipeline: str, label: str, taken: set[str]) -> str:
    """Stages of all pipelines of an object have ids of their own."""
    words = (internal_names.plain(word, "stage") for word in (pipeline, label))
    return internal_names.free("_".join(words), taken)


def _counted(object_type: ObjectType, count: int) -> str:
    return f"{object_type.label.lower()} is" if count == 1 else f"{object_type.label_plural.lower()} are"
