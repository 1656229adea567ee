"""The draft of an import: what the file holds, and what the person decided. What is wrong in it, its survey says."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import msgspec

from kartotek import errors
from kartotek.domain import imports, surveys
from kartotek.imports import run, survey
from kartotek.imports.table import As, ColumnPlan, Plan, Sheet, SourcePlan
from kartotek.model.imports import Import
from kartotek.model.properties import Property
from kartotek.pages import nouns
from kartotek.pages.visit import Visit


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
    language: str | None = None  # of the headers, when somebody said; the plan has the guess otherwise

    @property
    def objects(self) -> tuple[str, ...]:
        return tuple(one.object_type for one in self.plan.objects)

    def unmapped(self) -> list[ColumnPlan]:
        """Columns for which nothing was decided."""
        return [one for one in self.plan.columns if one.imported_as is As.NOTHING and one.index not in self.left_out]


def of(job: Import) -> Draft:
    if not job.draft:
        raise errors.Conflict("What this import does is settled already; it can only be rehearsed and started.")
    return msgspec.convert(job.draft, Draft)


def save(visit: Visit, job: Import, draft: Draft) -> None:
    """And has a worker find out what it makes of the file."""
    imports.save_draft(visit.tx, visit.actor, job.id, draft.plan.name, msgspec.to_builtins(asdict(draft)))
    surveys.ask(visit.tx, job.id)


def seen(visit: Visit, job: Import, draft: Draft) -> survey.Survey:
    """What all rows of the file say of this plan, as far as a worker has looked; it goes on where one stopped."""
    found = run.surveyed(visit.tx, job.id, msgspec.to_builtins(asdict(draft)), draft.plan)
    if not found.is_complete and found.trouble is None:
        surveys.ask(visit.tx, job.id)
    return found


def begin(sheet: Sheet, name: str, source: SourcePlan | None = None) -> Draft:
    """A draft of a file of which nothing has been decided."""
    columns = tuple(ColumnPlan(i, header) for i, header in enumerate(sheet.columns))
    plan = Plan(name, (), columns, (source or SourcePlan(),))
    return Draft(facts_of(sheet), plan)


def facts_of(sheet: Sheet) -> Facts:
    return Facts(
        sheet.columns,
        survey.first_values(sheet),
        sheet.header_line,
        sheet.encoding,
        sheet.delimiter,
        sheet.name,
        sheet.sheets,
    )


@contextmanager
def opened(visit: Visit, job: Import, source: SourcePlan) -> Iterator[Sheet]:
    """The file's sheet, for as long as the block lasts."""
    with run.of_import(visit.settings, job.files) as uploads, tempfile.TemporaryDirectory() as scratch:
        yield run.open_all(visit.settings, uploads, (source,), Path(scratch))[0]


def mapped(visit: Visit, plan: Plan) -> list[tuple[ColumnPlan, Property]]:
    """The columns that carry values, with their properties."""
    types = nouns.load(visit).object_types
    return [
        (one, types[one.object_type].properties[one.property])
        for one in plan.columns
        if one.imported_as is As.PROPERTY and one.object_type and one.property
    ]
