"""Take an import back: what that would do, how far it is, and what stays of the import and why."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from kartotek.domain import imports, undoing
from kartotek.model.imports import ENDED, State
from kartotek.model.object_types import ObjectType
from kartotek.model.undos import Remainder, UndoBooks, UndoState, Why
from kartotek.pages import nouns, records, render
from kartotek.pages.render import Answer
from kartotek.pages.visit import Visit

PER_PAGE = 100
# A preview looks at every record; beyond this many rows the page comes first, and the counts when they are there.
AT_ONCE = 20_000
_UNDER_WAY = (UndoState.STARTED, UndoState.PROCESSING)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the books: of what, taken back, stays, gone before."""

    icon: str
    what: str
    back: int
    stays: int
    gone: int


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that stays, and why."""

    remainder: Remainder
    object_type: ObjectType
    property: str
    value: str
    why: str
    other: str | None  # the address of the record that has to do with it


@dataclass(frozen=True, slots=True)
class Group:
    """How much stays of one property for one reason."""

    object_type: ObjectType
    property: str
    why: str
    count: int


def new(visit: Visit, id: int) -> Answer:
    """What an undo would do, to be confirmed."""
    job = imports.get(visit.tx, visit.actor, id)
    if job.state is State.DRAFT or undoing.of(visit.tx, [id]):
        return render.go(f"/imports/{id}" if job.state is State.DRAFT else f"/imports/{id}/undo")
    at_once = job.position <= AT_ONCE or bool(visit.query("counted"))
    shown = undoing.preview(visit.tx, visit.actor, id) if at_once else None
    return render.page(
        visit,
        "undos/new.html",
        job=job,
        running=job.state not in ENDED,
        rows=_rows(visit, shown.books) if shown else None,
        archived=sum(one["archived"] for one in shown.books.records.values()) if shown else 0,
        groups=_groups(visit, shown.stays) if shown else [],
        lines=_lines(visit, shown.remainders) if shown else [],
        staying=sum(shown.stays.values()) if shown else 0,
    )


def create(visit: Visit, id: int) -> Answer:
    undoing.start(visit.tx, visit.actor, id)
    return render.go(f"/imports/{id}/undo")


def show(visit: Visit, id: int) -> Answer:
    """How far the undo is, and what came of it."""
    job = imports.get(visit.tx, visit.actor, id)
    done = undoing.of(visit.tx, [id]).get(id)
    if done is None:
        return render.go(f"/imports/{id}/undo/new")
    page = max(1, visit.number("page", 1))
    stays = undoing.stays(visit.tx, id)
    found = undoing.remainders(visit.tx, visit.actor, id, limit=PER_PAGE, offset=(page - 1) * PER_PAGE)
    return render.page(
        visit,
        "undos/show.html",
        job=job,
        undo=done,
        running=done.state in _UNDER_WAY,
        percent=min(100, done.done * 100 // done.rows) if done.rows else 0,
        rows=_rows(visit, undoing.books(visit.tx, id)),
        groups=_groups(visit, stays),
        lines=_lines(visit, found),
        staying=sum(stays.values()),
        page=page,
        last=(page - 1) * PER_PAGE + len(found),
    )


def _rows(visit: Visit, books: UndoBooks) -> list[Row]:
    types, _ = nouns.load(visit).object_types, visit.gettext
    found = [
        Row(types[name].icon, _("%(objects)s created") % {"objects": types[name].label_plural},
            counts["archived"], counts["kept"], counts["gone"])
        for name, counts in books.records.items()
    ] + [
        Row(types[name].icon, _("%(objects)s: old values") % {"objects": types[name].label_plural},
            counts["restored"], counts["kept"], counts["gone"])
        for name, counts in books.values.items()
    ]  # fmt: skip
    links, labels = books.links, sum(books.labels.values())
    if links["ended"] + links["kept"] + links["gone"]:
        found.append(Row("unlink", _("Associations made"), links["ended"], links["kept"], links["gone"]))
    if links["restored"]:
        found.append(Row("unlink", _("Associations ended"), links["restored"], 0, 0))
    if labels:
        found.append(Row("unlink", _("Labels"), labels, 0, 0))
    if books.lists["ended"]:
        found.append(Row("list-details", _("Added to a list"), books.lists["ended"], 0, 0))
    return found


def _groups(visit: Visit, stays: Mapping[tuple[str, str | None, Why], int]) -> list[Group]:
    """How much stays, by property and reason; the most first."""
    types, short = nouns.load(visit).object_types, _short(visit)
    return [
        Group(types[name], _label(types[name], prop), short[why], count) for (name, prop, why), count in stays.items()
    ]


def _lines(visit: Visit, found: Iterable[Remainder]) -> list[Line]:
    known, words, reasons = nouns.load(visit), records.words(visit), _reasons(visit)
    lines = []
    for one in found:
        object_type = known.object_types[one.object_type]
        prop = object_type.properties.get(one.property or "")
        value = words.value(prop, one.value) if prop else one.value or ""
        other = f"/{one.other_type}/{one.other}" if one.other_type else None
        lines.append(Line(one, object_type, _label(object_type, one.property), value, reasons[one.why], other))
    return lines


def _label(object_type: ObjectType, name: str | None) -> str:
    if name is None:
        return ""
    prop = object_type.properties.get(name)
    return prop.label if prop else name


def _short(visit: Visit) -> dict[Why, str]:
    _ = visit.gettext
    return {
        Why.CHANGED: _("changed since"),
        Why.TAKEN: _("taken by another record"),
        Why.TOGETHER: _("goes with a value that stays"),
        Why.NEEDED: _("needed"),
        Why.UNFIT: _("does not fit any more"),
        Why.ARCHIVED: _("archived since"),
        Why.EDITED: _("created, then changed"),
        Why.LINKED: _("created, then associated"),
        Why.LABELLED: _("association labelled since"),
        Why.PRIMARY: _("primary company chosen since"),
        Why.FULL: _("no room for an association or label any more"),
    }


def _reasons(visit: Visit) -> dict[Why, str]:
    _ = visit.gettext
    return {
        Why.CHANGED: _("Somebody has changed it since the import."),
        Why.TAKEN: _("Its old value belongs to another record by now."),
        Why.TOGETHER: _("It makes sense only together with another value, which stays."),
        Why.NEEDED: _("Without it the record would have nothing to be known by."),
        Why.UNFIT: _("The property, or the stage in its pipeline, is not there any more."),
        Why.ARCHIVED: _("The record was archived after the import, so its values stay as they are."),
        Why.EDITED: _("The import created this record, and somebody has changed it since."),
        Why.LINKED: _("The import created this record, and somebody has associated it since."),
        Why.LABELLED: _("Somebody has labelled this association since the import."),
        Why.PRIMARY: _("Somebody has chosen the primary company since the import."),
        Why.FULL: _("The association or its label does not come back: a limit leaves no room for it by now."),
    }
