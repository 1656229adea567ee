"""The lists that one record is on: static ones it is put on and taken off, active ones it is on by what it says."""

from kartotek import errors
from kartotek.domain import access, lists
from kartotek.domain import records as found
from kartotek.model.lists import List
from kartotek.model.object_types import ObjectType
from kartotek.pages import records, render
from kartotek.pages.render import Answer
from kartotek.pages.visit import Visit


def index(visit: Visit, objects: str, id: int) -> Answer:
    object_type = records.known(visit, objects)
    record = found.get(visit.tx, visit.actor, object_type, id)
    on = lists.of_record(visit.tx, visit.actor, object_type, id)
    known = [one for one in _static(visit, object_type) if one.id not in {each.id for each in on}]
    may_edit = access.may(visit.actor, "edit", object_type.name) and record.archived is None
    return render.page(visit, "lists/of_record.html", record=record, on=on, lists=known, may_edit=may_edit)


def create(visit: Visit, objects: str, id: int) -> Answer:
    object_type = records.known(visit, objects)
    record = found.get(visit.tx, visit.actor, object_type, id)
    name, chosen = visit.field("name"), visit.field("list")
    if not name and chosen not in {str(one.id) for one in _static(visit, object_type)}:
        raise errors.Invalid(visit.gettext("Choose a list, or name a new one."))
    list = lists.create(visit.tx, visit.actor, object_type, name) if name else int(chosen)
    lists.add(visit.tx, visit.actor, list, [id])
    called = lists.uncounted(visit.tx, visit.actor, list).name
    said = visit.gettext("%(name)s is on the list “%(list)s” now.") % {"name": record.name, "list": called}
    return render.go(f"/{object_type.name}/{id}", said=said)


def remove(visit: Visit, objects: str, id: int, list: int) -> Answer:
    object_type = records.known(visit, objects)
    record = found.get(visit.tx, visit.actor, object_type, id)
    called = lists.uncounted(visit.tx, visit.actor, list).name
    lists.remove(visit.tx, visit.actor, list, [id])
    back = render.Back(f"/{object_type.name}/{id}/memberships", visit.gettext("Undo"), {"list": str(list)})
    said = visit.gettext("%(name)s is off the list “%(list)s” now.") % {"name": record.name, "list": called}
    return render.go(f"/{object_type.name}/{id}", said=said, back=back)


def _static(visit: Visit, object_type: ObjectType) -> list[List]:
    """Those that records are put on by hand."""
    return [one for one in lists.of_object(visit.tx, visit.actor, object_type) if not one.is_active]
