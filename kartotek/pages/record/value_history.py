"""Property history: what a record's properties said, each value with when, by whom and from where."""

from dataclasses import dataclass

from kartotek.domain import history, records
from kartotek.domain.history import origins as places
from kartotek.imports import run
from kartotek.model.history import HistoryEntry
from kartotek.model.object_types import ObjectType
from kartotek.model.properties import Property
from kartotek.model.records import Source
from kartotek.pages import records as pages
from kartotek.pages import render
from kartotek.pages.record import origins
from kartotek.pages.render import Answer
from kartotek.pages.visit import Visit


@dataclass(frozen=True, slots=True)
class Line:
    entry: HistoryEntry
    label: str
    old: str
    new: str
    origin: origins.Told
    cells: list[run.Cell]  # of the file that the value is from


def index(visit: Visit, objects: str, id: int) -> Answer:
    """Newest first; of one property when the address names it."""
    object_type = pages.known(visit, objects)
    record = records.get(visit.tx, visit.actor, object_type, id)
    wanted: Property | None = object_type.properties.get(visit.query("property"))
    words = pages.words(visit)
    lines = [
        Line(
            entry,
            prop.label,
            words.whole(prop, entry.old),
            words.whole(prop, entry.new),
            origins.told(visit, entry.origin),
            _cells(visit, object_type, entry) if wanted else [],
        )
        for entry in history.of(visit.tx, visit.actor, record, wanted.name if wanted else None)
        if (prop := object_type.properties.get(entry.property))
    ]
    born = None if wanted else origins.told(visit, history.birth(visit.tx, visit.actor, record).origin)
    return render.page(visit, "history/values.html", record=record, lines=lines, property=wanted, born=born)


def _cells(visit: Visit, object_type: ObjectType, entry: HistoryEntry) -> list[run.Cell]:
    """Read from the kept file, now that somebody asks."""
    import_id = entry.origin.source_id
    if entry.origin.source is not Source.IMPORT or import_id is None:
        return []
    lines = places.lines(visit.tx, object_type, {(import_id, entry.record)}).get((import_id, entry.record), [])
    return run.cells(visit.tx, visit.settings, import_id, object_type.name, entry.property, lines)
