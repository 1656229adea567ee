"""Properties that are counted over what a record is associated with, whenever it is shown.

Nothing is kept, so nothing can go stale: an import, an undo or a merge has nothing to keep right, and no write pays for
it. One statement for each kind of associated records reads what is asked of a page of records. Only what its reader may
see counts, as on the cards of associations; so no index could hold such a number, and nothing is sorted by it.
"""

from collections.abc import Mapping, Sequence

import polars as pl
from psycopg import sql

from kartotek.model.object_types import ObjectType
from kartotek.model.people import Narrowing
from kartotek.store import bulk, tables
from kartotek.store.database import Tx
from kartotek.store.search import within_reach

# The rows that are counted over: columns of an associated record, by the names that the expressions below use.
_COLUMNS = {
    "contacts": {"roles": "hs_buying_role"},
    "deals": {"stage": "dealstage", "amount": "amount", "closed": "closedate"},
    "calls": {"at": "hs_timestamp", "direction": "hs_call_direction"},
    "emails": {"at": "hs_timestamp"},
    "meetings": {"at": "hs_timestamp", "start": "hs_meeting_start_time"},
    "notes": {"at": "hs_timestamp"},
    "tasks": {"at": "hs_timestamp", "status": "hs_task_status"},
}
ACTIVITIES = ("calls", "emails", "meetings", "notes", "tasks")

_ALL = "nullif(count(*), 0)::text"
_SOME = "nullif(count(*) FILTER (WHERE {}), 0)::text"
_MOMENT = "to_char({} AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.MS\"Z\"')"
_WON = "FILTER (WHERE stage = ANY(%(won)s::text[]))"
_HAPPENED = "at <= now() AND (kind <> 'tasks' OR status = 'COMPLETED')"
_CONTACTED = "kind IN ('calls', 'emails', 'meetings') AND at <= now()"
# Property → over what it is counted, and how; {own} is the table of the record itself. A task counts as something
# that happened once it is done.
FACTS: dict[str, tuple[str, str]] = {
    "num_associated_contacts": ("contacts", _ALL),
    "num_associated_deals": ("deals", _ALL),
    "hs_num_associated_companies": ("companies", _ALL),
    "hs_num_of_associated_line_items": ("line_items", _ALL),
    "hs_num_contacts_with_buying_roles": ("contacts", _SOME.format("cardinality(roles) > 0")),
    "hs_num_blockers": ("contacts", _SOME.format("'BLOCKER' = ANY(roles)")),
    "hs_num_decision_makers": ("contacts", _SOME.format("'DECISION_MAKER' = ANY(roles)")),
    "hs_num_open_deals": ("deals", _SOME.format("(stage = ANY(%(closed)s::text[])) IS NOT TRUE")),
    "first_deal_created_date": ("deals", _MOMENT.format("min(_created)")),
    "recent_deal_amount": ("deals", f"trim_scale((array_agg(amount ORDER BY closed DESC NULLS LAST) {_WON})[1])::text"),
    "recent_deal_close_date": ("deals", _MOMENT.format(f"max(closed) {_WON}")),
    "total_revenue": ("deals", f"trim_scale(sum(amount) {_WON})::text"),
    "days_to_close": (
        "deals",
        f"CASE WHEN min(closed) {_WON} IS NOT NULL THEN greatest(0, floor(extract(epoch FROM min(closed) {_WON} "
        "- (SELECT o._created FROM {own} AS o WHERE o._id = r.id)) / 86400))::text END",
    ),
    "num_notes": ("activities", _ALL),
    "num_contacted_notes": ("activities", _SOME.format(_CONTACTED)),
    "hs_num_times_contacted": ("activities", _SOME.format(_CONTACTED)),
    "notes_last_contacted": ("activities", _MOMENT.format(f"max(at) FILTER (WHERE {_CONTACTED})")),
    "notes_last_updated": ("activities", _MOMENT.format(f"max(at) FILTER (WHERE {_HAPPENED})")),
    "notes_next_activity_date": (
        "activities", _MOMENT.format("min(at) FILTER (WHERE at > now() AND status IS DISTINCT FROM 'COMPLETED')"),
    ),
    "hs_number_of_call_engagements": ("activities", _SOME.format("kind = 'calls'")),
    "hs_number_of_inbound_calls": ("activities", _SOME.format("direction = 'INBOUND'")),
    "hs_number_of_outbound_calls": ("activities", _SOME.format("direction = 'OUTBOUND'")),
    "hs_number_of_overdue_tasks": (
        "activities", _SOME.format("kind = 'tasks' AND at < now() AND status IS DISTINCT FROM 'COMPLETED'"),
    ),
    "hs_number_of_scheduled_meetings": ("activities", _SOME.format("kind = 'meetings' AND at > now()")),
}  # fmt: skip

_COUNTED = sql.SQL("SELECT id, {facts} FROM ({rows}) AS r GROUP BY id")
_ROWS = sql.SQL("""
SELECT i.id, {columns}
  FROM unnest(%(ids)s::bigint[]) AS i(id)
 CROSS JOIN LATERAL (
        SELECT second AS other FROM kartotek.associations WHERE first = i.id AND second_type = {number}
         UNION ALL
        SELECT first FROM kartotek.associations WHERE second = i.id AND first_type = {number}
       ) AS a
  JOIN {table} ON _id = a.other
 WHERE {where}
""")
_TYPES = {"at": "timestamptz", "direction": "text", "status": "text"}


def over(
    tx: Tx,
    own: ObjectType,
    ids: bulk.Keys,
    names: Sequence[str],
    others: Sequence[tuple[ObjectType, Narrowing]],
    stages: Mapping[str, Sequence[str]],
) -> pl.DataFrame:
    """`id` and these properties, all counted over the same: canonical texts. Records with nothing to count are missing.

    `stages`: those in which a deal is `won`, and `closed`.
    """
    rows = sql.SQL(" UNION ALL ").join(_rows(other, narrowing) for other, narrowing in others)
    facts = sql.SQL(", ").join(
        sql.SQL("{} AS {}").format(sql.SQL(FACTS[name][1]).format(own=tables.table(own)), sql.Identifier(name))
        for name in names
    )
    asked = {"ids": bulk.array(ids), **{name: list(texts) for name, texts in stages.items()}}
    with bulk.by_keys(tx, len(ids)):
        found = tx.rows(_COUNTED.format(facts=facts, rows=rows), asked)
    return pl.DataFrame(found, {"id": pl.Int64, **dict.fromkeys(names, pl.String)})


def _rows(other: ObjectType, narrowing: Narrowing) -> sql.Composable:
    """One row for each associated record; activities of all kinds have the same columns."""
    told = _COLUMNS.get(other.name, {})
    columns = {name: tables.value(other.properties[prop]) for name, prop in told.items()}
    if other.name in ACTIVITIES:
        if "start" in columns:
            columns["at"] = sql.SQL("coalesce({}, {})").format(columns["start"], columns["at"])
        blank = {name: sql.SQL("NULL::{}").format(sql.SQL(kind)) for name, kind in _TYPES.items()}
        columns = {"kind": sql.Literal(other.name), **{name: columns.get(name, blank[name]) for name in _TYPES}}
    else:
        columns["_created"] = sql.Identifier("_created")
    listed = sql.SQL(", ").join(
        sql.SQL("{} AS {}").format(each, sql.Identifier(name)) for name, each in columns.items()
    )
    return _ROWS.format(
        columns=listed,
        number=sql.Literal(other.number),
        table=tables.table(other),
        where=within_reach(other, narrowing),
    )
