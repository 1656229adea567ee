"""Views: saved tabs of index pages. Whoever may see an object may keep views of it; one for everyone is changed by who
made it, or by who may change settings. What a view shows is narrowed by the rights of whoever looks."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from kartotek import errors
from kartotek.domain import Tx, access
from kartotek.model import filter_texts
from kartotek.model.object_types import ObjectType
from kartotek.model.people import Actor
from kartotek.model.views import View

LONGEST_NAME = 100
MOST = 200  # of one object that a person sees


def of(tx: Tx, actor: Actor, object_type: ObjectType) -> list[View]:
    """The person's own and everyone's, in the order in which they were made."""
    access.require(actor, "view", object_type)
    rows = tx.query("views.of", {"object_type": object_type.number, "person": actor.person, "most": MOST})
    return [_view(row) for row in rows]


def get(tx: Tx, actor: Actor, object_type: ObjectType, id: int) -> View:
    found = [one for one in of(tx, actor, object_type) if one.id == id]
    if not found:
        raise errors.NotFound(
            f"There is no view of {object_type.label_plural.lower()} with the number {id}. "
            "It may have been deleted, or made private."
        )
    return found[0]


def create(tx: Tx, actor: Actor, object_type: ObjectType, view: View) -> View:
    """`view` as it is to be; its id and person are given here."""
    if actor.person is None:
        raise errors.Invalid("A view belongs to a person, and there is nobody here.")
    if len(of(tx, actor, object_type)) >= MOST:
        raise errors.Invalid(f"There are {MOST} views already, and nobody can oversee more. Delete one first.")
    wanted = replace(_checked(view), object_type=object_type.name, person=actor.person)
    made = tx.query("views.create", {**_row(wanted), "object_type": object_type.number, "person": actor.person})
    return replace(wanted, id=made[0]["id"])


def update(tx: Tx, actor: Actor, object_type: ObjectType, view: View) -> None:
    """Sets all that `view` says of the one with its id."""
    _require_own(actor, get(tx, actor, object_type, view.id))
    tx.call("views.update", {**_row(_checked(view)), "id": view.id})


def delete(tx: Tx, actor: Actor, object_type: ObjectType, id: int) -> None:
    _require_own(actor, get(tx, actor, object_type, id))
    tx.call("views.archive", {"id": id})


def may_change(actor: Actor, view: View) -> bool:
    return view.person == actor.person or (view.everyone and actor.rights.settings)


def _require_own(actor: Actor, view: View) -> None:
    if not may_change(actor, view):
        raise errors.NotAllowed(f"The view “{view.name}” is somebody else's. Make a copy, and change that.")


def _checked(view: View) -> View:
    """Refuses what nobody could read later."""
    name = " ".join(view.name.replace("\0", "").split())
    if not name:
        raise errors.Invalid("Give the view a name.")
    if len(name) > LONGEST_NAME:
        raise errors.Invalid(f"The name of a view has at most {LONGEST_NAME} characters. Shorten it.")
    return replace(view, name=name, filters=filter_texts.spelled(filter_texts.parsed(view.filters)))


def _row(view: View) -> dict[str, object]:
    return {
        "name": view.name, "everyone": view.everyone, "filters": view.filters, "sort": view.sort,
        "columns": list(view.columns),
    }  # fmt: skip


def _view(row: Mapping[str, Any]) -> View:
    return View(**{**row, "columns": tuple(row["columns"])})
