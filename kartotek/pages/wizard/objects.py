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
from kartotek.pages.wizard import offers, tables, tongues


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
        tables=tables.of(job, draft),
        common=tables.common_headers(draft),
        chosen=[one for group in groups for offer in group.offers if offer.ticked for one in (offer.object_type,)],
    )


def update(visit: Visit, id: int) -> Answer:
    """Guesses the columns anew when the objects or the reading of the file changed; else keeps what was mapped."""
    job = imports.get(visit.tx, visit.actor, id)
    draft = drafts.of(job)
    asked_for = visit.fields("objects")
    known = catalogue.load(visit.tx).object_types
    access.require_import(visit.actor, [known[name] for name in asked_for if name in known])
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
        objects=objects,
        modes=tuple(modes.items()),
        language=tongues.chosen(visit),
        zone=draft.plan.zone,
        name=draft.plan.name,
    )
    before, draft = draft, tables.said(visit, draft, objects)
    sources = _sources(visit, draft)
    if _differs(before, draft, sources, asked):
        draft = _guessed(visit, job, draft, asked, sources)
    draft = replace(
        draft,
        plan=replace(
            draft.plan,
            objects=tuple(replace(one, mode=modes.get(one.object_type, one.mode)) for one in draft.plan.objects),
        ),
    )
    drafts.save(visit, job, draft)
    return render.go(f"/imports/{id}/{'mapping' if visit.field('next') else 'objects'}")


def _sources(visit: Visit, draft: drafts.Draft) -> list[SourcePlan]:
    """How the files are to be read, as the form says."""
    found = []
    for number, source in enumerate(draft.plan.sources):
        header, sheet = visit.field(f"header_line-{number}"), visit.field(f"sheet-{number}")
        line = int(header) if header.isdecimal() and len(header) < 9 else source.header_line
        found.append(replace(source, sheet=sheet or source.sheet, header_line=line))
    return found


def _differs(before: drafts.Draft, now: drafts.Draft, sources: list[SourcePlan], asked: Choices) -> bool:
    """Whether the columns have to be guessed anew."""
    read = [(one.sheet or facts.sheet, one.header_line or facts.header_line)
            for one, facts in zip(sources, now.facts, strict=True)]  # fmt: skip
    same = read == [(facts.sheet, facts.header_line) for facts in now.facts]
    tied = (before.holds, before.join, before.join_key) == (now.holds, now.join, now.join_key)
    return not (same and tied and asked.objects == now.objects and asked.language == now.language)


def _guessed(visit: Visit, job: Import, draft: drafts.Draft, asked: Choices, sources: list[SourcePlan]) -> drafts.Draft:
    with drafts.opened(visit, job, sources) as sheets:
        known = catalogue.load(visit.tx)  # with its English labels, which headers are looked up in, too
        plan = (
            run.plan_for(known, sheets, tuple(sources), tables.choices(draft, asked), visit.locale)
            if asked.objects
            else drafts.begin(sheets, draft.plan.name, sources, asked.zone).plan
        )
        facts = tuple(map(drafts.facts_of, sheets))
        draft = replace(draft, facts=facts, plan=plan, language=asked.language)
        return replace(draft, left_out=tables.left_out(draft))
