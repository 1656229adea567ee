"""The catalogue speaks fifteen languages, and in each of them every header means one thing."""

import tomllib
from collections.abc import Iterator
from importlib import resources

import pytest

from kartotek import standard
from kartotek.imports.mapping import headers, spelling
from kartotek.model.object_types import ObjectType
from kartotek.standard import languages

OBJECTS = {one.name: one for one in standard.object_types()}
# Danish and English labels stand in the catalogue itself.
TRANSLATED = sorted(languages.NAMES.keys() - {"da", "en"})
EVERY = sorted(languages.NAMES)


def document(language: str) -> dict[str, dict[str, list[str]]]:
    found = tomllib.loads((resources.files(languages) / f"{language}.toml").read_text("utf-8"))
    return {scope: table for scope, table in found.items() if isinstance(table, dict)}


def spoken(one: ObjectType, language: str) -> Iterator[tuple[str, str]]:
    """Every word of the language for a core property, folded, with the property's name."""
    words = languages.words(language)
    for prop in one.properties.values():
        if prop.tier == "core":
            label = {"da": prop.labels[:1], "en": (prop.label,)}.get(language, ())
            for word in (*label, *words.of_property(one.name, prop.name)):
                yield spelling.fold(word), prop.name


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_core_property_has_a_label_in_every_language(language: str) -> None:
    words = languages.words(language)

    bare = [
        f"{one.name}.{prop.name}"
        for one in OBJECTS.values()
        for prop in one.properties.values()
        if prop.tier == "core" and not "".join(words.of_property(one.name, prop.name)[:1]).strip()
    ]

    assert bare == []


@pytest.mark.parametrize("language", EVERY)
def test_no_word_means_two_properties_of_one_object(language: str) -> None:
    meant: dict[tuple[str, str], set[str]] = {}
    for one in OBJECTS.values():
        for word, name in spoken(one, language):
            meant.setdefault((one.name, word), set()).add(name)

    assert {place: names for place, names in meant.items() if len(names) > 1} == {}


@pytest.mark.parametrize("language", EVERY)
def test_every_word_can_be_read_and_stands_there_once(language: str) -> None:
    several = [words for table in document(language).values() for words in table.values()]

    folded = [[spelling.fold(word) for word in words] for words in several]

    assert all(all(words) and len(set(words)) == len(words) for words in folded)


@pytest.mark.parametrize("language", EVERY)
def test_no_word_is_for_a_property_that_is_not_there(language: str) -> None:
    known = {name: set(one.properties) for name, one in OBJECTS.items()}
    known |= {"objects": set(OBJECTS), "all": set().union(*known.values())}

    strangers = {
        scope: set(table) - known.get(scope, set())
        for scope, table in document(language).items()
        if set(table) - known.get(scope, set())
    }

    assert strangers == {}


@pytest.mark.parametrize("language", EVERY)
def test_no_word_means_two_objects_and_every_object_has_some(language: str) -> None:
    meant: dict[str, set[str]] = {}
    for one in OBJECTS.values():
        for word in headers.words_of(one, language):
            meant.setdefault(word, set()).add(one.name)

    bare = [name for name in OBJECTS if language in TRANSLATED and not languages.words(language).of_object(name)]

    assert [word for word, names in meant.items() if len(names) > 1] == []
    assert bare == []


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("de", "de"),
        ("DE", "de"),
        ("de_AT", "de"),
        ("pt-BR", "pt"),
        ("nb", "no"),
        ("zh-TW", "zh-hant"),
        ("zh", "zh-hans"),
        ("Français", "fr"),
        ("日本語", "ja"),
        ("klingon", None),
        ("", None),
    ],
)
def test_a_language_goes_by_its_code_and_its_own_name(said: str, code: str | None) -> None:
    found = languages.named(said)

    assert found == code
