"""Cells to values, and the problems found on the way. A bad cell is data, never an exception.

`Checker` is put together once per import: one expression per column for its value and one for what is wrong with
it. Polars evaluates them side by side and works out once what they share.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from kartotek.imports.table import BROKEN, EXTRA, LINE, WIDTH, As, ColumnPlan, Plan, cell
from kartotek.model.object_types import ObjectType
from kartotek.model.pipelines import Pipeline
from kartotek.model.problems import EFFECTS, Effect
from kartotek.model.properties import Property
from kartotek.values import TYPES, Reading, cells

ROW = "_row"  # Int64: the row's number in the file, from 0

# A problem found in a row. `place` is the column's index in the file, null for the whole row.
PROBLEM = {
    ROW: pl.Int64,
    "line": pl.Int64,
    "place": pl.Int64,
    "object_type": pl.String,
    "property": pl.String,
    "type": pl.String,
    "value": pl.String,
}
_MOST_SHOWN = 1_000  # characters of a bad cell that are kept


def value_name(object_type: str, prop: str) -> str:
    return f"{object_type}.{prop}"


def id_name(object_type: str) -> str:
    return f"{object_type}._id"


def failed_name(object_type: str) -> str:
    return f"{object_type}._failed"


def absent_name(object_type: str) -> str:
    """Whether the row has no cell at all for this object."""
    return f"{object_type}._absent"


@dataclass(frozen=True, slots=True)
class Column:
    """A mapped column with what it takes to read it."""

    plan: ColumnPlan
    property: Property
    reading: Reading


@dataclass(frozen=True, slots=True)
class Checked:
    """`values`: ROW, LINE and, per object, its properties, id, failed and absent. `problems`: as PROBLEM."""

    values: pl.DataFrame
    problems: pl.DataFrame


@dataclass(frozen=True, slots=True)
class Checker:
    plan: Plan
    objects: tuple[ObjectType, ...]
    columns: tuple[Column, ...]
    pipelines: Mapping[str, tuple[Pipeline, ...]]

    def check(self, batch: pl.DataFrame) -> Checked:
        """`batch` as the reader gives it, with ROW."""
        ids = [(one, c) for one in self.objects if (c := self.plan.record_id_of(one.name))]
        out = batch.lazy().select(
            ROW, LINE,
            _broken(self.plan).alias("_broken_type"),
            *(self._value(column) for column in self.columns),
            *(_record_id(c).alias(id_name(one.name)) for one, c in ids),
            *(_wrong_id(c).alias(f"_wrong_id_{one.name}") for one, c in ids),
            *(self._absent(one) for one in self.objects),
        ).collect()  # fmt: skip
        problems = pl.concat([*self._cell_problems(batch, out), *self._id_problems(batch, out), _row_problems(out)])
        values = self._failed(out, problems).drop("_broken_type", pl.selectors.starts_with("_wrong_"))
        return Checked(values, problems)

    def _value(self, column: Column) -> pl.Expr:
        kind, name = TYPES[column.property.kind], value_name(column.property.object_type, column.property.name)
        raw = pl.col(cell(column.plan.index))
        stage = self._stage(column, raw)
        return (kind.read(raw, column.reading) if stage is None else stage).alias(name)

    def _wrong(self, column: Column) -> pl.Expr:
        raw = pl.col(cell(column.plan.index))
        stage = self._stage(column, raw)
        if stage is None:
            return TYPES[column.property.kind].wrong(raw, column.reading)
        said = cells.clean(raw).is_not_null()
        return pl.when(said & stage.is_null()).then(pl.lit("INVALID_ENUMERATION_OPTION"))

    def _stage(self, column: Column, raw: pl.Expr) -> pl.Expr | None:
        """Stages of two pipelines may bear one name: which is meant, the row's pipeline tells."""
        one = next(one for one in self.objects if one.name == column.property.object_type)
        beside = next((c for c in self.columns if c.property.object_type == one.name and c.property.name == one.pipeline), None)
        if column.property.name != one.stage or beside is None:
            return None
        spelled = [
            (pipeline.id, word, stage.id)
            for pipeline in self.pipelines.get(one.name, ())
            for stage in pipeline.stages
            for word in (stage.label, *stage.labels, stage.id)
        ]
        folded = cells.fold_texts(word for _, word, _ in spelled)
        words = {f"{pipeline}\x1f{word}": stage for (pipeline, _, stage), word in zip(spelled, folded, strict=True)}
        pipeline = TYPES["choice"].read(pl.col(cell(beside.plan.index)), beside.reading)
        inside = cells.look_up(pl.concat_str(pipeline, cells.fold(raw), separator="\x1f"), words, pl.String())
        return pl.when(pipeline.is_null()).then(TYPES["choice"].read(raw, column.reading)).otherwise(inside)

    def _absent(self, one: ObjectType) -> pl.Expr:
        mine = [c for c in self.plan.columns if c.object_type == one.name and c.imported_as is not As.NOTHING]
        blank = [cells.clean(pl.col(cell(c.index))).is_null() for c in mine]
        return (pl.all_horizontal(blank) if blank else pl.lit(True)).alias(absent_name(one.name))

    def _cell_problems(self, batch: pl.DataFrame, out: pl.DataFrame) -> list[pl.DataFrame]:
        """Only cells that say something and gave no value are asked what is wrong with them: it costs as much again."""
        found = []
        for column in self.columns:
            prop = column.property
            valueless = out[value_name(prop.object_type, prop.name)].is_null()
            suspect = batch.filter(valueless & (batch[cell(column.plan.index)] != "").fill_null(False))
            if len(suspect):
                wrong = suspect.select(self._wrong(column).alias("wrong"))["wrong"]
                found.append(_problems(suspect, wrong, column.plan, prop.object_type, prop.name))
        return found

    def _id_problems(self, batch: pl.DataFrame, out: pl.DataFrame) -> list[pl.DataFrame]:
        found = []
        for one in self.objects:
            column = self.plan.record_id_of(one.name)
            if column is not None:
                found.append(_problems(batch, out[f"_wrong_id_{one.name}"], column, one.name, "hs_object_id"))
        return found

    def _failed(self, out: pl.DataFrame, problems: pl.DataFrame) -> pl.DataFrame:
        """Adds, per object, whether a problem keeps the row's record from being written."""
        grave = [name for name, effect in EFFECTS.items() if effect is Effect.ROW]
        marks = []
        for one in self.objects:
            rows = problems.filter(
                pl.col("type").is_in(grave) & (pl.col("object_type").is_null() | (pl.col("object_type") == one.name))
            )
            failed = pl.col(ROW).is_in(rows[ROW].implode()) if len(rows) else pl.lit(False)
            lone = self._lone_domain(one, problems)
            marks.append((failed if lone is None else failed | lone).alias(failed_name(one.name)))
        return out.with_columns(marks)

    def _lone_domain(self, one: ObjectType, problems: pl.DataFrame) -> pl.Expr | None:
        """A malformed domain that was a row's only identifier fails the row (imports.md 14)."""
        rows = problems.filter((pl.col("type") == "INVALID_DOMAIN") & (pl.col("object_type") == one.name))
        if rows.is_empty():
            return None
        others = [
            pl.col(value_name(one.name, c.property.name)).is_not_null()
            for c in self.columns
            if c.property.object_type == one.name and c.property.unique and c.property.kind != "domain"
        ]
        if self.plan.record_id_of(one.name):
            others.append(pl.col(id_name(one.name)).is_not_null())
        identified = pl.any_horizontal(others) if others else pl.lit(False)
        return pl.col(ROW).is_in(rows[ROW].implode()) & ~identified


