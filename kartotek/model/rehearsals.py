"""Rehearsal: what an import would do to each row, kept to be looked through; and what a page asks of it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from kartotek.model.imports import Books

# Columns of verdicts, a line per row, beside the row's number, line, outcome and the record that was there before it.
ROW = "_row"
FIRST = "_first"  # whether the row is the first about its record
BY = "_by"  # what the record was found by, or would have been
PROBLEMS = "_problems"  # a list of `place`, `property`, `type`, `value`


def old(prop: str) -> str:
    return f"old.{prop}"


def new(prop: str) -> str:
    """What the record says afterwards, where that is something else than before."""
    return f"new.{prop}"


def changes(prop: str) -> str:
    return f"changes.{prop}"


def properties(columns: Iterable[str]) -> list[str]:
    """Those of which verdicts with these columns tell."""
    return [name.removeprefix("changes.") for name in columns if name.startswith("changes.")]


class RehearsalState(StrEnum):
    STARTED = "STARTED"
    DONE = "DONE"
    FAILED = "FAILED"


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """Of an import that has not started, or that held its rows to this one."""

    import_id: int
    token: str  # each rehearsal's own: a worker that is at an earlier one sees by it that nobody waits any more
    person: int | None
    plan: dict[str, Any]  # imports.table.Plan as JSON
    state: RehearsalState
    books: Books | None
    matches: dict[str, Any] | None  # which rows belong together
    phase: str | None
    done: int
    rows: int | None
    message: str | None
    finished: datetime | None


@dataclass(frozen=True, slots=True)
class Part:
    """The verdicts on a batch, for one object type; they lie in the file store."""

    position: int  # of its first row
    rows: int
    path: str
    outcomes: dict[str, int]
    properties: dict[str, dict[str, int]]  # outcome → property → how many records change it

    def count(self, outcome: str | None, prop: str | None) -> int:
        """Rows with this outcome, that change this property."""
        if prop is None:
            return sum(count for name, count in self.outcomes.items() if outcome in (None, name))
        return sum(counts.get(prop, 0) for name, counts in self.properties.items() if outcome in (None, name))


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which rows of a rehearsal: of an outcome, that change a property, with a text in what they say."""

    outcome: str | None = None
    property: str | None = None
    search: str | None = None


@dataclass(frozen=True, slots=True)
class Change:
    property: str
    old: str | None
    new: str | None


@dataclass(frozen=True, slots=True)
class Verdict:
    """One row, as the rehearsal foresaw it. `found_by`: the property by which its record was, or would have been."""

    line: int
    outcome: str
    record: int | None  # one that was there before
    found_by: str | None
    is_first: bool  # of the rows about its record
    changes: tuple[Change, ...] = ()
    said: Mapping[str, str | None] = field(default_factory=dict)  # the values of its record before, by property
    problems: tuple[dict[str, Any], ...] = field(default=())
