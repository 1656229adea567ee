"""A property of many records, set to one value, emptied, or given and taken options."""

import polars as pl

from kartotek import errors
from kartotek.domain import Tx, access, catalogue, records
from kartotek.domain.bulk_runs import fates
from kartotek.domain.bulk_runs.fates import Told
from kartotek.model.bulk_runs import Edit, Fate, How
from kartotek.model.catalogue import Catalogue
from kartotek.model.object_types import ObjectType
from kartotek.model.people import Actor
from kartotek.model.properties import Property
from kartotek.model.records import Batch, Changes, Written
from kartotek.values import alphabet

SEVERAL = ("choices", "free_choices")
# What such a property says belongs to one record, so it is never the same in many.
_OWN = ("email", "emails", "domain", "domains")
_WHY = {
    "INVALID_RECORD_ID": Fate.GONE,
    "MISSING_REQUIRED_PROPERTY": Fate.NEEDED,
    "DUPLICATE_UNIQUE_PROPERTY_VALUE": Fate.TAKEN,
    "INVALID_ENUMERATION_OPTION": Fate.MISPLACED,
}


def editable(object_type: ObjectType) -> list[Property]:
    """The properties that can be edited in many records at once, by their labels. A pipeline comes with its stage."""
    found = (prop for prop in object_type.properties.values() if prop.is_offered and _is_shared(object_type, prop))
    return sorted(found, key=lambda prop: alphabet.key(prop.label))


def check(tx: Tx, actor: Actor, object_type: ObjectType, edit: Edit, count: int) -> None:
    """Refuses with a sentence what could be done to no record."""
    access.require(actor, "edit", object_type)
    known = catalogue.load(tx)
    prop = known.property(object_type, edit.property)
    if prop.read_only:
        raise errors.Invalid(f"{prop.label} is kept by Kartotek itself and cannot be written.")
    if not _is_shared(object_type, prop):
        raise errors.Invalid(f"{prop.label} cannot say the same in many records. Edit it on each of them.")
    if edit.how in (How.ADD, How.REMOVE) and prop.kind not in SEVERAL:
        raise errors.Invalid(f"{prop.label} holds one value, so none is added or taken away. Replace it instead.")
    if edit.how is not How.CLEAR and not (edit.text or "").strip():
        raise errors.Invalid(f"Say what {prop.label} shall be, or choose to empty it.")
    _cells(tx, known, object_type, edit)


def do(tx: Tx, actor: Actor, object_type: ObjectType, edit: Edit, ids: pl.Series) -> Told:
    mine, others = fates.within(tx, actor, "edit", object_type, ids)
    frame = pl.DataFrame({"_key": mine, "_id": mine}, schema={"_key": pl.Int64, "_id": pl.Int64})
    filled = frame.join(_cells(tx, catalogue.load(tx), object_type, edit), how="cross")
    if edit.how is How.ADD:
        filled = filled.with_columns(pl.lit(True).alias(Changes.adds(edit.property)))
    taking = frozenset([edit.property]) if edit.how is How.REMOVE else frozenset[str]()
    changes = Changes(object_type, filled, clear=edit.how is How.CLEAR, removing=taking)
    written = records.write(tx, actor, Batch((changes,)))
    return Told(fates.told(ids, others, *read(object_type, written)))


def read(object_type: ObjectType, written: Written) -> tuple[pl.DataFrame, pl.DataFrame]:
    """As fates.FATE, why records were not written, and which of the others were; their keys are their ids."""
    why = {kind: fate.value for kind, fate in _WHY.items()}
    said = pl.col("type").replace_strict(why, default=Fate.WRONG.value, return_dtype=pl.String)
    refused = written.problems.select(_id="_key", fate=said)
    done = pl.col("outcome").replace_strict(
        {"updated": Fate.CHANGED.value, "unchanged": Fate.UNCHANGED.value}, default=Fate.WRONG.value
    )
    return refused, written.outcomes[object_type.name].select(_id="_key", fate=done)


def written_by(known: Catalogue, object_type: ObjectType, edit: Edit) -> list[str]:
    """The properties that an edit writes: a stage that one pipeline has brings its pipeline with it."""
    return [edit.property, *([str(object_type.pipeline)] if _pipeline(known, object_type, edit) else [])]


def _cells(tx: Tx, known: Catalogue, object_type: ObjectType, edit: Edit) -> pl.DataFrame:
    """One row with the typed values that all records get."""
    text = None if edit.how is How.CLEAR else edit.text
    told = {edit.property: text}
    if pipeline := _pipeline(known, object_type, edit):
        told[str(object_type.pipeline)] = pipeline
    return records.typed(tx, known, object_type, told).drop("_key")


def _pipeline(known: Catalogue, object_type: ObjectType, edit: Edit) -> str | None:
    """The pipeline that has the stage which records are to get, where it is one only."""
    if edit.property != object_type.stage or object_type.pipeline is None or edit.how is not How.SET:
        return None
    having = [one.id for one in known.pipelines.get(object_type.name, ()) if edit.text in [s.id for s in one.stages]]
    return having[0] if len(having) == 1 else None


def _is_shared(object_type: ObjectType, prop: Property) -> bool:
    return not (prop.read_only or prop.unique or prop.kind in _OWN or prop.name == object_type.pipeline)
