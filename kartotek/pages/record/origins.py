"""Where something came from, as a mark and words: "Import · leads.csv · row 118", "User · Ida Lund"."""

from dataclasses import dataclass

from kartotek.model.history import Origin
from kartotek.model.records import Source
from kartotek.pages import shown
from kartotek.pages.visit import Visit

_ICONS = {
    Source.USER: "user", Source.IMPORT: "file-import", Source.UNDO: "arrow-back-up", Source.DELETION: "trash",
    Source.MERGE: "users", Source.RESTORE: "refresh", Source.DOMAIN: "world", Source.JOB: "settings",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Told:
    icon: str
    words: str
    href: str | None = None


def told(visit: Visit, origin: Origin) -> Told:
    parts = [_source(visit, origin.source)]
    if origin.source in (Source.IMPORT, Source.UNDO):
        parts.append(origin.file or (str(origin.source_id) if origin.source_id is not None else ""))
        if origin.line is not None:
            number = shown.filters(visit.locale)["number"](origin.line)
            parts.append(visit.gettext("row %(line)s") % {"line": number})
    elif origin.person is not None:
        # Somebody whose name is not known any more keeps their number.
        parts.append(origin.actor or str(origin.person))
    in_bulk = origin.source is Source.USER and origin.source_id is not None
    if in_bulk:
        parts.append(visit.gettext("bulk change %(number)s") % {"number": origin.source_id})
    leads = origin.source is Source.IMPORT and origin.source_id is not None and visit.actor.rights.imports
    is_ones_own = origin.person == visit.person.id or visit.actor.rights.settings
    bulk = f"/bulk/{origin.source_id}" if in_bulk and is_ones_own else None
    href = f"/imports/{origin.source_id}" if leads else bulk
    return Told(_ICONS.get(origin.source, "info-circle"), " · ".join(filter(None, parts)), href)


def _source(visit: Visit, source: Source) -> str:
    _ = visit.gettext
    return {
        Source.USER: _("User"),
        Source.IMPORT: _("Import"),
        Source.DELETION: _("Object deletion"),
        Source.MERGE: _("Object merge"),
        Source.RESTORE: _("Object restore"),
        Source.DOMAIN: _("Auto association by domain"),
        Source.API: _("API"),
        Source.JOB: _("Job"),
        Source.MIGRATION: _("Migration"),
        Source.UNDO: _("Undo of an import"),
    }.get(source, _("Unknown"))
