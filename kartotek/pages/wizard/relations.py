"""Columns that say something of associations: what, between which two objects, and what labels do to those there."""

from dataclasses import dataclass, replace
from itertools import combinations

from kartotek.imports.table import OF_ASSOCIATIONS, As, ColumnPlan, Linking
from kartotek.model.catalogue import Catalogue
from kartotek.model.object_types import ObjectType
from kartotek.pages.visit import Visit
from kartotek.pages.wizard import draft as drafts


@dataclass(frozen=True, slots=True)
class Relation:
    """A choice for a column. `alone`: whether no other two objects could be meant."""

    told: As
    first: ObjectType
    second: ObjectType
    alone: bool

    @property
    def value(self) -> str:
        return _value(self.told, self.first.name, self.second.name)


def of(known: Catalogue, draft: drafts.Draft) -> list[Relation]:
    types = [known.object_types[name] for name in draft.objects]
    ways = [*combinations(types, 2), *((one, one) for one in types if draft.within)]
    marked = [(one, other) for one, other in ways if _has_primary(one, other) or _has_primary(other, one)]
    return [
        Relation(told, one, other, len(some) == 1)
        for told, some in ((As.LABEL, ways), (As.STARTS, ways), (As.ENDS, ways), (As.PRIMARY, marked))
        for one, other in some
    ]


def choice(column: ColumnPlan) -> str:
    return _value(column.imported_as, str(column.object_type), str(column.other))


def column(visit: Visit, one: ColumnPlan, relations: list[Relation]) -> ColumnPlan | None:
    """As the form has it; None where it is no such column."""
    chosen = next((each for each in relations if each.value == visit.field(f"as-{one.index}")), None)
    if chosen is None:
        return None
    bare = ColumnPlan(
        one.index, one.header, chosen.told, chosen.first.name, other=chosen.second.name, source=one.source
    )
    column = one if one.imported_as in OF_ASSOCIATIONS and choice(one) == chosen.value else bare
    said = visit.field(f"linking-{one.index}")
    return replace(column, linking=Linking(said)) if said in linkings(column) else column


def linkings(column: ColumnPlan) -> tuple[Linking, ...]:
    """The ways in which such a column may say it, where there are several."""
    return {As.LABEL: tuple(Linking), As.ENDS: (Linking.ADD, Linking.END)}.get(column.imported_as, ())


def _value(told: As, first: str, second: str) -> str:
    return f"{told.value}:{first}-{second}"


def _has_primary(one: ObjectType, other: ObjectType) -> bool:
    return one.has_primary_company and other.name == "companies"
