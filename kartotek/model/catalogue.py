"""Catalogue: all that describes records, as one thing: types with their properties, pipelines, association types."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches

from kartotek.errors import UnknownName
from kartotek.model.associations import AssociationType
from kartotek.model.object_types import ObjectType
from kartotek.model.pipelines import Pipeline
from kartotek.model.properties import Property, PropertyGroup


@dataclass(frozen=True, slots=True)
class Catalogue:
    version: int
    object_types: Mapping[str, ObjectType]  # by name, in the order in which people see them
    pipelines: Mapping[str, tuple[Pipeline, ...]]  # by object type
    association_types: tuple[AssociationType, ...]
    groups: Mapping[str, tuple[PropertyGroup, ...]]  # by object type
    _by_number: dict[int, ObjectType] = field(default_factory=dict, compare=False)

    def object_type(self, name: str) -> ObjectType:
        """By plural, singular or id, in any case: "contacts", "Contact", "0-1"."""
        wanted = name.strip().lower()
        for one in self.object_types.values():
            if wanted in (one.name, one.singular, one.id):
                return one
        near = get_close_matches(wanted, self.object_types, n=1)
        raise UnknownName("object", name, nearest=near[0] if near else None)

    @property
    def called(self) -> dict[str, str]:
        """Name → what several are called."""
        return {one.name: one.label_plural for one in self.object_types.values()}

    def by_number(self, number: int) -> ObjectType:
        if not self._by_number:
            self._by_number.update({one.number: one for one in self.object_types.values()})
        return self._by_number[number]

    def property(self, object_type: ObjectType, name: str) -> Property:
        found = object_type.properties.get(name)
        if found is None:
            near = get_close_matches(name.lower(), object_type.properties, n=1)
            raise UnknownName(
                f"property of {object_type.label_plural.lower()}", name, nearest=near[0] if near else None
            )
        return found

    def can_associate(self, one: str, other: str) -> bool:
        """Whether there is any association type from one object type to the other."""
        return any(t.from_type == one and t.to_type == other for t in self.association_types)

    def association_type(self, id: int) -> AssociationType | None:
        return next((one for one in self.association_types if one.id == id), None)

    def labels(self, one: str, other: str) -> tuple[AssociationType, ...]:
        """What a record of `other` can be called that is associated with one of `one`."""
        found = [t for t in self.association_types if t.kind == "labeled"]
        mine = [t for t in found if (t.from_type, t.to_type) == (one, other)]
        # One that leads only the other way is called the same from here.
        return (
            *mine,
            *(t for t in found if (t.to_type, t.from_type, t.inverse) == (one, other, None) and t not in mine),
        )

    def turned(self, id: int) -> int:
        """The type as the other end sees it."""
        found = self.association_type(id)
        return found.inverse or id if found else id

    def associable(self, one: str) -> tuple[ObjectType, ...]:
        """The types whose records can be associated with those of `one`, in the order of the catalogue."""
        targets = {t.to_type for t in self.association_types if t.from_type == one}
        return tuple(t for t in self.object_types.values() if t.name in targets)
