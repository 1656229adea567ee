"""The problems of an import, line by line: of one kind, of one column, or all of them."""

from dataclasses import dataclass
from typing import Any

from kartotek.domain import import_books, imports
from kartotek.imports import report, run
from kartotek.imports.table import Plan
from kartotek.model.imports import Import
from kartotek.pages import language, nouns, render
from kartotek.pages.render import Answer
from kartotek.pages.visit import Visit

PER_PAGE = 100


@dataclass(frozen=True, slots=True)
class Line:
    number: int  # as a spreadsheet counts
    file: str  # where there are several
    column: str
    object: str
    title: str
    value: str | None
    sentence: str


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of them; its address is its state."""

    job: Import
    lines: list[Line]
    total: int
    page: int
    asked: dict[str, str]
    chips: list[tuple[str, str]]
    correctable: list[tuple[int, str]]  # its files and sheets with rows to correct, by number

    @property
    def first(self) -> int:
        return (self.page - 1) * PER_PAGE + 1 if self.lines else 0

    @property
    def last(self) -> int:
        return (self.page - 1) * PER_PAGE + len(self.lines)

    def address(self, page: int) -> str:
        return _address(self.job, self.asked | {"page": str(page) if page > 1 else ""})


def index(visit: Visit, id: int) -> Answer:
    job = imports.get(visit.tx, visit.actor, id)
    if job.plan is None:
        return render.go(f"/imports/{id}")
    plan, page = run.plan_from_json(job.plan), max(1, visit.number("page", 1))
    kind, column = visit.query("type"), visit.query("column")
    place = int(column) if column.removeprefix("-").isdecimal() and len(column) < 9 else None
    found = import_books.problems(
        visit.tx, id, type=kind or None, place=place, limit=PER_PAGE, offset=(page - 1) * PER_PAGE
    )
    refused = import_books.kept_out(visit.tx, id, found, report.REFUSING)
    asked = {name: text for name, text in (("type", kind), ("column", column)) if text}
    listing = Listing(
        job,
        [_line(visit, job, plan, row) for row in report.told(nouns.load(visit), plan, found, refused)],
        _total(visit, job, kind, place),
        page,
        asked,
        _chips(visit, job, plan, asked, place),
        correctable(visit, job, plan),
    )
    return render.page(visit, "imports/problem_lines.html", listing=listing)


def correctable(visit: Visit, job: Import, plan: Plan) -> list[tuple[int, str]]:
    names = run.names_of(job, plan)
    return [(source, names[source]) for source in import_books.troubled(visit.tx, job)]


def column_name(visit: Visit, plan: Plan, place: int | None) -> str:
    """A column by its header; the row itself where the problem is no column's."""
    if place is None or place == import_books.ROW_ITSELF:
        return visit.gettext("The row")
    header = next((one.header for one in plan.columns if one.index == place), "")
    return header or visit.gettext("Column %(number)s, without a header") % {"number": place + 1}


def _line(visit: Visit, job: Import, plan: Plan, row: dict[str, Any]) -> Line:
    known, say = nouns.load(visit), visit.gettext
    file, number = run.places_of(job, plan)(row["line"])
    object_type = known.object_types.get(row["object_type"] or "")
    return Line(
        number,
        file if len(plan.sources) > 1 else "",
        column_name(visit, plan, row["place"]),
        object_type.label if object_type else "",
        report.title(row, say),
        row["value"],
        report.sentence(known, plan, row, say),
    )


def _total(visit: Visit, job: Import, kind: str, place: int | None) -> int:
    return sum(
        row["problems"]
        for row in import_books.problem_places(visit.tx, job.id)
        if (not kind or row["type"] == kind)
        and (place is None or (import_books.ROW_ITSELF if row["place"] is None else row["place"]) == place)
    )


def _chips(visit: Visit, job: Import, plan: Plan, asked: dict[str, str], place: int | None) -> list[tuple[str, str]]:
    """What the list is narrowed to, and the address without it."""
    chips = []
    if "type" in asked:
        chips.append((report.title(asked, visit.gettext), _address(job, asked | {"type": ""})))
    if "column" in asked:
        chips.append((column_name(visit, plan, place), _address(job, asked | {"column": ""})))
    return chips


def _address(job: Import, asked: dict[str, str]) -> str:
    return f"/imports/{job.id}/problems" + language.query_string(asked.items())
