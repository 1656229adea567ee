"""The verdicts of a rehearsal in words: which record, by what it was found, what it says and would say, and why not."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kartotek.domain import records as domain
from kartotek.imports import report, run
from kartotek.imports.table import Plan
from kartotek.model.imports import Import
from kartotek.model.object_types import ObjectType
from kartotek.model.rehearsals import Change, Verdict
from kartotek.pages import nouns, records, shown
from kartotek.pages.visit import Visit


@dataclass(frozen=True, slots=True)
class Value:
    """A property as it is and as it would be, in words; "" for nothing."""

    label: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Line:
    number: int  # as a spreadsheet counts
    file: str  # where there are several
    outcome: str
    name: str
    href: str | None
    found_by: str
    values: list[Value]
    sentences: list[str]
    is_further: bool  # a further row about a record


def lines(visit: Visit, job: Import, one: ObjectType, plan: Plan, verdicts: Sequence[Verdict]) -> list[Line]:
    known, words = nouns.load(visit), records.words(visit)
    named, place = names(visit, one, verdicts), run.places_of(job, plan)
    placed = [place(verdict.line) for verdict in verdicts]
    return [
        Line(
            number,
            file if len(plan.sources) > 1 else "",
            verdict.outcome,
            named.get(verdict.record or 0) or called(one, verdict),
            f"/{one.name}/{verdict.record}" if verdict.record in named else None,
            _label(visit, one, verdict.found_by) if verdict.record else "",
            [value(words, one, change) for change in verdict.changes],
            [
                report.reason(known, plan, {**problem, "object_type": one.name}, visit.gettext)
                for problem in verdict.problems
            ],
            not verdict.is_first and verdict.outcome == "unchanged",
        )
        for verdict, (file, number) in zip(verdicts, placed, strict=True)
    ]


def names(visit: Visit, one: ObjectType, verdicts: Sequence[Verdict]) -> Mapping[int, str]:
    """What the records that are there are called; those that may not be seen are left out."""
    ids = [verdict.record for verdict in verdicts if verdict.record]
    return {record.id: record.name for record in domain.many(visit.tx, visit.actor, one, ids, one.naming)}


def value(words: shown.Words, one: ObjectType, change: Change) -> Value:
    prop = one.properties.get(change.property)
    if prop is None:
        return Value(change.property, change.old or "", change.new or "")
    return Value(prop.label, words.value(prop, change.old), words.value(prop, change.new))


def called(one: ObjectType, verdict: Verdict) -> str:
    """What a new record would be called."""
    said = {change.property: change.new for change in verdict.changes}
    name = " ".join(text for prop in one.display if (text := said.get(prop)))
    return name or (said.get(one.display_fallback) if one.display_fallback else None) or ""


def _label(visit: Visit, one: ObjectType, name: str | None) -> str:
    if name is None:
        return ""
    return one.properties[name].label if name in one.properties else visit.gettext("Record ID")
