"""Tokens: how programs come in, for whom, within which scopes; made, shown once, revoked."""

from kartotek.domain import people, tokens
from kartotek.pages import nouns, render
from kartotek.pages.render import Answer
from kartotek.pages.visit import Visit


def index(visit: Visit) -> Answer:
    return _page(visit, None)


def create(visit: Visit) -> Answer:
    """The token is shown once, and nowhere kept."""
    return _page(visit, tokens.issue(visit.tx, visit.actor, visit.field("name"), tuple(visit.fields("scope"))))


def revoke(visit: Visit, id: int) -> Answer:
    gone = tokens.revoke(visit.tx, visit.actor, id)
    said = visit.gettext("The token %(name)s lets nobody in any more.") % {"name": gone.name}
    return render.go("/settings/tokens", said=said)


def _page(visit: Visit, secret: str | None) -> Answer:
    return render.page(
        visit,
        "settings/tokens.html",
        tokens=tokens.every(visit.tx, visit.actor),
        people={one.id: one.name for one in people.everybody(visit.tx)},
        types=list(nouns.load(visit).object_types.values()),
        chosen=set(visit.fields("scope")) if visit.wrong else set(),
        secret=secret,
    )
