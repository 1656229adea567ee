"""What each object needs so that an import creates or updates its records: for the mapping guide, and as sentences."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from kartotek import errors
from kartotek.imports import table
from kartotek.imports.mapping import wording
from kartotek.model.object_types import ObjectType
from kartotek.model.properties import Property


@dataclass(frozen=True, slots=True)
class Need:
    """One of these properties has to be mapped."""

    properties: tuple[Property, ...]
    met: bool


@dataclass(frozen=True, slots=True)
class Guide:
    """What an object needs so that an import creates or updates records; `to_update` is met by a record id, too."""

    object_type: ObjectType
    mode: table.Mode
    to_create: tuple[Need, ...]
    to_update: Need
    # What a new record has to belong to, one of these; nothing where it may stand alone.
    homes: tuple[ObjectType, ...] = ()
    has_home: bool = True

    @property
    def can_create(self) -> bool:
        return self.has_home and self.has_needs

    @property
    def has_needs(self) -> bool:
        return all(need.met for need in self.to_create)

    @property
    def only_creates(self) -> bool:
        """Whether rows can only become new records, whatever the mode: nothing in the file finds existing ones."""
        return self.mode is not table.Mode.UPDATE and not self.can_update

    @property
    def can_update(self) -> bool:
        return self.to_update.met

    @property
    def is_met(self) -> bool:
        return self.can_update if self.mode is table.Mode.UPDATE else self.can_create


def guide(plan: table.Plan, catalogue: Mapping[str, ObjectType]) -> tuple[Guide, ...]:
    return tuple(_guide(plan, one, catalogue) for one in plan.objects)


def identifiers(object_type: ObjectType) -> tuple[Property, ...]:
    """The properties that tell which record a row is about, beside its record id: no two records share a value."""
    return tuple(prop for prop in object_type.properties.values() if prop.unique)


def require_homes(plan: table.Plan, catalogue: Mapping[str, ObjectType]) -> None:
    """Raises Invalid when new records of the plan could belong to none (I-10, I-12), whatever will be mapped."""
    found = [_homeless(one) for one in guide(plan, catalogue) if not one.has_home and not one.object_type.participants]
    if found:
        raise errors.BadPlan(" ".join(found))


def only_creating(plan: table.Plan, catalogue: Mapping[str, ObjectType]) -> list[str]:
    """A sentence for each object whose rows can only become new records: no column finds the existing ones."""
    found = []
    for one in guide(plan, catalogue):
        if one.only_creates:
            keys = wording.listed(["Record ID", *(prop.label for prop in one.to_update.properties)], "or")
            plural = wording.plural(one.object_type)
            found.append(f"Only new {plural} are created: to find existing ones, map a column to {keys}.")
    return found


def unmet(guides: Sequence[Guide], plan: table.Plan) -> Iterator[str]:
    """A sentence for each reason why an object cannot be imported as the plan wants it."""
    for one in guides:
        yield from _unmet(one, plan)
    for one in guides:
        if not one.has_home:
            yield _homeless(one)


def _guide(plan: table.Plan, one: table.ObjectPlan, catalogue: Mapping[str, ObjectType]) -> Guide:
    object_type = catalogue[one.object_type]
    mapped = {column.property for column in plan.of(one.object_type)}
    keys = identifiers(object_type)
    has_key = plan.record_id_of(one.object_type) is not None or any(prop.name in mapped for prop in keys)
    needs = tuple(
        Need(tuple(object_type.properties[name] for name in group), not mapped.isdisjoint(group))
        for group in object_type.needs
    )
    homes = tuple(catalogue[name] for name in object_type.homes if name in catalogue)
    others = {o.object_type for o in plan.objects}
    # The contacts whose addresses an email names will do, as long as the rows name no others.
    has_people = "contacts" not in others and not mapped.isdisjoint(object_type.participants)
    has_home = not homes or one.mode is table.Mode.UPDATE or has_people or not others.isdisjoint(object_type.homes)
    return Guide(object_type, one.mode, needs, Need(keys, has_key), homes, has_home)


def _unmet(one: Guide, plan: table.Plan) -> Iterator[str]:
    plural, name = wording.plural(one.object_type), one.object_type.name
    if not plan.of(name) and plan.record_id_of(name) is None:
        yield f"No column is mapped to {plural}: map one, or do not import {plural}."
        return
    if one.mode is table.Mode.UPDATE and not one.can_update:
        keys = wording.listed(["Record ID", *(prop.label for prop in one.to_update.properties)], "or")
        yield f"To update {plural}, map a column that tells which record each row is about: {keys}."
    # A record id and nothing else names records that are there, for the other objects of the row to be linked to.
    only_named = one.mode is table.Mode.UPSERT and not plan.of(name)
    if one.mode is not table.Mode.UPDATE and not one.has_needs and not only_named:
        missing = [wording.listed([p.label for p in need.properties], "or") for need in one.to_create if not need.met]
        yield f"To create {plural}, map a column to {'; and one to '.join(missing)}."
        if one.mode is table.Mode.UPSERT and one.can_update:
            yield f"Or only update the {plural} that are there already (`--mode update`)."
    match_by = next(o.match_by for o in plan.objects if o.object_type == name)
    if match_by and match_by not in {column.property for column in plan.of(name)}:
        yield f"Existing {plural} are to be found by “{match_by}”, but no column is mapped to it."
    elif match_by and match_by not in {prop.name for prop in one.to_update.properties}:
        keys = wording.listed([prop.name for prop in one.to_update.properties] or ["Record ID"], "or")
        yield (
            f"Existing {plural} cannot be found by “{match_by}”, which several may share. "
            f"They are told apart by {keys}."
        )


def _homeless(one: Guide) -> str:
    homes = wording.listed([wording.plural(home) for home in one.homes], "or")
    plural = wording.plural(one.object_type)
    addresses = [one.object_type.properties[name].label for name in one.object_type.participants]
    by_address = f"map a column of contacts' addresses ({wording.listed(addresses, 'or')}), " if addresses else ""
    return (
        f"New {plural} belong to {homes}: import those with them, from the same rows, {by_address}"
        f"or update existing {plural} only."
    )
