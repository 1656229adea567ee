"""Merge: choose the other record, see what the two become, and make them one."""

from dataclasses import dataclass

from kartotek import errors
from kartotek.domain import access, merging, records
from kartotek.model.filters import Query
from kartotek.model.merges import Line
from kartotek.model.records import Record
from kartotek.pages import card, nouns, render
from kartotek.pages import records as pages
from kartotek.pages.render import Answer
from kartotek.pages.shown import Words
from kartotek.pages.visit import Visit

OFFERED = 20


@dataclass(frozen=True, slots=True)
class Shown:
    """One property as the preview has it: `wins` is "kept", "gone" or "both"."""

    label: str
    kept: str
    gone: str
    result: str
    wins: str


def new(visit: Visit, objects: str, id: int) -> Answer:
    object_type = pages.known(visit, objects)
    access.require(visit.actor, "edit", object_type)
    record = records.get(visit.tx, visit.actor, object_type, id)
    words = pages.words(visit)
    wanted = visit.field("with") or visit.query("with")
    if wanted.isdecimal() and len(wanted) < 19:
        merge = merging.preview(visit.tx, visit.actor, object_type, id, int(wanted))
        known = nouns.load(visit).object_types
        return render.page(
            visit,
            "merges/preview.html",
            merge=merge,
            lines=[_shown(one, words) for one in merge.lines],
            carried=[(known[one.name], n) for one, n in merge.carried],
            left=[(known[one.name], label and visit.gettext(label), n) for one, label, n in merge.left],
        )
    return render.page(visit, "merges/new.html", record=record, offers=_offers(visit, record, words))


def create(visit: Visit, objects: str, id: int) -> Answer:
    object_type = pages.known(visit, objects)
    wanted = visit.field("with")
    if not wanted.isdecimal() or len(wanted) > 18:
        raise errors.Invalid(visit.gettext("Choose the record to merge with first."))
    done = merging.merge(visit.tx, visit.actor, object_type, id, int(wanted))
    said = visit.gettext("Both are %(name)s now.") % {"name": done.name}
    return render.go(f"/{object_type.name}/{done.id}", said=said)


def _offers(visit: Visit, record: Record, words: Words) -> list[tuple[Record, list[str]]]:
    """What a search finds; without one, those of the same name."""
    search = visit.query("q") or record.name
    shown = list(record.object_type.properties)
    found = records.find(
        visit.tx, visit.actor, record.object_type, Query(search=search, limit=OFFERED + 1), shown
    ).records  # fmt: skip
    return [(one, card.facts(one, words)) for one in found if one.id != record.id][:OFFERED]


def _shown(line: Line, words: Words) -> Shown:
    prop = line.property
    wins = "kept" if line.result == line.kept else "gone" if line.result == line.gone else "both"
    return Shown(
        prop.label, words.value(prop, line.kept), words.value(prop, line.gone), words.value(prop, line.result), wins
    )
