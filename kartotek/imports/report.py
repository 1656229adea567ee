"""What came of an import, in words: sentences for problems, the error report, the file to correct and send again."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any

import polars as pl

from kartotek.imports.table import EXTRA, LINE, Plan, cell
from kartotek.model.catalogue import Catalogue
from kartotek.model.imports import Books
from kartotek.model.object_types import ObjectType
from kartotek.model.problems import EFFECTS, Effect
from kartotek.values import NATIVE, TYPES

# The header of the reasons in the file of rows to correct; a file that comes back with it is read without it.
WHY = "Kartotek: why"
_FIGURES = re.compile(r"[+-]?[0-9][0-9 ().,/-]*")

_ORDERS = {"DMY": "day-month-year", "MDY": "month-day-year", "YMD": "year-month-day"}

# What each problem says. {value} is the text as it stood, {label} the property, {object} the object in the singular.
_SENTENCES = {
    "AMBIGUOUS_ENUMERATION_OPTION": "“{value}” fits more than one option of {label}. "
    "Write the option's internal value.",
    "COLUMN_TOO_LARGE": "The text is longer than 65,536 characters. Shorten it.",
    "COULD_NOT_FIND_OWNER": "“{value}” is nobody here. "
    "Write the name or email of one of Kartotek's people, or add them.",
    "COULD_NOT_PARSE_DATE": "“{value}” is not a date in {order}. Correct it, or choose the file's date format.",
    "COULD_NOT_PARSE_NUMBER": "“{value}” is not a number. "
    "Leave digits and marks only, or choose the file's number format.",
    "COULD_NOT_PARSE_ROW": "The row cannot be read: a quotation mark is opened and not closed. Close or remove it.",
    "CREATE_ONLY_IMPORT": "The {object} exists already, and this import only creates. "
    "Choose create and update instead.",
    "DUPLICATE_RECORD_ID": "This record id stands on several rows of the file. Keep one row for each record.",
    "DUPLICATE_UNIQUE_PROPERTY_VALUE": "“{value}” in {label} already belongs to another record. "
    "Correct one of the two.",
    "FAILED_TO_CREATE_ASSOCIATION": "One of the two records went away meanwhile. Import the row again.",
    "FAILED_TO_FIND_RECORD_FOR_ASSOCIATIONS": "A new {object} belongs to a {homes}, "
    "and the row names none that is there. Name one.",
    "FAILED_VALIDATION": "“{value}” does not fit {label}. It looks like {example}.",
    "INCORRECT_NUMBER_OF_COLUMNS": "The row has another number of cells than the header. Add or remove some.",
    "INVALID_ALTERNATE_ID": "“{value}” is too long to identify a record: use at most 1,000 characters.",
    "INVALID_DOMAIN": "“{value}” is not a domain name. It looks like example.com.",
    "INVALID_EMAIL": "“{value}” is not an email address. It looks like name@example.com.",
    "INVALID_ENUMERATION_OPTION": "“{value}” is not an option of {label}. "
    "Correct it, or add the option to the property.",
    "INVALID_NUMBER_SIZE": "“{value}” is too large a number.",
    "INVALID_RECORD_ID": "“{value}” is not the record id of any {object}. Correct it, or leave it empty.",
    "INVALID_REQUIRED_PROPERTY": "{label} is needed, and “{value}” cannot be read as it. Correct it.",
    "LINE_ITEM_MULTIPLE_PARENTS_IN_ROW": "A {object} belongs to one {homes}, "
    "and the file gives this one several. Keep the rows of one of them.",
    "MISSING_REQUIRED_PROPERTY": "{needed} is needed to create a {object}. Fill it in.",
    "MULTIPLE_COMPANIES_WITH_THIS_DOMAIN": "Several companies have this domain. Give the record id of the one meant.",
    "MULTIPLE_OWNERS_FOUND": "Several people are called “{value}”. Write the email of the one that is meant.",
    "OUTSIDE_VALID_TIME_RANGE": "“{value}” is a date out of range: years go from 1000 to 9999.",
    "ROW_DATA_TOO_LARGE": "The row holds more text than a record can.",
    "SECONDARY_EMAIL_WRITE_FAILURE": "One of “{value}” is no address or belongs to another contact. Correct it.",
    "UPDATE_ONLY_IMPORT": "There is no such {object} yet, and this import only updates. "
    "Choose create and update instead.",
}
_CONSEQUENCES = {
    Effect.VALUE: "The {object} was imported without it.",
    Effect.ROW: "The {object} was not imported.",
    Effect.SKIP: "The row was left out for it.",
}


def sentence(catalogue: Catalogue, plan: Plan, problem: Mapping[str, Any]) -> str:
    """What is wrong and what to do, then what became of the record."""
    one = catalogue.object_types.get(problem["object_type"] or "")
    effect = EFFECTS.get(problem["type"], Effect.ROW)
    became = _CONSEQUENCES.get(effect, "").format(object=one.label.lower() if one else "record")
    return f"{reason(catalogue, plan, problem)} {became}".strip()


def reason(catalogue: Catalogue, plan: Plan, problem: Mapping[str, Any]) -> str:
    """What is wrong and what to do, before anything has been imported."""
    one = catalogue.object_types.get(problem["object_type"] or "")
    prop = one.properties.get(problem["property"] or "") if one else None
    group = next((g for g in one.needs if prop and prop.name in g), ()) if one else ()
    words = {
        "value": problem["value"] or "(blank)",
        "label": prop.label if prop else "the property",
        "object": one.label.lower() if one else "record",
        "order": _ORDERS.get(plan.dates or "", "a form that can be read in one way"),
        "example": TYPES[prop.kind].EXAMPLE if prop else "",
        "homes": _homes(catalogue, one),
        "needed": " or ".join(one.properties[name].label for name in group) if one and group else "A value",
    }
    return _SENTENCES.get(problem["type"], "The cell “{value}” cannot be imported.").format(**words)


def _homes(catalogue: Catalogue, one: ObjectType | None) -> str:
    """What a record of this type may belong to: "contact, company, deal or ticket"."""
    labels = [catalogue.object_types[name].label.lower() for name in one.homes] if one else []
    return " or ".join(filter(None, [", ".join(labels[:-1]), labels[-1]])) if labels else "record"


def errors(catalogue: Catalogue, plan: Plan, file: str, problems: pl.DataFrame) -> list[dict[str, Any]]:
    """Each problem as the command line's JSON has it."""
    headers = {column.index: column.header for column in plan.columns}
    return [
        {
            "file": file,
            "line": row["line"],
            "column": headers.get(row["place"]),
            "object": row["object_type"],
            "type": row["type"],
            "value": row["value"],
            "message": sentence(catalogue, plan, row),
        }
        for row in problems.to_dicts()
    ]


