"""The index of headers: every label, internal name and other word, to the property that it means.

A header is looked up in one language, then in English, then among the internal names. "Contact: Email", "Email
(Contact)" and "contacts.email" are the same word, "contactemail" or "emailcontact", and an object's name is found at
either end of it. What stands between the words is never needed.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import IntEnum

from kartotek.imports import table
from kartotek.imports.mapping import spelling
from kartotek.model.object_types import CUSTOM_FROM, ObjectType
from kartotek.model.properties import Property
from kartotek.standard import languages

RECORD_ID = "record_id"

# The property that holds every record's id; it is never written, but a column can be imported as it.
ID_PROPERTY = "hs_object_id"
_FIRST_NAME, _LAST_NAME = "firstname", "lastname"

# What says something of a record of another kind: once those records are imported as well, a header that would fit it
# means them. A contact's company, and what that is like.
_STANDS_FOR = {
    ("contacts", "company"): ("companies", "name"),
    ("contacts", "industry"): ("companies", "industry"),
    ("contacts", "annualrevenue"): ("companies", "annualrevenue"),
    ("contacts", "numemployees"): ("companies", "numberofemployees"),
}
# What belongs to an object with stages rather than to another that has such a property, too.
_CLOSING = ("closedate", "closed_date")


class Rank(IntEnum):
    """How good a match is; the lower one wins the property."""

    LABEL = 0  # in the language of the headers
    ENGLISH_LABEL = 1
    NAME = 2
    WORD = 3
    ENGLISH_WORD = 4
    WORK = 5  # "Business phone"
    HINT = 6  # "Phone (reception)"
    VALUES = 7


# In this order a header is looked up: the language first, then English, then the property's name (I-43).
_LOOKED_UP = (Rank.LABEL, Rank.WORD, Rank.ENGLISH_LABEL, Rank.NAME, Rank.ENGLISH_WORD)
_TIERS = ("core", "custom", "extended")


@dataclass(frozen=True, slots=True)
class Match:
    """`place`: among the words of its property, of which the first is the best.

    `certain`: a record id that can only be ours. `is_name`: of a person, whole or in part.
    """

    object_type: str
    property: str
    rank: Rank
    place: int = 0
    imported_as: table.As = table.As.PROPERTY
    writable: bool = True
    certain: bool = True
    is_name: bool = False


def words_of(one: ObjectType, language: str) -> frozenset[str]:
    """What an object is called in a header, folded."""
    spoken = [word for code in {language, languages.DEFAULT} for word in languages.words(code).of_object(one.name)]
    danish = one.labels if language == "da" or one.number >= CUSTOM_FROM else ()
    words = (one.name, one.singular, one.label, one.label_plural, *spoken, *danish)
    # "Company's phone", "kontaktens e-mail": a genitive of many languages ends in s.
    return frozenset(folded + ending for word in words if (folded := spelling.fold(word)) for ending in ("", "s"))


def properties_of(one: ObjectType, language: str, *, alone: bool = False) -> dict[str, Match]:
    """Every folded word for a property of this object; `alone`: in this language only.

    A word that fits two properties means the one that is found first, then one that can be written, then the core one.
    One that still fits two is left out: nobody can tell which is meant.
    """
    found: dict[str, tuple[tuple[int, bool, int], Match | None]] = {}
    for prop in one.properties.values():
        tier = _TIERS.index(prop.tier)
        spoken = _spoken_of(one, prop, language)
        for place, (rank, word) in enumerate(spoken if alone else (*spoken, *_known_of(one, prop))):
            order = (_LOOKED_UP.index(rank), prop.read_only, tier)
            before, match = found.get(word, (None, None))
            if before is None or order < before:
                found[word] = order, _match(one.name, prop, rank, place)
            elif order == before and match and match.property not in (prop.name, RECORD_ID):
                found[word] = order, None
    known = {word: match for word, (_, match) in found.items() if match}
    if not {_FIRST_NAME, _LAST_NAME} <= one.properties.keys():
        return known
    return known | {word: _name(one) for code in _spoken(language)[: 1 if alone else 2] for word in _names(code)}


@dataclass(frozen=True, slots=True)
class Index:
    """What the chosen objects know, in the order in which they were chosen."""

    catalogue: Mapping[str, ObjectType]
    objects: Sequence[str]
    language: str
    alone: bool = False
    properties: dict[str, dict[str, Match]] = field(init=False)
    words: dict[str, frozenset[str]] = field(init=False)
    work: list[str] = field(init=False)

    def __post_init__(self) -> None:
        chosen = {name: self.catalogue[name] for name in self.objects}
        known = {name: properties_of(one, self.language, alone=self.alone) for name, one in chosen.items()}
        work = {spelling.fold(word) for code in _spoken(self.language) for word in languages.words(code).work}
        object.__setattr__(self, "properties", known)
        object.__setattr__(self, "words", {name: words_of(one, self.language) for name, one in self.catalogue.items()})
        object.__setattr__(self, "work", sorted(work, key=len, reverse=True))

    def find(self, header: str) -> Match | None:
        """The property that a header means, as it stands or without what says nothing of the property."""
        came = table.came_of(header)
        if came in self.objects:
            return Match(str(came), RECORD_ID, Rank.LABEL, imported_as=table.As.RECORD_ID)
        word = spelling.fold(header)
        return self._meant(word, header) or self._without_hint(header) or self._without_work(word)

    def names_object(self, header: str) -> bool:
        """Whether a header names any object, chosen or not."""
        word = spelling.fold(header)
        return any(True for name in self.words for _ in self._rests(name, word))

    def _without_hint(self, header: str) -> Match | None:
        """ "Phone (mobile)" is a mobile phone, "Email (work)" an email; "Phone (fax)" is no phone."""
        parts = spelling.parted(header)
        if parts is None or spelling.changes_value(parts[0]):
            return None
        hint, rest = map(spelling.fold, parts)
        is_work = hint in self.work
        turned = None if is_work else self._meant(hint + rest)
        if turned or (self._is_known(hint) and not is_work):
            return turned
        match = self._meant(rest) or self._without_work(rest)
        return replace(match, rank=Rank.WORK if is_work else Rank.HINT) if match else None

    def _without_work(self, word: str) -> Match | None:
        """ "Telefon geschäftlich" is a telephone."""
        rests = (rest for called in self.work for rest in _without(word, called))
        match = next((match for rest in rests if (match := self._meant(rest))), None)
        return replace(match, rank=Rank.WORK) if match and match.imported_as is table.As.PROPERTY else None

    def _is_known(self, word: str) -> bool:
        return any(word in words for words in self.words.values()) or any(word in p for p in self.properties.values())

    def _meant(self, word: str, header: str = "") -> Match | None:
        """Of the object that the word names, else of the first that knows it."""
        named = [match for name in self.objects if (match := self._of_named(name, word))]
        if named:
            return min(named, key=lambda match: match.rank)
        knowing = [self._spelled(header, known[word]) for known in self.properties.values() if word in known]
        if not knowing:
            return None
        # Contacts have a pipeline and a close date, too: a deal's or ticket's is meant, where there are any. "Notes"
        # may be what a contact says, but not beside what was done.
        first = next((one for one in knowing if one.writable and self._leads(one)), knowing[0])
        if self._is_remark(first):
            first = next((one for one in knowing if self.catalogue[one.object_type].kind == "activity"), first)
        return self._record_meant(first)

    def _spelled(self, header: str, match: Match) -> Match:
        """Programs call a property so to the letter; then a label of another that reads the same does not count."""
        prop = self.catalogue[match.object_type].properties.get(header)
        if prop is None or prop.read_only or prop.name == match.property:
            return match
        return _match(match.object_type, prop, Rank.NAME, 0)

    def _leads(self, match: Match) -> bool:
        one = self.catalogue[match.object_type]
        return one.pipeline is not None and match.property in (one.pipeline, one.stage, *_CLOSING)

    def _is_remark(self, match: Match) -> bool:
        """A further word for a text of a record."""
        prop = self.catalogue[match.object_type].properties[match.property] if match.property != RECORD_ID else None
        further = match.rank in (Rank.WORD, Rank.ENGLISH_WORD)
        return (
            further
            and prop is not None
            and prop.kind == "multiline"
            and self.catalogue[match.object_type].kind == "record"
        )

    def _of_named(self, name: str, word: str) -> Match | None:
        """What the word means if it names this object; the whole word counts too ("Deal stage")."""
        rests = set(self._rests(name, word))
        if not rests:
            return None
        ids = {spelling.fold(one) for code in _spoken(self.language) for one in languages.words(code).ids}
        if not rests.isdisjoint(ids):
            return Match(name, RECORD_ID, Rank.LABEL, imported_as=table.As.RECORD_ID, certain=False)
        known = self.properties[name]
        return min((known[one] for one in (word, *rests) if one in known), key=lambda one: one.rank, default=None)

    def _rests(self, name: str, word: str) -> Iterator[str]:
        """What remains of the word without the object's name in front or at the end."""
        for called in self.words[name]:
            yield from _without(word, called)

    def _record_meant(self, match: Match) -> Match:
        meant = _STANDS_FOR.get((match.object_type, match.property))
        if meant and meant[0] in self.properties:
            # A header that names the other object itself goes before.
            return replace(match, object_type=meant[0], property=meant[1], rank=max(match.rank, Rank.WORK))
        return match


