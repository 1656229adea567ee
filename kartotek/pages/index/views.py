"""Saved views: tabs of an index page, made from what it shows just now."""

from dataclasses import dataclass, replace

from kartotek.domain import preferences, views
from kartotek.model.object_types import ObjectType
from kartotek.model.views import Arrangement, View
from kartotek.pages import records, render, table
from kartotek.pages.index import state as states
from kartotek.pages.index.state import State
from kartotek.pages.render import Answer
from kartotek.pages.visit import Visit


@dataclass(frozen=True, slots=True)
class Tab:
    key: str
    label: str
    address: str
    current: bool
    private: bool


@dataclass(frozen=True, slots=True)
class Tabs:
    tabs: list[Tab]
    view: View | None  # the one that is open, where it is a saved one
    may_change: bool
    is_first: bool  # whether the open one opens first


def of(visit: Visit, state: State) -> Tabs:
    _ = visit.gettext
    one = state.object_type
    plural = one.label_plural.lower()
    labels = {"all": _("All %(objects)s"), "my": _("My %(objects)s"), "unassigned": _("Unassigned")}
    tabs = [_tab(state, key, labels[key] % {"objects": plural}) for key in states.standard(one)]
    for view in views.of(visit.tx, visit.actor, one):
        tabs.append(_tab(state, str(view.id), view.name, private=not view.everyone))
    may_change = state.view is not None and views.may_change(visit.actor, state.view)
    return Tabs(tabs, state.view, may_change, state.key == (state.arrangement.first or "all"))


def new(visit: Visit, objects: str) -> Answer:
    state = states.of(visit, records.known(visit, objects))
    name = f"{state.view.name} 2" if state.view else ""
    return _form(visit, state, None, visit.field("name") or name)


def create(visit: Visit, objects: str) -> Answer:
    state = states.of(visit, records.known(visit, objects))
    made = views.create(visit.tx, visit.actor, state.object_type, _present(visit, state, _named(visit)))
    _open_first(visit, state.object_type, str(made.id))
    return render.go(state.opening(str(made.id)))


def edit(visit: Visit, objects: str, id: int) -> Answer:
    object_type = records.known(visit, objects)
    view = views.get(visit.tx, visit.actor, object_type, id)
    return _form(visit, states.of(visit, object_type), view, visit.field("name") or view.name)


def update(visit: Visit, objects: str, id: int) -> Answer:
    object_type = records.known(visit, objects)
    view = views.get(visit.tx, visit.actor, object_type, id)
    named = _named(visit)
    views.update(visit.tx, visit.actor, object_type, replace(view, name=named.name, everyone=named.everyone))
    _open_first(visit, object_type, str(id))
    return render.go(f"/{object_type.name}?view={id}")


def save(visit: Visit, objects: str, id: int) -> Answer:
    """The view becomes what the page shows."""
    object_type = records.known(visit, objects)
    view = views.get(visit.tx, visit.actor, object_type, id)
    state = states.of(visit, object_type)
    views.update(visit.tx, visit.actor, object_type, _present(visit, state, view))
    said = visit.gettext("The view “%(name)s” is saved.") % {"name": view.name}
    return render.go(state.opening(str(id)), said=said)


def copy(visit: Visit, objects: str, id: int) -> Answer:
    object_type = records.known(visit, objects)
    view = views.get(visit.tx, visit.actor, object_type, id)
    name = visit.gettext("Copy of %(name)s") % {"name": view.name}
    made = views.create(
        visit.tx, visit.actor, object_type, replace(view, name=name[: views.LONGEST_NAME], everyone=False)
    )
    return render.go(f"/{object_type.name}?view={made.id}")


def prefer(visit: Visit, objects: str) -> Answer:
    """The tab that opens first."""
    object_type = records.known(visit, objects)
    state = states.of(visit, object_type)
    _arrange_first(visit, object_type, state.key)
    return render.go(f"/{object_type.name}?view={state.key}", said=visit.gettext("This tab opens first now."))


def deletion(visit: Visit, objects: str, id: int) -> Answer:
    object_type = records.known(visit, objects)
    view = views.get(visit.tx, visit.actor, object_type, id)
    return render.page(visit, "views/deletion.html", object_type=object_type, view=view)


def delete(visit: Visit, objects: str, id: int) -> Answer:
    object_type = records.known(visit, objects)
    name = views.get(visit.tx, visit.actor, object_type, id).name
    views.delete(visit.tx, visit.actor, object_type, id)
    said = visit.gettext("The view “%(name)s” is deleted.") % {"name": name}
    return render.go(f"/{object_type.name}?view=all", said=said)


def _tab(state: State, key: str, label: str, *, private: bool = False) -> Tab:
    return Tab(key, label, state.opening(key), state.key == key, private)


def _form(visit: Visit, state: State, view: View | None, name: str) -> Answer:
    one = state.object_type
    path = f"views/{view.id}" if view else "views"
    return render.page(
        visit,
        "views/edit.html",
        object_type=one,
        address=state.address().replace(f"/{one.name}", f"/{one.name}/{path}", 1)
        if not view
        else f"/{one.name}/{path}",
        back=f"/{one.name}?view={view.id}" if view else state.address(),
        view=view,
        name=name,
        first=bool(view) and state.arrangement.first == str(view.id if view else ""),
    )


def _named(visit: Visit) -> View:
    return View(0, "", visit.field("name"), None, everyone=visit.field("everyone") == "1")


def _present(visit: Visit, state: State, view: View) -> View:
    columns = tuple(table.column_names(visit, state.object_type, state))
    return replace(view, filters=state.where, sort=state.sort, columns=columns)


def _open_first(visit: Visit, object_type: ObjectType, key: str) -> None:
    first = visit.preferences.arrangements.get(object_type.name, Arrangement()).first
    if visit.field("first") == "1":
        _arrange_first(visit, object_type, key)
    elif first == key:
        _arrange_first(visit, object_type, "")


def _arrange_first(visit: Visit, object_type: ObjectType, key: str) -> None:
    wishes = preferences.of(visit.tx, visit.person)
    now = wishes.arrangements.get(object_type.name, Arrangement())
    kept = {**wishes.arrangements, object_type.name: replace(now, first="" if key == "all" else key)}
    preferences.keep(visit.tx, visit.person, replace(wishes, arrangements=kept))
