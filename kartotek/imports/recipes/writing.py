"""Plan to TOML, with a few words about each part."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import MISSING, fields, is_dataclass
from enum import Enum
from typing import Any

from kartotek.imports.recipes import shapes
from kartotek.imports.table import Plan

_ABOUT = """\
# A recipe of Kartotek: how the columns of a file become records.
# Use it in the wizard, or with: kartotek import FILE --recipe THIS-FILE
# What it does not say is decided from the whole file, or asked.

recipe = {format}
"""

# What a field means. Of a section's fields, all are explained once, above the first such section.
NOTES = {
    "name": "What the recipe is called.",
    "objects": "What each row is about, and how to import it.",
    "columns": "The columns, by their headers. Of two with one header, the first here is the first there.",
    "language": "The language of the headers, for columns that are mapped anew: da, de, en, ...",
    "dates": "The order of day, month and year: DMY, MDY or YMD.",
    "numbers": "The country whose way of writing numbers it is: DK for 1.234,5, US for 1,234.5.",
    "country": "The country of telephone numbers without a country code.",
    "zone": "The time zone of times without one.",
    "short_rows_are_empty": "Whether cells missing at the end of a row are empty; otherwise such a row fails.",
    "sources": "The files and sheets of the run, where there are several.",
    "file": "Which of the files, counted from 1.",
    "sheet": "Which sheet of a workbook.",
    "encoding": "The encoding of a text file.",
    "delimiter": "What stands between the cells of a text file.",
    "header_line": "The line that holds the headers.",
    "legal_basis": "On what legal ground the contacts' data is kept.",
    "list": "The list that the contacts go on (without contacts, the first object's records); made if there is none.",
    "object_type": "contacts, companies, deals, ...",
    "mode": "upsert creates and updates, create makes new records only, update changes existing ones only.",
    "match_by": "The unique property that finds existing records.",
    "header": "What stands above the column.",
    "imported_as": "property, record_id, key, association or nothing; or what it says of the association between two "
    "objects: label, starts and ends (days), or primary (whether its company is the primary one).",
    "other": "Of an association's label, days or mark: the object at its other end. Of an association: its own again.",
    "linking": "Of labels: add them, replace those that are there, remove them, or end the association that has one. "
    "Of ends: add notes the day, end ends the association on it.",
    "property": "The property's internal name.",
    "source": "Which of the sources the column stands in, counted from 0.",
    "key": "Columns of one key tie files together: imported as key, it says which record a row belongs to.",
    "overwrite": "always, empty (a value that is there stays), never (only new records get it), newest, or trusted.",
    "trusted": "With trusted: whose values stay, of people, programs and imports.",
    "dates_rows": "true for the column that says when its row was true: with newest, what people said later stays.",
    "clears": "true lets an empty cell empty the property; otherwise it leaves it alone.",
    "several": "Where a property holds several values: replace them, add to them, or remove some.",
    "skips_wrong": "true takes cells that cannot be read for blank ones, and reports nothing.",
    "values": 'What to read instead of what cells say: "DK" = "Denmark"; "" as if the cell were blank.',
}
# Told even where it goes without saying: nobody should have to know what does.
_ALWAYS = {"imported_as", "mode"}


def write(plan: Plan) -> str:
    lines = list(_about(plan))
    lines += _tables(plan, ())
    return "\n".join(lines) + "\n"


def _about(plan: Plan) -> Iterator[str]:
    """The beginning, and what is said of the whole file."""
    yield _ABOUT.format(format=shapes.FORMAT)
    for name, value in _said(plan):
        if name in NOTES:
            yield f"# {NOTES[name]}"
        yield f"{name} = {_value(value)}"
    said = {name for name, _ in _said(plan)}
    quiet = [name for name, hint in shapes.fields_of(Plan).items() if name not in said and not shapes.is_table(hint)]
    if quiet:
        yield f"# Not said here: {', '.join(quiet)}."


def _tables(one: Any, path: tuple[str, ...]) -> Iterator[str]:
    defaults = {field.name: field.default for field in fields(one)}
    for name, hint in shapes.fields_of(type(one)).items():
        value, plain = getattr(one, name), shapes.without_none(hint)
        if not _is_table(plain, value) or not value or value == defaults.get(name):
            continue
        inner = (*path, name)
        if not path:
            yield from _legend(name, shapes.element_of(plain) or plain)
        if is_dataclass(shapes.element_of(plain)):
            for each in value:
                yield from _section(f"[[{_dotted(inner)}]]", each, inner)
        elif is_dataclass(plain):
            yield from _section(f"[{_dotted(inner)}]", value, inner)
        else:
            yield from _pairs(value, inner)


def _section(title: str, one: Any, path: tuple[str, ...]) -> Iterator[str]:
    yield ""
    yield title
    for name, value in _said(one):
        yield f"{name} = {_value(value)}"
    yield from _tables(one, path)


def _pairs(value: Any, path: tuple[str, ...]) -> Iterator[str]:
    pairs = list(value.items() if isinstance(value, Mapping) else value)
    if is_dataclass(pairs[0][1]):
        for key, one in pairs:
            yield from _section(f"[{_dotted((*path, key))}]", one, (*path, key))
        return
    yield ""
    yield f"[{_dotted(path)}]"
    yield from (f"{_key(key)} = {_value(one)}" for key, one in pairs)


def _is_table(hint: Any, value: Any) -> bool:
    """Pairs may say one name twice, which a table cannot; then they are a list of pairs."""
    if isinstance(value, tuple) and shapes.value_of(hint) is not None:
        return len({key for key, _ in value}) == len(value)
    return shapes.is_table(hint)


def _legend(name: str, shape: Any) -> Iterator[str]:
    yield ""
    if name in NOTES:
        yield f"# {NOTES[name]}"
    if is_dataclass(shape) and isinstance(shape, type):
        yield from (f"#   {each}: {NOTES[each]}" for each in shapes.fields_of(shape) if each in NOTES)


def _said(one: Any) -> list[tuple[str, Any]]:
    """The plain fields that differ from what goes without saying."""
    defaults = {field.name: field.default for field in fields(one)}
    return [
        (name, value)
        for name, hint in shapes.fields_of(type(one)).items()
        if (value := getattr(one, name)) is not None and not _is_table(shapes.without_none(hint), value)
        if name in _ALWAYS or defaults[name] is MISSING or value != defaults[name]
    ]


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Enum):
        return _text(str(value.value))
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, tuple | list):
        return f"[{', '.join(map(_value, value))}]"
    return repr(value)


def _text(value: str) -> str:
    # JSON's strings are TOML's, but for one character that TOML wants escaped.
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _dotted(path: tuple[str, ...]) -> str:
    return ".".join(map(_key, path))


def _key(name: str) -> str:
    plain = name.replace("_", "").replace("-", "")
    return name if plain.isascii() and plain.isalnum() else _text(name)
