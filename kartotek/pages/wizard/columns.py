"""One column of the file: what is wrong in it, and what mends that."""

from dataclasses import dataclass

from kartotek import errors
from kartotek.domain import imports
from kartotek.imports import report, survey
from kartotek.imports.table import ColumnPlan
from kartotek.pages import nouns, render
from kartotek.pages.render import Answer
from kartotek.pages.visit import Visit
from kartotek.pages.wizard import draft as drafts


@dataclass(frozen=True, slots=True)
class Explained:
    """One kind of problem. `more`: rows with other values than those shown."""

    type: str
    rows: int
    values: tuple[tuple[str, int], ...]
    more: int
    sentence: str


def edit(visit: Visit, id: int, index: int) -> Answer:
    """Each kind of problem with its values, and what to do."""
    job = imports.get(visit.tx, visit.actor, id)
    draft = drafts.of(job)
    if not 0 <= index < len(draft.plan.columns):
        raise errors.NotFound(visit.gettext("The file has no such column."))
    column = draft.plan.columns[index]
    seen = drafts.seen(visit, job, draft)
    found = [_explained(visit, seen, column, kind) for kind in seen.of(index)]
    return render.page(visit, "imports/column.html", job=job, column=column, kinds=found, seen=seen)


def _explained(visit: Visit, seen: survey.Survey, column: ColumnPlan, kind: survey.Kind) -> Explained:
    example = {
        "type": kind.type,
        "object_type": column.object_type,
        "property": column.property,
        "value": kind.values[0][0] if kind.values else "",
    }
    more = kind.rows - sum(count for _, count in kind.values)
    return Explained(kind.type, kind.rows, kind.values, more, report.reason(nouns.load(visit), seen.plan, example))
