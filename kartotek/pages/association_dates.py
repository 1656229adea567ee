"""The first and the last day of one association, said by hand."""

from datetime import date

from kartotek import errors
from kartotek.domain import access, association_dates, records
from kartotek.model.records import Record
from kartotek.pages import associations, render, shown
from kartotek.pages import records as pages
from kartotek.pages.render import Answer
from kartotek.pages.visit import Visit


def edit(visit: Visit, objects: str, id: int, other: str, other_id: int) -> Answer:
    record, linked = _both(visit, objects, id, other, other_id)
    there = association_dates.of(visit.tx, record.object_type, id, linked.object_type, other_id)
    starts, ends = had = ["" if one is None else one.isoformat() for one in there]
    if visit.wrong:
        starts, ends, *had = map(visit.field, ("starts_on", "ends_on", "had_start", "had_end"))
    return render.page(
        visit, "associations/dates.html", record=record, linked=linked, starts_on=starts, ends_on=ends, had=had
    )


def update(visit: Visit, objects: str, id: int, other: str, other_id: int) -> Answer:
    record, linked = _both(visit, objects, id, other, other_id)
    there = association_dates.of(visit.tx, record.object_type, id, linked.object_type, other_id)
    starts, ends = (
        _said(visit, name, had, now)
        for name, had, now in zip(("starts_on", "ends_on"), ("had_start", "had_end"), there, strict=True)
    )
    changed = association_dates.say(
        visit.tx, visit.actor, record.object_type, id, linked.object_type, other_id, starts, ends
    )
    if not changed:
        return associations.back(record, visit.gettext("Nothing has changed."))
    told = shown.stretch(starts, ends, visit.locale, visit.gettext)
    said = "%(name)s: %(days)s." if told else visit.gettext("Nothing is said any more of when %(name)s is associated.")
    return associations.back(record, said % {"name": linked.name, "days": told})


def _said(visit: Visit, name: str, had: str, now: date | None) -> date | None:
    """What a person leaves as they found it is not theirs to say: somebody else may have changed it since."""
    is_left = had in visit.asked.form and visit.field(name) == visit.field(had)
    return now if is_left else _day(visit, visit.field(name))


def _day(visit: Visit, text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise errors.Invalid(
            visit.gettext("“%(text)s” is not a day. Write it as 2026-04-03.") % {"text": text}
        ) from error


def _both(visit: Visit, objects: str, id: int, other: str, other_id: int) -> tuple[Record, Record]:
    one, linked = pages.known(visit, objects), pages.known(visit, other)
    access.require(visit.actor, "edit", one)
    return records.get(visit.tx, visit.actor, one, id), records.get(visit.tx, visit.actor, linked, other_id)
