"""Step two: which objects the rows are about, what may happen to them, and how the file is read."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from kartotek import errors
from kartotek.domain import access, catalogue, imports
from kartotek.imports import mapping, run
from kartotek.imports.table import Choices, Mode, ObjectPlan, Plan, Sheet, SourcePlan
from kartotek.model.imports import Import, State
from kartotek.pages import nouns, render
from kartotek.pages.render import Answer
from kartotek.pages.visit import Visit
from kartotek.pages.wizard import draft as drafts
from kartotek.pages.wizard import joining, joins, offers, tables, tongues


def edit(visit: Visit, id: int) -> Answer:
    """Also as the form was sent, when that cannot be done."""
    job = imports.get(visit.tx, visit.actor, id)
    if job.state is not State.DRAFT:
        return render.go(f"/imports/{id}")
    draft = drafts.of(job)
    modes = {one.object_type: one.mode for one in draft.plan.objects}
    lines = {number: str(facts.header_line) for number, facts in enumerate(draft.facts)}
    if visit.asked.form:
        draft = replace(tables.said(visit, draft, _objects(visit)), language=tongues.chosen(visit))
        modes, lines = _modes(visit, offers.objects(visit)), lines | dict(visit.numbered("header_line"))
    ticked = visit.fields("objects") or draft.objects or [visit.query("object")]
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
        lines=lines,
        joins=joins.shown(visit, draft),
        types=nouns.load(visit).object_types,
        chosen=[one for group in groups for offer in group.offers if offer.ticked for one in (offer.object_type,)],
    )


def update(visit: Visit, id: int) -> Answer:
    """Guesses the columns anew when the objects or the reading of the file changed, or what is said of theirs; else
    keeps what was mapped."""
    job = imports.get(visit.tx, visit.actor, id)
    before = drafts.of(job)
    known = catalogue.load(visit.tx).object_types
    access.require_import(visit.actor, [known[name] for name in visit.fields("objects") if name in known])
    objects = _objects(visit)
    if not objects and visit.field("next"):
        raise errors.Invalid(
            visit.gettext("Tick what the rows are about: contacts, say, or deals and their companies.")
        )
    modes = _modes(visit, objects)
    if visit.field("next"):
        bare = Plan("", tuple(ObjectPlan(name, modes.get(name, Mode.UPSERT)) for name in objects), ())
        mapping.require_homes(bare, nouns.load(visit).object_types)
    plan, language = before.plan, tongues.chosen(visit)
    asked = Choices(objects, tuple(modes.items()), language=language, zone=plan.zone, name=plan.name)
    draft = tables.said(visit, before, objects)
    if visit.field("next"):
        wanted = tables.settled(visit, job, draft, objects)
        draft = replace(draft, joined=before.joined if joining.same(before.joined, wanted) else wanted)
    sources = _sources(visit, draft)
    if not _reads_the_same(before, sources, asked):
        draft = _guessed(visit, job, draft, asked, sources)
    elif tables.changed(before, draft) or not joining.same(before.joined, draft.joined):
        draft = _guessed_again(visit, job, before, draft, asked)
    draft = replace(
        draft,
        left_out=tuple(sorted({*draft.left_out, *tables.left_out(draft)})),
        plan=replace(
            draft.plan,
            objects=tuple(replace(one, mode=modes.get(one.object_type, one.mode)) for one in draft.plan.objects),
        ),
    )
    drafts.save(visit, job, draft)
    return render.go(f"/imports/{id}/{'mapping' if visit.field('next') else 'objects'}")


def _objects(visit: Visit) -> tuple[str, ...]:
    """Those that are ticked, in the order in which they are offered."""
    ticked = visit.fields("objects")
    return tuple(name for name in offers.objects(visit) if name in ticked)


def _modes(visit: Visit, objects: Iterable[str]) -> dict[str, Mode]:
    return {name: Mode(mode) for name in objects if (mode := visit.field(f"mode-{name}")) in list(Mode)}


def _sources(visit: Visit, draft: drafts.Draft) -> list[SourcePlan]:
    """How the files are to be read, as the form says."""
    found = []
    for number, source in enumerate(draft.plan.sources):
        header, sheet = visit.field(f"header_line-{number}"), visit.field(f"sheet-{number}")
        line = int(header) if header.isdecimal() and len(header) < 9 else source.header_line
        found.append(replace(source, sheet=sheet or source.sheet, header_line=line))
    return found


def _reads_the_same(before: drafts.Draft, sources: list[SourcePlan], asked: Choices) -> bool:
    """As the plan was made by: the same rows, for the same objects, with headers in the same language."""
    read = [(one.sheet or facts.sheet, one.header_line or facts.header_line)
            for one, facts in zip(sources, before.facts, strict=True)]  # fmt: skip
    same = read == [(facts.sheet, facts.header_line) for facts in before.facts]
    return same and asked.objects == before.objects and asked.language == before.language


def _guessed(visit: Visit, job: Import, draft: drafts.Draft, asked: Choices, sources: list[SourcePlan]) -> drafts.Draft:
    """With a plan of which nobody has decided anything; joins come into it when the page is left."""
    with drafts.opened(visit, job, sources) as sheets:
        bare = drafts.begin(sheets, draft.plan.name, sources, asked.zone).plan
        plan = _plan(visit, sheets, sources, tables.choices(draft, asked)) if asked.objects else bare
        facts = tuple(map(drafts.facts_of, sheets))
    draft = joins.in_reach(replace(draft, facts=facts, plan=plan, left_out=(), language=asked.language, joined=()))
    if not visit.field("next"):
        return draft
    return joins.joined(visit, draft, tables.settled(visit, job, draft, asked.objects))


def _guessed_again(
    visit: Visit, job: Import, before: drafts.Draft, draft: drafts.Draft, asked: Choices
) -> drafts.Draft:
    """Only what is said of the files has changed: columns that this says nothing of stay as they are mapped."""
    with drafts.opened(visit, job, draft.plan.sources) as sheets:
        plan = _plan(visit, sheets, draft.plan.sources, tables.choices(draft, asked))
    again = tables.changed(before, draft)
    types = joining.changed(before.joined, draft.joined)
    types |= {one.object_type for one in (*before.joined, *draft.joined) if again & {s.source for s in one.sides}}
    apart = joins.apart(before, types)
    columns = tuple(
        guess if now.source in again else apart.get(now.index) or guess if now.index in apart else now
        for now, guess in zip(before.plan.columns, plan.columns, strict=True)
    )
    left_out = tuple(i for i in before.left_out if columns[i].source not in again and i not in apart)
    rest = tuple(one for one in before.joined if one.object_type not in types)
    wanted = tuple(one for one in draft.joined if one.object_type in types)
    draft = replace(draft, plan=replace(before.plan, columns=columns), left_out=left_out, joined=rest)
    return joins.joined(visit, draft, wanted) if visit.field("next") else draft


def _plan(visit: Visit, sheets: Sequence[Sheet], sources: Sequence[SourcePlan], choices: Choices) -> Plan:
    known = catalogue.load(visit.tx)  # with its English labels, which headers are looked up in, too
    return run.plan_for(known, sheets, tuple(sources), choices, visit.locale)
