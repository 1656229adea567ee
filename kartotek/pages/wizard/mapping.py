"""Step three: column by column to properties. The page is there at once; what is wrong in each column comes in as a
worker looks at all rows of the file."""

from dataclasses import dataclass, replace
from itertools import combinations

from kartotek import errors
from kartotek.domain import imports
from kartotek.imports import mapping, survey
from kartotek.imports.table import As, ColumnPlan, Overwrite
from kartotek.model.catalogue import Catalogue
from kartotek.model.imports import Import, State
from kartotek.model.properties import Property
from kartotek.pages import nouns, render
from kartotek.pages.render import Answer
from kartotek.pages.visit import Visit
from kartotek.pages.wizard import choices
from kartotek.pages.wizard import draft as drafts

NOTHING, UNDECIDED, RECORD_ID, LABEL = "nothing", "", "id:", "label:"


@dataclass(frozen=True, slots=True)
class Line:
    """One column of the file. `choice` is what the first drop-down says."""

    plan: ColumnPlan
    values: tuple[str, ...]
    choice: str
    property: Property | None
    errors: int
    state: str  # fine, errors, ask (for a format), checking, nothing, undecided


def edit(visit: Visit, id: int) -> Answer:
    job = imports.get(visit.tx, visit.actor, id)
    if job.state is not State.DRAFT:
        return render.go(f"/imports/{id}")
    draft = drafts.of(job)
    if not draft.plan.objects:
        return render.go(f"/imports/{id}/objects")
    known = nouns.load(visit)
    seen = drafts.seen(visit, job, draft)
    return render.page(
        visit,
        "imports/mapping.html",
        job=job,
        draft=draft,
        seen=seen,
        lines=[_line(known, draft, seen, one) for one in draft.plan.columns],
        objects=[known.object_types[name] for name in draft.objects],
        relations=[
            (f"{LABEL}{first}-{second}", known.object_types[first], known.object_types[second])
            for first, second in _relations(draft)
        ],
        choices={name: choices.of(visit, known.object_types[name]) for name in draft.objects},
        guide=mapping.guide(draft.plan, known.object_types),
        missing=len(draft.unmapped()),
        kept=[one.overwrite is not Overwrite.ALWAYS for one in draft.plan.columns if one.imported_as is As.PROPERTY],
    )


def states(visit: Visit, id: int) -> Answer:
    """How far the check is, and what it has found by now: asked again and again while it goes on."""
    job = imports.get(visit.tx, visit.actor, id)
    if job.state is not State.DRAFT or not visit.asked.fragment:
        return render.go(f"/imports/{id}")
    draft, known = drafts.of(job), nouns.load(visit)
    seen = drafts.seen(visit, job, draft)
    lines = [_line(known, draft, seen, one) for one in draft.plan.columns]
    return render.page(visit, "imports/states.html", job=job, seen=seen, lines=lines)


def update(visit: Visit, id: int) -> Answer:
    """Keeps every change at once; going on takes a plan that can be carried out."""
    job = imports.get(visit.tx, visit.actor, id)
    draft = drafts.of(job)
    known = nouns.load(visit)
    columns = tuple(_column(visit, known, draft, one) for one in draft.plan.columns)
    draft = replace(
        draft,
        plan=replace(draft.plan, columns=columns),
        left_out=tuple(one.index for one in columns if visit.field(f"as-{one.index}") == NOTHING),
        skip=bool(visit.field("skip")),
    )
    if visit.field("next"):
        _require_complete(visit, job, draft, known)
    drafts.save(visit, job, draft)
    if visit.field("next"):
        return render.go(f"/imports/{id}/details")
    return render.go(f"/imports/{id}/{'objects' if visit.field('back') else 'mapping'}")


def _line(known: Catalogue, draft: drafts.Draft, seen: survey.Survey, one: ColumnPlan) -> Line:
    prop = known.object_types[one.object_type].properties[one.property] if one.property and one.object_type else None
    count = sum(kind.rows for kind in seen.of(one.index))
    choice = {
        As.PROPERTY: one.object_type or "",
        As.RECORD_ID: f"{RECORD_ID}{one.object_type}",
        As.LABEL: f"{LABEL}{one.object_type}-{one.other}",
    }.get(one.imported_as, NOTHING if one.index in draft.left_out else UNDECIDED)
    values = draft.facts.first[one.index] if one.index < len(draft.facts.first) else ()
    return Line(one, values, choice, prop, count, _state(draft, seen, one, prop, count))


