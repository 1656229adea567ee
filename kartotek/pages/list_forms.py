"""Forms of lists: made, renamed, copied, made static; and what an active one asks for, in the filter builder."""

from collections.abc import Sequence
from typing import Any

from kartotek import errors
from kartotek.domain import access, active_lists, lists
from kartotek.model import filter_texts
from kartotek.model.bulk_runs import BulkRun
from kartotek.model.lists import Counted, List
from kartotek.model.object_types import ObjectType
from kartotek.pages import nouns, records, render, shown
from kartotek.pages.index import condition_lines, conditions
from kartotek.pages.index import words as spoken
from kartotek.pages.index.condition_lines import Drawn
from kartotek.pages.index.conditions import Asked
from kartotek.pages.render import Answer
from kartotek.pages.visit import Visit


def new(visit: Visit) -> Answer:
    """Also with filters that an index page brings along, and with what was filled in when something is wrong."""
    if visit.asked.form:
        return _new(visit, conditions.sent(visit))
    return _new(visit, conditions.saved(filter_texts.parsed(visit.query("where"))))


def create(visit: Visit) -> Answer:
    """Makes it, or draws the form anew."""
    if visit.field("do") != "apply":
        asked, focus = conditions.pressed(conditions.sent(visit), visit.field("do"), visit.field("changed"))
        return _new(visit, [] if visit.field("changed") == "object" else asked, focus)
    object_type, name = records.known(visit, visit.field("object")), visit.field("name")
    if visit.field("kind") == "active":
        wanted = conditions.filters_of(conditions.sent(visit))
        id = active_lists.create(visit.tx, visit.actor, object_type, name, wanted)
    else:
        id = lists.create(visit.tx, visit.actor, object_type, name)
    return render.go(f"/lists/{id}", said=visit.gettext("The list “%(name)s” is made.") % {"name": name})


def edit(visit: Visit, id: int) -> Answer:
    return render.page(visit, "lists/edit.html", list=lists.uncounted(visit.tx, visit.actor, id))


def update(visit: Visit, id: int) -> Answer:
    lists.rename(visit.tx, visit.actor, id, visit.field("name"))
    return render.go(f"/lists/{id}")


def filters(visit: Visit, id: int) -> Answer:
    """What it asks for, to be changed; or what was filled in, and what is wrong with it."""
    one = lists.uncounted(visit.tx, visit.actor, id)
    saved = conditions.saved(filter_texts.parsed(one.filters or ""))
    return _asked(visit, one, conditions.sent(visit) if visit.asked.form else saved)


def ask(visit: Visit, id: int) -> Answer:
    """Keeps them, or draws the panel anew; an undo brings them as text."""
    one = lists.uncounted(visit.tx, visit.actor, id)
    wish = visit.field("do")
    if wish not in ("apply", "back"):
        return _asked(visit, one, *conditions.pressed(conditions.sent(visit), wish, visit.field("changed")))
    sent = (
        filter_texts.parsed(visit.field("where")) if wish == "back" else conditions.filters_of(conditions.sent(visit))
    )
    active_lists.ask(visit.tx, visit.actor, id, sent)
    now = lists.get(visit.tx, visit.actor, id)
    said = visit.gettext("“%(name)s” now has %(count)s.") % {"name": one.name, "count": _members(visit, now)}
    kept = {"do": "back", "where": one.filters or ""}
    back = render.Back(f"/lists/{id}/filters", visit.gettext("Undo"), kept) if wish == "apply" else None
    return render.go(f"/lists/{id}", said=said, back=back)


def new_copy(visit: Visit, id: int) -> Answer:
    one = lists.get(visit.tx, visit.actor, id)
    name = visit.gettext("%(name)s, copy") % {"name": one.name}
    return render.page(visit, "lists/copy.html", list=one, name=visit.field("name") or name, **_of(visit, one))