def columns_of(plan: Plan, objects: Sequence[ObjectType]) -> list[tuple[ColumnPlan, Property]]:
    """The mapped columns with their properties."""
    return [(column, one.properties[column.property]) for one in objects for column in plan.of(one.name) if column.property]


def _problems(batch: pl.DataFrame, wrong: pl.Series, column: ColumnPlan, object_type: str, prop: str) -> pl.DataFrame:
    return (
        batch.select(
            ROW,
            pl.col(LINE).alias("line"),
            pl.lit(column.index, pl.Int64).alias("place"),
            pl.lit(object_type).alias("object_type"),
            pl.lit(prop).alias("property"),
            wrong.alias("type"),
            TYPES["multiline"].read(pl.col(cell(column.index)), Reading()).str.slice(0, _MOST_SHOWN).alias("value"),
        )
        .filter(pl.col("type").is_not_null())
        .cast(PROBLEM)  # type: ignore[arg-type]
    )


def _row_problems(out: pl.DataFrame) -> pl.DataFrame:
    return (
        out.filter(pl.col("_broken_type").is_not_null())
        .select(
            ROW,
            pl.col(LINE).alias("line"),
            *(pl.lit(None, pl.String).alias(name) for name in ("place", "object_type", "property")),
            pl.col("_broken_type").alias("type"),
            pl.lit(None, pl.String).alias("value"),
        )
        .cast(PROBLEM)  # type: ignore[arg-type]
    )


def _broken(plan: Plan) -> pl.Expr:
    """What is wrong with the row as a whole: unreadable, or not as many cells as the header has."""
    surplus = pl.col(EXTRA).list.eval(cells.clean(pl.element())).list.drop_nulls().list.len() > 0
    too_short = pl.lit(False) if plan.short_rows_are_empty else pl.col(WIDTH).is_not_null() & pl.col(EXTRA).is_null()
    uneven = surplus.fill_null(False) | too_short
    return pl.when(pl.col(BROKEN).is_not_null()).then(pl.col(BROKEN)).when(uneven).then(pl.lit("INCORRECT_NUMBER_OF_COLUMNS"))


def _record_id(column: ColumnPlan) -> pl.Expr:
    number = TYPES["number"].read(pl.col(cell(column.index)), Reading())
    return number.cast(pl.Int64, strict=False)


def _wrong_id(column: ColumnPlan) -> pl.Expr:
    said = cells.clean(pl.col(cell(column.index))).is_not_null()
    return pl.when(said & _record_id(column).is_null()).then(pl.lit("INVALID_RECORD_ID"))
