"""One column of the file: what is wrong in it, what mends that, and what it may do to records that exist."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

from kartotek import errors
from kartotek.domain import imports, properties
from kartotek.imports import mapping, report, survey
from kartotek.imports.table import As, ColumnPlan, Mode, Overwrite, Several, Trusted
from kartotek.model.imports import Import, State
from kartotek.model.properties import Property
from kartotek.pages import nouns, render
from kartotek.pages.render import Answer
from kartotek.pages.visit import Visit, whole
from kartotek.pages.wizard import draft as drafts
from kartotek.pages.wizard import formats
from kartotek.values import SEVERAL

# What no option can be added for: these are people, pipelines and stages.
_ADDABLE = "INVALID_ENUMERATION_OPTION"


@dataclass(frozen=True, slots=True)
class Value:
    """A value of the file, in how many rows (None: not counted any more), and what is read instead of it."""

    number: int
    text: str
    rows: int | None
    instead: str | None = None


@dataclass(frozen=True, slots=True)
class Explained:
    """One kind of problem. `more`: rows with other values than those shown."""

    type: str
    title: str
    rows: int
    values: list[Value]
    more: int
    sentence: str
    addable: int  # how many missing options may be added


@dataclass(frozen=True, slots=True)
class _Here:
    job: Import
    draft: drafts.Draft
    column: ColumnPlan
    property: Property | None


def edit(visit: Visit, id: int, index: int) -> Answer:
    """Each kind of problem with its values, and what to do."""
    here = _here(visit, id, index)
    seen = drafts.seen(visit, here.job, here.draft)
    numbers = iter(range(1_000_000))
    prop = here.property
    asks = prop is not None and seen.asks(here.column, prop)
    # As long as nobody has said how dates or numbers are written, what cannot be read follows from that alone.
    found = () if asks else seen.of(index)
    return render.page(
        visit,
        "imports/column.html",
        job=here.job,
        column=here.column,
        property=prop,
        checking=index in seen.missing,
        asks=asks,
        format=formats.of_column(visit, seen, here.column, prop),
        instead=[Value(next(numbers), text, None, other) for text, other in here.column.values],
        keeps_out=any(_keeps_out(visit, here, kind.type) for kind in found),
        makes_none=_makes_none(visit, here),
        kinds=[_explained(visit, here, seen, kind, numbers) for kind in found],
        options=_options(visit, prop),
        pipelines=visit.actor.rights.settings and prop is not None and _is_piped(visit, prop),
        plural=prop is not None and prop.kind in SEVERAL,
        others=[one for one in here.draft.plan.columns if one.index != index],
        trusted=list(Trusted),
    )


def update(visit: Visit, id: int, index: int) -> Answer:
    """Keeps what the panel says of the column as a whole: its format, its policy, and values read as others."""
    here = _here(visit, id, index)
    column = _told(visit, here)
    return _keep(visit, _dated(visit, here) if column.overwrite is Overwrite.NEWEST else here, column)


def add_options(visit: Visit, id: int, index: int) -> Answer:
    """The values that are no options yet become some, but for those that are read as something else."""
    here = _here(visit, id, index)
    if here.property is None:
        raise errors.Invalid(visit.gettext("The column is not mapped to a property."))
    seen = drafts.seen(visit, here.job, here.draft)
    column = _told(visit, here)
    mended = {text for text, _ in column.values}
    wrong = [text for kind in seen.of(index) if kind.type == _ADDABLE for text, _ in kind.values]
    texts = properties.missing_options(here.property, [text for text in wrong if text not in mended])
    properties.add_options(visit.tx, visit.actor, here.property, texts)
    return _keep(visit, here, column)


def at(visit: Visit, id: int, index: int) -> tuple[Import, drafts.Draft, ColumnPlan]:
    """The draft and its column, for what is done to one of them."""
    here = _here(visit, id, index)
    return here.job, here.draft, here.column


def keep(visit: Visit, job: Import, draft: drafts.Draft, column: ColumnPlan) -> None:
    columns = tuple(column if one.index == column.index else one for one in draft.plan.columns)
    left_out = tuple(i for i in draft.left_out if i != column.index or column.imported_as is As.NOTHING)
    drafts.save(visit, job, replace(draft, plan=replace(draft.plan, columns=columns), left_out=left_out))


def _keep(visit: Visit, here: _Here, column: ColumnPlan) -> Answer:
    keep(visit, here.job, here.draft, column)
    return render.go(f"/imports/{here.job.id}/mapping#column-{column.index}")


def _here(visit: Visit, id: int, index: int) -> _Here:
    job = imports.get(visit.tx, visit.actor, id)
    if job.state is not State.DRAFT:
        raise errors.Conflict(visit.gettext("This import has started already, so its columns cannot change any more."))
    draft = drafts.of(job)
    if not 0 <= index < len(draft.plan.columns):
        raise errors.NotFound(visit.gettext("The file has no such column."))
    column = draft.plan.columns[index]
    return _Here(job, draft, column, _property(visit, column))


def _property(visit: Visit, column: ColumnPlan) -> Property | None:
    """What the column is mapped to."""
    if column.imported_as is not As.PROPERTY or not column.object_type or not column.property:
        return None
    return nouns.load(visit).object_types[column.object_type].properties.get(column.property)


def _told(visit: Visit, here: _Here) -> ColumnPlan:
    """The column as the panel has it."""
    overwrite, several = visit.field("overwrite"), visit.field("several")
    column = replace(
        here.column,
        overwrite=Overwrite(overwrite) if overwrite in list(Overwrite) else here.column.overwrite,
        several=Several(several) if several in list(Several) else here.column.several,
        clears=bool(visit.field("clears")),
        trusted=tuple(one for one in Trusted if visit.field(f"trusted-{one}")) or here.column.trusted,
        skips_wrong=bool(visit.field("skips_wrong")),
        values=tuple(_read_instead(visit)),
    )
    # What stands ticked because it is so in the whole file is no choice for this column: the details ask it (I-96).
    if here.property is not None and visit.field("format") not in ("", visit.field("format_was")):
        return formats.chosen(column, here.property, visit.field("format"))
    return column


def _dated(visit: Visit, here: _Here) -> _Here:
    """With the column that dates the rows, which is one for the whole file."""
    chosen = whole(visit.field("dated_by"))
    if chosen not in {one.index for one in here.draft.plan.columns}:
        raise errors.Invalid(visit.gettext("Choose the column that says when the values of a row were true."))
    columns = tuple(replace(one, dates_rows=one.index == chosen) for one in here.draft.plan.columns)
    draft = replace(here.draft, plan=replace(here.draft.plan, columns=columns))
    return replace(here, draft=draft, column=columns[here.column.index])


def _read_instead(visit: Visit) -> Iterator[tuple[str, str]]:
    """What each value is to be read as; a tick reads it as a blank cell."""
    for number, value in visit.numbered("value"):
        # A browser sends every end of a line as two characters.
        text, instead = value.replace("\r\n", "\n"), visit.field(f"instead-{number}")
        if visit.field(f"blank-{number}"):
            yield text, ""
        elif instead:
            yield text, instead


def _explained(visit: Visit, here: _Here, seen: survey.Survey, kind: survey.Kind, numbers: Iterator[int]) -> Explained:
    example = {
        "type": kind.type,
        "object_type": here.column.object_type,
        "property": here.column.property,
        "place": here.column.index,
        "value": kind.values[0][0] if kind.values else "",
    }
    prop = here.property
    return Explained(
        kind.type,
        report.title(example, visit.gettext),
        kind.rows,
        [Value(next(numbers), text, count) for text, count in kind.values],
        kind.rows - sum(count for _, count in kind.values),
        report.reason(nouns.load(visit), seen.plan, example, visit.gettext),
        _addable(visit, prop, kind) if prop is not None and kind.type == _ADDABLE else 0,
    )


def _keeps_out(visit: Visit, here: _Here, type: str) -> bool:
    """Whether a row is not imported for it, rather than without the value."""
    one = nouns.load(visit).object_types.get(here.column.object_type or "")
    lone = type == "INVALID_DOMAIN" and one is not None and report.is_by_domain(here.draft.plan, one)
    return lone or type in report.REFUSING


def _makes_none(visit: Visit, here: _Here) -> bool:
    """Whether a row without this value makes no new record: it is needed, and no other column could do instead."""
    plan, prop = here.draft.plan, here.property
    if prop is None:
        return False
    guides = mapping.guide(plan, nouns.load(visit).object_types)
    one = next((one for one in guides if one.object_type.name == prop.object_type), None)
    if one is None or one.mode is Mode.UPDATE:
        return False
    mapped = {column.property for column in plan.of(prop.object_type)}
    groups = [{other.name for other in need.properties} & mapped for need in one.to_create]
    return {prop.name} in groups


def _is_piped(visit: Visit, prop: Property) -> bool:
    one = nouns.load(visit).object_types[prop.object_type]
    return prop.name in (one.pipeline, one.stage)


def _addable(visit: Visit, prop: Property, kind: survey.Kind) -> int:
    if not properties.may_add_options(visit.tx, visit.actor, prop):
        return 0
    return len(properties.missing_options(prop, [text for text, _ in kind.values]))


def _options(visit: Visit, prop: Property | None) -> list[str]:
    """What may be written instead of a value, where that is one of a list; options of one label by their values."""
    if prop is None or prop.kind not in ("choice", "choices", "owner"):
        return []
    known = nouns.load(visit)
    found = properties.options(visit.tx, known, known.object_types[prop.object_type], prop)
    labels = Counter(option.label for option in found)
    return [option.label if labels[option.label] == 1 else option.value for option in found if not option.hidden]
