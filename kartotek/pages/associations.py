"""Associations of one record: add existing ones in steps that store nothing before Save, and remove them."""

from dataclasses import dataclass, replace

from kartotek import errors
from kartotek.domain import access, associations, records
from kartotek.model.filters import Query
from kartotek.model.object_types import ObjectType
from kartotek.model.records import Record
from kartotek.pages import card, nouns, render
from kartotek.pages import records as pages
from kartotek.pages.render import Answer
from kartotek.pages.visit import Visit

OFFERED = 20
# More than any record has companies to choose a new primary one from.
ALL = 1000


@dataclass(frozen=True, slots=True)
class Offer:
    """A record that may be ticked; one that is associated already is shown, ticked and greyed."""

    record: Record
    facts: list[str]
    ticked: bool
    associated: bool


def new(visit: Visit, objects: str, id: int, other: str) -> Answer:
    """Step one: search and tick. Step two, for companies: which is the primary one."""
    record, linked = _ends(visit, objects, id, other)
    ticked = [int(text) for text in visit.queries("ids") or visit.fields("ids") if text.isdecimal()]
    chosen = records.many(visit.tx, visit.actor, linked, ticked) if ticked else []
    if chosen and (visit.query("step") == "primary" or visit.wrong):
        return render.page(
            visit,
            "associations/primary_choice.html",
            record=record,
            other=linked,
            chosen=chosen,
            primary=_primary(visit, record),
        )
    return render.page(
        visit,
        "associations/new.html",
        record=record,
        other=linked,
        offers=_offers(visit, record, linked, chosen),
        asks_primary=_has_primary(record, linked),
    )


def create(visit: Visit, objects: str, id: int, other: str) -> Answer:
    """Stores all that was ticked, the primary mark with it, or nothing."""
    record, linked = _ends(visit, objects, id, other)
    ids = visit.numbers("ids")
    if not ids:
        raise errors.Invalid(visit.gettext("Tick at least one."))
    wanted = visit.field("primary")
    associations.link(
        visit.tx,
        visit.actor,
        record.object_type,
        record.id,
        linked,
        ids,
        primary=int(wanted) if wanted.isdecimal() else None,
        replace=bool(visit.field("replace")),
    )
    names = ", ".join(one.name for one in records.many(visit.tx, visit.actor, linked, ids)[:3])
    return _back(record, visit.gettext("%(names)s: associated.") % {"names": names})


def removal(visit: Visit, objects: str, id: int, other: str, other_id: int) -> Answer:
    """Asks before the association ends, and for a new primary company when this one is."""
    record, linked = _ends(visit, objects, id, other)
    gone = records.get(visit.tx, visit.actor, linked, other_id)
    is_primary = _has_primary(record, linked) and record.primary == other_id
    rest = _companies(visit, record, but=other_id) if is_primary else []
    return render.page(visit, "associations/removal.html", record=record, gone=gone, rest=rest)


def remove(visit: Visit, objects: str, id: int, other: str, other_id: int) -> Answer:
    record, linked = _ends(visit, objects, id, other)
    gone = records.get(visit.tx, visit.actor, linked, other_id)
    wanted = visit.field("new_primary")
    associations.unlink(
        visit.tx,
        visit.actor,
        record.object_type,
        record.id,
        linked,
        other_id,
        new_primary=int(wanted) if wanted.isdecimal() else None,
    )
    return _back(record, visit.gettext("%(name)s is no longer associated.") % {"name": gone.name})


def _ends(visit: Visit, objects: str, id: int, other: str) -> tuple[Record, ObjectType]:
    object_type, linked = pages.known(visit, objects), pages.known(visit, other)
    if not nouns.load(visit).can_associate(object_type.name, linked.name):
        raise errors.NotFound(
            visit.gettext("%(one)s and %(other)s cannot be associated.")
            % {"one": object_type.label_plural, "other": linked.label_plural}
        )
    access.require(visit.actor, "edit", object_type.name)
    return records.get(visit.tx, visit.actor, object_type, id), linked


def _has_primary(record: Record, linked: ObjectType) -> bool:
    return record.object_type.has_primary_company and linked.name == "companies"


def _primary(visit: Visit, record: Record) -> Record | None:
    return (
        records.get(visit.tx, visit.actor, pages.known(visit, "companies"), record.primary) if record.primary else None
    )


def _companies(visit: Visit, record: Record, *, but: int) -> list[Record]:
    linked = associations.of(visit.tx, visit.actor, record, pages.known(visit, "companies"), limit=ALL)
    return [one.record for one in linked if one.record.id != but]


def _offers(visit: Visit, record: Record, linked: ObjectType, chosen: list[Record]) -> list[Offer]:
    """What is ticked stays on top; below it what the search finds."""
    words = pages.words(visit)
    query = Query(search=visit.query("q") or None, limit=OFFERED)
    found = records.find(visit.tx, visit.actor, linked, query, linked.secondary).records
    # The same order and the same limit: whatever of the above is associated is among these.
    of_record = records.find(visit.tx, visit.actor, linked, replace(query, associated_with=record.id), ()).records
    there = {one.id for one in of_record}
    ticked = {one.id for one in chosen}
    everything = [*chosen, *(one for one in found if one.id not in ticked and one.id != record.id)]
    return [Offer(one, card.facts(one, words), one.id in ticked, one.id in there) for one in everything]


def _back(record: Record, said: str) -> Answer:
    return render.go(f"/{record.object_type.name}/{record.id}?side=associations", said=said)
