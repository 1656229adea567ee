"""Types, properties, pipelines and association types: the rows that describe all other rows."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from decimal import Decimal
from typing import Any

import psycopg
from psycopg import sql
from psycopg.types.json import Jsonb

from kartotek.model.associations import AssociationType
from kartotek.model.catalogue import Catalogue
from kartotek.model.object_types import ObjectType
from kartotek.model.pipelines import Pipeline, Stage
from kartotek.model.properties import Option, Property, PropertyGroup
from kartotek.store import tables
from kartotek.store.database import VERSION, Tx
from kartotek.values.limits import Limits

# Association types that are not HubSpot's are numbered from here.
OWN_ASSOCIATIONS_FROM = 100_001


def version(tx: Tx) -> int:
    """Asked once: a transaction goes by one catalogue, unless it changes it or waits for who does."""
    if VERSION not in tx.kept:
        row = tx.query("catalogue.version")[0]
        tx.kept[VERSION] = int(row["version"])
        tx.tell(row["now"])
    return tx.kept[VERSION]


def keep_columns(tx: Tx, object_types: Iterable[ObjectType], version: int) -> None:
    """Nobody changes the columns of these types before the transaction ends. Who did so since this version was read
    makes us begin again."""
    for one in sorted(object_types, key=lambda one: one.number):
        tx.run(sql.SQL("LOCK TABLE {} IN ROW EXCLUSIVE MODE").format(tables.table(one)))
    if int(tx.query("catalogue.version")[0]["version"]) != version:
        raise psycopg.errors.SerializationFailure("somebody has changed the catalogue")


def read(tx: Tx) -> Catalogue:
    """The whole catalogue: seven statements, some 1,200 rows.

    The version comes first: what others change meanwhile makes this copy old at the next look, not wrong for ever.
    """
    seen = version(tx)
    properties: dict[str, dict[str, Property]] = {}
    for row in tx.query("catalogue.properties"):
        properties.setdefault(row["object_type"], {})[row["name"]] = property_of(row)
    pipelines: dict[str, list[Pipeline]] = {}
    for row in tx.query("catalogue.pipelines"):
        pipelines.setdefault(row["object_type"], []).append(_pipeline(row))
    groups: dict[str, list[PropertyGroup]] = {}
    for row in tx.query("catalogue.groups"):
        groups.setdefault(row["object_type"], []).append(PropertyGroup(row["name"], row["label"], tuple(row["labels"])))
    return Catalogue(
        version=seen,
        object_types={
            row["name"]: _object_type(row, properties.get(row["name"], {}))
            for row in tx.query("catalogue.object_types")
        },
        pipelines={name: tuple(found) for name, found in pipelines.items()},
        association_types=tuple(AssociationType(**row) for row in tx.query("catalogue.association_types")),
        groups={name: tuple(found) for name, found in groups.items()},
    )


def add_object_types(tx: Tx, types: Sequence[ObjectType], groups: dict[str, tuple[PropertyGroup, ...]]) -> None:
    """Adds types with their properties, and makes their tables."""
    tx.call("catalogue.add_object_types", {"rows": Jsonb([_type_row(one, i) for i, one in enumerate(types)])})
    rows = [_property_row(prop, i) for one in types for i, prop in enumerate(one.properties.values())]
    tx.call("catalogue.add_properties", {"rows": Jsonb(rows)})
    found = [
        {"object_type": name, "name": group.name, "label": group.label, "labels": list(group.labels), "position": i}
        for name, several in groups.items()
        for i, group in enumerate(several)
    ]
    tx.call("catalogue.add_groups", {"rows": Jsonb(found)})
    for one in types:
        tables.create(tx, one)
    touch(tx)


def add_object_type(tx: Tx, one: ObjectType, groups: tuple[PropertyGroup, ...], position: int) -> None:
    """A type with its table, behind those that there are."""
    tx.call("catalogue.add_object_types", {"rows": Jsonb([_type_row(one, position)])})
    rows = [_property_row(prop, i) for i, prop in enumerate(one.properties.values())]
    tx.call("catalogue.add_properties", {"rows": Jsonb(rows)})
    found = [
        {"object_type": one.name, "name": group.name, "label": group.label, "labels": list(group.labels), "position": i}
        for i, group in enumerate(groups)
    ]
    tx.call("catalogue.add_groups", {"rows": Jsonb(found)})
    tables.create(tx, one)
    touch(tx)


def add_home(tx: Tx, home: str, names: Sequence[str]) -> None:
    """Records of these types may belong to one of this type from now on."""
    tx.call("catalogue.add_home", {"home": home, "names": list(names)})
    touch(tx)


def rename_object_type(tx: Tx, name: str, label: str, label_plural: str) -> None:
    tx.call("catalogue.rename_object_type", {"name": name, "label": label, "label_plural": label_plural})
    touch(tx)


def only_writer(tx: Tx) -> None:
    """Waits until nobody else changes the catalogue, and keeps others from it until the end of the transaction."""
    tx.query("catalogue.only_writer")
    tx.kept.pop(VERSION, None)


def add_property(tx: Tx, object_type: ObjectType, prop: Property) -> None:
    """With its column, unless it is a spilled one."""
    position = len(object_type.properties)
    tx.call("catalogue.add_properties", {"rows": Jsonb([_property_row(prop, position)])})
    if tables.is_column(prop):
        tables.add_column(tx, object_type, prop)
    touch(tx)


def set_options(tx: Tx, prop: Property) -> None:
    options = Jsonb([asdict(option) for option in prop.options])
    tx.call("catalogue.set_options", {"id": prop.id, "options": options})
    touch(tx)


def has_room(tx: Tx, object_type: ObjectType) -> bool:
    """Whether one more property becomes a column; archived ones keep theirs."""
    archived = tx.query("catalogue.archived_columns", {"object_type": object_type.name})[0]["columns"]
    return tables.has_room(object_type, int(archived))


def knows_property(tx: Tx, object_type: ObjectType, name: str) -> bool:
    """Whether there is, or has been, a property of that name: names are never used again."""
    return bool(tx.query("catalogue.knows_property", {"object_type": object_type.name, "name": name}))


def add_pipelines(tx: Tx, pipelines: Sequence[Pipeline]) -> None:
    rows = [
        {"object_type": p.object_type, "id": p.id, "label": p.label, "labels": list(p.labels), "position": p.position}
        for p in pipelines
    ]
    tx.call("catalogue.add_pipelines", {"rows": Jsonb(rows)})
    add_stages(tx, pipelines)


def add_stages(tx: Tx, pipelines: Sequence[Pipeline]) -> None:
    """Those of pipelines that are there."""
    stages = [
        {
            **asdict(stage),
            "probability": None if stage.probability is None else str(stage.probability),
            "object_type": p.object_type,
            "pipeline": p.id,
        }
        for p in pipelines
        for stage in p.stages
    ]
    tx.call("catalogue.add_stages", {"rows": Jsonb(stages)})
    touch(tx)


def touch(tx: Tx) -> None:
    """Every process reads the catalogue again."""
    tx.call("catalogue.touch")
    tx.kept.pop(VERSION, None)


def next_association_type(tx: Tx) -> int:
    """The first of the numbers that no association type has, or has had."""
    return int(tx.query("catalogue.next_association_type", {"least": OWN_ASSOCIATIONS_FROM})[0]["id"])


def add_association_types(tx: Tx, types: Sequence[AssociationType]) -> None:
    tx.call("catalogue.add_association_types", {"rows": Jsonb([asdict(one) for one in types])})
    touch(tx)


def _object_type(row: dict[str, Any], properties: dict[str, Property]) -> ObjectType:
    return ObjectType(
        id=row["id"],
        name=row["name"],
        singular=row["singular"],
        label=row["label"],
        label_plural=row["label_plural"],
        kind=row["kind"],
        icon=row["icon"],
        display=tuple(row["display"]),
        display_fallback=row["display_fallback"],
        secondary=tuple(row["secondary"]),
        needs=tuple(tuple(names) for names in row["needs"]),
        pipeline=row["pipeline"],
        stage=row["stage"],
        properties=properties,
        labels=tuple(row["labels"]),
        homes=tuple(row["homes"]),
        one_home=row["one_home"],
        dated=row["dated"],
    )


def property_of(row: dict[str, Any]) -> Property:
    options = tuple(
        Option(one["value"], one["label"], one.get("hidden", False), tuple(one.get("also", ())))
        for one in row["options"]
    )
    return Property(
        id=row["id"],
        object_type=row["object_type"],
        name=row["name"],
        label=row["label"],
        type=row["type"],
        field_type=row["field_type"],
        group=row["group_name"],
        options=options,
        required=row["required"],
        unique=row["is_unique"],
        read_only=row["read_only"],
        tier=row["tier"],
        reference=row["reference"],
        labels=tuple(row["labels"]),
        description=row["description"],
        limits=Limits(**row["limits"]),
        spilled=row["tier"] == "custom" and not row["is_column"],
    )


def _pipeline(row: dict[str, Any]) -> Pipeline:
    stages = tuple(
        Stage(
            one["id"],
            one["label"],
            one["position"],
            None if one["probability"] is None else Decimal(str(one["probability"])),
            one["closed"],
            tuple(one["labels"]),
        )
        for one in row["stages"] or ()
    )
    return Pipeline(row["id"], row["object_type"], row["label"], row["position"], stages, tuple(row["labels"]))


def _type_row(one: ObjectType, position: int) -> dict[str, Any]:
    shown = (
        "id", "name", "singular", "label", "label_plural", "kind", "icon", "display_fallback", "pipeline", "stage",
        "one_home", "dated",
    )  # fmt: skip
    return {
        **{name: getattr(one, name) for name in shown},
        "number": one.number,
        "labels": list(one.labels),
        "homes": list(one.homes),
        "display": list(one.display),
        "secondary": list(one.secondary),
        "needs": [list(names) for names in one.needs],
        "position": position,
    }


def _property_row(prop: Property, position: int) -> dict[str, Any]:
    return {
        "object_type": prop.object_type,
        "name": prop.name,
        "label": prop.label,
        "type": prop.type,
        "field_type": prop.field_type,
        "group_name": prop.group,
        "options": [asdict(option) for option in prop.options],
        "required": prop.required,
        "is_unique": prop.unique,
        "read_only": prop.read_only,
        "tier": prop.tier,
        "reference": prop.reference,
        "labels": list(prop.labels),
        "description": prop.description,
        "is_column": tables.is_column(prop),
        "position": position,
    }
