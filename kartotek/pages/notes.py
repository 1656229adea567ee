"""A note, logged from the page of the record that it is about."""

from kartotek import errors
from kartotek.domain import records
from kartotek.pages import records as pages
from kartotek.pages import render
from kartotek.pages.render import Answer
from kartotek.pages.visit import Visit


def create(visit: Visit, objects: str, id: int) -> Answer:
    record = records.get(visit.tx, visit.actor, pages.known(visit, objects), id)
    body = visit.field("body")
    if not body:
        raise errors.Invalid(visit.gettext("Write what the note should say."))
    texts = {"hs_note_body": body, "hs_timestamp": visit.tx.now.isoformat(), "hubspot_owner_id": str(visit.person.id)}
    notes = pages.known(visit, "notes")
    records.create(visit.tx, visit.actor, notes, texts, [(record.object_type, record.id)])
    return render.go(f"/{objects}/{id}?side=activities", said=visit.gettext("The note is logged."))
