"""Recipes that people keep: each under a name of its own, for everyone who imports."""

from kartotek import errors
from kartotek.domain import Tx, access
from kartotek.model.people import Actor
from kartotek.model.recipes import Recipe

LONGEST_NAME = 255


def keep(tx: Tx, actor: Actor, name: str, text: str) -> int:
    """Keeps a recipe that has been read and found good; gives its number."""
    access.require_import(actor, ())
    name = " ".join(name.split())
    if not 0 < len(name) <= LONGEST_NAME:
        raise errors.Invalid(f"Give the recipe a name of up to {LONGEST_NAME} characters.")
    rows = tx.query("recipes.keep", {"name": name, "text": text, "person": actor.person})
    if not rows:
        raise errors.Conflict(
            f"There is a recipe called “{name}” already. Give this one another name, or remove that one."
        )
    return int(rows[0]["id"])


def kept(tx: Tx, actor: Actor) -> list[Recipe]:
    """By name."""
    access.require_import(actor, ())
    return [Recipe(**row) for row in tx.query("recipes.kept")]


def get(tx: Tx, actor: Actor, id: int) -> Recipe:
    access.require_import(actor, ())
    rows = tx.query("recipes.get", {"id": id})
    if not rows:
        raise errors.NotFound("This recipe is not kept any more.")
    return Recipe(**rows[0])


def named(tx: Tx, actor: Actor, name: str) -> Recipe:
    """In any case."""
    access.require_import(actor, ())
    rows = tx.query("recipes.named", {"name": " ".join(name.split())})
    if not rows:
        raise errors.UnknownName("recipe", name)
    return get(tx, actor, int(rows[0]["id"]))


def remove(tx: Tx, actor: Actor, id: int) -> None:
    """For who kept it, and for those who may change settings."""
    found = get(tx, actor, id)
    if found.person != actor.person or actor.person is None:
        access.require_settings(actor)
    tx.query("recipes.remove", {"id": id})