def _state(draft: drafts.Draft, seen: survey.Survey, one: ColumnPlan, prop: Property | None, count: int) -> str:
    if one.imported_as is As.NOTHING:
        return "nothing" if one.index in draft.left_out or draft.skip else "undecided"
    if one.index in seen.missing:
        return "checking"
    if prop and seen.asks(one, prop):
        return "ask"
    return "errors" if count else "fine"


def _column(visit: Visit, known: Catalogue, draft: drafts.Draft, one: ColumnPlan) -> ColumnPlan:
    """The column as the form has it. What was said of its cells falls with the property that they were read as."""
    label = next(
        (way for way in _relations(draft) if visit.field(f"as-{one.index}") == f"{LABEL}{'-'.join(way)}"), None
    )
    if label:
        first, second = label
        same = (one.imported_as, one.object_type, one.other) == (As.LABEL, first, second)
        return one if same else ColumnPlan(one.index, one.header, As.LABEL, first, other=second)
    goes = _goal(visit, known, draft, one)
    column = one
    if goes != (one.imported_as, one.object_type, one.property):
        column = ColumnPlan(one.index, one.header, *goes, clears=one.clears)
    return replace(column, overwrite=_overwrite(visit, one))


def _goal(visit: Visit, known: Catalogue, draft: drafts.Draft, one: ColumnPlan) -> tuple[As, str | None, str | None]:
    choice, named = visit.field(f"as-{one.index}"), visit.field(f"property-{one.index}")
    if choice.startswith(RECORD_ID) and choice.removeprefix(RECORD_ID) in draft.objects:
        return As.RECORD_ID, choice.removeprefix(RECORD_ID), None
    # A property that was named without saying of what belongs to the object that has it.
    among = draft.objects if choice == UNDECIDED else tuple(name for name in draft.objects if name == choice)
    found = _named(known, among, named)
    return (As.PROPERTY, *found) if found else (As.NOTHING, None, None)


def _relations(draft: drafts.Draft) -> list[tuple[str, str]]:
    """The pairs of objects whose associations may be labelled."""
    return list(combinations(draft.objects, 2))


def _overwrite(visit: Visit, one: ColumnPlan) -> Overwrite:
    """The tick at the top counts for all, when it has just been changed."""
    keeps = one.overwrite is not Overwrite.ALWAYS
    if bool(visit.field("keep-all")) != bool(visit.field("kept-all")):
        wanted = bool(visit.field("keep-all"))
    else:
        wanted = bool(visit.field(f"keep-{one.index}")) if one.imported_as is As.PROPERTY else keeps
    if wanted == keeps:
        return one.overwrite
    return Overwrite.EMPTY if wanted else Overwrite.ALWAYS


def _named(known: Catalogue, objects: tuple[str, ...], wanted: str) -> tuple[str, str] | None:
    """A property by its internal name, or by its label as the list of suggestions shows it."""
    for name in objects:
        properties = known.object_types[name].properties
        if wanted in properties:
            return name, wanted
        for prop in properties.values() if wanted else ():
            if prop.label.casefold() == wanted.casefold() and not prop.read_only:
                return name, prop.name
    return None


def _require_complete(visit: Visit, job: Import, draft: drafts.Draft, known: Catalogue) -> None:
    if drafts.seen(visit, job, draft).rows == 0:
        raise errors.Invalid(visit.gettext("The file has a header but no rows, so there is nothing to import."))
    missing = draft.unmapped()
    if missing and not draft.skip:
        names = ", ".join(f"“{one.header or one.index + 1}”" for one in missing[:3])
        raise errors.Invalid(
            visit.gettext(
                "%(count)s columns are not mapped (%(names)s): choose a property, or tick that they are left out."
            )
            % {"count": len(missing), "names": names + (" …" if len(missing) > 3 else "")}
        )
    mapping.check_plan(draft.plan, known.object_types)
