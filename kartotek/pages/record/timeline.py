"""The timeline of a record: what is pinned, what is still to come, and what has been, by month.

Its address says of which kind (`kind`), what is searched for (`find`), and how many are shown (`entries`).
"""

from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import groupby

from kartotek.domain import access, companions, pins, reach, tasks, timeline
from kartotek.model.records import Record
from kartotek.pages import layouts, markup, zones
from kartotek.pages.language import query_string
from kartotek.pages.shown import Words
from kartotek.pages.visit import Visit

KINDS = ("notes", "calls", "emails", "meetings", "tasks")
ENTRIES, MOST = 50, 1000  # at first, and at most


@dataclass(frozen=True, slots=True)
class Entry:
    """One activity."""

    record: Record
    title: str
    at: datetime
    body: str
    by: str
    is_task: bool = False
    done: bool = False  # of a task
    overdue: bool = False
    belongs: int = 0  # to how many records that may be seen
    may_edit: bool = False


@dataclass(frozen=True, slots=True)
class Timeline:
    kind: str
    pinned: list[Entry]  # on top of all others
    upcoming: list[Entry]  # the soonest first
    months: list[tuple[datetime, list[Entry]]]
    more: str | None  # the address that shows more of them

    @property
    def last(self) -> datetime | None:
        """When the newest of what has been was, pinned or not."""
        ahead = {one.record.id for one in self.upcoming}
        past = [one.at for one in self.pinned if one.record.id not in ahead]
        return max([*past, *(one.at for _, some in self.months[:1] for one in some)], default=None)


def of(visit: Visit, record: Record, words: Words) -> Timeline:
    kind = visit.query("kind") if visit.query("kind") in KINDS else ""
    looked_for = visit.query("find")
    shown = min(MOST, max(ENTRIES, visit.number("entries")))
    pinned = [] if looked_for else pins.of(visit.tx, visit.actor, record)
    pinned = [one for one in pinned if kind in ("", one.object_type.name)]
    # One beyond what is shown tells whether there are more.
    found = timeline.of(visit.tx, visit.actor, record, kind or None, shown + 1, looked_for)
    on_top = {one.id for one in pinned}
    rest = [one for one in found[:shown] if one.id not in on_top]
    belongs = companions.of(visit.tx, visit.actor, [one.id for one in (*pinned, *rest)], 0)
    today = zones.local(visit.tx.now, words.zone).date()
    top, entries = (
        [
            replace(_entry(one, words, today), belongs=belongs[one.id].total, may_edit=_may_edit(visit, one))
            for one in some
        ]
        for some in (pinned, rest)
    )
    past = [one for one in entries if one.at <= visit.tx.now]
    months = [
        (datetime(year, month, 1), list(of_month))
        for (year, month), of_month in groupby(past, key=lambda one: _month(one.at, words))
    ]
    more = _further(record, kind, looked_for, shown) if len(found) > shown and shown < MOST else None
    return Timeline(kind, top, [one for one in reversed(entries) if one.at > visit.tx.now], months, more)


def _further(record: Record, kind: str, looked_for: str, shown: int) -> str:
    asked = (("kind", kind), ("find", looked_for), ("entries", str(shown + ENTRIES)), ("side", "activities"))
    return f"/{record.object_type.name}/{record.id}{query_string(asked)}"


def _may_edit(visit: Visit, activity: Record) -> bool:
    reached = access.narrow(visit.actor, "edit", activity.object_type.name)
    return reached.takes(activity.values.get(reach.OWNER))


def _month(at: datetime, words: Words) -> tuple[int, int]:
    there = zones.local(at, words.zone)
    return there.year, there.month


def _entry(activity: Record, words: Words, today: date) -> Entry:
    kind, said = activity.object_type, activity.values
    stamp = said.get("hs_timestamp")
    at = datetime.fromisoformat(stamp) if stamp else activity.created
    open = tasks.has_due(kind) and said.get(tasks.STATUS) != tasks.DONE
    body = said.get(layouts.BODIES.get(kind.name, ""), "") or ""
    return Entry(
        activity,
        # A note is named by its text, which stands below anyway.
        kind.label if activity.name in body or not activity.name else markup.plain(activity.name),
        at,
        markup.plain(body),
        words.people.get(said.get(reach.OWNER) or "", ""),
        is_task=tasks.has_due(kind),
        done=tasks.has_due(kind) and not open,
        overdue=open and zones.local(at, words.zone).date() < today,
    )
