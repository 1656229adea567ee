"""Filters as people can read and type them, in the address of a page and in saved views:

    lifecyclestage.any_of(lead,customer) and createdate.last_days(30) or @companies(industry.is(SHIPPING))

`and` binds stronger than `or`. `@companies` says that there is an associated one, `no @companies` that there is none,
`@companies.279(…)` that it has the label 279, `@primary` that it is the primary company. `list(7)` says that a record
is a member of the list with the number 7, `no list(7)` that it is not. A value with a comma, a parenthesis or a
quotation mark in it stands in quotation marks.
"""

import re
from dataclasses import dataclass

from kartotek import errors
from kartotek.model.filters import ARITY, Condition, Filter, Filters, Linked, Listed

WORDS = {
    "EQ": "is", "NEQ": "is_not", "IN": "any_of", "NOT_IN": "none_of", "CONTAINS_TOKEN": "contains",
    "NOT_CONTAINS_TOKEN": "contains_not", "STARTS_WITH": "starts_with", "HAS_PROPERTY": "known",
    "NOT_HAS_PROPERTY": "unknown", "GT": "more_than", "GTE": "at_least", "LT": "less_than", "LTE": "at_most",
    "BETWEEN": "between", "LAST_DAYS": "last_days", "NEXT_DAYS": "next_days", "DAYS_AGO": "days_ago", "PERIOD": "in",
}  # fmt: skip
_OPERATORS = {word: operator for operator, word in WORDS.items()}
PRIMARY, LIST = "primary", "list"
LONGEST = 8_000  # characters: a browser and a server pass on so long an address
# As many as the API allows, and more than a person can oversee.
MOST = 50

_TOKEN = re.compile(r'\s*(?:"((?:[^"\\]|\\.)*)"|([(),])|([^\s(),"]+))', re.DOTALL)
_PLAIN = re.compile(r"[^\s(),\"\\]+(?: [^\s(),\"\\]+)*")
_LINKED = re.compile(r"@([a-z][a-z0-9_]*)(?:\.([0-9]{1,9}))?")
_NUMBER = re.compile(r"[0-9]{1,18}")
_FILTER = re.compile(r"([A-Za-z0-9_]+)\.([a-z_]+)")


def spelled(filters: Filters) -> str:
    return " or ".join(" and ".join(map(_condition, group)) for group in filters if group)


def parsed(text: str) -> Filters:
    """Refuses what cannot be read, naming the place."""
    if len(text) > LONGEST:
        raise errors.Invalid(f"The filters have more than {LONGEST:,} characters. Take some away.")
    reader = _Reader(_tokens(text))
    groups: list[tuple[Condition, ...]] = []
    while reader.here is not None:
        groups.append(tuple(reader.group()))
        if reader.here is not None:
            reader.skip("or")
    if sum(map(len, groups)) > MOST:
        raise errors.Invalid(f"There can be {MOST} conditions at most. Take some away.")
    return tuple(groups)


def lists_in(text: str) -> set[int]:
    """The numbers of the lists that filters ask for."""
    every = [one for group in parsed(text) for one in group]
    inner = [each for one in every if isinstance(one, Linked) for each in one.where]
    return {one.list for one in [*every, *inner] if isinstance(one, Listed)}


def _condition(one: Condition) -> str:
    if isinstance(one, Listed):
        return f"{'no ' if one.none else ''}{LIST}({one.list})"
    if isinstance(one, Filter):
        values = f"({','.join(map(_value, one.values))})" if one.values else ""
        return f"{one.property}.{WORDS[one.operator]}{values}"
    name = PRIMARY if one.primary else one.to
    label = f".{one.label}" if one.label is not None else ""
    where = f"({' and '.join(map(_condition, one.where))})" if one.where else ""
    return f"{'no ' if one.none else ''}@{name}{label}{where}"


def _value(text: str) -> str:
    if _PLAIN.fullmatch(text):
        return text
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


@dataclass(frozen=True, slots=True)
class _Token:
    text: str
    quoted: bool = False


def _tokens(text: str) -> list[_Token]:
    found, at = [], 0
    text = text.strip()
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise _unread(text[at:])
        quoted, mark, word = match.groups()
        if quoted is not None:
            found.append(_Token(re.sub(r"\\(.)", r"\1", quoted, flags=re.DOTALL), quoted=True))
        else:
            found.append(_Token(mark or word))
        at = match.end()
    return found


def _unread(text: str) -> errors.Invalid:
    return errors.Invalid(f"The filters cannot be read from “{text[:40]}” on. Choose them anew.")


@dataclass(slots=True)
class _Reader:
    tokens: list[_Token]
    at: int = 0

    @property
    def here(self) -> str | None:
        """The sign or word that comes next; a quoted one is neither."""
        if self.at >= len(self.tokens):
            return None
        return "" if self.tokens[self.at].quoted else self.tokens[self.at].text

    def group(self) -> list[Condition]:
        found = [self.condition()]
        while self.here == "and":
            self.skip("and")
            found.append(self.condition())
        return found

    def condition(self) -> Condition:
        none = self.here == "no"
        if none:
            self.skip("no")
        if match := _LINKED.fullmatch(self.here or ""):
            return self._linked(match[1], int(match[2]) if match[2] else None, none)
        if self.here == LIST:
            return self._listed(none)
        match = _FILTER.fullmatch(self.here or "")
        if none or match is None or match[2] not in _OPERATORS:
            raise self.wrong()
        self.at += 1
        operator = _OPERATORS[match[2]]
        return Filter(match[1], operator, tuple(self._values()) if ARITY[operator] != 0 else ())

    def skip(self, word: str) -> None:
        if self.here != word:
            raise self.wrong()
        self.at += 1

    def wrong(self) -> errors.Invalid:
        return _unread(" ".join(token.text for token in self.tokens[self.at :]) or "its end")

    def _linked(self, name: str, label: int | None, none: bool) -> Linked:
        self.at += 1
        where: list[Filter | Listed] = []
        if self.here == "(":
            self.skip("(")
            for one in self.group():
                if isinstance(one, Linked):
                    raise self.wrong()
                where.append(one)
            self.skip(")")
        primary = name == PRIMARY
        return Linked("companies" if primary else name, tuple(where), none, primary, label)

    def _listed(self, none: bool) -> Listed:
        self.at += 1
        values = self._values()
        if len(values) != 1 or not _NUMBER.fullmatch(values[0]):
            raise errors.Invalid("A list is asked for by its number, such as list(7). Choose the filters anew.")
        return Listed(int(values[0]), none)

    def _values(self) -> list[str]:
        self.skip("(")
        found = [self._value()]
        while self.here == ",":
            self.skip(",")
            found.append(self._value())
        self.skip(")")
        return found

    def _value(self) -> str:
        """Words up to the next sign, or what stands in quotation marks."""
        if self.here == "":
            self.at += 1
            return self.tokens[self.at - 1].text
        words = []
        while self.here not in (None, "", "(", ")", ","):
            words.append(self.tokens[self.at].text)
            self.at += 1
        if not words:
            raise self.wrong()
        return " ".join(words)
