"""TOML to Plan. A key that means nothing and a value that cannot be are refused, each with its line."""

import codecs
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from difflib import get_close_matches
from enum import Enum
from typing import Any, NoReturn, get_args, get_origin
from zoneinfo import ZoneInfo

from kartotek import errors
from kartotek.imports.recipes import lines, shapes
from kartotek.imports.table import OF_ASSOCIATIONS, As, ColumnPlan, ObjectPlan, Plan, SourcePlan
from kartotek.model.object_types import ObjectType
from kartotek.standard import languages
from kartotek.values import countries

Path = tuple[str | int, ...]
_KINDS = {str: "text in quotes", int: "a whole number", float: "a number", bool: "true or false"}
# What one of a section is called in a sentence.
_NOUNS = {Plan: "a recipe", ColumnPlan: "a column", ObjectPlan: "an object", SourcePlan: "a source"}


def read(text: str, catalogue: Mapping[str, ObjectType] | None = None) -> Plan:
    """With a catalogue, the objects and properties that the recipe names have to exist."""
    try:
        found = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise errors.Invalid(_syntax(error, text)) from error
    try:
        _require_format(found)
        plan: Plan = _value(Plan, found, ())
        _require_sense(plan)
        if catalogue is not None:
            _require_known(plan, catalogue)
    except _Wrong as wrong:
        raise errors.Invalid(f"Line {lines.line_of(text, wrong.path)} of the recipe: {wrong.reason}") from wrong
    return plan


class _Wrong(Exception):
    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(reason)
        self.path, self.reason = path, reason


def _require_format(found: dict[str, Any]) -> None:
    given = found.pop("recipe", None)
    if given != shapes.FORMAT or isinstance(given, bool):
        if given is None:
            raise errors.Invalid(f"This is no recipe of Kartotek: it has no line “recipe = {shapes.FORMAT}”.")
        raise _Wrong(("recipe",), f"this Kartotek reads recipes of format {shapes.FORMAT}, and this one has another.")


def _value(hint: Any, found: Any, path: Path) -> Any:
    """What was found, as the type that the plan wants."""
    hint = shapes.without_none(hint)
    if is_dataclass(hint) and isinstance(hint, type):
        return _one(hint, found, path)
    if isinstance(hint, type) and issubclass(hint, Enum):
        return _choice(hint, found, path)
    if get_origin(hint) is tuple:
        return _several(hint, found, path)
    if (inner := shapes.value_of(hint)) is not None:
        return dict(_pairs(inner, found, path))
    if type(found) is not hint and not (hint is float and type(found) is int):
        raise _Wrong(path, f"“{path[-1]}” has to be {_KINDS.get(hint, 'something else')}.")
    return found


def _one(shape: type, found: Any, path: Path) -> Any:
    known = shapes.fields_of(shape)
    noun = _NOUNS.get(shape, f"“{next((one for one in reversed(path) if isinstance(one, str)), 'this')}”")
    if not isinstance(found, dict):
        raise _Wrong(path, f"{noun} has to be a section with its own keys.")
    for name in found:
        if name not in known:
            raise _Wrong((*path, name), f"{noun} has no key “{name}”.{_meant(name, known)}")
    given = {name: _value(known[name], value, (*path, name)) for name, value in found.items()}
    required = {field.name for field in fields(shape) if field.default is MISSING and field.default_factory is MISSING}
    if missing := [name for name in known if name in required - given.keys()]:
        raise _Wrong(path, f"{noun} needs its “{missing[0]}”.")
    if shape is ColumnPlan:
        given["index"] = path[-1]
    return shape(**given)


def _several(hint: Any, found: Any, path: Path) -> tuple[Any, ...]:
    if (inner := shapes.value_of(hint)) is not None and isinstance(found, dict):
        return tuple(_pairs(inner, found, path))
    if not isinstance(found, list):
        raise _Wrong(path, f"“{path[-1]}” has to be several: [[{path[-1]}]] above each, or a list in brackets.")
    if (each := shapes.element_of(hint)) is not None:
        return tuple(_value(each, one, (*path, i)) for i, one in enumerate(found))
    kinds = get_args(hint)
    if len(kinds) != len(found):
        raise _Wrong(path, f"this has to be a list of {len(kinds)}.")
    return tuple(_value(kind, one, (*path, i)) for i, (kind, one) in enumerate(zip(kinds, found, strict=True)))


def _pairs(inner: Any, found: Any, path: Path) -> list[tuple[str, Any]]:
    if not isinstance(found, dict):
        raise _Wrong(path, f"“{path[-1]}” has to be a section of names and values.")
    return [(name, _value(inner, value, (*path, name))) for name, value in found.items()]


def _choice(hint: type[Enum], found: Any, path: Path) -> Enum:
    chosen = next((one for one in hint if one.value == found), None)
    if chosen is None:
        _refuse(path, found, ", ".join(str(one.value) for one in hint))
    return chosen


# ---------------------------------------------------------------- what the words mean

_Rule = tuple[Callable[[Any], bool], str]


