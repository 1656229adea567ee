"""Roles: the standard ones, those that people have shaped, and what each grants."""

import re
import unicodedata
from dataclasses import replace

from kartotek import errors
from kartotek.domain import Tx, access, audit, catalogue
from kartotek.model.people import ADMINISTRATOR, REACH, ROLES, VERBS, Actor, Rights, Role
from kartotek.store import roles as store

LONGEST_NAME = 60


def every(tx: Tx) -> dict[str, Role]:
    """By name: the standard ones first."""
    return store.every(tx)


def get(tx: Tx, name: str) -> Role:
    found = store.every(tx).get(name)
    if found is None:
        raise errors.NotFound(f"There is no role “{name}”. It may have been removed.")
    return found


def define(tx: Tx, actor: Actor, label: str, rights: Rights) -> Role:
    """A role of one's own; its name for files and the command line follows from its label."""
    access.require_settings(actor)
    said = _label(label)
    name = _name(said)
    taken = store.every(tx).values()
    if name in {one.name for one in taken} or said.casefold() in {(one.label or "").casefold() for one in taken}:
        raise errors.Invalid(f"There is a role called “{said}” already. Give this one another name.")
    role = Role(name, said, _checked(tx, actor, rights))
    store.keep(tx, role)
    audit.note(tx, actor, "defined role", role=name, label=said)
    return role


def change(tx: Tx, actor: Actor, name: str, label: str | None, rights: Rights) -> None:
    """For everybody who has it, from their next step on. `label`: None leaves it as it is called."""
    access.require_settings(actor)
    role = get(tx, name)
    if name == ADMINISTRATOR:
        raise errors.Invalid("An administrator may do everything. Define another role for somebody who may do less.")
    access.require_within(actor, role.rights, "This role allows")
    changed = replace(role, label=role.label if label is None else _label(label), rights=_checked(tx, actor, rights))
    if changed != role:
        store.keep(tx, changed)
        audit.note(tx, actor, "changed role", role=name, label=changed.label)


def remove(tx: Tx, actor: Actor, name: str) -> None:
    """A role of one's own goes when nobody has it; a standard one becomes again what it was."""
    access.require_settings(actor)
    role = get(tx, name)
    if role.is_standard:
        access.require_within(actor, ROLES[name], "This role allowed")
    elif store.had(tx, name):
        raise errors.Conflict(f"There are people with the role “{role.label}”. Give them another one first.")
    store.remove(tx, name)
    audit.note(tx, actor, "removed role", role=name, label=role.label)


def _checked(tx: Tx, actor: Actor, rights: Rights) -> Rights:
    """Nobody edits or deletes what they may not see; and nobody makes a role that may more than they."""
    types = catalogue.load(tx).object_types
    for verb in VERBS:
        granted: dict[str, str] = getattr(rights, verb)
        if unknown := [name for name in granted if name != "*" and name not in types]:
            raise errors.UnknownName("object", unknown[0])
        if wrong := [reach for reach in granted.values() if reach not in REACH]:
            raise errors.UnknownName("reach", wrong[0])
    for name, one in types.items():
        for verb in ("edit", "delete"):
            if not access.covers(rights.reach("view", name), rights.reach(verb, name)):
                raise errors.Invalid(
                    f"{one.label_plural}: who may {verb} more of them than they may view cannot know what they do. "
                    f"Let them view at least as much."
                )
    access.require_within(actor, rights, "This role would allow")
    return rights


def _label(label: str) -> str:
    said = " ".join(label.replace("\0", "").split())
    if not said:
        raise errors.Invalid("Give the role a name.")
    if len(said) > LONGEST_NAME:
        raise errors.Invalid(f"The name of a role has at most {LONGEST_NAME} characters. Shorten it.")
    return said


def _name(label: str) -> str:
    """ "Sales, north" → sales_north"""
    plain = unicodedata.normalize("NFKD", label.casefold().replace("æ", "ae").replace("ø", "oe").replace("å", "aa"))
    return re.sub(r"[^a-z0-9]+", "_", plain.encode("ascii", "ignore").decode()).strip("_") or f"role_{len(label)}"
