"""What names a list: saved views and other lists that ask for it, recipes and imports that put records on it."""

from kartotek.domain import Tx, access, lists
from kartotek.model.lists import ListUses
from kartotek.model.people import Actor


def of(tx: Tx, actor: Actor, id: int) -> ListUses:
    """Of objects that the actor may see."""
    lists.uncounted(tx, actor, id)
    asked = {"id": id, "asked": rf"\mlist\({id}\)"}
    counted = tx.query("lists.used_in_imports", asked)[0]
    views = [row for row in tx.query("lists.used_in_views", asked) if access.may(actor, "view", row["object_type"])]
    others = [row for row in tx.query("lists.used_in_lists", asked) if access.may(actor, "view", row["object_type"])]
    return ListUses(
        tuple((row["id"], row["name"], row["object_type"], row["whose"]) for row in views),
        tuple((row["id"], row["name"]) for row in others),
        tuple(row["name"] for row in tx.query("lists.used_in_recipes", asked)),
        counted["every"],
        counted["running"],
    )
