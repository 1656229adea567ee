"""Step three: column by column to properties. The page is there at once; what is wrong in each column comes in as a
worker looks at all rows of the file."""

from dataclasses import dataclass, replace
from typing import Any

from kartotek import errors
from kartotek.domain import imports
from kartotek.imports import mapping, survey
from kartotek.imports.table import OF_ASSOCIATIONS, As, ColumnPlan, Overwrite, is_reason
from kartotek.model.catalogue import Catalogue
from kartotek.model.imports import Import, State
from kartotek.model.object_types import ObjectType
from kartotek.model.properties import Property
from kartotek.pages import nouns, render
from kartotek.pages.render import Answer
from kartotek.pages.visit import Visit
from kartotek.pages.wizard import choices, relations, tables
from kartotek.pages.wizard import draft as drafts

NOTHING, UNDECIDED, RECORD_ID, KEY, WITHIN = "nothing", "", "id:", "key:", "with:"

ID_PROPERTY = "hs_object_id"


@dataclass(frozen=True, slots=True)
class Line:
    """One column of the file. `choice` is what the first drop-down says."""

    plan: ColumnPlan
    values: tuple[str, ...]
    choice: str
    property: Property | None
    errors: int
    state: str  # fine, errors, ask (for a format), checking, nothing, reason (of rows to correct), undecided


def edit(visit: Visit, id: int) -> Answer:
    job = imports.get(visit.tx, visit.actor, id)
    if job.state is not State.DRAFT:
        return render.go(f"/imports/{id}")
    draft = _without_reasons(drafts.of(job))
    if not draft.plan.objects:
        return render.go(f"/imports/{id}/objects")
    known, source = nouns.load(visit), _source(visit, draft)
    seen = drafts.seen(visit, job, draft)
    lines = [_line(known, draft, seen, one) for one in draft.plan.columns if one.source == source]
    objects = tables.held_here(visit, draft, source)
    return render.page(
        visit,
        "imports/mapping.html",
        job=job,
        draft=draft,
        seen=seen,
        source=source,
        tables=tables.of(job, draft),
        lines=lines,
        objects=objects,
        within=objects if draft.within or any(one.choice.startswith(WITHIN) for one in lines) else [],
        keys=_keys(known, draft, source),
        relations=relations.of(known, draft),
        linkings=relations.linkings,
        choices={name: choices.of(visit, known.object_types[name]) for name in draft.objects},
        guide=mapping.guide(draft.plan, known.object_types),
        missing=len(draft.unmapped(source)),
        kept=[one.plan.overwrite is not Overwrite.ALWAYS for one in lines if one.plan.imported_as is As.PROPERTY],
    )


def states(visit: Visit, id: int) -> Answer:
    """How far the check is, and what it has found by now: asked again and again while it goes on."""
    job = imports.get(visit.tx, visit.actor, id)
    if job.state is not State.DRAFT or not visit.asked.fragment:
        return render.go(f"/imports/{id}")
    draft, known = _without_reasons(drafts.of(job)), nouns.load(visit)
    seen = drafts.seen(visit, job, draft)
    source = _source(visit, draft)
    lines = [_line(known, draft, seen, one) for one in draft.plan.columns if one.source == source]
    return render.page(visit, "imports/states.html", job=job, seen=seen, lines=lines, source=source)


def update(visit: Visit, id: int) -> Answer:
    """Keeps every change at once; going on takes a plan that can be carried out."""
    job = imports.get(visit.tx, visit.actor, id)
    draft = drafts.of(job)
    known, source = nouns.load(visit), _source(visit, draft)
    columns = tuple(
        _column(visit, known, draft, one) if one.source == source else one for one in draft.plan.columns
    )  # fmt: skip
    left_out = {one.index for one in columns if visit.field(f"as-{one.index}") == NOTHING}
    left_out |= {index for index in draft.left_out if columns[index].source != source}
    draft = replace(
        draft,
        plan=replace(draft.plan, columns=columns),
        left_out=tuple(sorted(left_out)),
        skip=bool(visit.field("skip")),
    )
    further, before = _beside(draft, source)
    if visit.field("next"):
        _require_complete(visit, job, draft, known, source)
        if further is None:
            mapping.check_plan(draft.plan, known.object_types)
    drafts.save(visit, job, draft)
    if visit.field("next"):
        return render.go(f"/imports/{id}/details" if further is None else _page(id, further))
    if visit.field("back"):
        return render.go(f"/imports/{id}/objects" if before is None else _page(id, before))
    return render.go(_page(id, source))


