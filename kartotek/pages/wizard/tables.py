"""The files and sheets of an import: what each one's rows are about, and by which column they belong together."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from kartotek import errors
from kartotek.imports.table import As, Choices, SourcePlan
from kartotek.model.imports import Import
from kartotek.model.object_types import ObjectType
from kartotek.pages import nouns
from kartotek.pages.visit import Visit
from kartotek.pages.wizard.draft import Draft, Facts


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
    columns = draft.plan.part(number).columns
    said = {c.object_type for c in columns if c.imported_as in (As.PROPERTY, As.RECORD_ID) and c.object_type}
    return frozenset(said)


def common_headers(draft: Draft) -> list[str]:
    """Those that stand in two tables at least (I-44)."""
    counts = Counter(header for facts in draft.facts for header in set(facts.columns) if header.strip())
    every = dict.fromkeys(header for facts in draft.facts for header in facts.columns)
    return [header for header in every if counts[header] > 1]


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
    if told and visit.field("next") and not any(holds):
        raise errors.Invalid(visit.gettext("Tick for each file what its rows are about."))
    header, key = visit.field("join"), visit.field("join_key")
    if visit.field("next") and header and key not in objects:
        sentence = visit.gettext("Say which object “%(column)s” is the unique key for.")
        raise errors.Invalid(sentence % {"column": header})
    return replace(draft, holds=holds if told else (), join=header, join_key=key if header else "")


def choices(draft: Draft, asked: Choices) -> Choices:
    """With what was said of the tables."""
    holds = tuple((f"#{number}", names) for number, names in enumerate(draft.holds, 1))
    joins = (f"{draft.join}={draft.join_key}",) if draft.join and draft.join_key in asked.objects else ()
    return replace(asked, holds=holds, joins=joins)


def left_out(draft: Draft) -> tuple[int, ...]:
    """The columns of tables of which nothing is imported."""
    nothing = {number for number, names in enumerate(draft.holds) if not names}
    return tuple(column.index for column in draft.plan.columns if column.source in nothing)


def held_here(visit: Visit, draft: Draft, number: int) -> list[ObjectType]:
    """What the columns of one table can be mapped to."""
    known = nouns.load(visit).object_types
    names = draft.objects if len(draft.plan.sources) == 1 else [n for n in draft.objects if n in _held(draft, number)]
    return [known[name] for name in names or draft.objects]
