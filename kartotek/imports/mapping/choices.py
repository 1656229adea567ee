"""What the user says of single columns, as the command line spells it, laid over the guesses.

`Header=property`, `Header=companies.name`, `Header=contacts.record_id`, `Header=label:contacts-companies` (of two
objects `Header=label` will do; `start`, `end` and `primary` alike), `Header=association:contacts.email` for another
record of the row's own object, and `Header=` for a column to skip. A column without a header, or one of two with the
same, is named by its place: `#3=email`.
"""

from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from itertools import combinations

import polars as pl

from kartotek import errors
from kartotek.imports import table
from kartotek.imports.mapping import guesses, headers, spelling, tongues, wording
from kartotek.model.object_types import ObjectType

_OPTION = "--map"
# What says something of an association, and between which two objects behind a colon.
_OF_ASSOCIATION = {
    "label": table.As.LABEL, "start": table.As.STARTS, "end": table.As.ENDS, "primary": table.As.PRIMARY,
}  # fmt: skip
_ASSOCIATION = "association:"


def from_user(
    columns: Sequence[str],
    catalogue: Mapping[str, ObjectType],
    objects: Sequence[str],
    choices: Sequence[str],
    samples: pl.DataFrame | None = None,
    language: str | None = None,
) -> tuple[table.ColumnPlan, ...]:
    """Guesses, except where the user chose. Two choices for one property both stand; `check_plan` refuses them."""
    spoken = language or tongues.language_of(columns, catalogue, objects)
    settled: dict[int, table.ColumnPlan] = {}
    for choice in choices:
        header, equals, target = choice.rpartition("=")
        if not equals:
            raise errors.Invalid(f'“{choice}” has no equals sign: write {_OPTION} "Header=property".')
        index = column(header, columns)
        settled[index] = _chosen(index, columns[index], target.strip(), catalogue, objects, spoken)
    return guesses.guess_rest(settled, columns, catalogue, objects, samples, spoken)


def column(header: str, columns: Sequence[str]) -> int:
    """The column meant: by its header as it stands, or as good as, or by its place."""
    exact = [i for i, name in enumerate(columns) if name.strip() == header.strip()]
    found = exact or [i for i, name in enumerate(columns) if spelling.fold(name) == spelling.fold(header) != ""]
    if len(found) > 1:
        places = " and ".join(f"#{i + 1}" for i in found)
        sentence = f"{len(found)} columns are called “{header}”. Say which one by its place: {places}."
        raise errors.Ambiguous(sentence, option=_OPTION)
    if found:
        return found[0]
    place = header.strip().removeprefix("#")
    if header.strip().startswith("#") and place.isascii() and place.isdigit() and 0 < int(place) <= len(columns):
        return int(place) - 1
    raise errors.UnknownName("column", header, nearest=_nearest(header, columns))


def _chosen(
    index: int, header: str, target: str, catalogue: Mapping[str, ObjectType], objects: Sequence[str], language: str
) -> table.ColumnPlan:
    if not target:
        return table.ColumnPlan(index, header)
    word, _, between = target.partition(":")
    if word in _OF_ASSOCIATION:
        first, second = _related(word, between, catalogue, objects, language)
        return table.ColumnPlan(index, header, _OF_ASSOCIATION[word], first, other=second)
    if target.startswith(_ASSOCIATION):
        return _associated(index, header, target.removeprefix(_ASSOCIATION), catalogue, objects, language)
    object_name, dot, name = target.partition(".")
    named = object_named(object_name, catalogue, language) if dot else None
    if named and named not in objects:
        raise errors.Invalid(
            f"“{target}” belongs to {wording.plural(catalogue[named])}, which are not imported: add --object {named}."
        )
    among, wanted = ([named], name) if named else (objects, target)
    found = [(one, prop) for one in among if (prop := _property(catalogue[one], wanted, language))]
    if not found:
        raise _unknown(target, wanted, [catalogue[one] for one in among], is_named=named is not None)
    if len(found) > 1:
        ways = " or ".join(f"{one}.{prop}" for one, prop in found)
        sentence = (
            f"“{target}” is known to {' and '.join(wording.plural(catalogue[one]) for one, _ in found)}: write {ways}."
        )
        raise errors.Ambiguous(sentence, option=_OPTION)
    one, prop = found[0]
    if prop == headers.RECORD_ID:
        return table.ColumnPlan(index, header, table.As.RECORD_ID, one)
    return table.ColumnPlan(index, header, table.As.PROPERTY, one, prop)


