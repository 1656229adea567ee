"""Which columns an index page shows, in which order, which of them stay in sight, and how wide they are.

Chosen in a panel. A saved view has its own, which stand in the address until it is saved; else they are kept for the
person.
"""

from dataclasses import dataclass, replace

from litestar import Response

from kartotek import errors
from kartotek.domain import access, counting, preferences
from kartotek.model.object_types import ObjectType
from kartotek.model.views import MOST_FROZEN, NARROWEST, WIDEST, Arrangement
from kartotek.pages import layouts, records, render, table
from kartotek.pages.index import state as states
from kartotek.pages.render import Answer
from kartotek.pages.visit import Visit, whole

# The checkbox and the name come before all columns.
_TICK, _NAME = 40, 280
_UNSIZED = 160  # what a column that stays takes up until it is given a width


@dataclass(frozen=True, slots=True)
class Choice:
    name: str
    label: str
    is_linked: bool
    is_counted: bool = False  # only shown: nothing is sorted by it


def edit(visit: Visit, objects: str) -> Answer:
    object_type = records.known(visit, objects)
    state = states.of(visit, object_type)
    offered = _choices(visit, object_type)
    shown = table.column_names(visit, object_type, state)
    return render.page(
        visit,
        "columns/edit.html",
        object_type=object_type,
        address=state.address().replace(f"/{object_type.name}", f"/{object_type.name}/columns", 1),
        back=state.address(),
        linked=[one for one in offered.values() if one.is_linked],
        rest=[one for one in offered.values() if not one.is_linked],
        chosen=[offered[name] for name in shown],
        frozen=state.arrangement.frozen,
        most_frozen=MOST_FROZEN,
    )


def create(visit: Visit, objects: str) -> Answer:
    """An empty choice means the standard columns again."""
    object_type = records.known(visit, objects)
    state = states.of(visit, object_type)
    names = () if visit.field("standard") else _ordered(visit, object_type)
    frozen = min(MOST_FROZEN, whole(visit.field("frozen")) or 0)
    _arrange(visit, object_type, replace(state.arrangement, frozen=frozen))
    if state.view:
        return render.go(state.address(columns=",".join(names) or None))
    kept = {name: value for name, value in visit.preferences.columns.items() if name != object_type.name}
    if names:
        kept[object_type.name] = names
    wishes = preferences.of(visit.tx, visit.person)
    preferences.keep(visit.tx, visit.person, replace(wishes, columns=kept))
    return render.go(state.address(columns=None))


def resize(visit: Visit, objects: str) -> Answer:
    """Keeps how wide a person made one column; "" is the name."""
    object_type = records.known(visit, objects)
    access.require(visit.actor, "view", object_type)
    column, size = visit.field("column"), visit.field("size")
    if column and column not in table.possible(visit, object_type):
        raise errors.UnknownName(f"column of {object_type.label_plural.lower()}", column)
    if not size.isdecimal() or not NARROWEST <= int(size[:6]) <= WIDEST:
        raise errors.Invalid(
            visit.gettext("A column is %(least)s to %(most)s pixels wide.") % {"least": NARROWEST, "most": WIDEST}
        )
    kept = visit.preferences.arrangements.get(object_type.name, Arrangement())
    _arrange(visit, object_type, replace(kept, widths={**kept.widths, column: int(size)}))
    return render.go(f"/{object_type.name}")


def widths(visit: Visit) -> Answer:
    """Widths and what stays in sight, as a style sheet: pages carry no styles inside them."""
    sizes = [int(text) if text.isdecimal() and len(text) < 5 else 0 for text in visit.query("sizes").split(",")[:200]]
    rules = [_width(at, size) for at, size in enumerate(sizes) if size]
    left = _TICK + (sizes[0] or _NAME)
    for at in range(1, min(visit.number("frozen"), MOST_FROZEN) + 1):
        size = sizes[at] if at < len(sizes) and sizes[at] else _UNSIZED
        rules += [_width(at, size), f".k-table :is(th, td):nth-child({at + 2}) {{ left: {left}px; }}"]
        left += size
    headers = {"cache-control": "private, max-age=31536000, immutable"}
    return Response("\n".join(rules), media_type="text/css", headers=headers)


def _width(at: int, size: int) -> str:
    size = min(WIDEST, max(NARROWEST, size))
    columns = f".k-table :is(th, td):nth-child({at + 2})"
    return f"@media (min-width: 701px) {{ {columns} {{ width: {size}px; min-width: {size}px; max-width: {size}px; }} }}"


def _choices(visit: Visit, object_type: ObjectType) -> dict[str, Choice]:
    counted = counting.names(object_type)
    return {
        name: Choice(
            name,
            f"{object_type.label} → {label}" if name.startswith(layouts.ASSOCIATED) else label,
            linked,
            name in counted,
        )
        for name, label in table.possible(visit, object_type).items()
        for linked in [name.startswith(layouts.ASSOCIATED)]
    }


def _ordered(visit: Visit, object_type: ObjectType) -> tuple[str, ...]:
    """What is ticked: first what was shown, in the order it was put into, then what was ticked just now."""
    ticked = set(visit.fields("columns")) & set(table.possible(visit, object_type))
    placed = [name for name in visit.fields("order") if name in ticked]
    return tuple(dict.fromkeys([*placed, *(name for name in visit.fields("columns") if name in ticked)]))


def _arrange(visit: Visit, object_type: ObjectType, arrangement: Arrangement) -> None:
    wishes = preferences.of(visit.tx, visit.person)
    kept = {**wishes.arrangements, object_type.name: arrangement}
    preferences.keep(visit.tx, visit.person, replace(wishes, arrangements=kept))
