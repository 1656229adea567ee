"""What a file may be about: every object and activity, with what an import of it takes, in a sentence for each mode."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from kartotek.domain import access
from kartotek.imports import mapping
from kartotek.imports.table import Mode, ObjectPlan, Plan
from kartotek.model.object_types import ObjectType
from kartotek.pages import nouns, shown
from kartotek.pages.visit import Visit


@dataclass(frozen=True, slots=True)
class Offer:
    object_type: ObjectType
    ticked: bool
    mode: Mode
    takes: dict[str, str]  # by mode


@dataclass(frozen=True, slots=True)
class Group:
    label: str
    offers: list[Offer]


def objects(visit: Visit) -> tuple[str, ...]:
    """What this person may import, in the order in which it is offered: records, activities, their own objects."""
    types = nouns.load(visit).object_types.values()
    allowed = [one for one in types if access.may_import(visit.actor, one.name)]
    return tuple(one.name for one in sorted(allowed, key=lambda one: (one.is_custom, one.kind == "activity")))


def groups(visit: Visit, ticked: Iterable[str], modes: Mapping[str, Mode]) -> list[Group]:
    types = nouns.load(visit).object_types
    chosen = set(ticked)
    offers = [
        Offer(types[name], name in chosen, modes.get(name, Mode.UPSERT), _takes(visit, types, name))
        for name in objects(visit)
    ]
    labels = {
        (False, "record"): visit.gettext("Records"),
        (False, "activity"): visit.gettext("Activities"),
        (True, "record"): visit.gettext("Your own objects"),
    }
    kinds = {key: [o for o in offers if (o.object_type.is_custom, o.object_type.kind) == key] for key in labels}
    return [Group(labels[key], found) for key, found in kinds.items() if found]


def _takes(visit: Visit, types: Mapping[str, ObjectType], name: str) -> dict[str, str]:
    (guide,) = mapping.guide(Plan("", (ObjectPlan(name),), ()), types)
    create = visit.gettext("New ones need %(needs)s.") % {"needs": _needs(visit, guide)}
    if guide.homes:
        homes = shown.either(visit.locale, [home.label.lower() for home in guide.homes])
        create += " " + visit.gettext("The same row names what they belong to: %(homes)s.") % {"homes": homes}
    keys = [visit.gettext("Record ID"), *(prop.label for prop in guide.to_update.properties)]
    update = visit.gettext("Existing ones are found by %(keys)s.") % {"keys": shown.either(visit.locale, keys)}
    return {Mode.UPSERT.value: f"{create} {update}", Mode.CREATE.value: create, Mode.UPDATE.value: update}


def _needs(visit: Visit, guide: mapping.Guide) -> str:
    """ "Name and Unit price"; what makes up for all of them is said once."""
    groups = [[prop.label for prop in need.properties] for need in guide.to_create]
    instead = [label for label in groups[0] if all(label in group for group in groups)] if len(groups) > 1 else []
    rest = [shown.either(visit.locale, [label for label in group if label not in instead]) for group in groups]
    needs = shown.listed(visit.locale, rest)
    return shown.either(visit.locale, [*instead, needs]) if instead else needs
