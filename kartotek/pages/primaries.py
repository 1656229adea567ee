"""The primary company of a record: set another one, or take the mark away."""

from kartotek import errors
from kartotek.domain import access, primaries, records
from kartotek.model.records import Record
from kartotek.pages import associations as links
from kartotek.pages import records as pages
from kartotek.pages import render
from kartotek.pages.render import Answer
from kartotek.pages.visit import Visit, whole


def new(visit: Visit, objects: str, id: int, other: str, other_id: int) -> Answer:
    record, wanted = _both(visit, objects, id, other, other_id)
    current = links.holder(visit, record)
    return render.page(visit, "associations/primary.html", record=record, wanted=wanted, current=current)


def create(visit: Visit, objects: str, id: int, other: str, other_id: int) -> Answer:
    """Replacing one that is there takes a tick: two people may have looked at it at different times."""
    record, wanted = _both(visit, objects, id, other, other_id)
    current, replaces = links.holder(visit, record), visit.field("replace")
    if current and current.id != other_id and not replaces:
        raise errors.Invalid(links.unticked(visit, wanted.name, current.name))
    former = whole(replaces)
    primaries.replace(visit.tx, visit.actor, record.object_type, record.id, other_id, former)
    said = visit.gettext("%(company)s is the primary company of %(name)s now.")
    return links.back(record, said % {"company": wanted.name, "name": record.name})


def removal(visit: Visit, objects: str, id: int, other: str, other_id: int) -> Answer:
    record, gone = _both(visit, objects, id, other, other_id)
    return render.page(
        visit,
        "associations/primary_removal.html",
        record=record,
        gone=gone,
        rest=links.companies(visit, record, but=other_id),
        obligatory=record.object_type.name == "contacts",
    )


def remove(visit: Visit, objects: str, id: int, other: str, other_id: int) -> Answer:
    record, gone = _both(visit, objects, id, other, other_id)
    successor = whole(visit.field("new_primary"))
    if successor is None and record.object_type.name == "contacts":
        raise errors.Invalid(visit.gettext("Choose the new primary company: a contact with companies always has one."))
    primaries.remove(visit.tx, visit.actor, record.object_type, record.id, successor, company=gone.id)
    return links.back(record, visit.gettext("%(company)s is no longer primary.") % {"company": gone.name})


def _both(visit: Visit, objects: str, id: int, other: str, other_id: int) -> tuple[Record, Record]:
    object_type = pages.known(visit, objects)
    if other != "companies" or not object_type.has_primary_company:
        raise errors.NotFound(visit.gettext("Only a company can be primary, and companies have none themselves."))
    access.require(visit.actor, "edit", object_type)
    record = records.get(visit.tx, visit.actor, object_type, id)
    return record, records.get(visit.tx, visit.actor, pages.known(visit, "companies"), other_id)
