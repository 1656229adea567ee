"""Restore records: what was archived, when and by whom; ticked ones come back."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from kartotek import errors
from kartotek.domain import restoring
from kartotek.model.history import Origin
from kartotek.pages import language, render
from kartotek.pages import records as pages
from kartotek.pages.record import origins
from kartotek.pages.render import Answer
from kartotek.pages.visit import Visit

PER_PAGE = 50
_ZERO = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Line:
    archived: restoring.Archived
    origin: origins.Told
    until: datetime  # when it goes for good


def new(visit: Visit, objects: str) -> Answer:
    object_type = pages.known(visit, objects)
    search = visit.query("q")
    found = restoring.archived(
        visit.tx, visit.actor, object_type, after=_place(visit), search=search or None, limit=PER_PAGE + 1
    )
    later = None
    if len(found) > PER_PAGE:
        at, id = found[PER_PAGE - 1].place
        after = f"{(at - _ZERO) // timedelta(microseconds=1)}-{id}"
        later = f"/{object_type.name}/restorations/new" + language.query_string([("q", search), ("after", after)])
    return render.page(
        visit,
        "restorations/new.html",
        object_type=object_type,
        lines=[_line(visit, one) for one in found[:PER_PAGE]],
        later=later,
        days=restoring.DAYS,
        ticked=visit.fields("ids"),
    )


def create(visit: Visit, objects: str) -> Answer:
    object_type = pages.known(visit, objects)
    ids = visit.numbers("ids")
    if not ids:
        raise errors.Invalid(
            visit.gettext("Tick the %(objects)s to restore first.") % {"objects": object_type.label_plural.lower()}
        )
    done = restoring.restore(visit.tx, visit.actor, object_type, ids)
    label = object_type.label if done.records == 1 else object_type.label_plural
    said = visit.gettext("%(count)s %(objects)s restored, with %(links)s associations.")
    if done.associations == 1:
        said = visit.gettext("%(count)s %(objects)s restored, with one association.")
    if done.left:
        said += " " + visit.gettext("%(left)s associations or labels have no room any more, so they stay ended.")
    home = f"/{object_type.name}/{ids[0]}" if len(ids) == 1 else f"/{object_type.name}"
    told = {"count": done.records, "objects": label.lower(), "links": done.associations, "left": done.left}
    return render.go(home, said=said % told)


def _line(visit: Visit, one: restoring.Archived) -> Line:
    origin = Origin(one.source, one.source_id, one.person, one.by)
    return Line(one, origins.told(visit, origin), one.at + timedelta(days=restoring.DAYS))


def _place(visit: Visit) -> tuple[datetime, int] | None:
    parts = visit.query("after").split("-")
    if len(parts) != 2 or not all(part.isdecimal() and len(part) < 18 for part in parts):
        return None
    at, id = map(int, parts)
    return (_ZERO + timedelta(microseconds=at), id) if at < 10**16 else None
