"""The rules that every write obeys, whoever writes: what a record needs, where a stage belongs, what never goes back.

Each rule takes frames of typed properties and gives back frames: the rows without what is wrong, and the problems.
"""

import polars as pl

from kartotek import errors
from kartotek.domain import Tx
from kartotek.model import sentences
from kartotek.model.catalogue import Catalogue
from kartotek.model.object_types import ObjectType
from kartotek.model.people import Actor
from kartotek.model.properties import Property
from kartotek.model.records import Changes, Source
from kartotek.values import TYPES, limits, moment

PROBLEM = {
    "object_type": pl.String,
    "_key": pl.Int64,
    "property": pl.String,
    "type": pl.String,
    "value": pl.String,
}
PUTTING_BACK = (Source.UNDO, Source.RESTORE, Source.MERGE, Source.MIGRATION, Source.DOMAIN, Source.DELETION)
_SEPARATOR = "\x1f"


def problems(
    object_type: ObjectType, frame: pl.DataFrame, prop: str | None, type: str, value: pl.Expr | None = None
) -> pl.DataFrame:
    """One problem for each row of `frame`."""
    return frame.select_seq(
        pl.lit(object_type.name).alias("object_type"),
        pl.col("_key"),
        pl.lit(prop, pl.String).alias("property"),
        pl.lit(type).alias("type"),
        (pl.lit(None, pl.String) if value is None else value.cast(pl.String)).alias("value"),
    )


def none() -> pl.DataFrame:
    return pl.DataFrame(schema=PROBLEM)


def writable(changes: Changes) -> None:
    """Refuses properties that do not exist or cannot be written."""
    for name in changes.frame.columns:
        if name.startswith("_"):
            continue
        prop = changes.object_type.properties.get(name)
        if prop is None:
            raise errors.UnknownName(f"property of {changes.object_type.label_plural.lower()}", name)
        if prop.read_only:
            raise errors.Invalid(f"{prop.label} is kept by Kartotek itself and cannot be written.")


def dated(tx: Tx, object_type: ObjectType, new: pl.DataFrame) -> pl.DataFrame:
    """New records that do not say when they were: a meeting is of when it begins, others are of now, where their type
    has it so (imports.md 3)."""
    if new.is_empty():
        return new
    if object_type.begins and object_type.begins[1] in new.columns:
        new = _begun(new, *object_type.begins)
    if object_type.dated is None:
        return new
    now = pl.lit(tx.now).dt.convert_time_zone("UTC").cast(moment.DTYPE)
    said = pl.col(object_type.dated) if object_type.dated in new.columns else pl.lit(None, moment.DTYPE)
    return new.with_columns_seq(pl.coalesce(said, now).alias(object_type.dated))


def _begun(new: pl.DataFrame, dated: str, begins: str) -> pl.DataFrame:
    said = [dated] if dated in new.columns else []
    return new.with_columns_seq(pl.coalesce(*said, begins).alias(dated))


def needed(object_type: ObjectType, new: pl.DataFrame) -> pl.DataFrame:
    """Problems of new records that lack what their type needs (imports.md 3)."""
    found = [none()]
    for group in object_type.needs:
        present = [pl.col(name).is_not_null() for name in group if name in new.columns]
        lacking = new.filter(~pl.any_horizontal(present)) if present else new
        found.append(problems(object_type, lacking, group[0], "MISSING_REQUIRED_PROPERTY"))
    return pl.concat(found)


def emptied(object_type: ObjectType, updates: pl.DataFrame) -> pl.DataFrame:
    """Problems of records that would lose the last of what their type needs; `updates` holds final texts."""
    found = [none()]
    for group in object_type.needs:
        if not set(group) <= set(updates.columns):
            continue
        lacking = updates.filter(pl.all_horizontal(pl.col(name).is_null() for name in group))
        found.append(problems(object_type, lacking, group[0], "MISSING_REQUIRED_PROPERTY"))
    return pl.concat(found)


