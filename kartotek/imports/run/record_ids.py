"""Record ids that lead to nobody, told before anything is imported; each batch asks the database once a column.

An answer is kept with the others of its column: records that come or go later are for the rehearsal to tell.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

import polars as pl

from kartotek.domain import Tx
from kartotek.domain import records as domain
from kartotek.imports import check
from kartotek.imports.table import LINE, PROBLEM, ROW, As, Checked, ColumnPlan, id_name
from kartotek.model.object_types import ObjectType
from kartotek.model.people import SYSTEM
from kartotek.model.records import Source
from kartotek.values import frames

_ID = "hs_object_id"
# An import knows none of the records that itself has made: so asks whoever looks before it.
_ANY_IMPORT = SYSTEM.acting_for(Source.IMPORT, None)
Opened = Callable[[], AbstractContextManager[Tx]]


def strangers(opened: Opened, checker: check.Checker, batch: pl.DataFrame, checked: Checked) -> pl.DataFrame:
    """As PROBLEM: the cells of a batch whose record id is no living record's. Rows that cannot be read say none."""
    unread = checked.problems.filter(pl.col("place").is_null())[ROW]
    found = [pl.DataFrame(schema=PROBLEM)]
    for one, column, name, type in _columns(checker):
        cells = batch.select(ROW, line=LINE, value=check.as_it_stood(column.index))
        cells = cells.with_columns(id=checked.values[name].cast(pl.Int64, strict=False)).drop_nulls("id")
        cells = cells.filter(~pl.col(ROW).is_in(unread.implode()))
        lost = cells.filter(~pl.col("id").is_in(_known(opened, one, cells["id"]).implode()))
        about = {"place": column.index, "object_type": one.name, "property": _ID, "type": type}
        told = lost.with_columns(pl.lit(said).alias(field) for field, said in about.items())
        found.append(frames.cast(told.select(PROBLEM.keys()), PROBLEM))
    return pl.concat(found)


def _columns(checker: check.Checker) -> Iterator[tuple[ObjectType, ColumnPlan, str, str]]:
    """Whose ids each column says, under which name they are checked, and what one is told as that is nobody's."""
    for one in checker.objects:
        if column := checker.plan.record_id_of(one.name):
            yield one, column, id_name(one.name), "INVALID_RECORD_ID"
        for key in checker.keys:
            names_own = key.plan.imported_as is As.ASSOCIATION and key.plan.object_type == one.name
            if names_own and key.known_by is None and key.plan.key is None:
                yield one, key.plan, key.name(), "UNKNOWN_ASSOCIATION_RECORD_ID"


def _known(opened: Opened, one: ObjectType, ids: pl.Series) -> pl.Series:
    if ids.is_empty():
        return ids
    with opened() as tx:
        return domain.meant(tx, _ANY_IMPORT, one, ids)["asked"]
