"""Associations of one record: the panel that adds existing ones in steps and stores nothing before Save; removal.

Each step is an address that carries what was chosen so far, so that a reload, Back and a link sent to a colleague show
the same: `step`, the search `q`, the ticked `ids`, `primary` and `replace`.
"""

from dataclasses import dataclass, replace
from typing import Any

from kartotek import errors
from kartotek.domain import access, associations, records
from kartotek.model.associations import AssociationType
from kartotek.model.filters import Query
from kartotek.model.object_types import ObjectType
from kartotek.model.records import Record
from kartotek.pages import card, nouns, render
from kartotek.pages import records as pages
from kartotek.pages.render import Answer
from kartotek.pages.visit import Visit, whole

OFFERED = 20
# More than any record has companies to choose a new primary one from.
ALL = 1000
SEARCH, PRIMARY, LABELS = "", "primary", "labels"


@dataclass(frozen=True, slots=True)
class Offer:
    """A record that may be ticked; one that is associated already is shown, ticked and greyed."""

    record: Record
    facts: list[str]
    ticked: bool
    associated: bool
    found: bool  # by what is searched for


@dataclass(frozen=True, slots=True)
class Holder:
    """The primary company of a record. Its name may be hidden from whoever looks."""

    id: int
    name: str


@dataclass(frozen=True, slots=True)
class Choice:
    """What was chosen in the steps so far."""

    records: list[Record]
    primary: str
    replace: str  # the company whose place that one takes
    labels: dict[int, list[int]]

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """As the address of a step carries it."""
        found = [("ids", str(one.id)) for one in self.records]
        found += [(name, value) for name, value in (("primary", self.primary), ("replace", self.replace)) if value]
        return found


def new(visit: Visit, objects: str, id: int, other: str) -> Answer:
    """The step that the address names; where what was sent cannot be done, the last one, which says why."""
    record, linked = _ends(visit, objects, id, other)
    choice = _choice(visit, linked)
    steps = _steps(visit, record, linked)
    step = visit.query("step") if choice.records else SEARCH
    if visit.wrong and choice.records:
        step = steps[-1]
    current = holder(visit, record) if PRIMARY in steps else None
    wrong = visit.wrong
    if step == LABELS and _lacks_tick(current, choice):
        # The tick belongs to the step before: nobody should come to label what will be refused.
        step, wrong = PRIMARY, wrong or _unticked(visit, current, choice)
    given: dict[str, Any] = {
        "record": record, "other": linked, "choice": choice, "primary": current, "wrong": wrong,
        "next": steps[steps.index(step) + 1] if step in steps[:-1] else None,
    }  # fmt: skip
    if step == PRIMARY and PRIMARY in steps:
        return render.page(visit, "associations/primary_choice.html", **given)
    if step == LABELS and LABELS in steps:
        return render.page(
            visit, "associations/labels.html", labels=_labels(visit, record, linked), back=steps[-2], **given
        )
    return render.page(visit, "associations/new.html", offers=_offers(visit, record, linked, choice.records), **given)


def create(visit: Visit, objects: str, id: int, other: str) -> Answer:
    """Stores all that was ticked, the primary mark and the labels with it, or nothing."""
    record, linked = _ends(visit, objects, id, other)
    ids = visit.numbers("ids")
    if not ids:
        raise errors.Invalid(visit.gettext("Tick at least one."))
    choice = _choice(visit, linked)
    associations.link(
        visit.tx,
        visit.actor,
        record.object_type,
        record.id,
        linked,
        ids,
        primary=whole(choice.primary),
        replaces=whole(choice.replace),
        labels={id: types for id, types in choice.labels.items() if id in ids},
    )
    names = ", ".join(one.name for one in choice.records[:3])
    if (more := len(ids) - 3) > 0:
        names = visit.gettext("%(names)s and %(number)s more") % {"names": names, "number": more}
    return back(record, visit.gettext("%(names)s: associated.") % {"names": names})


def removal(visit: Visit, objects: str, id: int, other: str, other_id: int) -> Answer:
    """Asks before the association ends, and for a new primary company when this one is."""
    record, linked = _ends(visit, objects, id, other)
    gone = records.get(visit.tx, visit.actor, linked, other_id)
    of_contact = linked.has_primary_company and record.object_type.name == "companies"
    one, company = (gone, record) if of_contact else (record, gone)
    is_primary = has_primary(one, company.object_type) and one.primary == company.id
    rest = companies(visit, one, but=company.id) if is_primary else []
    return render.page(
        visit, "associations/removal.html", record=record, gone=gone, rest=rest, one=one, company=company
    )


