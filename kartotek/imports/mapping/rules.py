"""Whether a plan can be imported at all, in sentences: what its columns contradict; what its objects lack, needs.py."""

import re
from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches

from kartotek import errors
from kartotek.imports import table
from kartotek.imports.mapping import needs, wording
from kartotek.model.object_types import ObjectType
from kartotek.values import SEVERAL

_REFERRING = (table.As.KEY, table.As.ASSOCIATION)
_RECORD_ID = "hs_object_id"
_ADDRESS = r"[^@\s,;]+@[^@\s,;]+\.[^@\s,;.]+"


def check_plan(plan: table.Plan, catalogue: Mapping[str, ObjectType]) -> None:
    """Raises Invalid with every reason why nothing of this can be imported, a sentence each."""
    _require_known(plan, catalogue)
    found = [
        *_strangers(plan, catalogue),
        *_twice(plan, catalogue),
        *_read_only(plan, catalogue),
        *_lone(plan, catalogue),
        *_unpaired(plan),
        *_unlabelled(plan, catalogue),
        *_undated(plan),
        *_untied(plan, catalogue),
        *_headless(plan),
        *_differing(plan, catalogue),
        *needs.unmet(needs.guide(plan, catalogue), plan),
    ]
    if found:
        raise errors.BadPlan(" ".join(found))


def unmapped(plan: table.Plan, choices: Sequence[str] = ()) -> list[str]:
    """Headers of the columns that are neither imported nor tie files together, nor were left out by choice; of rows
    to correct the reasons are none, which nobody imports."""
    chosen = {choice.removesuffix("=").strip() for choice in choices if choice.endswith("=")}
    left = (column for column in plan.columns if column.imported_as is table.As.NOTHING and column.key is None)
    left = (column for column in left if not table.is_reason(column.header))
    return [one.header for one in left if one.header.strip() not in chosen and f"#{one.index + 1}" not in chosen]


def _require_known(plan: table.Plan, catalogue: Mapping[str, ObjectType]) -> None:
    for name in (
        *(one.object_type for one in plan.objects),
        *(end for column in plan.columns for end in _ends(column)),
    ):
        if name is not None and name not in catalogue:
            raise errors.UnknownName("object", name, nearest=_nearest(name, catalogue))
    for column in plan.columns:
        if column.imported_as is table.As.PROPERTY:
            known = catalogue[column.object_type].properties if column.object_type else {}
            if column.property not in known:
                kind = (
                    f"property of {wording.plural(catalogue[column.object_type])}" if column.object_type else "property"
                )
                raise errors.UnknownName(kind, str(column.property), nearest=_nearest(str(column.property), known))


def _strangers(plan: table.Plan, catalogue: Mapping[str, ObjectType]) -> Iterator[str]:
    chosen = {one.object_type for one in plan.objects}
    for column in plan.columns:
        stranger = next((end for end in _ends(column) if end and end not in chosen), None)
        if stranger and column.imported_as is not table.As.NOTHING:
            plural = wording.plural(catalogue[stranger])
            named = wording.named(column)
            yield f"The column {named} is mapped to {plural}, which are not imported: choose them or skip it."


def _twice(plan: table.Plan, catalogue: Mapping[str, ObjectType]) -> Iterator[str]:
    places: dict[tuple[int, table.As, str | None, str | None], list[table.ColumnPlan]] = {}
    for column in plan.columns:
        # Several columns may hold labels, or associated records: each adds its own. So may several sources say
        # one thing.
        if column.imported_as in table.OF_RECORDS:
            place = (column.source, column.imported_as, column.object_type, column.property)
            places.setdefault(place, []).append(column)
    for (_, _, object_name, name), columns in places.items():
        if len(columns) > 1:
            object_type = catalogue[str(object_name)]
            label = object_type.properties[name].label if name else "Record ID"
            together = wording.listed([wording.named(column) for column in columns], "and")
            count = "both" if len(columns) == 2 else "all"
            yield (
                f"The columns {together} are {count} mapped to {label} of {wording.plural(object_type)}: "
                "keep one and skip the rest."
            )


def _unpaired(plan: table.Plan) -> Iterator[str]:
    for column in plan.columns:
        same = len(set(_ends(column))) == 1 and not _names_another(plan, column)
        if column.imported_as in table.OF_ASSOCIATIONS and (None in _ends(column) or same):
            labels = column.imported_as is table.As.LABEL
            what = "holds association labels" if labels else "says something of associations"
            yield f"The column {wording.named(column)} {what}: say between which two objects they are."


def _unlabelled(plan: table.Plan, catalogue: Mapping[str, ObjectType]) -> Iterator[str]:
    """Marks that nothing can have, and what only labels do."""
    for column in plan.columns:
        firsts = [catalogue[end] for end in _ends(column) if end and end != "companies"]
        has_primary = len(firsts) == 1 and firsts[0].has_primary_company
        if column.imported_as is table.As.PRIMARY and None not in _ends(column) and not has_primary:
            yield (
                f"The column {wording.named(column)} marks primary companies: let it be of the association between "
                "companies and contacts, deals or tickets."
            )
        ends = column.imported_as is table.As.ENDS and column.linking is table.Linking.END
        if column.imported_as is not table.As.LABEL and column.linking is not table.Linking.ADD and not ends:
            yield (
                f"The column {wording.named(column)} is to {column.linking.value} labels, but holds none: import it as "
                "an association label, or let it be."
            )


