"""Members of lists: how many there are of each, and which lists a record is on."""

from collections.abc import Sequence
from dataclasses import replace

from kartotek import errors
from kartotek.domain import Tx, access, catalogue, filters
from kartotek.model.filters import Filters, Query
from kartotek.model.lists import Counted, List
from kartotek.model.object_types import ObjectType
from kartotek.model.people import Actor
from kartotek.store import lists as store


def every(tx: Tx, actor: Actor, found: Sequence[List]) -> list[List]:
    """With as many members as the actor may see: static ones by one query for each object type, active ones each by
    its own, unless their tables are large."""
    counts: dict[int, int] = {}
    soon = set()
    for name in dict.fromkeys(one.object_type for one in found):
        object_type = catalogue.load(tx).object_type(name)
        ids = [one.id for one in found if one.object_type == name and not one.is_active]
        counts |= store.members(tx, object_type, ids, access.narrow(actor, "view", name)) if ids else {}
        if store.is_soon_counted(tx, object_type):
            soon.add(name)
    return [of(tx, actor, one) if one.is_active and one.object_type in soon else _static(one, counts) for one in found]


def of(tx: Tx, actor: Actor, one: List) -> List:
    """With as many members as the actor may see, whatever it takes; one that cannot be read says why."""
    if not one.is_active:
        return every(tx, actor, [one])[0]
    object_type = catalogue.load(tx).object_type(one.object_type)
    try:
        found = count(tx, actor, object_type, Query(on_list=one.id))
    except (errors.Invalid, errors.NotAllowed) as error:
        return replace(one, members=None, wrong=error.sentence)
    return replace(one, members=found.total, exact=found.exact)


def count(tx: Tx, actor: Actor, object_type: ObjectType, query: Query) -> Counted:
    read = filters.read(tx, actor, object_type, query)
    return store.count(tx, object_type, read, access.narrow(actor, "view", object_type.name))


def holding(tx: Tx, actor: Actor, object_type: ObjectType, record: int, among: Sequence[List]) -> list[List]:
    """Those of these active lists that a record is on; what the actor cannot read is left out."""
    asked: dict[int, Filters] = {}
    for one in among:
        try:
            asked[one.id] = filters.read(tx, actor, object_type, Query(on_list=one.id)).asked_by_list
        except (errors.Invalid, errors.NotAllowed):
            continue
    found = store.holding(tx, object_type, record, asked)
    return [one for one in among if one.id in found]


def _static(one: List, counts: dict[int, int]) -> List:
    return one if one.is_active else replace(one, members=counts.get(one.id, 0))
