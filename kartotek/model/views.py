"""View: a tab of an index page, its filters, sort and columns; Arrangement: how a person has one object's tables."""

from dataclasses import dataclass, field

# Tabs that every object has; those of an owner only where records have one. Each is a filter as filter_texts reads it.
STANDARD = {"all": "", "my": "hubspot_owner_id.is(me)", "unassigned": "hubspot_owner_id.unknown"}
# Columns beside the name that can stay in sight while others are scrolled.
MOST_FROZEN = 4
NARROWEST, WIDEST = 60, 900  # pixels


@dataclass(frozen=True, slots=True)
class View:
    id: int
    object_type: str  # "contacts"
    name: str
    person: int | None  # who made it
    everyone: bool  # or only that person
    filters: str = ""  # as filter_texts writes them
    sort: str = ""  # a property, with a minus in front when it goes down; "" newest first
    columns: tuple[str, ...] = ()  # none: as each person has them


@dataclass(frozen=True, slots=True)
class Arrangement:
    """`first`: the tab that opens first; `frozen`: so many columns stay in sight; `widths` in pixels, by column."""

    first: str = ""
    frozen: int = 0
    widths: dict[str, int] = field(default_factory=dict)