def _undated(plan: table.Plan) -> Iterator[str]:
    newest = [c for c in plan.columns if c.imported_as is table.As.PROPERTY and c.overwrite is table.Overwrite.NEWEST]
    dated = {column.source for column in plan.columns if column.dates_rows}
    if undated := [column for column in newest if column.source not in dated]:
        names = wording.listed([wording.named(column) for column in undated], "and")
        yield f"Of {names} the newest value wins: say which column dates the rows (`--dated-by`)."
    dating = [column.source for column in plan.columns if column.dates_rows]
    if len(set(dating)) < len(dating):
        yield "Only one column can say when the values of a row were true."


def _names_another(plan: table.Plan, label: table.ColumnPlan) -> bool:
    """Whether its table has a column of associated records of the row's own object."""
    return any(
        c.imported_as is table.As.ASSOCIATION and c.object_type == label.object_type and c.source == label.source
        for c in plan.columns
    )


def _headless(plan: table.Plan) -> Iterator[str]:
    """A first row that is no header would be lost."""
    for column in plan.columns:
        if column.imported_as is not table.As.NOTHING and re.fullmatch(_ADDRESS, column.header.strip()):
            yield (
                f"“{column.header.strip()}” stands where a header should: the file seems to have none. "
                "Add a row of headers above the others."
            )


def _untied(plan: table.Plan, catalogue: Mapping[str, ObjectType]) -> Iterator[str]:
    """Keys that lead nowhere, and associations that cannot be."""
    homes = {(c.object_type, c.key) for c in plan.columns if c.key and c.imported_as not in _REFERRING}
    for column in plan.columns:
        if column.imported_as not in _REFERRING:
            continue
        one = catalogue[str(column.object_type)]
        named, plural = wording.named(column), wording.plural(one)
        if column.key is not None and (column.object_type, column.key) not in homes:
            yield (
                f"The column {named} names {plural} by “{column.key}”, which no table of {plural} "
                "has: say which column there holds the same values."
            )
        if column.imported_as is table.As.ASSOCIATION:
            yield from _unlike(plan, column, one)
        elif any(c.object_type == one.name and c.source == column.source and c is not column for c in plan.columns):
            yield f"The column {named} refers to {plural}, of which its own table holds some: skip one."


def _unlike(plan: table.Plan, column: table.ColumnPlan, one: ObjectType) -> Iterator[str]:
    if column.key is None and column.property != _RECORD_ID and not one.properties[str(column.property)].unique:
        label = one.properties[str(column.property)].label
        yield f"{label} does not tell {wording.plural(one)} apart, so {wording.named(column)} cannot name them by it."
    if not any(
        c.object_type == one.name and c.imported_as in table.OF_RECORDS for c in plan.part(column.source).columns
    ):
        yield f"The column {wording.named(column)} names further {wording.plural(one)}, but its rows are about none."


def _differing(plan: table.Plan, catalogue: Mapping[str, ObjectType]) -> Iterator[str]:
    """One property has one policy, whichever tables say it."""
    for one in plan.objects:
        firsts = plan.properties(one.object_type)
        for column in plan.of(one.object_type):
            first = firsts[str(column.property)]
            if any(getattr(column, name) != getattr(first, name) for name in ("overwrite", "clears", "several")):
                label = catalogue[one.object_type].properties[str(column.property)].label
                yield f"{label} stands in several tables: say the same of {wording.named(first)} in each of them."


def _ends(column: table.ColumnPlan) -> tuple[str | None, ...]:
    """The objects that a column is about: of what says something of associations, both."""
    both = column.imported_as in table.OF_ASSOCIATIONS
    return (column.object_type, column.other) if both else (column.object_type,)


def _read_only(plan: table.Plan, catalogue: Mapping[str, ObjectType]) -> Iterator[str]:
    for column in plan.columns:
        if column.imported_as is table.As.PROPERTY and column.object_type and column.property:
            object_type = catalogue[column.object_type]
            prop = object_type.properties[column.property]
            if prop.read_only:
                yield (
                    f"The column {wording.named(column)} is mapped to {prop.label} of {wording.plural(object_type)}, "
                    "which Kartotek sets by itself: map it to another property or skip it."
                )


def _lone(plan: table.Plan, catalogue: Mapping[str, ObjectType]) -> Iterator[str]:
    for one in plan.objects:
        for column in plan.of(one.object_type):
            prop = catalogue[one.object_type].properties[str(column.property)]
            if column.several is not table.Several.REPLACE and prop.kind not in SEVERAL:
                yield (
                    f"The column {wording.named(column)} is to {column.several.value} values, "
                    f"but {prop.label} of {wording.plural(catalogue[one.object_type])} holds one only: let it replace "
                    "that."
                )


def _nearest(name: str, known: Mapping[str, object]) -> str | None:
    near = get_close_matches(name.lower(), known, n=1)
    return near[0] if near else None
