"""Values to the words that stand in a file, whatever its format: options by what they are called."""

from collections.abc import Sequence
from dataclasses import replace

import polars as pl

from kartotek.exports.table import Column, Kind
from kartotek.values import domain

# Between the labels of one association; a semicolon stands between the associations.
_AND = "|"


def place(index: int) -> str:
    return f"c{index}"


def spoken(columns: Sequence[Column], frame: pl.DataFrame) -> pl.DataFrame:
    """A batch of domain/extracts in columns c0, c1, ...: texts, but record ids (Int64) and the lists of them."""
    return frame.select(_spoken(_lettered(column, frame)).alias(place(i)) for i, column in enumerate(columns))


LISTS = (Kind.IDS, Kind.LIST, Kind.LABELS)


def joined(column: Column, cell: pl.Expr) -> pl.Expr:
    """Of a column that holds lists, one text: 12;15, and the labels of both as Billing|Adviser;Owner."""
    if column.kind is Kind.LIST:
        return pl.when(cell.list.len() > 0).then(cell.list.join(";"))
    if column.kind is Kind.IDS:
        return cell.cast(pl.List(pl.String)).list.join(";")
    said = cell.list.eval(pl.element().list.join(_AND))
    return pl.when(said.list.eval(pl.element() != "").list.any()).then(said.list.join(";"))


def _lettered(column: Column, frame: pl.DataFrame) -> Column:
    """Of domains, those of this batch that are written in other letters than they are kept in."""
    if not column.domains:
        return column
    return replace(column, words=domain.in_own_letters(frame[column.source].str.split(";").explode().drop_nulls()))


def _spoken(column: Column) -> pl.Expr:
    value = pl.col(column.source)
    if not column.words:
        return value
    if column.kind is Kind.LIST:
        return value.list.eval(_called(pl.element(), column))
    if column.kind is Kind.LABELS:
        return value.list.eval(pl.element().list.eval(_called(pl.element(), column)))
    if column.kind is Kind.SEVERAL:
        return value.str.split(";").list.eval(_called(pl.element(), column)).list.join(";")
    return _called(value, column)


def _called(value: pl.Expr, column: Column) -> pl.Expr:
    return value.replace(list(column.words), list(column.words.values()))