def remove(visit: Visit, objects: str, id: int, other: str, other_id: int) -> Answer:
    record, linked = _ends(visit, objects, id, other)
    gone = records.get(visit.tx, visit.actor, linked, other_id)
    associations.unlink(
        visit.tx,
        visit.actor,
        record.object_type,
        record.id,
        linked,
        other_id,
        new_primary=whole(visit.field("new_primary")),
    )
    return back(record, visit.gettext("%(name)s is no longer associated.") % {"name": gone.name})


def back(record: Record, said: str) -> Answer:
    return render.go(f"/{record.object_type.name}/{record.id}?side=associations", said=said)


def has_primary(record: Record, linked: ObjectType) -> bool:
    return record.object_type.has_primary_company and linked.name == "companies"


def holder(visit: Visit, record: Record) -> Holder | None:
    if not record.primary:
        return None
    found = records.many(visit.tx, visit.actor, pages.known(visit, "companies"), [record.primary])
    return Holder(record.primary, found[0].name if found else visit.gettext("Another company"))


def unticked(visit: Visit, wanted: str, current: str) -> str:
    said = visit.gettext("Tick that %(wanted)s replaces %(current)s; without it, %(current)s stays primary.")
    return said % {"wanted": wanted, "current": current}


def companies(visit: Visit, record: Record, *, but: int) -> list[Record]:
    linked = associations.of(visit.tx, visit.actor, record, pages.known(visit, "companies"), limit=ALL)
    return [one.record for one in linked if one.record.id != but]


def _ends(visit: Visit, objects: str, id: int, other: str) -> tuple[Record, ObjectType]:
    object_type, linked = pages.known(visit, objects), pages.known(visit, other)
    if not nouns.load(visit).can_associate(object_type.name, linked.name):
        raise errors.NotFound(
            visit.gettext(
                "%(one)s and %(other)s cannot be associated: that association is not defined. An administrator can do "
                "so under Settings, Associations."
            )
            % {"one": object_type.label_plural, "other": linked.label_plural}
        )
    access.require(visit.actor, "edit", object_type)
    return records.get(visit.tx, visit.actor, object_type, id), linked


def _steps(visit: Visit, record: Record, linked: ObjectType) -> list[str]:
    steps = [SEARCH]
    if has_primary(record, linked):
        steps.append(PRIMARY)
    if _labels(visit, record, linked):
        steps.append(LABELS)
    return steps


def _labels(visit: Visit, record: Record, linked: ObjectType) -> tuple[AssociationType, ...]:
    return nouns.load(visit).labels(record.object_type.name, linked.name)


def _choice(visit: Visit, linked: ObjectType) -> Choice:
    """What the address or the form says."""
    ticked = [int(text) for text in visit.queries("ids") or visit.fields("ids") if text.isdecimal() and len(text) < 19]
    chosen = records.many(visit.tx, visit.actor, linked, ticked) if ticked else []
    labels = {
        one.id: [int(text) for text in visit.fields(f"labels-{one.id}") if text.isdecimal() and len(text) < 10]
        for one in chosen
    }
    said = [visit.query(name) or visit.field(name) for name in ("primary", "replace")]
    return Choice(chosen, said[0], said[1], labels)


def _lacks_tick(current: Holder | None, choice: Choice) -> bool:
    return current is not None and str(current.id) not in (choice.primary or str(current.id), choice.replace)


def _unticked(visit: Visit, current: Holder | None, choice: Choice) -> str:
    wanted = next((one.name for one in choice.records if str(one.id) == choice.primary), "")
    return unticked(visit, wanted, current.name if current else "")


def _offers(visit: Visit, record: Record, linked: ObjectType, chosen: list[Record]) -> list[Offer]:
    """What is ticked stays on top; below it what the search finds."""
    words = pages.words(visit)
    query = Query(search=visit.query("q") or None, limit=OFFERED)
    found = records.find(visit.tx, visit.actor, linked, query, linked.secondary).records
    # The same order and the same limit: whatever of the above is associated is among these.
    of_record = records.find(visit.tx, visit.actor, linked, replace(query, associated_with=record.id), ()).records
    there = {one.id for one in of_record}
    ticked, hits = {one.id for one in chosen}, {one.id for one in found}
    everything = [*chosen, *(one for one in found if one.id not in ticked and one.id != record.id)]
    return [Offer(one, card.facts(one, words), one.id in ticked, one.id in there, one.id in hits) for one in everything]
