"""Which columns an index page shows: chosen in a panel, kept for the person, and written into the address."""

from dataclasses import replace

from kartotek.domain import people
from kartotek.pages import layouts, records, render, table
from kartotek.pages.render import Answer
from kartotek.pages.visit import Visit


def edit(visit: Visit, objects: str) -> Answer:
    object_type = records.known(visit, objects)
    shown = table.column_names(visit, object_type)
    possible = table.possible(visit, object_type)
    linked = {name: label for name, label in possible.items() if name.startswith(layouts.ASSOCIATED)}
    chosen = [(name, possible[name]) for name in shown]
    rest = [(name, label) for name, label in possible.items() if name not in linked and name not in shown]
    return render.page(visit, "columns/edit.html", object_type=object_type, linked=linked, chosen=chosen, rest=rest)


def create(visit: Visit, objects: str) -> Answer:
    """An empty choice means the standard columns again."""
    object_type = records.known(visit, objects)
    possible = table.possible(visit, object_type)
    names = tuple(name for name in dict.fromkeys(visit.fields("columns")) if name in possible)
    kept = {name: value for name, value in visit.preferences.columns.items() if name != object_type.name}
    if names and not visit.field("standard"):
        kept[object_type.name] = names
    people.prefer(visit.tx, visit.person, replace(visit.preferences, columns=kept))
    return render.go(f"/{object_type.name}")