def _is_zone(text: str) -> bool:
    try:
        return bool(ZoneInfo(text))
    except (ValueError, KeyError, OSError):
        return False


def _is_encoding(text: str) -> bool:
    try:
        return bool(codecs.lookup(text))
    except (LookupError, ValueError):
        return False


# What the whole file's settings may be, where not every text will do.
_RULES: dict[str, _Rule] = {
    "language": (lambda text: text in languages.NAMES, f"one of {', '.join(languages.NAMES)}"),
    "dates": (lambda text: text in ("DMY", "MDY", "YMD"), "DMY, MDY or YMD"),
    "numbers": (lambda text: text in countries.COUNTRIES, "the two letters of a country, such as DK or US"),
    "country": (lambda text: bool(re.fullmatch("[A-Z]{2}", text)), "the two letters of a country, such as DK or US"),
    "zone": (_is_zone, "a time zone such as Europe/Copenhagen"),
    "encoding": (_is_encoding, "an encoding such as UTF-8 or Windows-1252"),
    "delimiter": (lambda text: len(text) == 1, "one character"),
    "header_line": (lambda number: number > 0, "a line of the file, counted from 1"),
}


def _require_sense(plan: Plan) -> None:
    for where, one in (((), plan), *((("sources", i), source) for i, source in enumerate(plan.sources))):
        for name, (fits, wanted) in _RULES.items():
            value = getattr(one, name, None)
            if value is not None and not fits(value):
                _refuse((*where, name), value, wanted)
    _require_sources(plan)
    for i, column in enumerate(plan.columns):
        for name in ("dates", "numbers"):
            fits, wanted = _RULES[name]
            if (value := getattr(column, name)) is not None and not fits(value):
                _refuse(("columns", i, name), value, wanted)
        if column.imported_as is not As.NOTHING and column.object_type is None:
            raise _Wrong(("columns", i), "a column that is imported needs its “object_type”.")
        if column.imported_as is As.KEY and column.key is None:
            raise _Wrong(("columns", i, "imported_as"), "a column that is imported as a key needs its “key”.")
        if column.imported_as is As.ASSOCIATION and column.key is None and column.property is None:
            raise _Wrong(("columns", i, "imported_as"), "a column of associated records needs a “property” or a “key”.")
        if column.imported_as in OF_ASSOCIATIONS and column.other is None:
            raise _Wrong(("columns", i), "a column of labels needs “other”, the object at the other end.")
        if column.imported_as is As.PROPERTY and column.property is None:
            raise _Wrong(("columns", i), "a column that is imported as a property needs its “property”.")


def _require_sources(plan: Plan) -> None:
    for i, source in enumerate(plan.sources):
        if source.file < 1:
            raise _Wrong(("sources", i, "file"), "files are counted from 1.")
    for i, column in enumerate(plan.columns):
        if not 0 <= column.source < len(plan.sources):
            raise _Wrong(("columns", i, "source"), f"the recipe has {len(plan.sources)} sources, counted from 0.")


def _require_known(plan: Plan, catalogue: Mapping[str, ObjectType]) -> None:
    for i, one in enumerate(plan.objects):
        _require_object(one.object_type, catalogue, ("objects", i, "object_type"))
        if one.match_by is not None:
            _require_property(catalogue[one.object_type], one.match_by, ("objects", i, "match_by"))
    for i, column in enumerate(plan.columns):
        if column.object_type is None:
            continue
        _require_object(column.object_type, catalogue, ("columns", i, "object_type"))
        if column.imported_as in OF_ASSOCIATIONS and column.other is not None:
            _require_object(column.other, catalogue, ("columns", i, "other"))
        if column.imported_as is As.PROPERTY and column.property is not None:
            _require_property(catalogue[column.object_type], column.property, ("columns", i, "property"))


def _require_object(name: str, catalogue: Mapping[str, ObjectType], path: Path) -> None:
    if name not in catalogue:
        raise _Wrong(path, f"there is no object called “{name}”.{_meant(name, catalogue)}")


def _require_property(one: ObjectType, name: str, path: Path) -> None:
    if name not in one.properties:
        raise _Wrong(path, f"{one.name} have no property called “{name}”.{_meant(name, one.properties)}")


def _refuse(path: Path, value: Any, wanted: str) -> NoReturn:
    raise _Wrong(path, f"“{path[-1]}” cannot be “{value}”: it has to be {wanted}.")


def _meant(name: str, known: Mapping[str, Any]) -> str:
    near = get_close_matches(name, known, n=1)
    return f" Did you mean “{near[0]}”?" if near else f" Known are {', '.join(known)}." if len(known) < 30 else ""


def _syntax(error: tomllib.TOMLDecodeError, text: str) -> str:
    found = re.search(r"at line (\d+)", str(error))
    line = int(found[1]) if found else max(1, len(text.rstrip().split("\n")))
    reason = re.sub(r"\s*\(at .*\)$", "", str(error))
    return f"Line {line} of the recipe cannot be read as TOML ({reason})."
