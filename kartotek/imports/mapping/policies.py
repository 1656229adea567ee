"""What the user says of how single columns are written, laid over the plan."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from kartotek.imports import table
from kartotek.imports.mapping import choices
from kartotek.imports.table import As, ColumnPlan, Linking, Overwrite, Several

_Change = Callable[[ColumnPlan], ColumnPlan]


def with_policies(columns: Sequence[ColumnPlan], said: table.Choices) -> tuple[ColumnPlan, ...]:
    """Columns are named as in `maps`: by header, or #3 by place."""
    found = list(columns)
    for names, change in _changes(said):
        for name in names:
            for i in range(len(found)) if name == table.ALL else [_place(name, columns)]:
                found[i] = change(found[i])
    if said.dated_by is not None:
        i = _place(said.dated_by, columns)
        found[i] = replace(found[i], dates_rows=True)
    for name, text, instead in said.values:
        i = _place(name, columns)
        found[i] = replace(found[i], values=(*found[i].values, (text, instead)))
    return tuple(found)


def _changes(said: table.Choices) -> list[tuple[tuple[str, ...], _Change]]:
    return [
        (said.keep, lambda one: replace(one, overwrite=Overwrite.EMPTY)),
        (said.only_new, lambda one: replace(one, overwrite=Overwrite.NEVER)),
        (said.newest, lambda one: replace(one, overwrite=Overwrite.NEWEST)),
        (said.trust, lambda one: replace(one, overwrite=Overwrite.TRUSTED, trusted=said.trusted)),
        (said.clear, lambda one: replace(one, clears=True)),
        (said.add, lambda one: replace(one, several=Several.ADD)),
        (said.remove, _removing),
        (said.replace, lambda one: replace(one, linking=Linking.REPLACE)),
        (said.end, lambda one: replace(one, linking=Linking.END)),
    ]


def _removing(one: ColumnPlan) -> ColumnPlan:
    """Values of a property, or labels of an association."""
    if one.imported_as is As.LABEL:
        return replace(one, linking=Linking.REMOVE)
    return replace(one, several=Several.REMOVE)


def _place(name: str, columns: Sequence[ColumnPlan]) -> int:
    return choices.column(name, [one.header for one in columns])
