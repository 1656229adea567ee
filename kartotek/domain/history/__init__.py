"""What a record said before, and who changed it: read from the changes kept when something changes."""

from kartotek.domain import Tx, access
from kartotek.model.people import Actor
from kartotek.model.records import HistoryEntry, Record, Source


def of(tx: Tx, actor: Actor, record: Record, prop: str | None = None) -> list[HistoryEntry]:
    """Newest first; one entry per changed property (or of that one property), what it was and what it became."""
    access.require(actor, "view", record.object_type.name)
    rows = tx.query("history.of", {"record": record.id})
    said: dict[str, str | None] = dict(record.values)
    found = []
    for row in rows:
        for name, old in row["old"].items():
            if prop is None or name == prop:
                found.append(
                    HistoryEntry(
                        row["at"], name, old, said.get(name), row["actor"], Source(row["source"]), row["source_id"]
                    )
                )
            said[name] = old
    return found
