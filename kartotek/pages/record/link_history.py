"""Association history: what of one object a record has been associated with, and all that happened to one of them."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from kartotek.domain import records
from kartotek.domain.history import links
from kartotek.model.history import Update
from kartotek.model.object_types import ObjectType
from kartotek.model.records import Record
from kartotek.pages import language, nouns, render, shown
from kartotek.pages import records as pages
from kartotek.pages.record import origins
from kartotek.pages.render import Answer
from kartotek.pages.visit import Visit

PER_PAGE = 50
_ZERO = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Line:
    update: Update
    what: str
    origin: origins.Told


def index(visit: Visit, objects: str, id: int) -> Answer:
    record = records.get(visit.tx, visit.actor, pages.known(visit, objects), id)
    offered = nouns.load(visit).associable(record.object_type.name)
    wanted = visit.query("object")
    other = next((one for one in offered if one.name == wanted), None) or next(
        (one for one in offered if links.of(visit.tx, visit.actor, record, one, limit=1)), offered[0]
    )
    found = links.of(visit.tx, visit.actor, record, other, after=_place(visit), limit=PER_PAGE + 1)
    return render.page(
        visit,
        "history/links.html",
        record=record,
        offered=offered,
        other=other,
        lines=[_line(visit, one) for one in found[:PER_PAGE]],
        later=_address(record, other, found[PER_PAGE - 1]) if len(found) > PER_PAGE else None,
        begins=not visit.query("after"),
    )


def show(visit: Visit, objects: str, id: int, other: str, other_id: int) -> Answer:
    """One association, whether it stands or not."""
    record = records.get(visit.tx, visit.actor, pages.known(visit, objects), id)
    linked = pages.known(visit, other)
    found = links.between(visit.tx, visit.actor, record, linked, other_id)
    name = next((one.name for one in found if one.name), None) or str(other_id)
    return render.page(
        visit,
        "history/link.html",
        record=record,
        other=linked,
        name=name,
        lines=[_line(visit, one) for one in found],
    )


def _line(visit: Visit, update: Update) -> Line:
    return Line(update, _what(visit, update), origins.told(visit, update.origin))


def _what(visit: Visit, update: Update) -> str:
    _ = visit.gettext
    said = {
        "created": _("Created"),
        "removed": _("Removed"),
        "label added": _("Label added"),
        "label removed": _("Label removed"),
        "primary set": _("Set as primary"),
        "primary removed": _("Removed as primary"),
        "dates set": _("Days said"),
        "dates removed": _("Days no longer said"),
    }[update.what]
    about = update.label or shown.stretch(update.starts_on, update.ends_on, visit.locale, visit.gettext)
    return f"{said}: {about}" if about else said


def _address(record: Record, other: ObjectType, last: Update) -> str:
    at, id, place = last.place
    after = f"{(at - _ZERO) // timedelta(microseconds=1)}-{id}-{place}"
    pairs = language.query_string([("object", other.name), ("after", after)])
    return f"/{record.object_type.name}/{record.id}/associations/history{pairs}"


def _place(visit: Visit) -> links.Place | None:
    """Where the page before ended; an address that somebody has changed begins at the newest."""
    parts = visit.query("after").split("-")
    if len(parts) != 3 or not all(part.isdecimal() and len(part) < 18 for part in parts):
        return None
    at, id, place = map(int, parts)
    return (_ZERO + timedelta(microseconds=at), id, min(place, 2)) if at < 10**16 else None
