"""The draft of an import: what the file holds, and what the person decided. What is wrong in it, its survey says."""

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import msgspec

from kartotek import errors
from kartotek.domain import imports, surveys
from kartotek.imports import check, run, survey
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
    """`facts`: of each of the plan's sources. `holds`: what each one's rows are about, where somebody said so."""

    facts: tuple[Facts, ...]
    plan: Plan
    skip: bool = False  # leave out the columns that are not mapped
    left_out: tuple[int, ...] = ()  # columns that are not imported by choice
    language: str | None = None  # of the headers, when somebody said; the plan has the guess otherwise
    holds: tuple[tuple[str, ...], ...] = ()
    join: str = ""  # the header that ties the sources together
    join_key: str = ""  # the object whose key it is
    within: bool = False  # whether columns may name other records of their own object

    @property
    def objects(self) -> tuple[str, ...]:
        return tuple(one.object_type for one in self.plan.objects)

    @property
    def headers(self) -> tuple[tuple[str, ...], ...]:
        return tuple(facts.columns for facts in self.facts)

    def first_values(self, index: int) -> tuple[str, ...]:
        """Of a column."""
        every = [values for facts in self.facts for values in facts.first]
        return every[index] if index < len(every) else ()

    def unmapped(self, source: int | None = None) -> list[ColumnPlan]:
        """Columns for which nothing was decided, of one source or of all."""
        return [
            one
            for one in self.plan.columns
            if one.imported_as is As.NOTHING
            and one.key is None
            and one.index not in self.left_out
            and source in (None, one.source)
        ]


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


def begin(sheets: Sequence[Sheet], name: str, sources: Sequence[SourcePlan], zone: str) -> Draft:
    """A draft of files of which nothing has been decided but the zone of their times."""
    every = [(source, header) for source, sheet in enumerate(sheets) for header in sheet.columns]
    columns = tuple(ColumnPlan(i, header, source=source) for i, (source, header) in enumerate(every))
    return Draft(tuple(map(facts_of, sheets)), Plan(name, (), columns, tuple(sources), zone=zone))


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
def opened(visit: Visit, job: Import, sources: Sequence[SourcePlan]) -> Iterator[tuple[Sheet, ...]]:
    """The sheet of each source, for as long as the block lasts."""
    with run.of_import(visit.settings, job.files) as uploads, tempfile.TemporaryDirectory() as scratch:
        yield run.open_all(visit.settings, uploads, sources, Path(scratch))


def mapped(visit: Visit, plan: Plan) -> list[tuple[ColumnPlan, Property]]:
    """The columns that carry values, with their properties; and days of associations with what they are read as."""
    types = nouns.load(visit).object_types
    return check.days_of(plan) + [
        (one, types[one.object_type].properties[one.property])
        for one in plan.columns
        if one.imported_as is As.PROPERTY and one.object_type and one.property
    ]
