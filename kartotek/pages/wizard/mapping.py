"""Step three: column by column to properties, with what is wrong in each of them over all rows."""

from dataclasses import dataclass, replace

from kartotek import errors
from kartotek.domain import imports
from kartotek.imports import mapping, preview, report
from kartotek.imports.table import As, ColumnPlan
from kartotek.model.catalogue import Catalogue
from kartotek.model.imports import State
from kartotek.model.object_types import ObjectType
from kartotek.model.properties import Property
from kartotek.pages import nouns, render
from kartotek.pages.render import Answer
from kartotek.pages.visit import Visit
from kartotek.pages.wizard import draft as drafts

NOTHING, UNDECIDED, RECORD_ID = "nothing", "", "id:"


@dataclass(frozen=True, slots=True)
class Line:
    """One column of the file. `choice` is what the first drop-down says."""

    plan: ColumnPlan
    values: tuple[str, ...]
    choice: str
    property: Property | None
    errors: int
    state: str  # fine, errors, nothing, undecided


@dataclass(frozen=True, slots=True)
class Explained:
    type: str
    rows: int
    values: tuple[tuple[str, int], ...]
    more: int
    sentence: str


def edit(visit: Visit, id: int) -> Answer:
    job = imports.get(visit.tx, visit.actor, id)
    if job.state is not State.DRAFT:
        return render.go(f"/imports/{id}")
    draft = drafts.of(job)
    if not draft.plan.objects:
        return render.go(f"/imports/{id}/objects")
    if not draft.checked:
        draft = drafts.checked(visit, job, draft)
        drafts.save(visit, job, draft)
    known = nouns.load(visit)
    return render.page(
        visit,
        "imports/mapping.html",
        job=job,
        draft=draft,
        lines=[_line(known, draft, one) for one in draft.plan.columns],
        objects=[known.object_types[name] for name in draft.objects],
        choices={name: _properties(known.object_types[name]) for name in draft.objects},
        guide=mapping.guide(draft.plan, known.object_types),
        missing=len(draft.unmapped()),
    )


def update(visit: Visit, id: int) -> Answer:
    """Keeps every change at once; going on takes a plan that can be carried out."""
    job = imports.get(visit.tx, visit.actor, id)
    draft = drafts.of(job)
    known = nouns.load(visit)
    columns = tuple(_column(visit, known, draft, one) for one in draft.plan.columns)
    left_out = tuple(one.index for one in columns if visit.field(f"as-{one.index}") == NOTHING)
    changed = columns != draft.plan.columns
    draft = replace(
        draft,
        plan=replace(draft.plan, columns=columns),
        left_out=left_out,
        skip=bool(visit.field("skip")),
        checked=draft.checked and not changed,
    )
    if visit.field("next"):
        _require_complete(visit, draft, known)
    if not draft.checked:
        draft = drafts.checked(visit, job, draft)
    drafts.save(visit, job, draft)
    if visit.field("next"):
        return render.go(f"/imports/{id}/details")
    return render.go(f"/imports/{id}/{'objects' if visit.field('back') else 'mapping'}")


def problems(visit: Visit, id: int, index: int) -> Answer:
    """What is wrong in one column: each kind with its values, and what to do."""
    job = imports.get(visit.tx, visit.actor, id)
    draft = drafts.of(job)
    if not 0 <= index < len(draft.plan.columns):
        raise errors.NotFound(visit.gettext("The file has no such column."))
    column = draft.plan.columns[index]
    found = [_explained(visit, draft, column, kind) for kind in draft.wrong.get(str(index), [])]
    return render.page(visit, "imports/problems.html", job=job, column=column, kinds=found)


def _line(known: Catalogue, draft: drafts.Draft, one: ColumnPlan) -> Line:
    prop = known.object_types[one.object_type].properties[one.property] if one.property and one.object_type else None
    count = draft.count(one.index)
    if one.imported_as is As.NOTHING:
        state = "nothing" if one.index in draft.left_out or draft.skip else "undecided"
    else:
        state = "errors" if count else "fine"
    choice = {As.PROPERTY: one.object_type or "", As.RECORD_ID: f"{RECORD_ID}{one.object_type}"}.get(
        one.imported_as, NOTHING if one.index in draft.left_out else UNDECIDED
    )
    return Line(
        one, draft.facts.first[one.index] if one.index < len(draft.facts.first) else (), choice, prop, count, state
    )


def _column(visit: Visit, known: Catalogue, draft: drafts.Draft, one: ColumnPlan) -> ColumnPlan:
    """The column as the form has it."""
    choice = visit.field(f"as-{one.index}")
    bare = ColumnPlan(one.index, one.header, keep_existing=bool(visit.field(f"keep-{one.index}")))
    if choice in (NOTHING, UNDECIDED):
        # A property that was named without saying of what belongs to the object that has it.
        named = visit.field(f"property-{one.index}")
        found = _named(known, draft.objects, named) if choice == UNDECIDED and named else None
        return replace(bare, imported_as=As.PROPERTY, object_type=found[0], property=found[1]) if found else bare
    if choice.startswith(RECORD_ID):
        name = choice.removeprefix(RECORD_ID)
        return replace(bare, imported_as=As.RECORD_ID, object_type=name) if name in draft.objects else bare
    found = _named(known, (choice,), visit.field(f"property-{one.index}")) if choice in draft.objects else None
    return replace(bare, imported_as=As.PROPERTY, object_type=found[0], property=found[1]) if found else bare


def _named(known: Catalogue, objects: tuple[str, ...], wanted: str) -> tuple[str, str] | None:
    """A property by its internal name, or by its label as the list of suggestions shows it."""
    for name in objects:
        properties = known.object_types[name].properties
        if wanted in properties:
            return name, wanted
        for prop in properties.values():
            if wanted and prop.label.casefold() == wanted.casefold() and not prop.read_only:
                return name, prop.name
    return None


def _properties(object_type: ObjectType) -> list[Property]:
    """What a column may be mapped to, by label."""
    return sorted(
        (one for one in object_type.properties.values() if not one.read_only), key=lambda one: one.label.casefold()
    )


def _require_complete(visit: Visit, draft: drafts.Draft, known: Catalogue) -> None:
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


def _explained(visit: Visit, draft: drafts.Draft, column: ColumnPlan, kind: preview.Wrong) -> Explained:
    example = {
        "type": kind.type,
        "object_type": column.object_type,
        "property": column.property,
        "value": kind.values[0][0] if kind.values else "",
    }
    plan = replace(draft.plan, dates=drafts.reading_of(draft.plan, draft.formats).dates)
    shown = kind.values[:20]
    return Explained(
        kind.type,
        kind.rows,
        shown,
        kind.rows - sum(count for _, count in shown),
        report.reason(nouns.load(visit), plan, example),
    )
