"""Cells to values, and the problems found on the way. A bad cell is data, never an exception.

`Checker` is put together once per import: one expression per column that gives its value and what is wrong with it.
Polars evaluates them side by side. What may be wrong with a row as a whole stands in `whole_rows`, what rows
say of associations in `relations`, and in `read_as` which columns of a plan are read as what.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import polars as pl

from kartotek.imports.check import whole_rows
from kartotek.imports.check.columns import Column, Given, as_it_stood, record_id, says_something, told, wrong_id
from kartotek.imports.check.keys import Key
from kartotek.imports.check.read_as import DAY, WHEN, basis_of, columns_of, dating_of, days_of, fixed
from kartotek.imports.check.relations import End, Labels, ends_of
from kartotek.imports.check.whole_rows import BROKEN_TYPE
from kartotek.imports.table import (
    LINE,
    OF_RECORDS,
    PROBLEM,
    ROW,
    WIDTH,
    Checked,
    ColumnPlan,
    Overwrite,
    Plan,
    Several,
    absent_name,
    adds_name,
    at_name,
    clears_name,
    failed_name,
    id_name,
    label_name,
)
from kartotek.model.object_types import ObjectType
from kartotek.model.pipelines import Pipeline
from kartotek.model.problems import EFFECTS, Effect
from kartotek.values import TYPES, cells, choices, frames

__all__ = [
    "Checker",
    "Column",
    "End",
    "Given",
    "Key",
    "Labels",
    "as_it_stood",
    "basis_of",
    "columns_of",
    "dating_of",
    "days_of",
    "ends_of",
    "fixed",
]

_GRAVE = [name for name, effect in EFFECTS.items() if effect is Effect.ROW]


@dataclass(frozen=True)  # without slots, for what is worked out once
class Checker:
    plan: Plan
    objects: tuple[ObjectType, ...]
    columns: tuple[Column, ...]
    pipelines: Mapping[str, tuple[Pipeline, ...]]
    given: tuple[Given, ...] = ()
    labels: tuple[Labels, ...] = ()
    dated: Column | None = None  # the column that says when a row's values were true
    keys: tuple[Key, ...] = ()

    def formed(self) -> tuple[Column, ...]:
        """The columns whose cells are read, the one that dates the rows among them."""
        mapped = {column.plan.index for column in self.columns}
        days = tuple(Column(one.plan, DAY, one.reading) for one in self.labels if one.kind == "date")
        dated = () if self.dated is None or self.dated.plan.index in mapped else (self.dated,)
        return (*self.columns, *dated, *days)

    def check(self, batch: pl.DataFrame) -> Checked:
        """`batch` as the reader gives it, with ROW."""
        broken = whole_rows.broken(self.plan, batch).alias(BROKEN_TYPE)
        read = batch.lazy().select_seq(ROW, LINE, broken, WIDTH, *self._read_cells)
        out = read.with_columns_seq(self._halves).drop(pl.selectors.starts_with("_both_")).collect()
        out = out.with_columns_seq(self._absent(one, batch, out) for one in self.objects)
        unreadable = out.filter(pl.col(BROKEN_TYPE).is_not_null()).select_seq(ROW)
        own = pl.concat(
            [pl.DataFrame(schema=PROBLEM), *self._cell_problems(batch, out), *self._id_problems(batch, out)]
        )
        whole = whole_rows.problems(out, len(self.plan.columns))
        problems = pl.concat([own.join(unreadable, on=ROW, how="anti", maintain_order="left"), whole])
        values = self._failed(out, problems).drop(BROKEN_TYPE, WIDTH, pl.selectors.starts_with("_wrong_"))
        always = [one.value.new_from_index(0, len(values)).alias(one.name()) for one in self.given]
        return Checked(values.with_columns_seq(always), problems)

    @cached_property
    def _read_cells(self) -> Sequence[pl.Expr]:
        """The same expressions for all batches: they remember what odd texts came to."""
        ids = [(one, c) for one in self.objects if (c := self.plan.record_id_of(one.name))]
        return (
            *(self._both(column).alias(f"_both_{i}") for i, column in enumerate(self.columns)),
            *(one.both().alias(f"_both{label_name(one.plan.index)}") for one in self.labels),
            *(one.both().alias(f"_both{one.name()}") for one in self.keys),
            *(_adds(column) for column in self.columns if _is_plural(column)),
            *(_clears(column) for column in self.columns if column.plan.clears),
            *([] if self.dated is None else [self._read(self.dated).alias("_both_dated")]),
            *(record_id(c).alias(id_name(one.name)) for one, c in ids),
            *(wrong_id(c).alias(f"_wrong_id_{one.name}") for one, c in ids),
        )

    @cached_property
    def _halves(self) -> Sequence[pl.Expr]:
        """Of what was read, the value and what is wrong with it, each as a column."""
        labels = [label_name(one.plan.index) for one in self.labels] + [one.name() for one in self.keys]
        return (
            *(_value(c, f"_both_{i}").alias(c.name()) for i, c in enumerate(self.columns)),
            *(_wrong(c, f"_both_{i}").alias(f"_wrong_{i}") for i, c in enumerate(self.columns)),
            *(pl.col("_both_dated").struct.field("value").alias(at_name(c.property.object_type, c.property.name))
              for c in self.columns if self.dated is not None and c.plan.overwrite is Overwrite.NEWEST),
            *([] if self.dated is None else [pl.col("_both_dated").struct.field("wrong").alias("_wrong_dated")]),
            *(pl.col(f"_both{name}").struct.field("value").alias(name) for name in labels),
            *(pl.col(f"_both{name}").struct.field("wrong").alias(f"_wrong{name}") for name in labels),
        )  # fmt: skip

    def _both(self, column: Column) -> pl.Expr:
        """A struct of `value` and `wrong`."""
        both = self._read(column)
        if not column.plan.skips_wrong:
            return both
        return cells.both(both.struct.field("value"), pl.lit(None, pl.String))

    def _read(self, column: Column) -> pl.Expr:
        stage = None if column.property is WHEN else self._stage(column)
        return TYPES[column.property.kind].check(column.raw(), column.reading) if stage is None else stage

    def _stage(self, column: Column) -> pl.Expr | None:
        """Stages of two pipelines may bear one name: which is meant, the row's pipeline tells."""
        one = next(one for one in self.objects if one.name == column.property.object_type)
        beside = next(
            (c for c in self.columns if c.property.object_type == one.name and c.property.name == one.pipeline), None
        )
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
        pipeline = TYPES["choice"].read(beside.raw(), beside.reading)
        inside = cells.look_up(pl.concat_str(pipeline, cells.fold(column.raw()), separator="\x1f"), words, pl.String())
        unread = says_something(column.raw()) & inside.is_null()
        told = cells.both(inside, pl.when(unread).then(pl.lit("INVALID_ENUMERATION_OPTION")))
        return pl.when(pipeline.is_null()).then(TYPES["choice"].check(column.raw(), column.reading)).otherwise(told)

    def _absent(self, one: ObjectType, batch: pl.DataFrame, out: pl.DataFrame) -> pl.Series:
        """Whether no cell of a row says anything of the object. Nearly every row has a value: no cell is asked then."""
        silent = pl.repeat(True, len(out), eager=True)
        for column in self.columns:
            if column.property.object_type == one.name:
                silent &= out[column.name()].is_null()
                if not silent.any():
                    break
        rows = batch.filter(silent) if silent.any() else batch.clear()
        mine = [c for c in self.plan.columns if c.object_type == one.name and c.imported_as in OF_RECORDS]
        if mine:
            rows = rows.filter(~pl.any_horizontal(says_something(told(c)) for c in mine))
        return batch[ROW].is_in(rows[ROW].implode()).alias(absent_name(one.name))

    def _cell_problems(self, batch: pl.DataFrame, out: pl.DataFrame) -> list[pl.DataFrame]:
        found = []
        for i, column in enumerate(self.columns):
            wrong = out[f"_wrong_{i}"]
            if wrong.null_count() < len(wrong):
                found.append(_problems(batch, wrong, column.plan, column.property.object_type, column.property.name))
        if self.dated is not None and self.dated in self.formed()[len(self.columns) :]:
            found.append(_problems(batch, out["_wrong_dated"], self.dated.plan, None, None))
        for one in self.labels:
            name = label_name(one.plan.index)
            found.append(_problems(batch, out[f"_wrong{name}"], one.plan, str(one.plan.object_type), None))
            found.append(one.of_nothing(batch, out[name]))
        for key in self.keys:
            found.append(_problems(batch, out[f"_wrong{key.name()}"], key.plan, str(key.plan.object_type), None))
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
        grave = problems.filter(pl.col("type").is_in(_GRAVE))
        marks = []
        for one in self.objects:
            rows = grave.filter(pl.col("object_type").is_null() | (pl.col("object_type") == one.name))
            failed = pl.col(ROW).is_in(rows[ROW].implode()) if len(rows) else pl.lit(False)
            lone = self._lone_domain(one, problems)
            marks.append((failed if lone is None else failed | lone).alias(failed_name(one.name)))
        return out.with_columns_seq(marks)

    def _lone_domain(self, one: ObjectType, problems: pl.DataFrame) -> pl.Expr | None:
        """A malformed domain that was a row's only identifier fails the row (imports.md 14)."""
        rows = problems.filter((pl.col("type") == "INVALID_DOMAIN") & (pl.col("object_type") == one.name))
        if rows.is_empty():
            return None
        others = [
            pl.col(c.name()).is_not_null()
            for c in self.columns
            if c.property.object_type == one.name and c.property.unique and c.property.kind != "domain"
        ]
        if self.plan.record_id_of(one.name):
            others.append(pl.col(id_name(one.name)).is_not_null())
        identified = pl.any_horizontal(others) if others else pl.lit(False)
        return pl.col(ROW).is_in(rows[ROW].implode()) & ~identified


