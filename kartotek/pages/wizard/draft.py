"""The draft of an import: what the file holds, and what the person decided. What is wrong in it, its survey says."""

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
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
    notes: tuple[str, ...] = ()  # what one may not expect of its rows, in a sentence each


@dataclass(frozen=True, slots=True)
class Side:
    """One card of a join: a source, and the place of a column in it once that is chosen."""

    source: int
    column: int | None = None


@dataclass(frozen=True, slots=True)
class Join:
    """Columns of several sources that say the same. `key`: what the plan calls it, once it is in the plan."""

    sides: tuple[Side, ...]
    object_type: str = ""  # whose unique key it is
    key: str = ""

    @property
    def is_blank(self) -> bool:
        return not self.object_type and all(side.column is None for side in self.sides)


@dataclass(frozen=True, slots=True)
class Draft:
    """`facts`: of each of the plan's sources. `holds`: what each one's rows are about, where somebody said so.

    `joins` as they stand on the page, `joined` those that the plan was made with.
    """

    facts: tuple[Facts, ...]
    plan: Plan
    skip: bool = False  # leave out the columns that are not mapped
    left_out: tuple[int, ...] = ()  # columns that are not imported by choice
    language: str | None = None  # of the headers, when somebody said; the plan has the guess otherwise
    holds: tuple[tuple[str, ...], ...] = ()
    joins: tuple[Join, ...] | None = None  # None as long as nobody said anything of them
    joined: tuple[Join, ...] = ()
    within: bool = False  # whether columns may name other records of their own object

    @property
    def objects(self) -> tuple[str, ...]:
        return tuple(one.object_type for one in self.plan.objects)

    @property
    def headers(self) -> tuple[tuple[str, ...], ...]:
        return tuple(facts.columns for facts in self.facts)

    def place(self, index: int) -> Side:
        """Of a column of the plan."""
        source = self.plan.columns[index].source
        return Side(source, index - sum(map(len, self.headers[:source])))

    def index(self, side: Side) -> int:
        assert side.column is not None
        return sum(map(len, self.headers[: side.source])) + side.column

    def column(self, side: Side) -> ColumnPlan:
        return self.plan.columns[self.index(side)]

    def join_of(self, one: ColumnPlan) -> Join | None:
        """The join that a column is part of, among those that the plan was made with."""
        side = self.place(one.index)
        return next((join for join in self.joined if side in join.sides), None)

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
    draft = msgspec.convert(job.draft, Draft)
    header = job.draft.get("join")  # as drafts were kept when all files were joined by one header
    if not header or draft.joins is not None:
        return draft
    places = [(source, names.index(header)) for source, names in enumerate(draft.headers) if header in names]
    join = Join(tuple(Side(*place) for place in places), job.draft.get("join_key", ""), header)
    return replace(draft, joins=(join,), joined=(join,) if join.object_type else ())


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
        sheet.notes,
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
