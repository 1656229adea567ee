"""What writing would change in records that exist: their final texts beside the former ones."""

from collections.abc import Sequence

import polars as pl

from kartotek.domain import identifiers, rules
from kartotek.model.people import Actor
from kartotek.model.records import Changes
from kartotek.values import TYPES

OLD = "_old_"


def compare(actor: Actor, changes: Changes, existing: pl.DataFrame, there: pl.DataFrame) -> pl.DataFrame:
    """Final and former texts of the records that exist, and whether they differ."""
    names = [name for name in changes.frame.columns if not name.startswith("_")]
    read = [name for name in there.columns if not name.startswith("_")]
    adding = [name for name in names if Changes.adds(name) in existing.columns]
    clearing = [name for name in names if Changes.clears(name) in existing.columns]
    texts = existing.select_seq(
        "_key", "_id", *(TYPES[changes.object_type.properties[n].kind].text(pl.col(n)).alias(n) for n in names),
        *map(Changes.adds, adding), *map(Changes.clears, clearing),
    )  # fmt: skip
    joined = texts.join(
        there.select_seq("_id", *(pl.col(n).alias(OLD + n) for n in read)), on="_id", how="left", maintain_order="left"
    ).with_columns_seq(*map(_added, adding), *map(_removed, changes.removing))
    final = [
        pl.when(_differs(actor, changes, name)).then(pl.col(name)).otherwise(pl.col(OLD + name)).alias(name)
        if name in names
        else pl.col(OLD + name).alias(name)
        for name in read
    ]
    return with_changed(_swap_first(joined.with_columns_seq(final), read), read)


def _added(name: str) -> pl.Expr:
    """The options that were there and those that a row adds to them."""
    together = pl.concat_str(OLD + name, name, separator=";", ignore_nulls=True)
    every = together.str.split(";").list.unique(maintain_order=True).list.join(";")
    return pl.when(pl.col(Changes.adds(name)) & pl.col(name).is_not_null()).then(every).otherwise(name).alias(name)


def _removed(name: str) -> pl.Expr:
    """The options that were there without those that a row names."""
    listed, gone = pl.col(OLD + name).str.split(";"), pl.col(name).str.split(";")
    meet = listed.list.set_intersection(gone).list.len() > 0
    left = listed.list.set_difference(gone).list.join(";").replace("", None)
    return pl.when(meet).then(left).otherwise(OLD + name).alias(name)


def _swap_first(rows: pl.DataFrame, names: Sequence[str]) -> pl.DataFrame:
    """A further address that becomes the first one leaves its place to it (imports.md 5.9)."""
    for further, main in identifiers.FURTHER.items():
        if further in names and main in names:
            listed = pl.col(OLD + further).str.split(";")
            risen = pl.col(main).ne_missing(pl.col(OLD + main)) & listed.list.contains(pl.col(main))
            others = listed.list.set_difference(pl.concat_list(main)).list.join(";")
            left = pl.concat_str(pl.col(OLD + main), others.replace("", None), separator=";", ignore_nulls=True)
            rows = rows.with_columns_seq(pl.when(risen).then(left).otherwise(pl.col(further)).alias(further))
    return rows


def with_changed(rows: pl.DataFrame, names: Sequence[str]) -> pl.DataFrame:
    differs = [pl.col(name).ne_missing(pl.col(OLD + name)) for name in names]
    return rows.with_columns_seq(
        pl.any_horizontal(differs).alias("_changed") if differs else pl.lit(False).alias("_changed")
    )


def _differs(actor: Actor, changes: Changes, name: str) -> pl.Expr:
    new, old = pl.col(name), pl.col(OLD + name)
    differs = new.ne_missing(old)
    if Changes.clears(name) in changes.frame.columns:
        differs &= new.is_not_null() | pl.col(Changes.clears(name))
    elif not changes.clear and name not in changes.removing:
        differs &= new.is_not_null()
    if name in changes.fill_only:
        differs &= old.is_null()
    backwards = rules.forwards(actor, changes.object_type, name)
    return differs if backwards is None else differs & ~backwards