def as_json(
    name: str, state: str, id: int | None, seconds: float, books: Books, found: Sequence[dict[str, Any]]
) -> dict[str, Any]:
    """The one document that `kartotek import --json` prints."""
    shown = {"name": name, "state": state, "seconds": round(seconds, 2), **asdict(books), "errors": list(found)}
    return shown if id is None else {"id": id, **shown}


def error_rows(catalogue: Catalogue, plan: Plan, file: str, problems: Iterator[pl.DataFrame]) -> Iterator[list[str]]:
    """The error report, a header first; made safe to open in a spreadsheet."""
    yield ["File", "Line", "Column", "Object", "Error type", "Value", "What to do"]
    for part in problems:
        for one in errors(catalogue, plan, file, part):
            yield [safe("" if text is None else str(text)) for text in one.values()]


def failed_rows(
    catalogue: Catalogue, plan: Plan, batches: Iterator[pl.DataFrame], problems: pl.DataFrame
) -> Iterator[list[str]]:
    """The rows that failed or lost a value: their own columns as they were, and why, to correct and send again."""
    columns = [column for column in plan.columns if column.header != WHY]
    yield [*(column.header for column in columns), WHY]
    for batch in batches:
        found = problems.join(batch.select(line=LINE), on="line", how="semi", maintain_order="left")
        why: dict[int, list[str]] = {}
        for problem in found.to_dicts():
            why.setdefault(problem["line"], []).append(sentence(catalogue, plan, problem))
        for row in batch.join(found, left_on=LINE, right_on="line", how="semi", maintain_order="left").to_dicts():
            own = [_plain(row[cell(column.index)]) for column in columns]
            yield [*own, " ".join(dict.fromkeys(why[row[LINE]])), *(_plain(text) for text in row[EXTRA] or ())]


def safe(text: str) -> str:
    """A cell that a spreadsheet program would run as a formula gets an apostrophe in front."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") and not _FIGURES.fullmatch(text) else text


def _plain(text: str | None) -> str:
    return (text or "").removeprefix(NATIVE)
