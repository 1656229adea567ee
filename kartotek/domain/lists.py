"""Lists: create, rename, delete, add and remove members. Whoever may edit an object may shape its lists."""

from collections.abc import Sequence
from dataclasses import replace

import polars as pl

from kartotek import errors
from kartotek.domain import Tx, access, catalogue, imports, reach, records
from kartotek.model.lists import List
from kartotek.model.object_types import ObjectType
from kartotek.model.people import Actor
from kartotek.store import lists as store

LONGEST_NAME = 255
# What of an import goes on a list, as letters of import_outcomes.
LETTERS = {"created": ("c",), "updated": ("u",), "written": ("c", "u"), "all": ("c", "u", "=")}


def create(tx: Tx, actor: Actor, object_type: ObjectType, name: str, import_id: int | None = None) -> int:
    access.require(actor, "edit", object_type.name)
    row = {"name": _name(name), "object_type": object_type.number, "person": actor.person, "import": import_id}
    made = tx.query("lists.create", row)
    if not made:
        raise errors.Invalid(f"There is a list called “{name.strip()}” already. Give this one another name.")
    return int(made[0]["id"])


def from_import(tx: Tx, actor: Actor, object_type: ObjectType, name: str, import_id: int, which: str) -> int:
    """A list of the records that an import created, updated, wrote ("written") or met ("all"); gives its id."""
    imports.get(tx, actor, import_id)
    access.require(actor, "view", object_type.name)
    id = create(tx, actor, object_type, name, import_id)
    tx.call(
        "lists.add_from_import",
        {"list": id, "import": import_id, "object_type": object_type.number, "letters": list(LETTERS[which])},
    )
    return id


def get(tx: Tx, actor: Actor, id: int) -> List:
    found = tx.query("lists.get", {"id": id})
    if not found:
        raise errors.NotFound(f"There is no list with the number {id}. It may have been deleted.")
    one = List(**found[0])
    access.require(actor, "view", one.object_type)
    return _counted(tx, actor, [one])[0]


def find(
    tx: Tx, actor: Actor, *, search: str | None = None, limit: int = 50, offset: int = 0
) -> tuple[list[List], int]:
    """Lists by name, of objects that the actor may see, and how many fit in all."""
    types = [name for name in catalogue.load(tx).object_types if access.may(actor, "view", name)]
    pattern = f"%{imports.plain(search)}%" if search else None
    rows = tx.query("lists.find", {"types": types, "search": pattern, "limit": limit, "offset": offset})
    total = rows[0]["total"] if rows else 0
    return _counted(tx, actor, [List(**{k: v for k, v in row.items() if k != "total"}) for row in rows]), total


def of_object(tx: Tx, actor: Actor, object_type: ObjectType) -> list[List]:
    """All lists of one object type, uncounted, for a choice."""
    access.require(actor, "view", object_type.name)
    rows = tx.query("lists.find", {"types": [object_type.name], "search": None, "limit": 1000, "offset": 0})
    return [List(**{k: v for k, v in row.items() if k != "total"}) for row in rows]


def rename(tx: Tx, actor: Actor, id: int, name: str) -> None:
    access.require(actor, "edit", get(tx, actor, id).object_type)
    if not tx.query("lists.rename", {"id": id, "name": _name(name)}):
        raise errors.Invalid(f"There is a list called “{name.strip()}” already. Give this one another name.")


def delete(tx: Tx, actor: Actor, id: int) -> None:
    """The list goes; its records stay."""
    access.require(actor, "edit", get(tx, actor, id).object_type)
    tx.call("lists.archive", {"id": id})


def add(tx: Tx, actor: Actor, id: int, ids: Sequence[int]) -> int:
    """How many were not on it before. Records that are not there any more, or not to be seen, are passed over."""
    one = get(tx, actor, id)
    access.require(actor, "edit", one.object_type)
    object_type = catalogue.load(tx).object_type(one.object_type)
    seen = [record.id for record in records.many(tx, actor, object_type, ids, ()) if record.archived is None]
    return store.add(tx, id, seen)


def remove(tx: Tx, actor: Actor, id: int, ids: Sequence[int]) -> int:
    """How many were on it, of those that the actor may see."""
    one = get(tx, actor, id)
    access.require(actor, "edit", one.object_type)
    return store.remove(tx, id, sorted(reach.seen(tx, actor, catalogue.load(tx).object_type(one.object_type), ids)))


# ---------------------------------------------------------------- for an import


def is_free(tx: Tx, name: str) -> bool:
    """Whether no list is called so."""
    return not tx.query("lists.named", {"name": _name(name)})


def require_fit(tx: Tx, actor: Actor, object_type: ObjectType, name: str) -> None:
    """That records of this object may go on a list of this name, whether there is one or not."""
    access.require(actor, "edit", object_type.name)
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
    return store.take_off(tx, import_id, ids.unique().sort())


def archive_empty(tx: Tx, import_id: int) -> None:
    """The list that an import made goes, once nobody is on it any more."""
    tx.call("lists.archive_empty", {"import": import_id})


def _found(tx: Tx, object_type: ObjectType, name: str) -> int | None:
    rows = tx.query("lists.named", {"name": _name(name)})
    if rows and rows[0]["object_type"] != object_type.name:
        raise errors.Invalid(
            f"The list “{name.strip()}” is not one of {object_type.label_plural.lower()}. Name another one."
        )
    return int(rows[0]["id"]) if rows else None


def _name(name: str) -> str:
    kept = " ".join(name.replace("\0", "").split())
    if not kept:
        raise errors.Invalid("Give the list a name.")
    if len(kept) > LONGEST_NAME:
        raise errors.Invalid(f"The name of a list has at most {LONGEST_NAME} characters. Shorten it.")
    return kept


def _counted(tx: Tx, actor: Actor, found: Sequence[List]) -> list[List]:
    """With as many members as the actor may see; one query for each object type, whatever the number of lists."""
    counts: dict[int, int] = {}
    for name in dict.fromkeys(one.object_type for one in found):
        ids = [one.id for one in found if one.object_type == name]
        counts |= store.members(tx, catalogue.load(tx).object_type(name), ids, access.narrow(actor, "view", name))
    return [replace(one, members=counts.get(one.id, 0)) for one in found]
