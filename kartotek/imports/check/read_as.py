"""Which columns of a plan are read, and as what; and what is read that stands in no column."""

from collections.abc import Sequence

import polars as pl

from kartotek.imports.table import LEGAL_BASIS, As, ColumnPlan, Plan
from kartotek.model.catalogue import Catalogue
from kartotek.model.object_types import ObjectType
from kartotek.model.properties import Property
from kartotek.values import TYPES, Reading

DAY = Property(0, "", "", "", "date", "date", "")  # from when, or until when, an association holds
# As what the column is read that dates the rows, whatever else it is imported as.
WHEN = Property(0, "", "@", "", "datetime", "date", "")


def columns_of(plan: Plan, objects: Sequence[ObjectType]) -> list[tuple[ColumnPlan, Property]]:
    """The mapped columns with their properties."""
    return [
        (column, one.properties[column.property]) for one in objects for column in plan.of(one.name) if column.property
    ]


def dating_of(plan: Plan) -> list[tuple[ColumnPlan, Property]]:
    """The columns that date the rows, one in a source at most, with what they are read as."""
    return [(column, WHEN) for column in plan.columns if column.dates_rows]


def days_of(plan: Plan) -> list[tuple[ColumnPlan, Property]]:
    """The columns that say from when or until when associations hold, with what they are read as."""
    return [(column, DAY) for column in plan.columns if column.imported_as in (As.STARTS, As.ENDS)]


def basis_of(known: Catalogue) -> tuple[ObjectType, Property]:
    """Where the legal ground for keeping somebody's data stands."""
    contacts = known.object_type("contacts")
    return contacts, contacts.properties[LEGAL_BASIS]


def fixed(prop: Property, text: str, how: Reading) -> pl.Series | None:
    """A text as a value of this property; None when it is none."""
    kind = TYPES[prop.kind]
    read = pl.DataFrame({"text": [text]}).select_seq(
        value=kind.read(pl.col("text"), how), wrong=kind.wrong(pl.col("text"), how)
    )
    return None if read["wrong"][0] is not None or read["value"][0] is None else read["value"]
