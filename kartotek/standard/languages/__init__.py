"""What people call the properties in each language, for the headers of their files.

One TOML file for each language, read when it is first asked for: nobody waits for fourteen languages that their file
is not in. `id` is what stands beside an object's name above its record ids, `name` the header of names that may be
whole or in part, `work` says of a header only that it is about work. `[objects]` are the words for the objects, in
every form that a header may have them in; `[all]` the properties that are called alike in all objects. The labels of
Danish and English stand in the catalogue.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

# Each language by its own name, as people look for it in a list.
NAMES = {
    "da": "Dansk",
    "de": "Deutsch",
    "en": "English",
    "es": "Español",
    "fi": "Suomi",
    "fr": "Français",
    "it": "Italiano",
    "ja": "日本語",
    "nl": "Nederlands",
    "no": "Norsk",
    "pl": "Polski",
    "pt": "Português",
    "sv": "Svenska",
    "zh-hans": "简体中文",
    "zh-hant": "繁體中文",
}
DEFAULT = "en"
_ALIASES = {"nb": "no", "nn": "no", "zh": "zh-hans", "zh-cn": "zh-hans", "zh-tw": "zh-hant", "zh-hk": "zh-hant"}


@dataclass(frozen=True, slots=True)
class Words:
    ids: tuple[str, ...]
    names: tuple[str, ...]
    work: tuple[str, ...]
    _objects: Mapping[str, tuple[str, ...]]
    _properties: Mapping[str, Mapping[str, tuple[str, ...]]]

    def of_object(self, object_type: str) -> tuple[str, ...]:
        return self._objects.get(object_type, ())

    def of_property(self, object_type: str, name: str) -> tuple[str, ...]:
        own = self._properties.get(object_type, {})
        return own[name] if name in own else self._properties.get("all", {}).get(name, ())


def named(text: str) -> str | None:
    """The language that somebody means: by its code, as browsers and systems write it ("de_DE"), or its own name."""
    said = text.strip().replace("_", "-").casefold()
    by_name = {name.casefold(): code for code, name in NAMES.items()}
    tried = (said, said.partition("-")[0])
    return next((found for one in tried if (found := _ALIASES.get(one) or by_name.get(one) or _code(one))), None)


@cache
def words(language: str) -> Words:
    found = tomllib.loads((resources.files(__name__) / f"{language}.toml").read_text("utf-8"))
    ids, names, work, objects = (found.pop(key) for key in ("id", "name", "work", "objects"))
    properties = {scope: _tuples(table) for scope, table in found.items()}
    return Words(tuple(ids), tuple(names), tuple(work), _tuples(objects), properties)


def _tuples(table: Mapping[str, list[str]]) -> dict[str, tuple[str, ...]]:
    return {key: tuple(several) for key, several in table.items()}


def _code(text: str) -> str | None:
    return text if text in NAMES else None
