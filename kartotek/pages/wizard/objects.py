"""Step two: which objects the rows are about, what may happen to them, and how the file is read."""

from dataclasses import replace

from kartotek import errors
from kartotek.domain import access, imports
from kartotek.imports import run
from kartotek.imports.table import Choices, Mode
from kartotek.model.imports import Import, State
from kartotek.pages import nouns, render
from kartotek.pages.render import Answer
from kartotek.pages.visit import Visit
from kartotek.pages.wizard import draft as drafts


def edit(visit: Visit, id: int) -> Answer:
    job = imports.get(visit.tx, visit.actor, id)
    if job.state is not State.DRAFT:
        return render.go(f"/imports/{id}")
    draft = drafts.of(job)
    types = nouns.load(visit).object_types
    ticked = set(visit.fields("objects") or draft.objects or [visit.query("object")])
    modes = {one.object_type: one.mode for one in draft.plan.objects}
    offered = [
        (types[name], name in ticked, modes.get(name, Mode.UPSERT))
        for name in drafts.OBJECTS
        if access.may(visit.actor, "edit", name)
    ]
    return render.page(visit, "imports/objects.html", job=job, draft=draft, offered=offered, modes=list(Mode))


def update(visit: Visit, id: int) -> Answer:
    """Guesses the columns anew when the objects or the reading of the file changed; else keeps what was mapped."""
    job = imports.get(visit.tx, visit.actor, id)
    draft = drafts.of(job)
    objects = tuple(name for name in drafts.OBJECTS if name in visit.fields("objects"))
    if not objects and visit.field("next"):
        raise errors.Invalid(visit.gettext("Tick what the rows are about: contacts, companies, deals or tickets."))
    header = visit.field("header_line")
    asked = Choices(
        objects=objects,
        modes=tuple((name, Mode(mode)) for name in objects if (mode := visit.field(f"mode-{name}")) in list(Mode)),
        name=draft.plan.name,
        sheet=visit.field("sheet") or None,
        header_line=int(header) if header.isdecimal() else None,
        encoding=draft.plan.encoding,
        delimiter=draft.plan.delimiter,
    )
    same_file = (asked.sheet or draft.facts.sheet) == draft.facts.sheet and (
        asked.header_line or draft.facts.header_line
    ) == draft.facts.header_line
    if not same_file or objects != draft.objects:
        draft = _guessed(visit, job, draft, asked)
    modes = dict(asked.modes)
    draft = replace(
        draft,
        plan=replace(
            draft.plan,
            objects=tuple(replace(one, mode=modes.get(one.object_type, one.mode)) for one in draft.plan.objects),
        ),
    )
    drafts.save(visit, job, draft)
    return render.go(f"/imports/{id}/{'mapping' if visit.field('next') else 'objects'}")


def _guessed(visit: Visit, job: Import, draft: drafts.Draft, asked: Choices) -> drafts.Draft:
    with drafts.opened(visit, job, asked) as sheet:
        known = nouns.load(visit)
        plan = run.plan_for(known, sheet, asked) if asked.objects else drafts.begin(sheet, draft.plan.name).plan
        return replace(draft, facts=drafts.facts_of(sheet), plan=plan, left_out=())
