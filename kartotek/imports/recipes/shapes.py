"""What the fields of a plan look like in TOML: told from their types, for writing and reading alike."""

import types
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from functools import reduce
from operator import or_
from typing import Any, Union, get_args, get_origin, get_type_hints

from kartotek.imports.table import ColumnPlan

FORMAT = 1  # the first line of every recipe; another one would be another way of writing them
# Where a column stands follows from the file.
_LEFT_OUT = {(ColumnPlan, "index")}


def fields_of(one: type) -> dict[str, Any]:
    """The fields of a dataclass that recipes hold, with their types."""
    hints = get_type_hints(one)
    return {field.name: hints[field.name] for field in fields(one) if (one, field.name) not in _LEFT_OUT}


def without_none(hint: Any) -> Any:
    """The type of an optional field's value."""
    if get_origin(hint) not in (Union, types.UnionType):
        return hint
    given = [one for one in get_args(hint) if one is not types.NoneType]
    return reduce(or_, given)


def element_of(hint: Any) -> Any:
    """X of tuple[X, ...], else None."""
    args = get_args(hint)
    return args[0] if get_origin(hint) is tuple and len(args) == 2 and args[1] is Ellipsis else None


def value_of(hint: Any) -> Any:
    """X of what is a table of names and X: Mapping[str, X], or pairs of text and X; else None."""
    pair = element_of(hint)
    if get_origin(pair) is tuple and len(get_args(pair)) == 2 and get_args(pair)[0] is str:
        return get_args(pair)[1]
    if get_origin(hint) in (dict, Mapping) and get_args(hint)[0] is str:
        return get_args(hint)[1]
    return None


def is_table(hint: Any) -> bool:
    """Whether it is written as a section of its own, or several, rather than behind an equals sign."""
    hint = without_none(hint)
    return is_dataclass(hint) or is_dataclass(element_of(hint)) or value_of(hint) is not None
