"""When a file's headers are not those of the import to repeat, or not all that a recipe needs: what differs, and on."""

from kartotek import errors
from kartotek.domain import imports
from kartotek.imports import recipes
from kartotek.model.imports import State
from kartotek.pages import render
from kartotek.pages.render import Answer
from kartotek.pages.visit import Visit
from kartotek.pages.wizard import draft as drafts
from kartotek.pages.wizard import files


def show(visit: Visit, id: int) -> Answer:
    job = imports.get(visit.tx, visit.actor, id)
    if job.state is not State.DRAFT:
        return render.go(f"/imports/{id}")
    draft, given = drafts.of(job), _given(visit)
    lacking = recipes.lacking(given.plan, draft.headers)
    found = recipes.differences(recipes.headers_of(given.plan), draft.headers)
    if given.how == "recipe":
        found = recipes.Difference(missing=tuple(lacking))
    return render.page(visit, "imports/difference.html", job=job, given=given, found=found, lacking=lacking)


def create(visit: Visit, id: int) -> Answer:
    """Maps the columns that are there as they were, wherever they stand now."""
    job = imports.get(visit.tx, visit.actor, id)
    draft = files.by_plan(visit, drafts.of(job), _given(visit), recipes.fitted)
    drafts.save(visit, job, draft)
    return render.go(f"/imports/{id}/mapping")


def _given(visit: Visit) -> files.Given:
    for how in files.HOWS[1:]:
        text = visit.field(how) or visit.query(how)
        if text.isdecimal() and len(text) < 19:
            return files.given_by(visit, how, int(text))
    raise errors.NotFound(visit.gettext("Nothing to compare with was named."))