def copy(visit: Visit, id: int) -> Answer:
    name = visit.field("name")
    if visit.field("kind") == "active":
        made, run = active_lists.copy(visit.tx, visit.actor, id, name), None
    else:
        made, run = active_lists.static_copy(visit.tx, visit.actor, id, name)
    return filled(visit, made, run)


def filled(visit: Visit, id: int, run: BulkRun | None) -> Answer:
    """To a list that was made; while many are put on it, to where that is told."""
    if run is not None and not run.finished:
        return render.go(f"/bulk/{run.id}")
    name = lists.uncounted(visit.tx, visit.actor, id).name
    return render.go(f"/lists/{id}", said=visit.gettext("The list “%(name)s” is made.") % {"name": name})


def new_fixing(visit: Visit, id: int) -> Answer:
    one = lists.get(visit.tx, visit.actor, id)
    return render.page(visit, "lists/fixing.html", list=one, **_of(visit, one))


def fix(visit: Visit, id: int) -> Answer:
    run = active_lists.fix(visit.tx, visit.actor, id)
    if run is not None and not run.finished:
        return render.go(f"/bulk/{run.id}")
    one = lists.get(visit.tx, visit.actor, id)
    said = visit.gettext("“%(name)s” is a static list of %(count)s now.")
    return render.go(f"/lists/{id}", said=said % {"name": one.name, "count": _members(visit, one)})


def editable(visit: Visit) -> list[ObjectType]:
    """The objects whose lists the person may shape."""
    actor, types = visit.actor, nouns.load(visit).object_types.values()
    return [
        one
        for one in types
        if one.kind == "record" and access.may(actor, "edit", one.name) and access.may(actor, "view", one.name)
    ]


def sentence(visit: Visit, object_type: ObjectType, one: List) -> str:
    """What an active list asks for, in words; "" of a static one."""
    if one.filters is None:
        return ""
    return spoken.sentence(visit, object_type, filter_texts.parsed(one.filters), records.words(visit))


def _new(visit: Visit, asked: Sequence[Asked], focus: str = "") -> Answer:
    objects = editable(visit)
    if not objects:
        raise errors.NotAllowed(visit.gettext("You may edit no records, so you cannot make lists of them."))
    wanted = visit.field("object") or visit.query("object")
    object_type = next((one for one in objects if one.name == wanted), objects[0])
    is_active = (visit.field("kind") or visit.query("kind")) == "active"
    drawn = condition_lines.drawn(visit, object_type, asked or [Asked()], focus) if is_active else None
    return render.page(
        visit,
        "lists/new.html",
        objects=objects,
        object_type=object_type,
        address="/lists",
        is_active=is_active,
        drawn=drawn,
        counted=_counted(visit, object_type, drawn) if drawn else None,
    )


def _asked(visit: Visit, one: List, asked: Sequence[Asked], focus: str = "") -> Answer:
    object_type = nouns.load(visit).object_types[one.object_type]
    drawn = condition_lines.drawn(visit, object_type, asked or [Asked()], focus)
    return render.page(
        visit,
        "lists/filters.html",
        list=one,
        object_type=object_type,
        address=f"/lists/{one.id}/filters",
        back=f"/lists/{one.id}",
        drawn=drawn,
        counted=_counted(visit, object_type, drawn),
    )


def _counted(visit: Visit, object_type: ObjectType, drawn: Drawn) -> Counted | None:
    return active_lists.preview(visit.tx, visit.actor, object_type, drawn.filters) if drawn.filters else None


def _of(visit: Visit, one: List) -> dict[str, Any]:
    return {
        "object_type": nouns.load(visit).object_types[one.object_type],
        "members": _members(visit, one),
    }


def _members(visit: Visit, one: List) -> str:
    """“312 contacts”, “about 12,000 contacts”."""
    object_type = nouns.load(visit).object_types[one.object_type]
    label = object_type.label if one.members == 1 else object_type.label_plural
    form = visit.gettext("%(count)s %(objects)s") if one.exact else visit.gettext("about %(count)s %(objects)s")
    return form % {"count": shown.filters(visit.locale)["number"](one.members or 0), "objects": label.lower()}
