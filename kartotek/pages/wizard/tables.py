"""The files and sheets of an import: what each one's rows are about, and by which column they belong together."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from kartotek import errors
from kartotek.imports.table import OF_RECORDS, Choices, SourcePlan
from kartotek.model.imports import Import
from kartotek.model.object_types import ObjectType
from kartotek.pages import nouns
from kartotek.pages.visit import Visit
from kartotek.pages.wizard import joining, joins
from kartotek.pages.wizard.draft import Draft, Facts, Join


@dataclass(frozen=True, slots=True)
class Table:
    """One file or sheet on the page; `held`: the objects that its rows are about."""

    number: int
    name: str
    size: int
    facts: Facts
    source: SourcePlan
    held: frozenset[str]


def of(job: Import, draft: Draft) -> list[Table]:
    several = Counter(source.file for source in draft.plan.sources)
    return [
        Table(number, _name(job, source, facts, several[source.file]), job.files[source.file - 1].size, facts, source,
              _held(draft, number))
        for number, (source, facts) in enumerate(zip(draft.plan.sources, draft.facts, strict=True))
    ]  # fmt: skip


def _name(job: Import, source: SourcePlan, facts: Facts, sheets: int) -> str:
    name = job.files[source.file - 1].name
    return f"{name} · {facts.sheet}" if sheets > 1 and facts.sheet else name


def _held(draft: Draft, number: int) -> frozenset[str]:
    if draft.holds:
        return frozenset(draft.holds[number])
    return _mapped(draft, number)


def _mapped(draft: Draft, number: int) -> frozenset[str]:
    columns = draft.plan.part(number).columns
    return frozenset(c.object_type for c in columns if c.imported_as in OF_RECORDS and c.object_type)


def said(visit: Visit, draft: Draft, objects: Sequence[str]) -> Draft:
    """The draft with what the form says of its tables; nothing is told of them while there is only one."""
    draft = replace(draft, within=bool(visit.field("within")))
    if len(draft.plan.sources) == 1:
        return draft
    # What was ticked before other objects were chosen is guessed anew.
    told = bool(visit.field("told")) and tuple(objects) == draft.objects
    holds = tuple(
        tuple(name for name in objects if name in visit.fields(f"holds-{number}"))
        for number in range(len(draft.plan.sources))
    )
    return replace(draft, holds=holds if told else (), joins=joins.said(visit, draft))


def settled(visit: Visit, job: Import, draft: Draft, objects: Sequence[str]) -> tuple[Join, ...]:
    """The joins that the plan is to be made with; Invalid when what was said of the tables cannot be."""
    if len(draft.plan.sources) == 1:
        return ()
    if draft.holds and not any(draft.holds):
        raise errors.Invalid(visit.gettext("Tick for each file what its rows are about."))
    every = of(job, draft)
    return joining.settled(visit, draft, [one.name for one in every], [one.held for one in every], objects)


def choices(draft: Draft, asked: Choices) -> Choices:
    """With what was said of the tables."""
    holds = tuple((f"#{number}", names) for number, names in enumerate(draft.holds, 1))
    return replace(asked, holds=holds)


def changed(before: Draft, now: Draft) -> set[int]:
    """The tables of which something else is said than was said or guessed."""
    return {number for number in range(len(now.plan.sources)) if _held(before, number) != _held(now, number)}


def left_out(draft: Draft) -> tuple[int, ...]:
    """The columns of tables of which nothing is imported."""
    nothing = {number for number, names in enumerate(draft.holds) if not names}
    return tuple(column.index for column in draft.plan.columns if column.source in nothing)


def held_here(visit: Visit, draft: Draft, number: int) -> list[ObjectType]:
    """What the columns of one table can be mapped to."""
    known = nouns.load(visit).object_types
    held = _held(draft, number) | _mapped(draft, number)
    names = draft.objects if len(draft.plan.sources) == 1 else [name for name in draft.objects if name in held]
    return [known[name] for name in names or draft.objects]
