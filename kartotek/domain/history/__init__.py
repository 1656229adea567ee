"""What a record said before, and who changed it: read from the changes kept when something changes.

`links.py` tells of its associations, `past.py` shows it as it was at a moment, and `origins.py` finds the file and line
that something came from.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from kartotek.domain import Tx, access, records
from kartotek.domain.history import origins
from kartotek.domain.history.links import same
from kartotek.model.history import HistoryEntry, Origin
from kartotek.model.people import Actor
from kartotek.model.records import Record, Source


def of(tx: Tx, actor: Actor, record: Record, prop: str | None = None) -> list[HistoryEntry]:
    """Newest first; one entry per changed property (or of that one property), what it was and what it became.

    Of records that were merged into this one too. The first value of one property is told as well: where it came from.
    """
    access.require(actor, "view", record.object_type)
    found = _entries(tx, record, prop)
    for id in same(tx, record)[1:]:
        for merged in records.many(tx, actor, record.object_type, [id]):
            found += _entries(tx, merged, prop)
    return _placed(tx, record, sorted(found, key=lambda entry: entry.at, reverse=True))


def birth(tx: Tx, actor: Actor, record: Record) -> HistoryEntry:
    """How the record came to be: its first values have no entries of their own. It is of no property."""
    access.require(actor, "view", record.object_type)
    return _placed(tx, record, [HistoryEntry(record.created, "", None, None, record.id, _maker(tx, record))])[0]


def _entries(tx: Tx, record: Record, prop: str | None) -> list[HistoryEntry]:
    said: dict[str, str | None] = dict(record.values)
    found = []
    for row in tx.query("history.of", {"record": record.id}):
        origin = Origin(Source(row["source"]), row["source_id"], row["person"], row["actor"])
        for name, old in row["old"].items():
            if prop is None or name == prop:
                found.append(HistoryEntry(row["at"], name, old, said.get(name), record.id, origin))
            said[name] = old
    if prop is not None and said.get(prop):
        origin = _maker(tx, record)
        found.append(HistoryEntry(record.created, prop, None, said[prop], record.id, origin))
    return found


def _maker(tx: Tx, record: Record) -> Origin:
    """Who made the record, and by which way."""
    row = tx.query("history.person", {"person": record.person})
    return Origin(record.source, record.source_id, record.person, row[0]["name"] if row else None)


def _placed(tx: Tx, record: Record, entries: list[HistoryEntry]) -> list[HistoryEntry]:
    """With the file and the first line of those that imports wrote."""
    wanted = {
        (one.origin.source_id, one.record)
        for one in entries
        if one.origin.source is Source.IMPORT and one.origin.source_id is not None
    }
    files = origins.files(tx, {import_id for import_id, _ in wanted})
    lines = origins.lines(tx, record.object_type, wanted)
    return [_with_line(one, files, lines) for one in entries]


def _with_line(
    entry: HistoryEntry, files: Mapping[int, origins.Files], lines: Mapping[tuple[int, int], Sequence[int]]
) -> HistoryEntry:
    id = entry.origin.source_id
    if entry.origin.source is not Source.IMPORT or id is None:
        return entry
    file, line = files.get(id, origins.NOWHERE).place(next(iter(lines.get((id, entry.record), ())), None))
    return replace(entry, origin=replace(entry.origin, file=file, line=line))
