"""Step seven: what came of an import. Its books, its errors by kind and by column, and what to do about each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kartotek.domain import deletions, import_books, imports, lists, undoing
from kartotek.imports import report, run
from kartotek.imports.table import Plan
from kartotek.model.catalogue import Catalogue
from kartotek.model.imports import Books, Import
from kartotek.model.problems import EFFECTS, Effect
from kartotek.pages import nouns, problems, render
from kartotek.pages.render import Answer
from kartotek.pages.visit import Visit
from kartotek.pages.wizard import progress

_MOST_COLUMNS = 12


@dataclass(frozen=True, slots=True)
class Bar:
    """One line of a chart; `share` is of the longest line."""

    label: str
    count: int
    share: float
    href: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of problem: in how many cells, what to do about it, and what became of the records."""

    type: str
    title: str
    count: int
    effect: Effect
    remedies: list[str]
    consequences: list[str]
    bars: list[Bar]  # by column
    href: str


def show(visit: Visit, job: Import) -> Answer:
    books = import_books.of(visit.tx, job.id, job.rows)
    places = import_books.problem_places(visit.tx, job.id) if job.plan else []
    plan = run.plan_from_json(job.plan) if job.plan else None
    kinds = _kinds(visit, job, plan, places) if plan else []
    reached = max((sum(counts.values()) for counts in books.objects.values()), default=0)
    return render.page(
        visit,
        "imports/summary.html",
        job=job,
        undo=undoing.of(visit.tx, [job.id]).get(job.id),
        deletion=deletions.get(visit.tx, visit.actor, job.id) if visit.actor.rights.imports else None,
        books=books,
        reached=reached,
        columns=_columns(books, plan),
        types=nouns.load(visit).object_types,
        outcomes=progress.OUTCOMES,
        totals=progress.totals(books.objects),
        links=_links(books),
        kinds=kinds,
        correctable=problems.correctable(visit, job, plan) if plan else [],
        by_kind=[Bar(k.title, k.count, k.count / kinds[0].count, k.href, k.type) for k in kinds],
        by_column=_by_column(visit, job, plan, places) if plan else [],
        problems=sum(row["problems"] for row in places),
        list=lists.of_import(visit.tx, visit.actor, job.id),
        seconds=(job.finished - job.started).total_seconds() if job.finished and job.started else None,
        may_have_original=imports.may_have_original(visit.actor, job),
    )


def _columns(books: Books, plan: Plan | None) -> int | None:
    """Those of the file, when its cells add up to them; imports from before cells were counted have none."""
    count = len(plan.columns) if plan else 0
    return count if count and sum(books.cells.values()) == books.rows * count else None


def _links(books: Books) -> Mapping[str, int] | None:
    """Of the pairs, when there are any."""
    return books.associations if sum(books.associations.values()) else None


def _kinds(visit: Visit, job: Import, plan: Plan, places: Sequence[Mapping[str, Any]]) -> list[Kind]:
    """The most frequent first."""
    by_type: dict[str, list[Mapping[str, Any]]] = {}
    for row in places:
        by_type.setdefault(row["type"], []).append(row)
    made = [_kind(visit, job, plan, type, rows) for type, rows in by_type.items()]
    return sorted(made, key=lambda kind: -kind.count)


def _kind(visit: Visit, job: Import, plan: Plan, type: str, rows: Sequence[Mapping[str, Any]]) -> Kind:
    known, say = nouns.load(visit), visit.gettext
    examples = [_example(row) for row in rows]
    href = f"/imports/{job.id}/problems?type={type}"
    return Kind(
        type,
        report.title({"type": type}, say),
        sum(row["problems"] for row in rows),
        EFFECTS.get(type, Effect.ROW),
        list(dict.fromkeys(report.remedy(known, plan, one, say) for one in examples))[:3],
        list(dict.fromkeys(report.consequence(known, plan, one, say) for one in examples)),
        [_bar(visit, known, plan, row, rows[0]["problems"], href) for row in rows[:_MOST_COLUMNS]],
        href,
    )


def _bar(visit: Visit, known: Catalogue, plan: Plan, row: Mapping[str, Any], most: int, href: str) -> Bar:
    place = import_books.ROW_ITSELF if row["place"] is None else row["place"]
    example = report.wrong(known, plan, _example(row), visit.gettext)
    return Bar(
        problems.column_name(visit, plan, place),
        row["problems"],
        row["problems"] / most,
        f"{href}&column={place}",
        example,
    )


def _by_column(visit: Visit, job: Import, plan: Plan, places: Sequence[Mapping[str, Any]]) -> list[Bar]:
    counts: dict[int, int] = {}
    for row in places:
        place = import_books.ROW_ITSELF if row["place"] is None else row["place"]
        counts[place] = counts.get(place, 0) + row["problems"]
    ordered = sorted(counts.items(), key=lambda pair: -pair[1])[:_MOST_COLUMNS]
    most = ordered[0][1] if ordered else 1
    return [
        Bar(problems.column_name(visit, plan, place), count, count / most, f"/imports/{job.id}/problems?column={place}")
        for place, count in ordered
    ]


def _example(row: Mapping[str, Any]) -> dict[str, Any]:
    return {**row, "value": row["example"]}
