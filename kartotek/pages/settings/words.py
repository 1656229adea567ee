"""What roles, rights and the lines of the audit log are called."""

from collections.abc import Mapping

from kartotek.model.people import AuditEntry, Role
from kartotek.pages import nouns
from kartotek.pages.visit import Visit


def role(visit: Visit, one: Role) -> str:
    """As people called it, else as the standard one is called."""
    return one.label or standard_roles(visit).get(one.name, one.name)


def standard_roles(visit: Visit) -> dict[str, str]:
    _ = visit.gettext
    return {
        "admin": _("Administrator"),
        "manager": _("Manager"),
        "member": _("Member"),
        "seller": _("Seller"),
        "service": _("Service"),
        "viewer": _("Viewer"),
    }


def reaches(visit: Visit) -> dict[str, str]:
    _ = visit.gettext
    return {
        "none": _("None"),
        "own": _("Their own"),
        "own+unassigned": _("Their own and unassigned"),
        "team": _("Their team's"),
        "team+unassigned": _("Their team's and unassigned"),
        "all": _("All"),
    }


def verbs(visit: Visit) -> dict[str, str]:
    _ = visit.gettext
    return {"view": _("View"), "edit": _("Edit"), "delete": _("Delete")}


def tools(visit: Visit) -> dict[str, str]:
    _ = visit.gettext
    return {
        "imports": _("Import files"),
        "exports": _("Export records"),
        "bulk_delete": _("Delete many records at once"),
        "properties": _("Change properties and their settings"),
        "settings": _("Change people, teams, roles, tokens and settings"),
    }


def done(visit: Visit, entry: AuditEntry, roles: Mapping[str, str]) -> str:
    """A line of the audit log as a sentence without its subject."""
    _ = visit.gettext
    about = {name: ", ".join(map(str, told)) if isinstance(told, list) else told for name, told in entry.about.items()}
    about |= {name: roles.get(str(about[name]), about[name]) for name in ("role", "before") if name in about}
    types = nouns.load(visit).object_types
    about |= {end: types[about[end]].label_plural.lower() for end in ("object", "other") if about.get(end) in types}
    about |= {"whom": entry.person or "", "name": about.get("name") or about.get("label") or about.get("role") or ""}
    sentences = {
        **_of_the_catalogue(visit),
        "first link": _("printed the link for the first person"),
        "invited": _("made a link for %(whom)s"),
        "opened link": _("opened their link"),
        "signed in": _("signed in"),
        "signed out": _("signed out"),
        "gave role": _("changed %(whom)s from %(before)s to %(role)s"),
        "deactivated": _("deactivated %(whom)s"),
        "handed over records": _("handed over %(records)s records of %(whom)s"),
        "changed teams": _("changed the teams of %(whom)s: %(teams)s"),
        "issued token": _("made the token %(name)s"),
        "revoked token": _("revoked the token %(name)s"),
        "defined role": _("defined the role %(name)s"),
        "erased record": _("deleted record %(record)s permanently"),
        "unblocked address": _("took an address off the block list"),
        "changed role": _("changed the role %(name)s"),
        "removed role": _("removed the role %(name)s"),
        "created team": _("created the team %(name)s"),
        "changed team": _("changed the team %(name)s"),
        "removed team": _("removed the team %(name)s"),
        "changed account": _("changed the general settings"),
    }
    try:
        return sentences.get(entry.what, entry.what) % about
    except KeyError:
        return entry.what


def _of_the_catalogue(visit: Visit) -> dict[str, str]:
    _ = visit.gettext
    return {
        "defined property": _("created the property %(name)s of %(object)s"),
        "changed rules": _("changed the rules of %(name)s of %(object)s"),
        "made property unique": _("let no two %(object)s have the same %(name)s"),
        "changed kind of property": _("let %(name)s of %(object)s hold something else"),
        "arranged pipelines": _("put the pipelines of %(object)s in order"),
        "connected objects": _("let %(object)s and %(other)s be associated"),
        "created label": _("created the label %(name)s between %(object)s and %(other)s"),
        "renamed label": _("called the label %(before)s between %(object)s and %(other)s %(name)s"),
        "removed label": _("removed the label %(name)s between %(object)s and %(other)s"),
        "limited associations": _("changed how many %(other)s one of the %(object)s may have"),
        "changed property": _("changed the property %(name)s of %(object)s"),
        "changed options": _("changed the options of %(name)s of %(object)s"),
        "archived property": _("archived the property %(name)s of %(object)s"),
        "restored property": _("restored the property %(name)s of %(object)s"),
        "created group": _("created the group %(name)s of %(object)s"),
        "renamed group": _("renamed the group %(name)s of %(object)s"),
        "defined object": _("defined the object %(name)s"),
        "renamed object": _("renamed the object %(name)s"),
        "created pipeline": _("created the pipeline %(name)s of %(object)s"),
        "changed pipeline": _("changed the pipeline %(name)s of %(object)s"),
        "removed pipeline": _("removed the pipeline %(name)s of %(object)s"),
    }
