"""Teams: which there are, which stands above another, who is in them."""

from kartotek.domain import access, people, teams
from kartotek.model.people import Team
from kartotek.pages import render
from kartotek.pages.render import Answer
from kartotek.pages.visit import Visit


def index(visit: Visit) -> Answer:
    access.require_settings(visit.actor)
    return render.page(
        visit,
        "settings/teams.html",
        lines=_in_order(teams.every(visit.tx)),
        people={one.id: one for one in people.everybody(visit.tx)},
    )


def new(visit: Visit) -> Answer:
    access.require_settings(visit.actor)
    return render.page(visit, "settings/team.html", team=None, others=teams.every(visit.tx))


def create(visit: Visit) -> Answer:
    teams.create(visit.tx, visit.actor, visit.field("name"), _parent(visit))
    return render.go("/settings/teams")


def edit(visit: Visit, id: int) -> Answer:
    access.require_settings(visit.actor)
    others = [one for one in teams.every(visit.tx) if one.id != id]
    return render.page(visit, "settings/team.html", team=teams.get(visit.tx, id), others=others)


def update(visit: Visit, id: int) -> Answer:
    teams.change(visit.tx, visit.actor, id, visit.field("name"), _parent(visit))
    return render.go("/settings/teams")


def remove(visit: Visit, id: int) -> Answer:
    teams.remove(visit.tx, visit.actor, id)
    return render.go("/settings/teams", said=visit.gettext("The team is removed; its people stay."))


def _parent(visit: Visit) -> int | None:
    text = visit.field("parent")
    return int(text) if text.isdecimal() and len(text) < 10 else None


def _in_order(every: list[Team], parent: int | None = None, depth: int = 0) -> list[tuple[Team, int]]:
    """Each with how deep it stands, below the one above it."""
    lines = []
    for one in every:
        if one.parent == parent:
            lines += [(one, depth), *_in_order(every, one.id, depth + 1)]
    return lines
