"""The draft of an import: what the file holds, what the person decided, what was found wrong."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

import msgspec

from kartotek.domain import files, imports, properties
from kartotek.imports import preview, run
from kartotek.imports.table import As, Choices, ColumnPlan, Plan, Sheet
from kartotek.model.imports import Import
from kartotek.model.properties import Property
from kartotek.pages import nouns
from kartotek.pages.visit import Visit
from kartotek.values import Reading

# What an import may bring, in the order in which it is offered.
OBJECTS = ("contacts", "companies", "deals", "tickets")


@dataclass(frozen=True, slots=True)
class Facts:
    """What the reader made of the file, and the first rows."""

    columns: tuple[str, ...]
    first: tuple[tuple[str, ...], ...]
    header_line: int
    encoding: str | None
    delimiter: str | None
    sheet: str | None
    sheets: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Draft:
    facts: Facts
    plan: Plan
    skip: bool = False  # leave out the columns that are not mapped
    left_out: tuple[int, ...] = ()  # columns that are not imported by choice
    rows: int | None = None
    wrong: dict[str, list[preview.Wrong]] = field(default_factory=dict)  # by the column's index
    formats: preview.Formats = field(default_factory=preview.Formats)
    checked: bool = False  # whether `wrong` belongs to this plan

    @property
    def objects(self) -> tuple[str, ...]:
        return tuple(one.object_type for one in self.plan.objects)

    def unmapped(self) -> list[ColumnPlan]:
        """Columns for which nothing was decided."""
        return [one for one in self.plan.columns if one.imported_as is As.NOTHING and one.index not in self.left_out]

    def count(self, index: int) -> int:
        return sum(one.rows for one in self.wrong.get(str(index), []))


def of(job: Import) -> Draft:
    return msgspec.convert(job.draft, Draft)


def save(visit: Visit, job: Import, draft: Draft) -> None:
    imports.save_draft(visit.tx, visit.actor, job.id, draft.plan.name, msgspec.to_builtins(asdict(draft)))


def begin(sheet: Sheet, name: str) -> Draft:
    """A draft of a file of which nothing has been decided."""
    plan = Plan(name=name, objects=(), columns=tuple(ColumnPlan(i, header) for i, header in enumerate(sheet.columns)))
    return Draft(facts_of(sheet), plan)


def facts_of(sheet: Sheet) -> Facts:
    first = tuple(tuple(column) for column in preview.first_rows(sheet))
    return Facts(sheet.columns, first, sheet.header_line, sheet.encoding, sheet.delimiter, sheet.name, sheet.sheets)


@contextmanager
def opened(visit: Visit, job: Import, asked: Choices | Plan) -> Iterator[Sheet]:
    """The file's sheet, for as long as the block lasts."""
    with files.local(visit.settings.files_url, job.file) as path, tempfile.TemporaryDirectory() as scratch:
        yield run.open_sheet(visit.settings, path, job.file.name, Path(scratch), asked)


def mapped(visit: Visit, plan: Plan) -> list[tuple[ColumnPlan, Property]]:
    """The columns that carry values, with their properties."""
    types = nouns.load(visit).object_types
    return [
        (one, types[one.object_type].properties[one.property])
        for one in plan.columns
        if one.imported_as is As.PROPERTY and one.object_type and one.property
    ]


def checked(visit: Visit, job: Import, draft: Draft) -> Draft:
    """The draft with what all its rows say of this plan."""
    columns = mapped(visit, draft.plan)
    with opened(visit, job, draft.plan) as sheet:
        formats = preview.formats(sheet, [(one.index, prop) for one, prop in columns])
        known = reading_of(draft.plan, formats)
        asked = [preview.Asked(one.index, prop, reading(visit, prop, known)) for one, prop in columns]
        rows, wrong = preview.wrong(sheet, asked)
    return replace(
        draft, rows=rows, wrong={str(index): kinds for index, kinds in wrong.items()}, formats=formats, checked=True
    )


def reading_of(plan: Plan, formats: preview.Formats) -> Reading:
    """As the person said, else as the file says."""
    return Reading(
        dates=plan.dates or _settled(formats.dates),
        numbers=plan.numbers or _settled(formats.numbers),
        zone=plan.zone,
        country=plan.country,
    )


def reading(visit: Visit, prop: Property, how: Reading) -> Reading:
    known = nouns.load(visit)
    return properties.reading(visit.tx, known, known.object_types[prop.object_type], prop, how)


def _settled(found: str | None) -> str | None:
    return None if found == "any" else found