def _without_reasons(draft: drafts.Draft) -> drafts.Draft:
    """Of rows to correct, the column that says why they failed is left out without being asked for."""
    reasons = {one.index for one in draft.plan.columns if one.imported_as is As.NOTHING and is_reason(one.header)}
    return replace(draft, left_out=tuple(sorted(reasons.union(draft.left_out))))


def _page(id: int, source: int) -> str:
    return f"/imports/{id}/mapping" + (f"?source={source}" if source else "")


def _source(visit: Visit, draft: drafts.Draft) -> int:
    """Which file or sheet the page is about (I-49): the one in the address, else the first of which anything is
    imported."""
    asked = visit.number("source", -1)
    pages = _pages(draft)
    return asked if asked in pages else pages[0]


def _pages(draft: drafts.Draft) -> list[int]:
    """The sources that have anything to map."""
    every = range(len(draft.plan.sources))
    return [source for source in every if not draft.holds or draft.holds[source]] or list(every)


def _beside(draft: drafts.Draft, source: int) -> tuple[int | None, int | None]:
    """The page after this one, and the one before."""
    pages = _pages(draft)
    at = pages.index(source)
    return (pages[at + 1] if at + 1 < len(pages) else None), (pages[at - 1] if at else None)


def _keys(known: Catalogue, draft: drafts.Draft, source: int) -> list[tuple[str, ObjectType]]:
    """The objects of other sources that a column here may name, each with its choice."""
    here = {c.object_type for c in draft.plan.columns if c.source == source and c.imported_as is As.KEY}
    names = here | {join.object_type for join in draft.joined}
    return [(f"{KEY}{name}", known.object_types[name]) for name in draft.objects if name in names]


def _line(known: Catalogue, draft: drafts.Draft, seen: survey.Survey, one: ColumnPlan) -> Line:
    prop = known.object_types[one.object_type].properties[one.property] if one.property and one.object_type else None
    count = sum(kind.rows for kind in seen.of(one.index))
    choice = {
        As.PROPERTY: one.object_type or "",
        As.RECORD_ID: f"{RECORD_ID}{one.object_type}",
        **dict.fromkeys(OF_ASSOCIATIONS, relations.choice(one)),
        As.KEY: f"{KEY}{one.object_type}",
        As.ASSOCIATION: f"{WITHIN}{one.object_type}",
    }.get(one.imported_as, NOTHING if one.index in draft.left_out or one.key is not None else UNDECIDED)
    return Line(one, draft.first_values(one.index), choice, prop, count, _state(draft, seen, one, prop, count))


def _state(draft: drafts.Draft, seen: survey.Survey, one: ColumnPlan, prop: Property | None, count: int) -> str:
    if one.imported_as is As.NOTHING:
        if one.key is not None:
            return "ties"
        if is_reason(one.header):
            return "reason"
        return "nothing" if one.index in draft.left_out or draft.skip else "undecided"
    if one.index in seen.missing:
        return "checking"
    if prop and seen.asks(one, prop):
        return "ask"
    return "errors" if count else "fine"


def _column(visit: Visit, known: Catalogue, draft: drafts.Draft, one: ColumnPlan) -> ColumnPlan:
    """The column as the form has it. What was said of its cells falls with the property that they were read as."""
    related = relations.column(visit, one, relations.of(known, draft))
    if related is not None:
        return related
    goes = _goal(visit, known, draft, one)
    column = one
    if goes != (one.imported_as, one.object_type, one.property):
        other = goes[1] if goes[0] is As.ASSOCIATION else None
        key = _key_of(draft, one, goes[1]) if goes[0] is As.KEY else _home_key(draft, one, goes[1])
        column = _bare(one, goes, clears=one.clears, other=other, key=key)
    return replace(column, overwrite=_overwrite(visit, one))


