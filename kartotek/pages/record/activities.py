"""An activity, logged from the page of the record that it is about."""

from kartotek import errors
from kartotek.domain import records
from kartotek.pages import fields, render
from kartotek.pages import records as pages
from kartotek.pages.record import logging
from kartotek.pages.render import Answer
from kartotek.pages.visit import Visit


def create(visit: Visit, objects: str, id: int) -> Answer:
    record = records.get(visit.tx, visit.actor, pages.known(visit, objects), id)
    kind = visit.field("log")
    if kind not in logging.ASKED:
        raise errors.Invalid(visit.gettext("Choose what to log: a note, a call, an email, a meeting or a task."))
    one = pages.known(visit, kind)
    texts = {name: fields.sent(visit, one.properties[name]) for name in logging.ASKED[kind]}
    if kind == "notes" and not texts["hs_note_body"]:
        raise errors.Invalid(visit.gettext("Write what the note should say."))
    home = [(record.object_type, record.id)]
    records.create(visit.tx, visit.actor, one, _completed(visit, kind, texts), home, logging.spared(visit))
    return render.go(f"/{objects}/{id}?side=activities", said=_said(visit, kind))


def _completed(visit: Visit, kind: str, texts: dict[str, str]) -> dict[str, str]:
    """With what the form does not ask: when it was, whose it is, and that a task is still to be done."""
    at = texts.get("hs_timestamp") or texts.get("hs_meeting_start_time") or visit.tx.now.isoformat()
    status = {"hs_task_status": "NOT_STARTED"} if kind == "tasks" else {}
    return {"hubspot_owner_id": str(visit.person.id), **status, **texts, "hs_timestamp": at}


def _said(visit: Visit, kind: str) -> str:
    _ = visit.gettext
    return {
        "notes": _("The note is logged."),
        "calls": _("The call is logged."),
        "emails": _("The email is logged."),
        "meetings": _("The meeting is logged."),
        "tasks": _("The task is created."),
    }[kind]
