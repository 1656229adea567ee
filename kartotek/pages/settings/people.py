"""People: who is here, what they may do, in which teams they are; letting in, taking leave, handing over."""

from dataclasses import replace

from kartotek.domain import access, people, roles, staff, teams
from kartotek.pages import nouns, render
from kartotek.pages.render import Answer
from kartotek.pages.settings import words
from kartotek.pages.visit import Visit, whole


def index(visit: Visit) -> Answer:
    return render.page(
        visit,
        "settings/people.html",
        staff=staff.every(visit.tx, visit.actor),
        roles=_roles(visit),
        teams=teams.names(visit.tx),
    )


def new(visit: Visit) -> Answer:
    access.require_settings(visit.actor)
    return render.page(visit, "settings/person_new.html", roles=_roles(visit), teams=teams.every(visit.tx))


def create(visit: Visit) -> Answer:
    """The link is shown once, and nowhere kept."""
    secret = staff.invite(visit.tx, visit.actor, visit.field("email"), visit.field("role") or None)
    invited = people.invitation(visit.tx, secret).person
    assert invited is not None
    if visit.numbers("team"):
        teams.place(visit.tx, visit.actor, invited.id, visit.numbers("team"), None)
    return _with_link(visit, invited.id, secret)


def show(visit: Visit, id: int) -> Answer:
    one = staff.get(visit.tx, visit.actor, id)
    return render.page(
        visit,
        "settings/person.html",
        one=one,
        roles=_roles(visit),
        teams=teams.every(visit.tx),
        owned=_owned(visit, id),
        heirs=[each for each in people.owners(visit.tx) if each.id != id],
    )


def update(visit: Visit, id: int) -> Answer:
    staff.change_role(visit.tx, visit.actor, id, visit.field("role"))
    teams.place(visit.tx, visit.actor, id, visit.numbers("team"), whole(visit.field("main")))
    name = people.get(visit.tx, id).name
    said = visit.gettext("The settings of %(name)s are kept.") % {"name": name}
    # Who has given away the right to be here goes where there is something for them.
    return render.go("/settings/people" if people.get(visit.tx, visit.person.id).rights.settings else "/", said=said)


def link(visit: Visit, id: int) -> Answer:
    """A new way in, for somebody who forgot the password or left and comes back."""
    person = people.get(visit.tx, id)
    return _with_link(visit, id, people.invite(visit.tx, visit.actor, person.email))


def hand_over(visit: Visit, id: int) -> Answer:
    to = whole(visit.field("to")) or 0
    handed = staff.reassign(visit.tx, visit.actor, id, to)
    name = people.get(visit.tx, to).name
    if handed.runs:
        said = visit.gettext("%(count)s records are being handed over to %(name)s.")
        return render.go("/bulk", said=said % {"count": handed.later, "name": name})
    said = visit.gettext("%(count)s records belong to %(name)s now.") % {"count": handed.now, "name": name}
    return render.go(f"/settings/people/{id}", said=said)


def leaving(visit: Visit, id: int) -> Answer:
    one = staff.get(visit.tx, visit.actor, id)
    return render.page(visit, "settings/person_leaving.html", one=one, owned=_owned(visit, id))


def deactivate(visit: Visit, id: int) -> Answer:
    staff.deactivate(visit.tx, visit.actor, id)
    said = visit.gettext("%(name)s is out.") % {"name": people.get(visit.tx, id).name}
    return render.go("/settings/people", said=said)


def _with_link(visit: Visit, id: int, secret: str) -> Answer:
    return render.page(
        visit,
        "settings/invitation.html",
        person=people.get(visit.tx, id),
        address=f"{visit.settings.public_url}/welcome/{secret}",
    )


def _owned(visit: Visit, id: int) -> list[staff.Owned]:
    """By the names that objects have in the reader's language."""
    types = nouns.load(visit).object_types
    found = staff.owned(visit.tx, visit.actor, id)
    return [replace(one, object_type=types[one.object_type.name]) for one in found]


def _roles(visit: Visit) -> dict[str, str]:
    """Name and label."""
    return {one.name: words.role(visit, one) for one in roles.every(visit.tx).values()}
