"""What happened with a record: its calls, emails, meetings, notes and tasks."""

from kartotek.domain import Tx, access, catalogue, filters, records
from kartotek.model.filters import Filter, Query
from kartotek.model.people import Actor
from kartotek.model.records import Record
from kartotek.store.search import newest

KINDS = ("calls", "emails", "meetings", "notes", "tasks")
# Where an activity says what it is about.
_SAID = {
    "calls": ("hs_call_title", "hs_call_body"),
    "emails": ("hs_email_subject", "hs_email_text"),
    "meetings": ("hs_meeting_title", "hs_meeting_body"),
    "notes": ("hs_note_body",),
    "tasks": ("hs_task_subject", "hs_task_body"),
}


def of(
    tx: Tx, actor: Actor, record: Record, kind: str | None = None, limit: int = 30, text: str = ""
) -> list[Record]:  # fmt: skip
    """The newest first, of one kind or of all; those in which the text is found."""
    known = catalogue.load(tx)
    asked = []
    for name in (kind,) if kind else KINDS:
        if access.may(actor, "view", name):
            said = tuple((Filter(prop, "CONTAINS_TOKEN", (text,)),) for prop in _SAID[name]) if text else ()
            one, query = known.object_type(name), Query(said, associated_with=record.id)
            asked.append((one, filters.read(tx, actor, one, query), access.narrow(actor, "view", name)))
    found: list[Record] = []
    for (one, _, _), ids in zip(asked, newest.of(tx, asked, "hs_timestamp", limit), strict=True):
        if ids:
            found += records.many(tx, actor, one, ids, list(one.properties))
    return sorted(found, key=_when, reverse=True)


def _when(activity: Record) -> str:
    return activity.values.get("hs_timestamp") or activity.created.isoformat()
