"""What is shown first: the columns of an index page and the key facts of a record, until people arrange them.

A type that is not named here shows what names it, its secondary facts and when it was made.
"""

from itertools import islice

from kartotek.model.object_types import ObjectType
from kartotek.model.properties import Property

# In the form of an object of people's own.
MOST_FIELDS = 20

# Columns that are no property: associated records ("@companies") and the primary company ("@primary").
ASSOCIATED, PRIMARY = "@", "@primary"

COLUMNS: dict[str, tuple[str, ...]] = {
    "contacts": ("email", PRIMARY, "phone", "lifecyclestage", "hubspot_owner_id", "createdate"),
    "companies": ("domain", "@contacts", "city", "country", "industry", "numberofemployees", "createdate"),
    "deals": ("dealstage", "amount", "closedate", PRIMARY, "@contacts", "hubspot_owner_id"),
    "tickets": ("hs_pipeline_stage", "hs_ticket_priority", "@contacts", PRIMARY, "hubspot_owner_id", "createdate"),
    "products": ("hs_sku", "price", "createdate"),
    "line_items": ("quantity", "price", "amount", "createdate"),
    "tasks": ("hs_task_status", "hs_task_priority", "hs_timestamp", "hubspot_owner_id"),
}
KEY: dict[str, tuple[str, ...]] = {
    "contacts": (
        "firstname",
        "lastname",
        "email",
        "phone",
        "mobilephone",
        "jobtitle",
        "lifecyclestage",
        "hs_lead_status",
        "hubspot_owner_id",
    ),
    "companies": (
        "name",
        "domain",
        "industry",
        "phone",
        "city",
        "country",
        "numberofemployees",
        "annualrevenue",
        "lifecyclestage",
        "hubspot_owner_id",
    ),
    "deals": (
        "dealname",
        "amount",
        "deal_currency_code",
        "pipeline",
        "dealstage",
        "closedate",
        "dealtype",
        "hubspot_owner_id",
    ),
    "tickets": (
        "subject",
        "content",
        "hs_pipeline",
        "hs_pipeline_stage",
        "hs_ticket_priority",
        "source_type",
        "hubspot_owner_id",
    ),
    "products": ("name", "hs_sku", "price", "description", "hs_cost_of_goods_sold"),
    "calls": ("hs_call_title", "hs_call_body", "hs_timestamp", "hs_call_direction", "hubspot_owner_id"),
    "emails": ("hs_email_subject", "hs_email_text", "hs_timestamp", "hs_email_direction", "hubspot_owner_id"),
    "meetings": ("hs_meeting_title", "hs_meeting_body", "hs_timestamp", "hs_meeting_start_time", "hubspot_owner_id"),
    "notes": ("hs_note_body", "hs_timestamp", "hubspot_owner_id"),
    "tasks": (
        "hs_task_subject",
        "hs_task_body",
        "hs_timestamp",
        "hs_task_status",
        "hs_task_priority",
        "hubspot_owner_id",
    ),
}
# Where an activity keeps what was written or said.
BODIES = {
    "notes": "hs_note_body",
    "calls": "hs_call_body",
    "emails": "hs_email_text",
    "meetings": "hs_meeting_body",
    "tasks": "hs_task_body",
}


def columns(object_type: ObjectType) -> list[str]:
    wanted = COLUMNS.get(object_type.name) or (*object_type.secondary, created(object_type))
    return [name for name in wanted if name.startswith(ASSOCIATED) or name in object_type.properties]


def created(object_type: ObjectType) -> str:
    return "createdate" if "createdate" in object_type.properties else "hs_createdate"


def key_facts(object_type: ObjectType) -> list[Property]:
    """Shown on top of a record and in the form that makes one."""
    wanted = KEY.get(object_type.name) or (*object_type.display, *object_type.secondary, "hubspot_owner_id")
    return [object_type.properties[name] for name in wanted if name in object_type.properties]


def _own(object_type: ObjectType) -> list[str]:
    """All that people defined for an object of their own: nobody else says which of it matters."""
    if object_type.name in KEY:
        return []
    own = (one.name for one in object_type.properties.values() if one.tier == "custom" and not one.read_only)
    return list(islice(own, MOST_FIELDS))


def form_fields(object_type: ObjectType) -> list[Property]:
    """The needed properties first, then the key facts; nothing that only Kartotek writes."""
    needed = [name for group in object_type.needs for name in group if name in object_type.properties]
    key = [one.name for one in key_facts(object_type)]
    names = dict.fromkeys([*[n for n in key if n in needed], *needed, *_own(object_type), *key])
    return [one for name in names if not (one := object_type.properties[name]).read_only]
