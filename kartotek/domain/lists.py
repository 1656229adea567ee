"""Lists: create, rename, delete, add and remove members. Whoever may edit an object may shape its lists.

What is particular to active ones stands in active_lists.py, what names a list in list_uses.py.
"""

from collections.abc import Collection, Sequence
from typing import Any

import polars as pl

from kartotek import errors
from kartotek.domain import Tx, access, catalogue, imports, list_members, reach, records, restoring
from kartotek.model.lists import List
from kartotek.model.object_types import ObjectType
from kartotek.model.people import Actor
from kartotek.store import lists as store

LONGEST_NAME = 255
DAYS = restoring.DAYS  # that a deleted one can be restored
# What of an import goes on a list, as letters of import_outcomes.
LETTERS = {"created": ("c",), "updated": ("u",), "written": ("c", "u"), "all": ("c", "u", "=")}


def create(
    tx: Tx,
    actor: Actor,
    object_type: ObjectType,
    name: str,
    import_id: int | None = None,
    filters: str | None = None,
) -> int:
    """`filters`: of an active one, checked already."""
    access.require(actor, "edit", object_type)
    row = {
        "name": _name(name), "object_type": object_type.number, "person": actor.person, "import": import_id,
        "filters": filters,
    }  # fmt: skip
    made = tx.query("lists.create", row)
    if not made:
        raise errors.Invalid(f"There is a list called “{name.strip()}” already. Give this one another name.")
    return int(made[0]["id"])


def get(tx: Tx, actor: Actor, id: int) -> List:
    """With its number of members counted, whatever it takes."""
    return list_members.of(tx, actor, uncounted(tx, actor, id))


def uncounted(tx: Tx, actor: Actor, id: int) -> List:
    found = tx.query("lists.get", {"id": id})
    if not found:
        raise errors.NotFound(f"There is no list with the number {id}. It may have been deleted.")
    _require(tx, actor, "view", found[0]["object_type"])
    return List(**found[0], members=None)


def find(
    tx: Tx,
    actor: Actor,
    *,
    search: str | None = None,
    kind: str | None = None,
    objects: str | None = None,
    limit: int = 50,
    offset: int = 0,
) -> tuple[list[List], int]:
    """Lists by name, of objects that the actor may see, and how many fit in all. `kind`: "active" or "static".

    Active ones of large tables are not counted here.
    """
    types = [name for name in visible(tx, actor) if objects in (None, name)]
    pattern = f"%{imports.plain(search)}%" if search else None
    rows = tx.query("lists.find", {"types": types, "search": pattern, "kind": kind, "limit": limit, "offset": offset})
    total = rows[0]["total"] if rows else 0
    return list_members.every(tx, actor, [_uncounted(row) for row in rows]), total


def visible(tx: Tx, actor: Actor) -> list[str]:
    """The object types whose lists the actor may see."""
    return [name for name in catalogue.load(tx).object_types if access.may(actor, "view", name)]


def names(tx: Tx, actor: Actor, ids: Collection[int]) -> dict[int, str]:
    """What these lists are called, as far as the actor may see; deleted ones too."""
    rows = tx.query("lists.names", {"ids": list(ids)}) if ids else []
    return {row["id"]: row["name"] for row in rows if access.may(actor, "view", row["object_type"])}


def of_name(tx: Tx, actor: Actor, object_type: ObjectType, name: str) -> int:
    """The number of the list of this name."""
    access.require(actor, "view", object_type)
    rows = tx.query("lists.named", {"name": _name(name)})
    if not rows or rows[0]["object_type"] != object_type.name:
        raise errors.UnknownName(f"list of {object_type.label_plural.lower()}", name.strip())
    return int(rows[0]["id"])


def of_object(tx: Tx, actor: Actor, object_type: ObjectType) -> list[List]:
    """All lists of one object type, uncounted, for a choice."""
    access.require(actor, "view", object_type)
    asked = {"types": [object_type.name], "search": None, "kind": None, "limit": 1000, "offset": 0}
    return [_uncounted(row) for row in tx.query("lists.find", asked)]


