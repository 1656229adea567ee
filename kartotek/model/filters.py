"""Query: which records to find, in which order, how many of them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Filter:
    property: str
    operator: (
        str  # EQ NEQ LT LTE GT GTE BETWEEN IN NOT_IN HAS_PROPERTY NOT_HAS_PROPERTY CONTAINS_TOKEN NOT_CONTAINS_TOKEN
    )
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Query:
    """`filters` is an OR of ANDs; `search` looks in the properties that name a record."""

    filters: tuple[tuple[Filter, ...], ...] = ()
    search: str | None = None
    sort: str | None = None  # a property's name; None: newest first
    descending: bool = False
    limit: int = 50
    offset: int = 0
    associated_with: int | None = None  # only records associated with this one
    from_import: int | None = None  # only records that this import created or updated
    outcome: str | None = None  # with `from_import`: only those that it "created", "updated", "unchanged", or "all"
    on_list: int | None = None  # only members of this list
