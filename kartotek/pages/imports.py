"""Imports: the upload that begins one, and the page that follows it to its end."""

import shutil
import tempfile
from pathlib import Path

from kartotek import errors
from kartotek.domain import access, files, imports
from kartotek.imports import run
from kartotek.imports.table import Choices
from kartotek.model.imports import State
from kartotek.pages import render
from kartotek.pages.render import Answer
from kartotek.pages.visit import Visit
from kartotek.pages.wizard import draft as drafts
from kartotek.pages.wizard import progress, summary

UNDER_WAY = (State.STARTED, State.PROCESSING)


def new(visit: Visit) -> Answer:
    access.require_import(visit.actor, ())
    return render.page(visit, "imports/new.html", limit=visit.settings.file_limit, object=_wanted(visit))


def create(visit: Visit) -> Answer:
    """Keeps the file when it can be read, and goes on to what is in it."""
    access.require_import(visit.actor, ())
    upload = visit.upload("file")
    if upload is None or not upload.filename:
        raise errors.Invalid(
            visit.gettext("Choose a file first: a CSV file, or a workbook from Excel, Numbers or LibreOffice.")
        )
    name = Path(upload.filename.replace("\\", "/")).name[:255]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "upload"
        upload.file.seek(0)
        with path.open("wb") as kept:
            shutil.copyfileobj(upload.file, kept, 1 << 20)
        sheet = run.open_sheet(visit.settings, path, name, Path(folder), Choices())
        draft = drafts.begin(sheet, name)
        file = files.keep(visit.tx, visit.actor, visit.settings.files_url, name, path)
    id = imports.draft(visit.tx, visit.actor, file, name)
    drafts.save(visit, imports.get(visit.tx, visit.actor, id), draft)
    wanted = _wanted(visit)
    return render.go(f"/imports/{id}/objects" + (f"?object={wanted}" if wanted else ""))


def show(visit: Visit, id: int) -> Answer:
    """Where this import stands: in the wizard, under way, or done."""
    job = imports.get(visit.tx, visit.actor, id)
    if job.state is State.DRAFT:
        return render.go(f"/imports/{id}/{'mapping' if drafts.of(job).plan.objects else 'objects'}")
    if job.state in UNDER_WAY:
        return progress.show(visit, job)
    if visit.asked.fragment:
        answer = render.go(f"/imports/{id}")
        answer.status_code = 200
        answer.headers["hx-redirect"] = f"/imports/{id}"
        return answer
    return summary.show(visit, job)


def cancel(visit: Visit, id: int) -> Answer:
    imports.cancel(visit.tx, visit.actor, id)
    return render.go(
        f"/imports/{id}",
        said=visit.gettext("The import stops after the rows that are being written now. What is written stays."),
    )


def _wanted(visit: Visit) -> str:
    name = visit.query("object") or visit.field("object")
    return name if name in drafts.OBJECTS else ""
