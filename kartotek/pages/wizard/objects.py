"""Step two: which objects the rows are about, what may happen to them, and how the file is read."""

from dataclasses import replace

from kartotek import errors
from kartotek.domain import access, catalogue, imports
from kartotek.imports import mapping, run
from kartotek.imports.table import Choices, Mode, ObjectPlan, Plan, SourcePlan
from kartotek.model.imports import Import, State
from kartotek.pages import nouns, render
from kartotek.pages.render import Answer
from kartotek.pages.visit import Visit
from kartotek.pages.wizard import draft as drafts
from kartotek.pages.wizard import offers, tongues


def edit(visit: Visit, id: int) -> Answer:
    job = imports.get(visit.tx, visit.actor, id)
    if job.state is not State.DRAFT:
        return render.go(f"/imports/{id}")
    draft = drafts.of(job)
    ticked = visit.fields("objects") or draft.objects or [visit.query("object")]
    modes = {one.object_type: one.mode for one in draft.plan.objects}
    groups = offers.groups(visit, ticked, modes)
    return render.page(
        visit,
        "imports/objects.html",
        job=job,
        draft=draft,
        groups=groups,
        modes=list(Mode),
        tongues=tongues.of(visit, draft),
    )


def update(visit: Visit, id: int) -> Answer:
    """Guesses the columns anew when the objects or the reading of the file changed; else keeps what was mapped."""
    job = imports.get(visit.tx, visit.actor, id)
    draft = drafts.of(job)
    asked_for = visit.fields("objects")
    access.require_import(visit.actor, asked_for)
    objects = tuple(name for name in offers.objects(visit) if name in asked_for)
    if not objects and visit.field("next"):
        raise errors.Invalid(
            visit.gettext("Tick what the rows are about: contacts, say, or deals and their companies.")
        )
    modes = {name: Mode(mode) for name in objects if (mode := visit.field(f"mode-{name}")) in list(Mode)}
    if visit.field("next"):
        bare = Plan("", tuple(ObjectPlan(name, modes.get(name, Mode.UPSERT)) for name in objects), ())
        mapping.require_homes(bare, nouns.load(visit).object_types)
    asked = Choices(
        objects=objects, modes=tuple(modes.items()), language=tongues.chosen(visit), name=draft.plan.name
    )  # fmt: skip
    source, facts = _source(visit, draft), draft.facts
    same_file = (source.sheet or facts.sheet, source.header_line or facts.header_line) == (
        facts.sheet,
        facts.header_line,
    )
    if not same_file or objects != draft.objects or asked.language != draft.language:
        draft = _guessed(visit, job, draft, asked, source)
    draft = replace(
        draft,
        plan=replace(
            draft.plan,
            objects=tuple(replace(one, mode=modes.get(one.object_type, one.mode)) for one in draft.plan.objects),
        ),
    )
    drafts.save(visit, job, draft)
    return render.go(f"/imports/{id}/{'mapping' if visit.field('next') else 'objects'}")


def _source(visit: Visit, draft: drafts.Draft) -> SourcePlan:
    """How the file is to be read, as the form says."""
    header = visit.field("header_line")
    return replace(
        draft.plan.sources[0],
        sheet=visit.field("sheet") or None,
        header_line=int(header) if header.isdecimal() else None,
    )


def _guessed(visit: Visit, job: Import, draft: drafts.Draft, asked: Choices, source: SourcePlan) -> drafts.Draft:
    with drafts.opened(visit, job, source) as sheet:
        known = catalogue.load(visit.tx)  # with its English labels, which headers are looked up in, too
        plan = (
            run.plan_for(known, [sheet], (source,), asked, visit.locale)
            if asked.objects
            else drafts.begin(sheet, draft.plan.name, source).plan
        )
        return replace(draft, facts=drafts.facts_of(sheet), plan=plan, left_out=(), language=asked.language)
