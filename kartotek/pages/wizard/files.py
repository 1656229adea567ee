"""Step one: the file, and whether its columns are mapped anew, or as an earlier import or a recipe did."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from kartotek import errors
from kartotek.domain import access, files, imports
from kartotek.domain import recipes as kept
from kartotek.imports import recipes, run
from kartotek.imports.table import As, Plan, is_added
from kartotek.model.imports import Import, State
from kartotek.pages import nouns, render
from kartotek.pages.render import Answer
from kartotek.pages.visit import Visit
from kartotek.pages.wizard import draft as drafts
from kartotek.pages.wizard import joins

HOWS = ("file", "repeat", "recipe")
# So many of the latest imports can be chosen to repeat.
_LATEST = 100


@dataclass(frozen=True, slots=True)
class Given:
    """A plan that is there: of an import to repeat, or of a recipe."""

    how: str
    number: int
    name: str
    plan: Plan

    def fit(self) -> run.Fit:
        return recipes.repeated if self.how == "repeat" else recipes.fitted


def edit(visit: Visit) -> Answer:
    access.require_import(visit.actor, ())
    asked = {how: _number(visit, how) for how in HOWS[1:]}
    how = visit.field("how") or next((how for how, number in asked.items() if number), HOWS[0])
    latest, _ = imports.history(visit.tx, visit.actor, limit=_LATEST)
    former = [job for job in latest if job.state is not State.FAILED]
    return render.page(
        visit,
        "imports/new.html",
        limit=visit.settings.file_limit,
        object=wanted(visit),
        how=how if how in HOWS else HOWS[0],
        asked=asked,
        former=_with(visit, former, asked["repeat"]),
        recipes=kept.kept(visit.tx, visit.actor),
    )


def create(visit: Visit) -> Answer:
    """Keeps files that can be read, and goes on to what is in them, or to the last details when that is known."""
    access.require_import(visit.actor, ())
    given = _given(visit)
    with _uploaded(visit) as uploads, tempfile.TemporaryDirectory() as scratch:
        name = ", ".join(one.name for one in uploads)[:255]
        if given:
            sources, sheets = run.open_given(visit.settings, uploads, given.plan, Path(scratch))
        else:
            sources = tuple(run.sources_in(visit.settings, uploads, Path(scratch)))
            sheets = run.open_all(visit.settings, uploads, sources, Path(scratch))
        draft = drafts.begin(sheets, name, sources, str(visit.zone))
        fits = given is not None and _fits(given, draft)
        if given and fits:
            draft = by_plan(visit, draft, given, given.fit())
        kept_files = [
            files.keep(visit.tx, visit.actor, visit.settings.files_url, one.name, one.path) for one in uploads
        ]
    id = imports.draft(visit.tx, visit.actor, kept_files, name)
    drafts.save(visit, imports.get(visit.tx, visit.actor, id), draft)
    if given is None:
        object = wanted(visit)
        return render.go(f"/imports/{id}/objects" + (f"?object={object}" if object else ""))
    if not fits:
        return render.go(f"/imports/{id}/difference?{given.how}={given.number}")
    return render.go(f"/imports/{id}/{'mapping' if draft.unmapped() else 'details'}")


def by_plan(visit: Visit, draft: drafts.Draft, given: Given, fit: run.Fit) -> drafts.Draft:
    """The draft with everything decided as it was; columns that were not there are left to decide."""
    plan = run.fit_plan(visit.tx, visit.actor, given.plan, draft.headers, fit)
    known = {one.header for one in given.plan.columns}
    left_out = tuple(
        c.index for c in plan.columns if c.imported_as is As.NOTHING and (c.header in known or is_added(c.header))
    )
    plan = replace(plan, name=draft.plan.name, sources=draft.plan.sources)
    found = joins.of_plan(plan)
    return replace(draft, plan=plan, left_out=left_out, joins=found, joined=found)


def given_by(visit: Visit, how: str, number: int) -> Given:
    if how == "repeat":
        job = imports.get(visit.tx, visit.actor, number)
        return Given(how, number, job.name, run.plan_of(job))
    recipe = kept.get(visit.tx, visit.actor, number)
    return Given(how, number, recipe.name, run.check_recipe(visit.tx, recipe))


def wanted(visit: Visit) -> str:
    name = visit.query("object") or visit.field("object")
    return name if name in nouns.load(visit).object_types else ""


def _given(visit: Visit) -> Given | None:
    how = visit.field("how")
    if how not in HOWS[1:]:
        return None
    if not (number := _number(visit, how)):
        ask = visit.gettext("Choose the import to repeat.") if how == "repeat" else visit.gettext("Choose a recipe.")
        raise errors.Invalid(ask)
    return given_by(visit, how, number)


def _fits(given: Given, draft: drafts.Draft) -> bool:
    if given.how == "recipe":
        return not recipes.lacking(given.plan, draft.headers)
    return not recipes.differences(recipes.headers_of(given.plan), draft.headers)


@contextmanager
def _uploaded(visit: Visit) -> Iterator[tuple[run.Upload, ...]]:
    """The files that came with the form, for as long as the block lasts."""
    uploads = visit.uploads("file")
    if not uploads:
        raise errors.Invalid(
            visit.gettext("Choose a file first: a CSV file, or a workbook from Excel, Numbers or LibreOffice.")
        )
    with tempfile.TemporaryDirectory() as folder:
        found = []
        for number, upload in enumerate(uploads):
            name = Path(upload.filename.replace("\\", "/")).name[:255]
            found.append(run.Upload(Path(folder) / f"upload-{number}", name))
            upload.file.seek(0)
            with found[-1].path.open("wb") as arrived:
                shutil.copyfileobj(upload.file, arrived, 1 << 20)
        yield tuple(found)


def _number(visit: Visit, name: str) -> int:
    text = visit.field(name) or visit.query(name)
    return int(text) if text.isdecimal() and len(text) < 19 else 0


def _with(visit: Visit, former: list[Import], asked: int) -> list[Import]:
    """The one that was asked for is among them, however old."""
    if asked and asked not in [job.id for job in former]:
        return [imports.get(visit.tx, visit.actor, asked), *former]
    return former