def of_record(tx: Tx, actor: Actor, object_type: ObjectType, record: int) -> list[List]:
    """The lists that a record is on, uncounted: static ones first. Of active ones those that the actor may read."""
    access.require(actor, "view", object_type)
    if record not in reach.seen(tx, actor, object_type, [record]):
        raise reach.missing(object_type, record)
    rows = tx.query("lists.holding", {"record": record, "object_type": object_type.number})
    active = [one for one in of_object(tx, actor, object_type) if one.is_active]
    return [*(List(**row) for row in rows), *list_members.holding(tx, actor, object_type, record, active)]


def rename(tx: Tx, actor: Actor, id: int, name: str) -> None:
    _require(tx, actor, "edit", uncounted(tx, actor, id).object_type)
    if not tx.query("lists.rename", {"id": id, "name": _name(name), "person": actor.person}):
        raise errors.Invalid(f"There is a list called “{name.strip()}” already. Give this one another name.")


def delete(tx: Tx, actor: Actor, id: int) -> None:
    """The list goes, and can come back for 90 days; its records stay."""
    _require(tx, actor, "edit", uncounted(tx, actor, id).object_type)
    tx.call("lists.archive", {"id": id, "person": actor.person})


def archived(tx: Tx, actor: Actor) -> list[List]:
    """Those that can still be restored, uncounted, the latest first."""
    asked = {"days": DAYS, "types": visible(tx, actor), "id": None}
    return [List(**row) for row in tx.query("lists.archived", asked)]


def restore(tx: Tx, actor: Actor, id: int) -> List:
    found = tx.query("lists.archived", {"days": DAYS, "types": visible(tx, actor), "id": id})
    if not found:
        raise errors.NotFound(f"There is no deleted list with the number {id} that could still be restored.")
    one = List(**found[0])
    _require(tx, actor, "edit", one.object_type)
    if not tx.query("lists.restore", {"id": id, "person": actor.person}):
        raise errors.Conflict(f"There is another list called “{one.name}” by now. Rename that one, then restore this.")
    return one


def add(tx: Tx, actor: Actor, id: int, ids: Sequence[int]) -> int:
    """How many were not on it before. Records that are not there any more, or not to be seen, are passed over."""
    object_type = _by_hand(tx, actor, id)
    seen = [record.id for record in records.many(tx, actor, object_type, ids, ()) if record.archived is None]
    added = store.add(tx, id, seen)
    tx.call("lists.touch", {"id": id, "person": actor.person})
    return added


def remove(tx: Tx, actor: Actor, id: int, ids: Sequence[int]) -> int:
    """How many were on it, of those that the actor may see."""
    object_type = _by_hand(tx, actor, id)
    removed = store.remove(tx, id, sorted(reach.seen(tx, actor, object_type, ids)))
    tx.call("lists.touch", {"id": id, "person": actor.person})
    return removed


def purge(tx: Tx) -> None:
    """Those that were deleted so long ago that they cannot come back go for good."""
    tx.call("lists.purge", {"days": DAYS})


def _by_hand(tx: Tx, actor: Actor, id: int) -> ObjectType:
    """Of a list whose members are people's to choose."""
    one = uncounted(tx, actor, id)
    _require(tx, actor, "edit", one.object_type)
    if one.is_active:
        raise errors.Invalid(f"“{one.name}” is an active list: its filters say what is on it. Change those.")
    return catalogue.load(tx).object_type(one.object_type)


def require_of(tx: Tx, actor: Actor, object_type: ObjectType, id: int) -> None:
    """That the actor may put records of this object on this list."""
    if _by_hand(tx, actor, id).name != object_type.name:
        raise errors.Invalid("That list holds records of another kind. Choose another one.")


def enlist(tx: Tx, actor: Actor, object_type: ObjectType, id: int, ids: pl.Series) -> tuple[pl.Series, pl.Series]:
    """Puts those of these records on a list that live; gives them, and those that were not on it before."""
    living = records.living(tx, object_type, ids)
    new = pl.Series("_id", store.missing(tx, id, living.to_list()), pl.Int64)
    store.add(tx, id, new.to_list())
    tx.call("lists.touch", {"id": id, "person": actor.person})
    return living, new


