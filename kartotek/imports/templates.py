"""Files to begin with: a template for the objects that one has in mind, and samples that can be imported as they are.

Both have the headers that a person knows, the required properties first; headers that our own mapping finds again. A
template has one row, to be overwritten; a sample has a few.
"""

import io
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import cycle, islice

import polars as pl

from kartotek import errors
from kartotek.model.catalogue import Catalogue
from kartotek.model.object_types import ObjectType
from kartotek.model.properties import Property
from kartotek.standard import languages

SAMPLE_ROWS = 5
# How many columns an object of one's own has; those that people know have the ones below.
_MOST = 10

# What a file of these usually holds, after what it has to.
_USUAL = {
    "contacts": ("firstname", "lastname", "email", "phone", "jobtitle", "city", "country", "lifecyclestage"),
    "companies": ("name", "domain", "phone", "address", "zip", "city", "country", "industry", "numberofemployees"),
    "deals": ("dealname", "pipeline", "dealstage", "amount", "closedate", "dealtype"),
    "tickets": ("subject", "hs_pipeline", "hs_pipeline_stage", "hs_ticket_priority", "content"),
    "products": ("name", "hs_sku", "price", "description"),
    "line_items": ("name", "quantity", "price"),
    "calls": ("hs_timestamp", "hs_call_title", "hs_call_body", "hs_call_direction"),
    "emails": ("hs_timestamp", "hs_email_direction", "hs_email_subject", "hs_email_text"),
    "meetings": ("hs_timestamp", "hs_meeting_title", "hs_meeting_body", "hs_meeting_start_time"),
    "notes": ("hs_timestamp", "hs_note_body"),
    "tasks": ("hs_timestamp", "hs_task_subject", "hs_task_body", "hs_task_status", "hs_task_priority"),
}
# The five people and firms of every sample.
_VALUES = {
    "firstname": ("Ada", "Bo", "Cleo", "Dan", "Eva"),
    "lastname": ("Holm", "Ågård", "Lund", "Friis", "Krogh"),
    "email": tuple(f"{name}@example.com" for name in ("ada.holm", "bo", "cleo", "dan.friis", "eva")),
    "jobtitle": ("Head of purchasing", "Engineer", "Owner", "Accountant", "Head of sales"),
    "city": ("Ribe", "Herning", "Odense", "Skagen", "Aarhus"),
    "country": ("Denmark",),
    "zip": ("6760", "7400", "5000", "9990", "8000"),
    "address": ("Havnegade 4", "Torvet 1", "Vestergade 12", "Strandvej 7", "Bredgade 30"),
    "phone": tuple(f"+45 20 12 34 5{last}" for last in range(5)),
    "domain": tuple(f"{name}.example.com" for name in ("nordlys", "havnen", "molen", "fyret", "skibet")),
    "numberofemployees": ("12", "250", "3", "48", "7"),
    "amount": ("1250", "48000", "900", "15000", "7200"),
    "price": ("100", "250", "49", "1200", "15"),
    "quantity": ("1", "2", "10", "5", "3"),
    "dealname": ("New website", "Fleet of vans", "Service 2027", "Extension", "First order"),
}
_PRODUCT = "hs_product_id"  # names a product of this Kartotek, which no sample can know
_FIRMS = ("Nordlys A/S", "Havnen ApS", "Molen", "Fyret", "Skibet")
_THINGS = ("Desk", "Chair", "Lamp", "Shelf", "Cabinet")
_BY_KIND = {
    "boolean": ("Yes", "No"),
    "date": tuple(f"2026-12-{day}" for day in ("01", "15", "17", "24", "31")),
    "moment": tuple(f"2026-12-{day} 10:30" for day in ("01", "15", "17", "24", "31")),
    "number": ("1", "2", "3", "4", "5"),
    "phone": _VALUES["phone"],
    "email": _VALUES["email"],
    "domain": _VALUES["domain"],
}


def in_language(known: Catalogue, language: str) -> Catalogue:
    """With what people call objects and properties in one of the fifteen languages that headers are read in."""
    types = {name: _named(one, language) for name, one in known.object_types.items()}
    return replace(known, object_types=types)


def _named(one: ObjectType, language: str) -> ObjectType:
    """What has no word there keeps its own, and so does what would be called like something else."""
    if language == languages.DEFAULT:
        return one
    said = languages.words(language)
    danish = language == "da"
    labels = {
        name: next(iter((*(prop.labels if danish else ()), *said.of_property(one.name, name))), prop.label)
        for name, prop in one.properties.items()
    }
    taken = Counter(map(str.casefold, labels.values()))
    props = {
        name: replace(prop, label=labels[name] if taken[labels[name].casefold()] == 1 else prop.label)
        for name, prop in one.properties.items()
    }
    label = next(iter((*(one.labels if danish else ()), *said.of_object(one.name))), one.label)
    return replace(one, label=label, properties=props)


def make(known: Catalogue, objects: Sequence[str], rows: int = 1) -> pl.DataFrame:
    """Headers and rows, all text. The headers are the labels of `known`, in whatever language those are."""
    if not objects:
        raise errors.Invalid("Say what the file is to be about: contacts, say, or contacts and companies.")
    chosen = [known.object_type(name) for name in dict.fromkeys(objects)]
    columns = {
        (f"{one.label}: {prop.label}" if len(chosen) > 1 else prop.label): list(islice(_values(known, one, prop), rows))
        for one in chosen
        for prop in properties(one)
    }
    return pl.DataFrame(columns, schema_overrides=dict.fromkeys(columns, pl.String))


def properties(one: ObjectType) -> list[Property]:
    """What it takes to make one, then what tells one from another, then what is usual."""
    needed = [name for group in one.needs for name in group]
    unique = [prop.name for prop in one.properties.values() if prop.unique and prop.tier == "custom"]
    usual = _USUAL.get(one.name) or [name for name, prop in one.properties.items() if prop.tier == "custom"][:_MOST]
    names = dict.fromkeys([*needed, *unique, *usual])
    return [prop for name in names if (prop := one.properties.get(name)) and not prop.read_only]


def delimited(frame: pl.DataFrame, mark: str = ",") -> bytes:
    """With the mark that makes Excel read it as UTF-8."""
    out = io.BytesIO()
    frame.write_csv(out, separator=mark, include_bom=True)
    return out.getvalue()


def workbook(frame: pl.DataFrame) -> bytes:
    out = io.BytesIO()
    frame.write_excel(out, header_format={"bold": True}, autofit=True, table_style="Table Style Light 1")
    return out.getvalue()


def _values(known: Catalogue, one: ObjectType, prop: Property) -> Iterator[str]:
    return cycle(_examples(known, one, prop) or ("",))


def _examples(known: Catalogue, one: ObjectType, prop: Property) -> Sequence[str]:
    if prop.name in (one.pipeline, one.stage):
        pipeline = known.pipelines[one.name][0]
        return [pipeline.label] if prop.name == one.pipeline else [stage.label for stage in pipeline.stages]
    if prop.name == "name":
        return _FIRMS if one.name == "companies" else _THINGS
    if prop.options:
        return [option.label for option in prop.options if not option.hidden]
    if prop.kind in ("owner", "free_choices", "choice", "choices") or prop.name == _PRODUCT:
        return ()
    if prop.name in _VALUES:
        return _VALUES[prop.name]
    return _BY_KIND.get(prop.kind) or [f"{prop.label} {number}" for number in range(1, SAMPLE_ROWS + 1)]
