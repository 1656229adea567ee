"""Several rows about one record become one line: of each property the last value that is not blank.

Two things are not simply the last: options with a semicolon in front are added to what stood before, and a lifecycle
stage never goes back (imports.md 7).
"""

from collections.abc import Iterable, Sequence

import polars as pl

from kartotek.imports.table import (
    LINE,
    ROW,
    absent_name,
    adds_name,
    at_name,
    failed_name,
    parents_name,
    twice_name,
    value_name,
)
from kartotek.model.object_types import ObjectType

_ONWARD = "lifecyclestage"


def fold(one: ObjectType, values: pl.DataFrame, first: int, ahead: pl.DataFrame | None) -> pl.DataFrame:
    """One line, as `group`, per record whose first row stands in the batch that begins at `first`.

    `ahead`: what rows of later batches say of these records, folded already.
    """
    columns = columns_of(one, values.columns)
    keep = [ROW, LINE, "group", *_refusals(one, values), *columns]
    told = values.select_seq(pl.col(one.name).alias(name) if name == "group" else name for name in keep)
    heads = told.filter(told[ROW] == told["group"])
    others = told.filter((told["group"] >= first) & (told[ROW] != told["group"])).select_seq(ROW, "group", *columns)
    if ahead is not None:
        others = pl.concat([others, ahead.select_seq(others.columns)])
    if others.is_empty():
        return heads
    plural = heads.join(others, on="group", how="semi", maintain_order="left")
    alone = heads.join(others, on="group", how="anti", maintain_order="left")
    together = fold_by(one, "group", pl.concat([plural, others], how="diagonal"))
    return pl.concat([alone, together.select_seq(keep)]).sort("group")


def fold_by(one: ObjectType, key: str, rows: pl.DataFrame) -> pl.DataFrame:
    """One line per `key`, in the order of ROW; what is no property is taken from the first row."""
    properties = [name for name in columns_of(one, rows.columns) if not name.endswith(("+", "@"))]
    firsts = [name for name in (ROW, LINE) if name in rows.columns] + _refusals(one, rows)
    return (
        rows.sort(ROW)
        .group_by(key, maintain_order=True)
        .agg(
            *(pl.col(name).first() for name in firsts),
            *(said for name in properties for said in _said(one, name, rows.columns)),
        )
    )


def columns_of(one: ObjectType, columns: Iterable[str]) -> list[str]:
    """The record id, the properties, and whether they add to what is there."""
    marks = {failed_name(one.name), absent_name(one.name), twice_name(one.name), parents_name(one.name)}
    return [name for name in columns if name.startswith(f"{one.name}.") and name not in marks]


def _refusals(one: ObjectType, frame: pl.DataFrame) -> list[str]:
    """What of a row refuses its whole record."""
    return [name for name in (twice_name(one.name), parents_name(one.name)) if name in frame.columns]


def _said(one: ObjectType, name: str, columns: Sequence[str]) -> list[pl.Expr]:
    prop = name.removeprefix(value_name(one.name, ""))
    if prop.endswith("-"):  # emptied only when no row has a value (clears_name)
        return [pl.col(name).all()]
    adds, at = adds_name(one.name, prop), at_name(one.name, prop)
    if at in columns:
        rows_said = pl.col(name).is_not_null()
        moments = pl.when(rows_said.any()).then(pl.col(at).filter(rows_said).max()).otherwise(pl.col(at).max())
        newest = pl.col(name).filter(rows_said).sort_by(pl.col(at).filter(rows_said), maintain_order=True)
        more = [pl.col(adds).last()] if adds in columns else []
        return [newest.last(), moments.alias(at), *more]
    if adds in columns:
        return _added(name, adds)
    value = pl.col(name).drop_nulls()
    if prop != _ONWARD:
        return [value.last()]
    ranks = {option.value: i for i, option in enumerate(one.properties[prop].options)}
    rank = pl.col(name).replace_strict(ranks, default=-1, return_dtype=pl.Int64)
    return [
        pl.col(name)
        .filter(pl.col(name).is_not_null())
        .sort_by(rank.filter(pl.col(name).is_not_null()), maintain_order=True)
        .last()
    ]


def _added(name: str, adds: str) -> list[pl.Expr]:
    """What the last row that replaces says, and all rows after it that add to it."""
    replaces = pl.col(name).is_not_null() & ~pl.col(adds)
    counts = pl.col(name).is_not_null() & (replaces.cum_sum() == replaces.sum())
    every = pl.col(name).filter(counts).explode().drop_nulls().unique(maintain_order=True)
    return [
        pl.when(counts.any()).then(every.implode()).otherwise(None).alias(name),
        (~replaces.any()).alias(adds),
    ]