def _associated(
    index: int, header: str, told: str, catalogue: Mapping[str, ObjectType], objects: Sequence[str], language: str
) -> table.ColumnPlan:
    """The record of the row's own object that a column names: by a property that tells records apart, or by another
    column (`contacts[Employee no]`)."""
    named, bracket, key = told.partition("[")
    object_name, _, name = named.partition(".")
    one = object_named(object_name.strip(), catalogue, language)
    if one is None or one not in objects or not (name or bracket):
        raise errors.Invalid(
            f"“{_ASSOCIATION}{told}” does not say which record is meant: write {_ASSOCIATION}{objects[0]}.record_id, "
            f"{_ASSOCIATION}{objects[0]}.email, or {_ASSOCIATION}{objects[0]}[Header of another column]."
        )
    if bracket:
        return table.ColumnPlan(index, header, table.As.ASSOCIATION, one, other=one, key=key.rstrip("] ").strip())
    prop = _property(catalogue[one], name.strip(), language)
    if prop is None:
        raise _unknown(told, name, [catalogue[one]], is_named=True)
    known = headers.ID_PROPERTY if prop == headers.RECORD_ID else prop
    return table.ColumnPlan(index, header, table.As.ASSOCIATION, one, known, other=one)


def _related(
    word: str, named: str, catalogue: Mapping[str, ObjectType], objects: Sequence[str], language: str
) -> tuple[str, str]:
    """The two objects whose association a column is about: those that are named, else the only two (I-86, I-87)."""
    ways = list(combinations(objects, 2))
    if not named and len(ways) == 1:
        return ways[0]
    ends = {object_named(one.strip(), catalogue, language) for one in named.split("-")}
    same = [(one, one) for one in objects]
    found = next((way for way in (*ways, *same) if set(way) == ends), None)
    if found is None and not ways:
        raise errors.Invalid(
            f"“{word}” is said of an association between two objects: import both, from the same rows."
        )
    if found is None:
        told = " or ".join(f"{word}:{first}-{second}" for first, second in ways)
        what = "the labels are" if word == "label" else "the association is"
        raise errors.Ambiguous(f"Say between which two objects {what}: write {told}.", option=_OPTION)
    return found


def object_named(name: str, catalogue: Mapping[str, ObjectType], language: str) -> str | None:
    word = spelling.fold(name)
    called = {one.name: headers.words_of(one, language) for one in catalogue.values()}
    return next((one.name for one in catalogue.values() if name == one.id or word in called[one.name]), None)


def _property(one: ObjectType, name: str, language: str) -> str | None:
    """By internal name, else by anything that a header may call it."""
    if name in one.properties and name != "hs_object_id":
        return name
    match = headers.properties_of(one, language).get(spelling.fold(name))
    return match.property if match and not match.is_name else None


def _unknown(target: str, wanted: str, among: Sequence[ObjectType], *, is_named: bool) -> errors.UnknownName:
    names = {name: one.name for one in among for name in one.properties}
    near = _nearest(wanted, names)
    kind = f"property of {' or '.join(map(wording.plural, among))}"
    return errors.UnknownName(kind, wanted, nearest=f"{names[near]}.{near}" if near and is_named else near)


def _nearest(name: str, known: Sequence[str] | Mapping[str, str]) -> str | None:
    by_lower = {one.lower(): one for one in known if one}
    near = get_close_matches(name.strip().lower(), by_lower, n=1)
    return by_lower[near[0]] if near else None
