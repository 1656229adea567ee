"""Query: which records to find, in which order, how many of them; Filter, Linked and Listed: the conditions it sets.

What fits is an OR of ANDs of conditions. Index pages, lists and the API's search all mean the same by them; how they
are written in an address stands in filter_texts.py, how they become SQL in store/search.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from kartotek.model.object_types import ObjectType
from kartotek.model.people import Narrowing

KNOWN = ("HAS_PROPERTY", "NOT_HAS_PROPERTY")
_SEVERAL = ("IN", "NOT_IN")
_TEXTS = ("CONTAINS_TOKEN", "NOT_CONTAINS_TOKEN", "STARTS_WITH")
_DAYS = ("LAST_DAYS", "NEXT_DAYS", "DAYS_AGO")

# Which values an operator takes: so many, any number from one (None); the first is where a person begins.
ARITY: Mapping[str, int | None] = {
    "EQ": 1, "NEQ": 1, "LT": 1, "LTE": 1, "GT": 1, "GTE": 1, "BETWEEN": 2, "IN": None, "NOT_IN": None,
    **dict.fromkeys(KNOWN, 0), **dict.fromkeys((*_TEXTS, *_DAYS), 1), "PERIOD": 1,
}  # fmt: skip
_TEXT = ("CONTAINS_TOKEN", "NOT_CONTAINS_TOKEN", "STARTS_WITH", "EQ", "NEQ", *_SEVERAL, *KNOWN)
_CHOICE = (*_SEVERAL, "EQ", "NEQ", *KNOWN)
_WHEN = ("PERIOD", *_DAYS, "EQ", "NEQ", "LT", "GT", "BETWEEN", *KNOWN)
# What is offered for each kind of property, the likeliest first. The API may ask for more: see `fits`.
OPERATORS: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(("text", "multiline", "email", "emails", "domain", "domains", "phone", "term"), _TEXT),
    "number": ("GT", "GTE", "LT", "LTE", "BETWEEN", "EQ", "NEQ", *_SEVERAL, *KNOWN),
    **dict.fromkeys(("date", "moment"), _WHEN),
    "boolean": ("EQ", "NEQ", *KNOWN),
    **dict.fromkeys(("choice", "choices", "free_choices", "owner"), _CHOICE),
    "attachments": KNOWN,
}  # fmt: skip
# Of an owner: whoever asks.
ME = "me"


@dataclass(frozen=True, slots=True)
class Filter:
    """A condition on one property. `values` are texts: as people write them, until domain/filters.py has read them."""

    property: str
    operator: str  # a key of ARITY
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Linked:
    """A condition on associated records: that there is one (or with `none` that there is none) to which all of
    `where` applies. `within` and `other` are filled in when it is read, by whom it is read."""

    to: str  # "companies"
    where: "tuple[Filter | Listed, ...]" = ()
    none: bool = False
    primary: bool = False  # only the primary company
    label: int | None = None  # only with this association type, as the record itself sees it
    record: int | None = None  # only this one
    other: ObjectType | None = None
    within: Narrowing | None = None


@dataclass(frozen=True, slots=True)
class Listed:
    """That the record is a member of a list, or with `none` that it is not. `asks` is filled in when it is read: what
    an active list asks for; () says that the list is static."""

    list: int
    none: bool = False
    asks: "Filters | None" = None


Condition = Filter | Linked | Listed
Filters = tuple[tuple[Condition, ...], ...]


@dataclass(frozen=True, slots=True)
class Query:
    """`filters` is an OR of ANDs; `search` looks in the properties that name a record."""

    filters: Filters = ()
    search: str | None = None
    sort: str | None = None  # a property's name; None: newest first
    descending: bool = False
    limit: int = 50
    offset: int = 0
    from_end: bool = False  # `offset` counts from the last record; the page still comes in order
    associated_with: int | None = None  # only records associated with this one
    from_import: int | None = None  # only records that this import created or updated
    outcome: str | None = None  # with `from_import`: only those that it "created", "updated", "unchanged", or "all"
    on_list: int | None = None  # only members of this list
    asked_by_list: Filters = ()  # what it asks for when it is an active one; filled in when the query is read


def fits(operator: str, kind: str) -> bool:
    """Whether an operator says anything of a kind of property; all but those of days are asked of any by the API."""
    return operator in ARITY and (operator not in ("PERIOD", *_DAYS) or kind in ("date", "moment"))


def takes(operator: str, values: int) -> bool:
    """Whether so many values are what the operator needs."""
    wanted = ARITY[operator]
    return values >= 1 if wanted is None else values == wanted