def _value(column: Column, both: str) -> pl.Expr:
    """What a cell says, unless it is against the rules of its property."""
    value = pl.col(both).struct.field("value")
    return pl.when(column.fits(value)).then(value) if column.property.limits else value


def _wrong(column: Column, both: str) -> pl.Expr:
    wrong = pl.col(both).struct.field("wrong")
    if not column.property.limits or column.plan.skips_wrong:
        return wrong
    unfit = pl.when(~column.fits(pl.col(both).struct.field("value"))).then(pl.lit("INVALID_CUSTOM_PROPERTY_VALIDATION"))
    return pl.coalesce(wrong, unfit)


def _problems(
    batch: pl.DataFrame, wrong: pl.Series, column: ColumnPlan, object_type: str | None, prop: str | None
) -> pl.DataFrame:
    rows = wrong.is_not_null().arg_true()
    found = (
        batch[rows]
        .with_columns_seq(type=wrong.gather(rows))
        .select_seq(
            ROW,
            pl.col(LINE).alias("line"),
            pl.lit(column.index, pl.Int64).alias("place"),
            pl.lit(object_type, pl.String).alias("object_type"),
            pl.lit(prop, pl.String).alias("property"),
            "type",
            as_it_stood(column.index).alias("value"),
        )
    )
    return frames.cast(found, PROBLEM)


def _is_plural(column: Column) -> bool:
    always = column.property.kind in ("choices", "free_choices", "attachments")
    return always or (column.property.kind in ("emails", "domains") and column.plan.several is not Several.REPLACE)


def _adds(column: Column) -> pl.Expr:
    """Whether a semicolon in front says that the options are added to those that are there."""
    together = column.plan.several is not Several.REPLACE
    adds = pl.lit(True) if together else choices.appends(column.raw())
    return adds.alias(adds_name(column.property.object_type, column.property.name))


def _clears(column: Column) -> pl.Expr:
    blank = ~says_something(column.raw())
    return blank.alias(clears_name(column.property.object_type, column.property.name))