def within_limits(actor: Actor, object_type: ObjectType, new: pl.DataFrame, old: pl.DataFrame) -> pl.DataFrame:
    """Problems of values against the rules that people set for their property; what was there before may stay.

    `new` holds typed values, `old` final texts beside former ones. What is put back or brought together is not asked.
    """
    found = [none()]
    if actor.source in PUTTING_BACK:
        return found[0]
    for prop in (one for one in object_type.properties.values() if one.limits):
        told = []
        if prop.name in new.columns:
            told.append(new.select_seq("_key", text=TYPES[prop.kind].text(pl.col(prop.name))))
        if prop.name in old.columns:
            changed = old.filter(pl.col(prop.name).ne_missing(pl.col(f"_old_{prop.name}")))
            told.append(changed.select_seq("_key", text=prop.name))
        for texts in told:
            wrong = texts.filter(limits.broken(prop.kind, pl.col("text"), prop.limits).is_not_null())
            found.append(problems(object_type, wrong, prop.name, "INVALID_CUSTOM_PROPERTY_VALIDATION", pl.col("text")))
    return pl.concat(found)


def staged(catalogue: Catalogue, object_type: ObjectType, frame: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """A stage belongs to its pipeline: (rows with the wrong stages emptied, problems)."""
    pipeline, stage = object_type.pipeline, object_type.stage
    if not pipeline or not stage or not {pipeline, stage} <= set(frame.columns):
        return frame, none()
    pairs = [f"{p.id}{_SEPARATOR}{s.id}" for p in catalogue.pipelines.get(object_type.name, ()) for s in p.stages]
    pair = pl.concat_str(pl.col(pipeline), pl.col(stage), separator=_SEPARATOR)
    wrong = pair.is_not_null() & ~pair.is_in(pairs)
    found = problems(object_type, frame.filter(wrong), stage, "INVALID_ENUMERATION_OPTION", pl.col(stage))
    return frame.with_columns_seq(pl.when(~wrong.fill_null(False)).then(pl.col(stage)).alias(stage)), found


def backwards(object_type: ObjectType, frame: pl.DataFrame) -> tuple[tuple[str, str], pl.DataFrame] | None:
    """The pair of what would end before it begins, and the problems of its rows; None where nothing would."""
    for starts, ends in object_type.spans:
        if {starts, ends} <= set(frame.columns):
            texts = frame.select_seq("_key", *(_text(frame, object_type.properties[name]) for name in (starts, ends)))
            wrong = texts.filter((pl.col(ends) < pl.col(starts)).fill_null(False))
            if len(wrong):
                # Both as canonical text: 2026-04-03T14:30:00.000Z.
                told = pl.concat_str(
                    pl.col(starts, ends).str.slice(0, 16).str.replace("T", " "), separator=sentences.TO
                )
                return (starts, ends), problems(object_type, wrong, ends, "OUTSIDE_VALID_TIME_RANGE", told)
    return None


def _text(frame: pl.DataFrame, prop: Property) -> pl.Expr:
    """New records come as typed values, present ones as texts."""
    return pl.col(prop.name) if frame.schema[prop.name] == pl.String else TYPES[prop.kind].text(pl.col(prop.name))


def forwards(actor: Actor, object_type: ObjectType, name: str) -> pl.Expr | None:
    """Whether a changed lifecycle stage would go back, which no import may do; None where that is no question.

    Over texts: `name` is the incoming one, `_old_<name>` the present one.
    """
    if name != "lifecyclestage" or actor.source is not Source.IMPORT:
        return None
    rank = {option.value: i for i, option in enumerate(object_type.properties[name].options)}

    def place(column: str) -> pl.Expr:
        return pl.col(column).replace_strict(rank, default=None, return_dtype=pl.Int64)

    return (place(name) < place(f"_old_{name}")).fill_null(False)
