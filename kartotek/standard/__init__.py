"""The standard catalogue: the object types, properties, pipelines and links that a new database begins with.

One TOML file for each object type, one for the association types, and `choices/` for the options of properties. They
leave out what goes without saying: a property without `type` is a string, without `field` it has the plain field of
its type, without `group` it stands in the first group of its object. `da` is the Danish label, `also` are further
words for options and stages; what people write above their columns stands in `languages/`. `[core]` are the properties
that people meet, `[extended]` the rest. `shapes.py` says what each of them becomes. `freemail.txt` holds no part of the
catalogue: providers of mail, for domains that lead to no company.
"""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources

from kartotek.model.associations import AssociationType
from kartotek.model.object_types import ObjectType
from kartotek.model.pipelines import Pipeline
from kartotek.model.properties import PropertyGroup
from kartotek.standard import shapes

# In the order in which people see them.
NAMES = (
    "contacts",
    "companies",
    "deals",
    "tickets",
    "products",
    "line_items",
    "calls",
    "emails",
    "meetings",
    "notes",
    "tasks",
)


def object_types() -> tuple[ObjectType, ...]:
    """With all their properties, whose ids are 0 until the store numbers them."""
    choices = shapes.choices(_choices())
    return tuple(shapes.object_type(_document(name), choices) for name in NAMES)


def groups() -> dict[str, tuple[PropertyGroup, ...]]:
    """The headings over the properties, by object type."""
    return {name: shapes.groups(_document(name)) for name in NAMES}


def pipelines() -> tuple[Pipeline, ...]:
    return tuple(one for name in NAMES for one in shapes.pipelines(_document(name)))


def association_types() -> tuple[AssociationType, ...]:
    return shapes.association_types(_document("associations"), NAMES)


@cache
def danish_options() -> Mapping[tuple[str, str, str], tuple[str, str]]:
    """The label of options and the Danish one, by object type, property and value. It leads their other words."""
    return {
        (one.name, prop.name, option.value): (option.label, option.also[0])
        for one in object_types()
        for prop in one.properties.values()
        for option in prop.options
        if option.also
    }


def danish_option(object_type: str, name: str, value: str, label: str) -> str | None:
    """Of what came with Kartotek its Danish label; what people wrote or changed says what they wrote."""
    came, danish = danish_options().get((object_type, name, value), ("", ""))
    return danish if came == label else None


@cache
def _danish_labels() -> Mapping[int, tuple[str, str]]:
    return {int(id): (one["label"], one["da"]) for id, one in _document("associations").items() if "da" in one}


def danish_label(id: int, label: str | None) -> str | None:
    """Of an association label that came with Kartotek what it is called in Danish, unless people renamed it."""
    came, danish = _danish_labels().get(id, ("", ""))
    return danish if danish and came == label else None


@cache
def freemail() -> frozenset[str]:
    """The domains of those who give addresses to everybody: they say nothing about where somebody works."""
    lines = resources.files(__name__).joinpath("freemail.txt").read_text("utf-8").splitlines()
    return frozenset(line for line in lines if line and not line.startswith("#"))


def _document(name: str) -> shapes.Table:
    return _documents()[f"{name}.toml"]


def _choices() -> dict[str, shapes.Table]:
    return {name: table for name, table in _documents().items() if name.startswith("choices/")}


@cache
def _documents() -> dict[str, shapes.Table]:
    """Every file as it stands, by its name: 40 milliseconds, once per process."""
    folder = resources.files(__name__)
    files = {one.name: one for one in folder.iterdir()}
    files |= {f"choices/{one.name}": one for one in folder.joinpath("choices").iterdir()}
    return {name: tomllib.loads(one.read_text("utf-8")) for name, one in files.items() if name.endswith(".toml")}
