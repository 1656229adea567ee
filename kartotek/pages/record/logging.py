"""The form that logs an activity on a record: what it asks, and what else the activity will belong to."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from kartotek.domain import access, activities, records
from kartotek.model.records import Record
from kartotek.pages import fields, nouns, zones
from kartotek.pages.shown import Words
from kartotek.pages.visit import Visit

# What is asked of each kind; the rest can be filled in on its own page.
ASKED = {
    "notes": ("hs_note_body",),
    "calls": ("hs_call_title", "hs_call_body", "hs_timestamp", "hs_call_direction", "hs_call_disposition"),
    "emails": ("hs_email_subject", "hs_email_text", "hs_timestamp", "hs_email_direction"),
    "meetings": (
        "hs_meeting_title", "hs_meeting_body", "hs_meeting_start_time", "hs_meeting_end_time", "hs_meeting_outcome",
    ),
    "tasks": ("hs_task_subject", "hs_task_body", "hs_timestamp", "hs_task_priority", "hubspot_owner_id"),
}  # fmt: skip
SHOWN = 20  # of the records that it will belong to


@dataclass(frozen=True, slots=True)
class Log:
    kind: str
    kinds: list[str]
    fields: list[fields.Field]
    reached: list[Record]  # those that can be ticked off
    more: int
    spared: frozenset[int]  # ticked off, when the form comes back

    @property
    def count(self) -> int:
        return 1 + len(self.reached) + self.more - len(self.spared)


def of(visit: Visit, record: Record, words: Words) -> Log | None:
    """None where nothing can be logged."""
    known = nouns.load(visit)
    kinds = [
        kind
        for kind in activities.KINDS
        if access.may(visit.actor, "edit", kind) and known.can_associate(kind, record.object_type.name)
    ]
    if record.archived or not kinds:
        return None
    wanted = visit.field("log") or visit.query("log")
    kind = wanted if wanted in kinds else kinds[0]
    ids = activities.proposed(visit.tx, visit.actor, record, kind)
    reached: list[Record] = []
    for name, some in ids.items():
        one = known.object_type(name)
        reached += records.many(visit.tx, visit.actor, one, some[: SHOWN - len(reached)], one.naming)
    asked = [known.object_type(kind).properties[name] for name in ASKED[kind]]
    given = {one.name: fields.sent(visit, one) or _usual(visit, kind).get(one.name, "") for one in asked}
    total = sum(map(len, ids.values()))
    shown = [fields.field(one, words, given[one.name]) for one in asked]
    return Log(kind, kinds, shown, reached, total - len(reached), spared(visit))


def spared(visit: Visit) -> frozenset[int]:
    """What was offered and ticked off."""
    return frozenset(visit.numbers("offered")) - frozenset(visit.numbers("reaches"))


def _usual(visit: Visit, kind: str) -> dict[str, str]:
    """What stands in the form until somebody says otherwise."""
    now = zones.local(visit.tx.now, visit.zone)
    due = (now + timedelta(days=1)).replace(hour=8, minute=0)
    return {
        "hs_timestamp": _minute(due if kind == "tasks" else now),
        "hs_meeting_start_time": _minute(now),
        "hs_email_direction": "EMAIL",
        "hubspot_owner_id": str(visit.person.id),
    }


def _minute(moment: datetime) -> str:
    return moment.isoformat()[:16]