def _bare(one: ColumnPlan, goes: tuple[As, str | None, str | None], **more: Any) -> ColumnPlan:
    """The same column of which nothing else has been said."""
    return ColumnPlan(one.index, one.header, *goes, source=one.source, **more)


def _key_of(draft: drafts.Draft, one: ColumnPlan, object_type: str | None) -> str | None:
    """By what columns of other sources tell the records of this object apart: what joins them with this one first."""
    joins = [*filter(None, [draft.join_of(one)]), *draft.joined]
    joined = next((join.key for join in joins if join.object_type == object_type), None)
    known = (
        c.key for c in draft.plan.columns if c.object_type == object_type and c.key and c.imported_as is not As.KEY
    )
    return joined or next(known, None)


def _home_key(draft: drafts.Draft, one: ColumnPlan, object_type: str | None) -> str | None:
    """The column that ties files together does so whatever else it is mapped to."""
    join = draft.join_of(one)
    return join.key if join and object_type == join.object_type else None


def _goal(visit: Visit, known: Catalogue, draft: drafts.Draft, one: ColumnPlan) -> tuple[As, str | None, str | None]:
    choice, named = visit.field(f"as-{one.index}"), visit.field(f"property-{one.index}")
    if choice.startswith(RECORD_ID) and choice.removeprefix(RECORD_ID) in draft.objects:
        return As.RECORD_ID, choice.removeprefix(RECORD_ID), None
    if choice.startswith(KEY) and choice.removeprefix(KEY) in draft.objects:
        return As.KEY, choice.removeprefix(KEY), None
    if choice.startswith(WITHIN) and choice.removeprefix(WITHIN) in draft.objects:
        return _within(visit, known, one, choice.removeprefix(WITHIN), named)
    # A property that was named without saying of what belongs to the object that has it.
    among = draft.objects if choice == UNDECIDED else tuple(name for name in draft.objects if name == choice)
    found = _named(known, among, named)
    return (As.PROPERTY, *found) if found else (As.NOTHING, _home_of(draft, one), None)


def _home_of(draft: drafts.Draft, one: ColumnPlan) -> str | None:
    """Whose records the column tells apart inside the files, though no property takes it."""
    join = draft.join_of(one)
    others = (c for c in draft.plan.part(one.source).columns if c.index != one.index and c.imported_as is not As.KEY)
    return join.object_type if join and any(c.object_type == join.object_type for c in others) else None


def _within(
    visit: Visit, known: Catalogue, one: ColumnPlan, name: str, named: str
) -> tuple[As, str | None, str | None]:
    """A column that names other records of its own object (I-57), by what tells them apart (I-58): what was chosen,
    else what they are best known by."""
    unique = [prop for prop in known.object_types[name].properties.values() if prop.unique]
    by_name = {prop.label.casefold(): prop.name for prop in unique} | {prop.name: prop.name for prop in unique}
    before = one.property if (one.imported_as, one.object_type) == (As.ASSOCIATION, name) else None
    best = unique[0].name if unique else ID_PROPERTY
    by_name |= {visit.gettext("Record ID").casefold(): ID_PROPERTY, ID_PROPERTY: ID_PROPERTY}
    chosen = by_name.get(named.casefold(), by_name.get(named))
    return As.ASSOCIATION, name, chosen or before or best


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


def _require_complete(visit: Visit, job: Import, draft: drafts.Draft, known: Catalogue, source: int) -> None:
    if drafts.seen(visit, job, draft).rows == 0:
        raise errors.Invalid(visit.gettext("The file has a header but no rows, so there is nothing to import."))
    missing = draft.unmapped(source)
    if missing and not draft.skip:
        names = ", ".join(f"“{one.header or one.index + 1}”" for one in missing[:3])
        if len(missing) == 1:
            told = visit.gettext("%(names)s is not mapped: choose a property, or tick that it is left out.")
        else:
            told = visit.gettext(
                "%(count)s columns are not mapped (%(names)s): choose a property, or tick that they are left out."
            )
        raise errors.Invalid(told % {"count": len(missing), "names": names + (" …" if len(missing) > 3 else "")})
