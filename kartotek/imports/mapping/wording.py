"""How sentences about a plan call its columns and objects."""

from collections.abc import Sequence

from kartotek.imports import table
from kartotek.model.object_types import ObjectType


def named(column: table.ColumnPlan) -> str:
    return f"“{column.header}”" if column.header else f"number {column.index + 1}"


def plural(one: ObjectType) -> str:
    return one.label_plural.lower()


def listed(words: Sequence[str], last: str) -> str:
    return f" {last} ".join(filter(None, [", ".join(words[:-1]), words[-1]]))
