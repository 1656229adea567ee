"""Tasks by when they are due, and ticked off: they are activities like others, which have a status and a day."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from kartotek import errors
from kartotek.domain import Tx, records
from kartotek.model.filters import Filter, Query
from kartotek.model.object_types import ObjectType
from kartotek.model.people import Actor
from kartotek.model.records import Record

STATUS, DUE, DONE, OPEN = "hs_task_status", "hs_timestamp", "COMPLETED", "NOT_STARTED"
_CHANGED = "hs_lastmodifieddate"
_UNDONE = Filter(STATUS, "NEQ", (DONE,))


@dataclass(frozen=True, slots=True)
class Section:
    """How many tasks are in it, and the first of them."""

    name: str  # overdue, today, upcoming, undated or done
    total: int
    exact: bool
    records: list[Record]


def has_due(object_type: ObjectType) -> bool:
    return {STATUS, DUE} <= set(object_type.properties)


def of(
    tx: Tx, actor: Actor, object_type: ObjectType, query: Query, names: Sequence[str], most: int, zone: tzinfo = UTC
) -> list[Section]:
    """What fits the query, by when it is due; what was done last comes first, everything else as it is due.

    Today is the day that it is in this zone.
    """
    today = tx.now.astimezone(zone).date()
    first, next = _midnight(today, zone), _midnight(today + timedelta(days=1), zone)
    conditions = {
        "overdue": (_UNDONE, Filter(DUE, "LT", first)),
        "today": (_UNDONE, Filter(DUE, "GTE", first), Filter(DUE, "LT", next)),
        "upcoming": (_UNDONE, Filter(DUE, "GTE", next)),
        "undated": (_UNDONE, Filter(DUE, "NOT_HAS_PROPERTY")),
        "done": (Filter(STATUS, "EQ", (DONE,)),),
    }
    wanted = list(dict.fromkeys([*names, STATUS, DUE]))
    found = []
    for name, of_section in conditions.items():
        filters = tuple((*group, *of_section) for group in query.filters or ((),))
        sort, down = (_CHANGED, True) if name == "done" else (DUE, False)
        asked = replace(query, filters=filters, sort=sort, descending=down, limit=most)
        page = records.find(tx, actor, object_type, asked, wanted)
        found.append(Section(name, page.total, page.exact, page.records))
    return found


def _midnight(day: date, zone: tzinfo) -> tuple[str]:
    begins = datetime.combine(day, time(), zone).astimezone(UTC)
    return (begins.isoformat(timespec="milliseconds").replace("+00:00", "Z"),)


def mark(tx: Tx, actor: Actor, object_type: ObjectType, id: int, status: str) -> tuple[Record, str | None]:
    """Gives a task this status; with the task, the one that it had."""
    if not has_due(object_type):
        raise errors.Invalid(f"{object_type.label_plural} cannot be ticked off: only tasks can.")
    record = records.get(tx, actor, object_type, id)
    if record.archived:
        raise errors.Conflict(f"{record.name} is archived, so it stays as it is. Restore it first.")
    return records.update(tx, actor, object_type, id, {STATUS: status}), record.values.get(STATUS)
