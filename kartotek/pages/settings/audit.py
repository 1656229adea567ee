"""The audit log: who did what to people, tokens, roles, teams and settings."""

from kartotek.domain import audit, people, roles
from kartotek.pages import language, render
from kartotek.pages.render import Answer
from kartotek.pages.settings import words
from kartotek.pages.visit import Visit

PER_PAGE = 50
# Everyday comings and goings, which are left out until asked for.
COMINGS = ("signed in", "signed out")


def index(visit: Visit) -> Answer:
    page, person = max(1, visit.number("page", 1)), visit.number("person") or None
    found, total = audit.find(
        visit.tx,
        visit.actor,
        person=person,
        without=() if visit.query("all") else COMINGS,
        limit=PER_PAGE,
        offset=(page - 1) * PER_PAGE,
    )
    labels = {one.name: words.role(visit, one) for one in roles.every(visit.tx).values()}
    first = (page - 1) * PER_PAGE
    return render.page(
        visit,
        "settings/audit.html",
        lines=[(entry, words.done(visit, entry, labels)) for entry in found],
        total=total,
        first=first + 1 if found else 0,
        last=first + len(found),
        previous=_address(visit, page - 1) if page > 1 else None,
        next=_address(visit, page + 1) if first + len(found) < total else None,
        people=people.everybody(visit.tx),
        person=person,
    )


def _address(visit: Visit, page: int) -> str:
    pairs = [("person", visit.query("person")), ("all", visit.query("all")), ("page", str(page) if page > 1 else "")]
    return "/settings/audit" + language.query_string(pairs)
