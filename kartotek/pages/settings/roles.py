"""Roles: what each allows, as a table of objects and rights; the standard ones and people's own."""

from typing import Any

from kartotek.domain import access, roles
from kartotek.model.people import ADMINISTRATOR, TOOLS, VERBS, Rights, Role
from kartotek.pages import nouns, render
from kartotek.pages.render import Answer
from kartotek.pages.settings import words
from kartotek.pages.visit import Visit


def index(visit: Visit) -> Answer:
    access.require_settings(visit.actor)
    every = list(roles.every(visit.tx).values())
    return render.page(
        visit,
        "settings/roles.html",
        roles=every,
        labels={one.name: words.role(visit, one) for one in every},
        verbs=words.verbs(visit),
        reaches=words.reaches(visit),
        tools=words.tools(visit),
    )


def new(visit: Visit) -> Answer:
    access.require_settings(visit.actor)
    return _form(visit, None, roles.get(visit.tx, "member").rights)


def create(visit: Visit) -> Answer:
    made = roles.define(visit.tx, visit.actor, visit.field("label"), _sent(visit))
    return render.go("/settings/roles", said=visit.gettext("The role %(name)s is made.") % {"name": made.label})


def edit(visit: Visit, name: str) -> Answer:
    access.require_settings(visit.actor)
    role = roles.get(visit.tx, name)
    return _form(visit, role, role.rights)


def update(visit: Visit, name: str) -> Answer:
    label = visit.field("label")
    roles.change(visit.tx, visit.actor, name, label or None, _sent(visit))
    return render.go("/settings/roles", said=visit.gettext("The role is kept; it holds at once."))


def remove(visit: Visit, name: str) -> Answer:
    standard = roles.get(visit.tx, name).is_standard
    roles.remove(visit.tx, visit.actor, name)
    _ = visit.gettext
    return render.go("/settings/roles", said=_("The role is as it came.") if standard else _("The role is removed."))


def _form(visit: Visit, role: Role | None, rights: Rights) -> Answer:
    given = _sent(visit) if visit.wrong else rights
    return render.page(
        visit,
        "settings/role.html",
        role=role,
        label=visit.field("label") or (words.role(visit, role) if role else ""),
        fixed=role is not None and role.name == ADMINISTRATOR,
        rights=given,
        granted={verb: getattr(given, verb) for verb in VERBS},
        types=list(nouns.load(visit).object_types.values()),
        verbs=words.verbs(visit),
        reaches=words.reaches(visit),
        tools=words.tools(visit),
    )


def _sent(visit: Visit) -> Rights:
    """What the table of the form says; a field left empty is as the line for all objects."""
    names = ("*", *nouns.load(visit).object_types)
    view, edit, delete = ({name: reach for name in names if (reach := visit.field(f"{verb}:{name}"))} for verb in VERBS)
    ticked: dict[str, Any] = {tool: bool(visit.field(tool)) for tool in TOOLS}
    return Rights(view, edit, delete, **ticked)