def delist(tx: Tx, actor: Actor, id: int, ids: pl.Series) -> pl.Series:
    """Takes these records off a list; gives those that were on it."""
    away = pl.Series(store.missing(tx, id, ids.to_list()), dtype=pl.Int64)
    there = ids.filter(~ids.is_in(away.implode()))
    store.remove(tx, id, there.to_list())
    tx.call("lists.touch", {"id": id, "person": actor.person})
    return there


# ---------------------------------------------------------------- for an import


def is_free(tx: Tx, name: str) -> bool:
    """Whether no list is called so."""
    return not tx.query("lists.named", {"name": _name(name)})


def require_fit(tx: Tx, actor: Actor, object_type: ObjectType, name: str) -> None:
    """That records of this object may go on a list of this name, whether there is one or not."""
    access.require(actor, "edit", object_type)
    _found(tx, object_type, name)


def put_on(tx: Tx, actor: Actor, import_id: int, object_type: ObjectType, name: str, ids: pl.Series) -> pl.Series:
    """Puts the records that an import met on its list, which is found by its name or made; gives those that are new
    on it."""
    id = tx.query("lists.of_import", {"import": import_id})[0]["list"]
    if id is None:
        id = _found(tx, object_type, name) or create(tx, actor, object_type, name, import_id)
        tx.call("lists.keep_for_import", {"import": import_id, "list": id})
    new = store.missing(tx, id, ids.to_list())
    store.add(tx, id, new, import_id)
    return pl.Series(new, dtype=pl.Int64)


def would_put_on(tx: Tx, object_type: ObjectType, name: str, ids: pl.Series) -> pl.Series:
    """Those of the records that are not on the list of this name, as it is now."""
    return pl.Series(store.missing(tx, _found(tx, object_type, name), ids.to_list()), dtype=pl.Int64)


def put_on_by(tx: Tx, import_id: int) -> int:
    """How many records an import has put on its list that are on it still."""
    return int(tx.query("lists.put_on", {"import": import_id})[0]["n"])


def take_off(tx: Tx, import_id: int, ids: pl.Series) -> int:
    """Those of these records that an import has put on its list leave it; how many there were."""
    has_list = tx.query("lists.of_import", {"import": import_id})[0]["list"] is not None
    return store.take_off(tx, import_id, ids.unique().sort()) if has_list else 0


def of_import(tx: Tx, actor: Actor, import_id: int) -> List | None:
    """The list that an import put its records on, uncounted, if it is there still and the actor may see it."""
    id = tx.query("lists.of_import", {"import": import_id})[0]["list"]
    found = tx.query("lists.get", {"id": id}) if id else []
    may_see = found and access.may(actor, "view", found[0]["object_type"])
    return List(**found[0], members=None) if may_see else None


def archive_empty(tx: Tx, import_id: int) -> None:
    """The list that an import made goes, once nobody is on it any more."""
    tx.call("lists.archive_empty", {"import": import_id})


def _found(tx: Tx, object_type: ObjectType, name: str) -> int | None:
    rows = tx.query("lists.named", {"name": _name(name)})
    if rows and rows[0]["object_type"] != object_type.name:
        raise errors.Invalid(
            f"The list “{name.strip()}” is not one of {object_type.label_plural.lower()}. Name another one."
        )
    if rows and rows[0]["filters"] is not None:
        raise errors.Invalid(f"“{name.strip()}” is an active list: its filters say what is on it. Name another one.")
    return int(rows[0]["id"]) if rows else None


def _name(name: str) -> str:
    kept = " ".join(name.replace("\0", "").split())
    if not kept:
        raise errors.Invalid("Give the list a name.")
    if len(kept) > LONGEST_NAME:
        raise errors.Invalid(f"The name of a list has at most {LONGEST_NAME} characters. Shorten it.")
    return kept


def _uncounted(row: dict[str, Any]) -> List:
    return List(**{name: value for name, value in row.items() if name != "total"}, members=None)


def _require(tx: Tx, actor: Actor, verb: str, object_type: str) -> None:
    access.require(actor, verb, catalogue.load(tx).object_type(object_type))
