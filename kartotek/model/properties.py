"""Property: a typed column of an object type; Option: one of its values; PropertyGroup: a heading over some."""

from dataclasses import dataclass
from datetime import datetime

from kartotek.values.limits import NONE, Limits

# HubSpot has them, from trials of its own: they mean nothing to anybody.
_LEFT_BEHIND = (("contacts", "hs_testpurge"), ("contacts", "hs_testrollback"))


@dataclass(frozen=True, slots=True)
class Option:
    value: str  # what is stored
    label: str  # what people see
    hidden: bool = False
    # Other words that a file may use for it: labels in other languages, an older name.
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PropertyGroup:
    name: str
    label: str
    labels: tuple[str, ...] = ()  # in other languages, Danish first


@dataclass(frozen=True, slots=True)
class Property:
    id: int  # the number that identifiers carry; never used again
    object_type: str  # "contacts"
    name: str  # "firstname"
    label: str  # "First Name"
    type: str  # bool, date, datetime, enumeration, number, phone_number, string, object_coordinates
    field_type: str  # text, textarea, select, checkbox, ... (records-and-associations.md 13.1)
    group: str
    options: tuple[Option, ...] = ()
    required: bool = False
    unique: bool = False
    read_only: bool = False
    tier: str = "core"  # "core", "extended" or "custom": the first and last are columns, extended ones live in _extra
    reference: str | None = None  # owner, team, user, file, free: where the options come from
    labels: tuple[str, ...] = ()  # its label in other languages, for headers (Danish first)
    description: str = ""  # what it is for
    limits: Limits = NONE  # the rules that people set for its values
    spilled: bool = False  # its table had no room for one more column, so it lives in _extra whatever its tier

    @property
    def kind(self) -> str:
        """Which module of values/ reads it: a key of `values.TYPES`."""
        if self.name in ("email", "hs_additional_emails") and self.object_type == "contacts":
            return "email" if self.name == "email" else "emails"
        if self.name in ("domain", "hs_additional_domains") and self.object_type == "companies":
            return "domain" if self.name == "domain" else "domains"
        if self.name == "hs_recurring_billing_period":
            return "term"
        if self.type == "enumeration":
            return self._kind_of_choice()
        if self.field_type == "phonenumber" or self.type == "phone_number":
            return "phone"
        return {
            "bool": "boolean",
            "date": "date",
            "datetime": "moment",
            "number": "number",
        }.get(self.type, "multiline" if self.field_type in ("textarea", "html") else "text")

    @property
    def is_offered(self) -> bool:
        """Whether lists of properties name it. What is not offered is read all the same, from a file that has it."""
        return (self.object_type, self.name) not in _LEFT_BEHIND

    @property
    def exclusive(self) -> bool:
        """Whether a value of this identifying property belongs to one record only: domains may stand on several."""
        return self.kind not in ("domain", "domains")

    def _kind_of_choice(self) -> str:
        if self.field_type == "booleancheckbox":
            return "boolean"
        several = self.field_type == "checkbox"
        if self.reference in ("owner", "user") and not several:
            return "owner"
        if self.reference:
            kind = "attachments" if self.reference == "file" else "free_choices"
            return kind if several else "text"
        return "choices" if several else "choice"


@dataclass(frozen=True, slots=True)
class ArchivedProperty:
    name: str
    label: str
    archived: datetime
    until: datetime  # when it can no longer be restored


@dataclass(frozen=True, slots=True)
class Uses:
    """Where a property is named."""

    views: tuple[tuple[str, str | None], ...]  # each with the person whose it is, or None for everyone's
    lists: tuple[tuple[int, str], ...]  # active ones, by number and name
    recipes: tuple[str, ...]
    imports: int
    running: int  # of those, the ones that are not done yet

    def __bool__(self) -> bool:
        return bool(self.views or self.lists or self.recipes or self.imports)
