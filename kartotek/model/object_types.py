"""ObjectType: contacts, companies, deals, activities, custom ones. All of them are one kind of thing."""

from dataclasses import dataclass, field

from kartotek.model.properties import Property

# Custom object types are "2-7"; they are numbered from here so that standard ids sort first.
CUSTOM_FROM = 2_000_000

# Properties that name people by their addresses, one or several in a cell.
_PARTICIPANTS = {
    "emails": (
        "hs_email_from_email", "hs_email_sender_email", "hs_email_to_email", "hs_email_cc_email", "hs_email_bcc_email",
    ),
    "meetings": ("hs_guest_emails",),
}  # fmt: skip
# By object what says in which currency an amount is, and the amounts that are in it.
_MONEY = {
    "deals": ("deal_currency_code", ("amount", "hs_acv", "hs_arr", "hs_closed_amount", "hs_mrr", "hs_tcv")),
    "line_items": (
        "hs_line_item_currency_code",
        ("amount", "hs_acv", "hs_arr", "hs_mrr", "hs_pre_discount_amount", "hs_tcv", "hs_total_discount",
         "price", "tax"),
    ),
}  # fmt: skip
# What begins and ends: the properties that say when. It does not end before it begins.
_SPANS = {"meetings": (("hs_meeting_start_time", "hs_meeting_end_time"),)}

# When an activity was that says no more than when it began.
_BEGINS = {"meetings": ("hs_timestamp", "hs_meeting_start_time")}


def number_of(type_id: str) -> int:
    """ "0-48" → 48, "2-7" → 2000007: the integer that rows of associations carry."""
    family, _, number = type_id.partition("-")
    return int(number) + (CUSTOM_FROM if family == "2" else 0)


@dataclass(frozen=True, slots=True)
class ObjectType:
    id: str  # "0-1", as HubSpot's API has it
    name: str  # "contacts": the plural API name, which is also the table's name in schema crm
    singular: str  # "contact"
    label: str  # "Contact"
    label_plural: str  # "Contacts"
    kind: str  # "record" or "activity"
    icon: str  # a Tabler icon
    display: tuple[str, ...]  # property names whose joined values are the display name
    display_fallback: str | None  # used where those are empty
    secondary: tuple[str, ...]  # the facts shown beside a name on a card
    # Groups of property names, of which each group needs at least one value to create a record
    # (imports.md 3): contacts (("firstname", "lastname", "email"),), deals (("dealname",), ("pipeline",), ...).
    needs: tuple[tuple[str, ...], ...]
    pipeline: str | None = None  # the property that names the pipeline, where there are any
    stage: str | None = None  # the property that names the stage
    properties: dict[str, Property] = field(default_factory=dict, repr=False)
    labels: tuple[str, ...] = ()  # other words for it, for headers: Danish label and plural first
    # A file creates it only together with a record of one of these types, which it belongs to (I-10, I-12).
    homes: tuple[str, ...] = ()
    one_home: bool = False  # it belongs to one record only (imports.md 9.13)
    dated: str | None = None  # the property that is now, in a new record that does not say (imports.md 3: calls)

    @property
    def number(self) -> int:
        return number_of(self.id)

    @property
    def naming(self) -> tuple[str, ...]:
        """The properties without which a record has no name."""
        return self.display if self.display_fallback is None else (*self.display, self.display_fallback)

    def tells_hours(self, prop: Property) -> bool:
        """When a meeting begins has an hour; when a deal closes is a day, whatever the type says."""
        return self.kind == "activity" and not prop.read_only

    def currency_of(self, name: str) -> str | None:
        """The property that says in which currency this one is."""
        currency, amounts = _MONEY.get(self.name, ("", ()))
        return currency if name in amounts and currency in self.properties else None

    @property
    def spans(self) -> tuple[tuple[str, str], ...]:
        """Pairs of properties of which the second is never before the first."""
        return tuple(pair for pair in _SPANS.get(self.name, ()) if set(pair) <= self.properties.keys())

    @property
    def begins(self) -> tuple[str, str] | None:
        """When it was, and when it begins, which is the same in a new record that says no more."""
        found = _BEGINS.get(self.name)
        return found if found and set(found) <= self.properties.keys() else None

    @property
    def participants(self) -> tuple[str, ...]:
        """The properties whose addresses tell which contacts took part."""
        return _PARTICIPANTS.get(self.name, ())

    @property
    def is_custom(self) -> bool:
        """Whether people have defined it themselves."""
        return self.number >= CUSTOM_FROM

    @property
    def takes_labels(self) -> bool:
        """Whether its associations can have labels (records-and-associations.md 3.8)."""
        return self.kind == "record" and self.name not in ("products", "line_items")

    @property
    def has_primary_company(self) -> bool:
        """records-and-associations.md 4.1: any record but a company itself; activities have none."""
        return self.takes_labels and self.name != "companies"
