"""The index of headers: every label, internal name and other word, to the property that it means.

People write the same header in a hundred ways, so what is compared is only its letters and digits, in one case,
without accents. "Contact: Email", "Email (Contact)" and "contacts.email" are then the same word, "contactemail" or
"emailcontact", and an object's name is found at either end of it. What stands between the words is never needed.
"""

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import IntEnum

from kartotek.imports import table
from kartotek.model.object_types import ObjectType

RECORD_ID = "record_id"

# The property that holds every record's id; it is never written, but a column can be imported as it.
_ID_PROPERTY = "hs_object_id"
_NAMED_IDS = ("id", "recordid")

# A text that stands for a record of another kind: once those records are imported as well, a header that would fit
# it means them.
_STANDS_FOR = {("contacts", "company"): ("companies", "name")}

# "oe" and "aa" are how ø and å are written where a keyboard has none.
_LETTERS = str.maketrans({"ø": "o", "æ": "ae", "ð": "d", "đ": "d", "ł": "l", "%": "percent"})


class Rank(IntEnum):
    """How good a match is; the lower one wins the property."""

    LABEL = 0
    NAME = 1
    LANGUAGE = 2
    WORD = 3
    VALUES = 4


@dataclass(frozen=True, slots=True)
class Match:
    object_type: str
    property: str
    rank: Rank
    imported_as: table.As = table.As.PROPERTY
    writable: bool = True


def fold(text: str) -> str:
    """What all spellings of one header have in common."""
    lower = text.casefold().translate(_LETTERS)
    if not lower.isascii():
        lower = unicodedata.normalize("NFKD", lower)
    return "".join(filter(str.isalnum, lower)).replace("oe", "o").replace("aa", "a")


def words_of(one: ObjectType) -> frozenset[str]:
    """What an object is called in a header, folded."""
    words = (one.name, one.singular, one.label, one.label_plural, *one.labels)
    # "Company's phone", "kontaktens e-mail": an English or Danish genitive ends in s.
    return frozenset(folded + ending for word in words if (folded := fold(word)) for ending in ("", "s"))


def properties_of(one: ObjectType) -> dict[str, Match]:
    """Every folded word for a property of this object. Where two fit, the better match, then the writable one."""
    found: dict[str, tuple[tuple[int, bool, bool], Match]] = {}
    for prop in one.properties.values():
        ranks = {fold(word): Rank.WORD for word in reversed(prop.labels[1:])}
        ranks |= {fold(word): Rank.LANGUAGE for word in prop.labels[:1]}
        ranks |= {fold(prop.name): Rank.NAME, fold(prop.label): Rank.LABEL}
        for word, rank in ranks.items():
            order = (int(rank), prop.read_only, prop.tier == "extended")
            if word and (word not in found or order < found[word][0]):
                found[word] = order, _match(one.name, prop.name, rank, writable=not prop.read_only)
    return {word: match for word, (_, match) in found.items()}


@dataclass(frozen=True, slots=True)
class Index:
    """What the chosen objects know, in the order in which they were chosen."""

    catalogue: Mapping[str, ObjectType]
    objects: Sequence[str]
    properties: dict[str, dict[str, Match]] = field(init=False)
    words: dict[str, frozenset[str]] = field(init=False)

    def __post_init__(self) -> None:
        chosen = {name: self.catalogue[name] for name in self.objects}
        object.__setattr__(self, "properties", {name: properties_of(one) for name, one in chosen.items()})
        object.__setattr__(self, "words", {name: words_of(one) for name, one in self.catalogue.items()})

    def find(self, header: str) -> Match | None:
        """The property that a header means: of the object that it names, else of the first that knows it."""
        word = fold(header)
        named = [match for name in self.objects if (match := self._of_named(name, word))]
        if named:
            return min(named, key=lambda match: match.rank)
        knowing = [self._spelled(header, known[word]) for known in self.properties.values() if word in known]
        if not knowing:
            return None
        # Contacts have a pipeline, too, which is Kartotek's own: a deal's or ticket's is meant, where there are any.
        staged = [one for one in knowing if one.writable and self._leads(one)]
        return self._record_meant(staged[0] if staged and not knowing[0].writable else knowing[0])

    def _spelled(self, header: str, match: Match) -> Match:
        """Programs call a property so to the letter; then a label of another that reads the same does not count."""
        prop = self.catalogue[match.object_type].properties.get(header)
        if prop is None or prop.read_only or prop.name == match.property:
            return match
        return _match(match.object_type, prop.name, Rank.NAME, writable=True)

    def _leads(self, match: Match) -> bool:
        one = self.catalogue[match.object_type]
        return match.property in (one.pipeline, one.stage)

    def names_object(self, header: str) -> bool:
        """Whether a header names any object, chosen or not."""
        word = fold(header)
        return any(True for name in self.words for _ in self._rests(name, word))

    def _of_named(self, name: str, word: str) -> Match | None:
        """What the word means if it names this object; the whole word counts too ("Deal stage")."""
        rests = set(self._rests(name, word))
        if not rests:
            return None
        if rests & set(_NAMED_IDS):
            return Match(name, RECORD_ID, Rank.LABEL, table.As.RECORD_ID)
        known = self.properties[name]
        return min((known[one] for one in (word, *rests) if one in known), key=lambda one: one.rank, default=None)

    def _rests(self, name: str, word: str) -> Iterator[str]:
        """What remains of the word without the object's name in front or at the end."""
        for called in self.words[name]:
            if len(called) < len(word):
                if word.startswith(called):
                    yield word[len(called) :]
                if word.endswith(called):
                    yield word[: -len(called)]

    def _record_meant(self, match: Match) -> Match:
        meant = _STANDS_FOR.get((match.object_type, match.property))
        if meant and meant[0] in self.properties:
            return replace(match, object_type=meant[0], property=meant[1])
        return match


def _match(object_type: str, name: str, rank: Rank, *, writable: bool) -> Match:
    if name == _ID_PROPERTY:
        return Match(object_type, RECORD_ID, rank, table.As.RECORD_ID)
    return Match(object_type, name, rank, writable=writable)
