"""Active lists: what filters match, worked out whenever somebody looks.

Nothing is kept of who is on one, so it is right at once, after an import of a million records too. What it costs is
one more filter on a page; where many lists are shown, large ones are counted one by one. And who may not see something
does not learn of it by a list: it is read with the rights of whoever looks, as a saved view is.
"""

from kartotek import errors
from kartotek.domain import Tx, access, catalogue, filters, list_filling, list_members, lists
from kartotek.model import filter_texts
from kartotek.model.bulk_runs import BulkRun
from kartotek.model.filters import Filters, Query
from kartotek.model.lists import Counted, List
from kartotek.model.object_types import ObjectType
from kartotek.model.people import Actor


def create(tx: Tx, actor: Actor, object_type: ObjectType, name: str, asked: Filters) -> int:
    access.require(actor, "edit", object_type)
    return lists.create(tx, actor, object_type, name, filters=_checked(tx, actor, object_type, asked))


def ask(tx: Tx, actor: Actor, id: int, asked: Filters) -> None:
    """What it asks for from now on."""
    tx.query("lists.one_at_a_time")
    one, object_type = _active(tx, actor, id)
    kept = _checked(tx, actor, object_type, asked, one.id)
    tx.call("lists.ask", {"id": id, "filters": kept, "person": actor.person})


def fix(tx: Tx, actor: Actor, id: int) -> BulkRun | None:
    """It becomes a static one of those that are on it now, filled by the run that is given, if there are any."""
    tx.query("lists.one_at_a_time")
    one, object_type = _active(tx, actor, id)
    read = filters.read(tx, actor, object_type, Query(on_list=id))
    types = filters.asked_of(object_type, read.asked_by_list)
    if not access.sees_all(actor, types):
        raise errors.NotAllowed(
            f"{actor.name} sees only some of what “{one.name}” asks for, so it would lose the others. "
            "Make a static copy of it, or ask somebody who sees all."
        )
    ids = list_filling.on(tx, actor, object_type, id)
    tx.call("lists.ask", {"id": id, "filters": None, "person": actor.person})
    return list_filling.put(tx, actor, object_type, id, ids)


def copy(tx: Tx, actor: Actor, id: int, name: str) -> int:
    """Another active list that asks for the same."""
    one, object_type = _active(tx, actor, id)
    return create(tx, actor, object_type, name, filter_texts.parsed(one.filters or ""))


def static_copy(tx: Tx, actor: Actor, id: int, name: str) -> tuple[int, BulkRun | None]:
    """A static list of those that are on a list now, as far as the actor sees them, and what fills it."""
    one = lists.uncounted(tx, actor, id)
    object_type = catalogue.load(tx).object_type(one.object_type)
    ids = list_filling.on(tx, actor, object_type, id)
    made = lists.create(tx, actor, object_type, name)
    return made, list_filling.put(tx, actor, object_type, made, ids)


def preview(tx: Tx, actor: Actor, object_type: ObjectType, asked: Filters) -> Counted:
    """How many records these filters match now, or the sentence that says why they cannot be asked."""
    access.require(actor, "view", object_type)
    try:
        return list_members.count(tx, actor, object_type, Query(filters=asked))
    except (errors.Invalid, errors.NotAllowed) as error:
        return Counted(wrong=error.sentence)


def _active(tx: Tx, actor: Actor, id: int) -> tuple[List, ObjectType]:
    one = lists.uncounted(tx, actor, id)
    object_type = catalogue.load(tx).object_type(one.object_type)
    access.require(actor, "edit", object_type)
    if not one.is_active:
        raise errors.Invalid(f"“{one.name}” is a static list: it asks for nothing. Put records on it by hand.")
    return one, object_type


def _checked(tx: Tx, actor: Actor, object_type: ObjectType, asked: Filters, id: int | None = None) -> str:
    """As it is kept; refuses what nobody could read later."""
    settled = filters.settled(tx, actor, object_type, asked)
    if not any(settled):
        raise errors.Invalid("An active list needs a condition that says what is on it. Add one.")
    filters.check(tx, actor, object_type, settled, of_list=id)
    text = filter_texts.spelled(settled)
    filter_texts.parsed(text)
    return text
