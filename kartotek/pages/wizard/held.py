"""The rows that an import held, because they were not as its rehearsal had found them: then, now, and on from there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kartotek.domain import import_books, imports, rehearsals
from kartotek.imports import report, run
from kartotek.imports.table import Plan
from kartotek.model.imports import ENDED, Import
from kartotek.model.object_types import ObjectType
from kartotek.model.problems import HOLDS
from kartotek.model.rehearsals import Verdict
from kartotek.pages import nouns, records, render, shown
from kartotek.pages.render import Answer
from kartotek.pages.visit import Visit
from kartotek.pages.wizard import told

PER_PAGE = 100


@dataclass(frozen=True, slots=True)
class Held:
    """One value that differs, or a row that would become something else."""

    order: int  # counted through all files
    line: int
    file: str  # where there are several
    name: str
    href: str | None
    label: str
    then: str  # what the record said in the rehearsal
    wanted: str  # what it would have said afterwards
    now: str
    outcome: str  # what the rehearsal foresaw of the row
    sentence: str


def show(visit: Visit, id: int) -> Answer:
    job = imports.get(visit.tx, visit.actor, id)
    lines = rehearsals.lines_held(visit.tx, id)
    if job.plan is None or lines.is_empty():
        return render.go(f"/imports/{id}")
    plan, page = run.plan_from_json(job.plan), max(1, visit.number("page", 1))
    found = import_books.problems(
        visit.tx, id, types=HOLDS, limit=PER_PAGE + 1, offset=(page - 1) * PER_PAGE
    ).to_dicts()
    return render.page(
        visit,
        "imports/held.html",
        job=job,
        rows=len(lines),
        held=_held(visit, job, plan, found[:PER_PAGE]),
        page=page,
        more=len(found) > PER_PAGE,
        ended=job.state in ENDED,
    )


def create(visit: Visit, id: int) -> Answer:
    """Rehearses the held rows once more, by what the records say now."""
    name = visit.gettext("%(name)s, held rows") % {"name": imports.get(visit.tx, visit.actor, id).name}
    draft = rehearsals.begin_held(visit.tx, visit.actor, visit.settings.files_url, id, name)
    return render.go(f"/imports/{draft}/rehearsal")


def _held(visit: Visit, job: Import, plan: Plan, problems: Sequence[Mapping[str, Any]]) -> list[Held]:
    types, words, found = nouns.load(visit).object_types, records.words(visit), []
    for name in dict.fromkeys(row["object_type"] for row in problems):
        one, mine = types[name], [row for row in problems if row["object_type"] == name]
        then = rehearsals.on_lines(
            visit.tx, visit.actor, visit.settings.files_url, job.id, one, [row["line"] for row in mine]
        )
        named = told.names(visit, one, list(then.values()))
        found += [
            _one(visit, job, plan, one, words, row, then[row["line"]], named) for row in mine if row["line"] in then
        ]
    return sorted(found, key=lambda held: held.order)


def _one(
    visit: Visit,
    job: Import,
    plan: Plan,
    one: ObjectType,
    words: shown.Words,
    row: Mapping[str, Any],
    then: Verdict,
    named: Mapping[int, str],
) -> Held:
    prop = one.properties.get(row["property"] or "")
    change = next((one for one in then.changes if prop and one.property == prop.name), None)
    said = then.said.get(prop.name) if prop else None
    file, number = run.places_of(job, plan)(row["line"])
    return Held(
        row["line"],
        number,
        file if len(plan.sources) > 1 else "",
        named.get(then.record or 0) or told.called(one, then),
        f"/{one.name}/{then.record}" if then.record in named else None,
        prop.label if prop else "",
        words.value(prop, said) if prop else "",
        words.value(prop, change.new if change else said) if prop else "",
        words.value(prop, row["value"]) if prop and then.record in named else "",
        then.outcome,
        report.wrong(nouns.load(visit), plan, row, visit.gettext),
    )
