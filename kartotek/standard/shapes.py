"""From the tables of a TOML file to the nouns of the model. A slip in a file is named with its place."""

from collections.abc import Collection, Iterable, Mapping
from decimal import Decimal
from typing import Any

from kartotek import errors
from kartotek.model.associations import AssociationType
from kartotek.model.object_types import ObjectType
from kartotek.model.pipelines import Pipeline, Stage
from kartotek.model.properties import Option, Property, PropertyGroup

Table = dict[str, Any]
Choices = Mapping[str, tuple[Option, ...]]

# The types of records-and-associations.md 13.1, each with its plain field.
FIELDS = {
    "string": "text",
    "number": "number",
    "bool": "booleancheckbox",
    "date": "date",
    "datetime": "date",
    "enumeration": "select",
    "phone_number": "phonenumber",
    "object_coordinates": "text",
}
REFERENCES = (None, "owner", "team", "user", "file", "free")
_TIERS = ("core", "extended")
_KNOWN = frozenset(("label", "da", "type", "field", "group", "options", "reference", "required", "unique", "read_only"))


def object_type(document: Table, choices: Choices) -> ObjectType:
    name = str(document.get("name"))
    properties = {
        prop.name: prop
        for tier in _TIERS
        for key, table in document.get(tier, {}).items()
        for prop in [_property(document, key, table, tier, choices)]
    }
    twice = set(document.get("core", ())) & set(document.get("extended", ()))
    _require(not twice, name, f"{', '.join(sorted(twice))}: stands under both core and extended")
    try:
        return _checked(_object_type(document, properties))
    except KeyError as error:
        raise errors.Invalid(f"Standard {name}: {error.args[0]} is missing.") from error


def groups(document: Table) -> tuple[PropertyGroup, ...]:
    found = document["groups"].items()
    return tuple(PropertyGroup(name, table["label"], _words(table)) for name, table in found)


def choices(files: Mapping[str, Table]) -> Choices:
    """All sets of options, by name. A property says which it takes; several may take the same."""
    found: dict[str, tuple[Option, ...]] = {}
    for file, document in files.items():
        for name, table in document.items():
            _require(name not in found, file, f"the options “{name}” are defined twice")
            found[name] = tuple(_option(value, label) for value, label in table.items())
    return found


def pipelines(document: Table) -> tuple[Pipeline, ...]:
    return tuple(
        Pipeline(
            id=one["id"],
            object_type=document["name"],
            label=one["label"],
            position=position,
            stages=tuple(_stage(stage, i) for i, stage in enumerate(one["stages"])),
            labels=_words(one),
        )
        for position, one in enumerate(document.get("pipelines", ()))
    )


def association_types(document: Table, names: Collection[str]) -> tuple[AssociationType, ...]:
    found = {
        int(number): AssociationType(
            id=int(number),
            category=one.get("category", "HUBSPOT_DEFINED"),
            from_type=one["from"],
            to_type=one["to"],
            kind=one.get("kind", "unlabeled"),
            name=one["name"],
            label=one.get("label"),
            inverse=one.get("inverse"),
        )
        for number, one in document.items()
    }
    for one in found.values():
        place = f"association type {one.id}"
        _require(one.from_type in names and one.to_type in names, place, "an end is not a standard object")
        inverse = found.get(one.inverse or 0)
        agreed = inverse and (inverse.inverse, inverse.from_type, inverse.to_type) == (
            one.id,
            one.to_type,
            one.from_type,
        )
        _require(bool(agreed), place, "its inverse does not lead back")
    return tuple(found.values())


def _property(document: Table, name: str, table: Table, tier: str, choices: Choices) -> Property:
    object_name = str(document.get("name"))
    place = f"{object_name}.{name}"
    _require(not set(table) - _KNOWN, place, f"unknown key {', '.join(sorted(set(table) - _KNOWN))}")
    _require("label" in table and "da" in table, place, "has no label in English or none in Danish")
    kind = table.get("type", "string")
    _require(kind in FIELDS, place, f"there is no type “{kind}”")
    group = table.get("group") or next(iter(document["groups"]))
    _require(group in document["groups"], place, f"there is no group “{group}”")
    _require(table.get("reference") in REFERENCES, place, f"there is no reference “{table.get('reference')}”")
    options = _options(document, name, kind, table, choices)
    enumerable = bool(options) or "reference" in table
    _require(enumerable or kind != "enumeration", place, "has neither options nor a reference")
    return Property(
        id=0,
        object_type=object_name,
        name=name,
        label=table["label"],
        type=kind,
        field_type=table.get("field", FIELDS[kind]),
        group=group,
        options=options,
        required=table.get("required", False),
        unique=table.get("unique", False),
        read_only=table.get("read_only", False),
        tier=tier,
        reference=table.get("reference"),
        labels=_words(table),
    )


def _options(document: Table, name: str, kind: str, table: Table, choices: Choices) -> tuple[Option, ...]:
    """A set of `choices`; or what the pipelines say, as pipelines and stages stand in one place only."""
    if name == document.get("pipeline"):
        return tuple(Option(one["id"], one["label"], also=_words(one)) for one in document["pipelines"])
    if name == document.get("stage"):
        stages = [stage for one in document["pipelines"] for stage in one["stages"]]
        return tuple(Option(one["id"], one["label"], also=_words(one)) for one in stages)
    wanted = table.get("options", "yes_no" if kind == "bool" else None)
    _require(wanted is None or wanted in choices, f"{document['name']}.{name}", f"there are no options “{wanted}”")
    return choices[wanted] if wanted else ()


def _option(value: str, told: str | Table) -> Option:
    if isinstance(told, str):
        return Option(value, told)
    return Option(value, told["label"], also=_words(told))


def _stage(table: Table, position: int) -> Stage:
    probability = table.get("probability")
    return Stage(
        id=table["id"],
        label=table["label"],
        position=position,
        probability=None if probability is None else Decimal(probability),
        closed=table.get("closed", False),
        labels=_words(table),
    )


def _object_type(document: Table, properties: dict[str, Property]) -> ObjectType:
    return ObjectType(
        id=document["id"],
        name=document["name"],
        singular=document["singular"],
        label=document["label"],
        label_plural=document["label_plural"],
        kind=document["kind"],
        icon=document["icon"],
        display=tuple(document["display"]),
        display_fallback=document.get("display_fallback"),
        secondary=tuple(document["secondary"]),
        needs=tuple(tuple(group) for group in document["needs"]),
        pipeline=document.get("pipeline"),
        stage=document.get("stage"),
        properties=properties,
        labels=(document["da"], document["da_plural"], *document.get("also", ())),
        homes=tuple(document.get("homes", ())),
        one_home=document.get("one_home", False),
        dated=document.get("dated"),
    )


def _checked(one: ObjectType) -> ObjectType:
    """Every property that the type names is one of its own."""
    named: Iterable[str | None] = (
        *one.display,
        *one.secondary,
        *(name for group in one.needs for name in group),
        one.display_fallback,
        one.pipeline,
        one.stage,
        one.dated,
    )
    unknown = [name for name in named if name and name not in one.properties]
    _require(not unknown, one.name, f"there is no property {', '.join(unknown)}")
    return one


def _words(table: Table) -> tuple[str, ...]:
    """The Danish label first, then the other words."""
    danish = (table["da"],) if "da" in table else ()
    return (*danish, *table.get("also", ()))


def _require(holds: bool, place: str, otherwise: str) -> None:
    if not holds:
        raise errors.Invalid(f"Standard {place}: {otherwise}.")
