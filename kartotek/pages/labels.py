"""The labels of one association: which it has, and which there are to choose from."""

from kartotek import errors
from kartotek.domain import access, labels, records
from kartotek.model.records import Record
from kartotek.pages import associations, nouns, render
from kartotek.pages import records as pages
from kartotek.pages.render import Answer
from kartotek.pages.visit import Visit


def edit(visit: Visit, objects: str, id: int, other: str, other_id: int) -> Answer:
    record, linked = _both(visit, objects, id, other, other_id)
    has = labels.of(visit.tx, record.object_type, id, linked.object_type, [other_id]).get(other_id, ())
    chosen = visit.numbers("labels") if visit.wrong else [one.id for one in has]
    return render.page(
        visit,
        "associations/edit_labels.html",
        record=record,
        linked=linked,
        labels=nouns.load(visit).labels(objects, other),
        chosen=chosen,
        had=visit.numbers("had") if visit.wrong else [one.id for one in has],
    )


def update(visit: Visit, objects: str, id: int, other: str, other_id: int) -> Answer:
    record, linked = _both(visit, objects, id, other, other_id)
    wanted, had = visit.numbers("labels"), visit.numbers("had") if visit.fields("had") else None
    added, removed = labels.edit(
        visit.tx, visit.actor, record.object_type, id, linked.object_type, other_id, wanted, had
    )
    if not added and not removed:
        return associations.back(record, visit.gettext("Nothing has changed."))
    now = labels.of(visit.tx, record.object_type, id, linked.object_type, [other_id]).get(other_id, ())
    told = [one.label or "" for one in map(nouns.load(visit).association_type, (each.id for each in now)) if one]
    said = visit.gettext("%(name)s: %(labels)s.") if told else visit.gettext("%(name)s has no label any more.")
    return associations.back(record, said % {"name": linked.name, "labels": ", ".join(told)})


def _both(visit: Visit, objects: str, id: int, other: str, other_id: int) -> tuple[Record, Record]:
    one, linked = pages.known(visit, objects), pages.known(visit, other)
    if not nouns.load(visit).labels(one.name, linked.name):
        raise errors.NotFound(
            visit.gettext("There are no labels between %(one)s and %(other)s.")
            % {"one": one.label_plural.lower(), "other": linked.label_plural.lower()}
        )
    access.require(visit.actor, "edit", one)
    return records.get(visit.tx, visit.actor, one, id), records.get(visit.tx, visit.actor, linked, other_id)