def beside_names(match: Match, present: Collection[str]) -> Match:
    """A name beside first names is the last name, and the other way about; alone it may be both, which is neither."""
    if (_FIRST_NAME in present) == (_LAST_NAME in present):
        return match
    part = _LAST_NAME if _FIRST_NAME in present else _FIRST_NAME
    return replace(match, property=part, writable=True, is_name=False)


def _spoken_of(one: ObjectType, prop: Property, language: str) -> list[tuple[Rank, str]]:
    """Every word for a property in this language, folded, its label first."""
    danish = prop.labels[:1] if language == "da" else ()
    english = (prop.label,) if language == languages.DEFAULT or prop.tier == "custom" else ()
    words = (*danish, *english, *languages.words(language).of_property(one.name, prop.name))
    ranks = (Rank.LABEL, *(Rank.WORD for _ in words[1:]))
    return [(rank, folded) for rank, word in zip(ranks, words, strict=False) if (folded := spelling.fold(word))]


def _known_of(one: ObjectType, prop: Property) -> list[tuple[Rank, str]]:
    """Every word for a property that is known whatever the language is: English ones, and its name."""
    further = (*prop.labels[1:], *languages.words(languages.DEFAULT).of_property(one.name, prop.name))
    words = [(Rank.ENGLISH_LABEL, prop.label), (Rank.NAME, prop.name), *((Rank.ENGLISH_WORD, word) for word in further)]
    return [(rank, folded) for rank, word in words if (folded := spelling.fold(word))]


def _names(language: str) -> Iterator[str]:
    """What stands above names of people, whole or in part, which only the columns beside it can tell."""
    return map(spelling.fold, languages.words(language).names)


def _name(one: ObjectType) -> Match:
    return Match(one.name, _LAST_NAME, Rank.LABEL, writable=False, is_name=True)


def _spoken(language: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys((language, languages.DEFAULT)))


def _without(word: str, part: str) -> Iterator[str]:
    """What remains without the part in front or at the end, when anything does."""
    if part and len(part) < len(word):
        if word.startswith(part):
            yield word[len(part) :]
        if word.endswith(part):
            yield word[: -len(part)]


def _match(object_type: str, prop: Property, rank: Rank, place: int) -> Match:
    if prop.name == ID_PROPERTY:
        return Match(object_type, RECORD_ID, rank, place, imported_as=table.As.RECORD_ID)
    return Match(object_type, prop.name, rank, place, writable=not prop.read_only)
