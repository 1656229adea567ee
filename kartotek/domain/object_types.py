"""Object types of people's own: boats, policies, machines. Once defined, they are one kind of thing with all others."""

import re
from collections.abc import Sequence

from kartotek import errors
from kartotek.domain import Tx, access, association_types, audit, catalogue, properties
from kartotek.model.associations import AssociationType
from kartotek.model.catalogue import Catalogue
from kartotek.model.object_types import CUSTOM_FROM, ObjectType
from kartotek.model.people import Actor
from kartotek.model.properties import Property, PropertyGroup
from kartotek.store import catalogue as store

# Addresses of pages that are no object, so no object can be called so.
RESERVED = frozenset(
    (
        "bulk",
        "imports",
        "exports",
        "lists",
        "preferences",
        "search",
        "settings",
        "sign-in",
        "sign-out",
        "static",
        "undo",
        "welcome",
        "widths.css",
    )
)
_NAME = re.compile("[a-z][a-z0-9_]{1,48}")
LONGEST = 100
_GROUP = "information"
_NEEDS_WORDS = "An object needs a label for one and for several: Boat, Boats."
USUAL = ("contacts", "companies", "deals", "tickets")
# What Kartotek keeps of every record: name, label, Danish label, type, field type, whether only Kartotek writes it.
_KEPT = (
    ("hs_object_id", "Record ID", "Kortets id", "number", "number", True),
    ("hs_createdate", "Create date", "Oprettelsesdato", "datetime", "date", True),
    ("hs_lastmodifieddate", "Last modified date", "Senest ændret", "datetime", "date", True),
)


def define(
    tx: Tx,
    actor: Actor,
    name: str,
    label: str,
    label_plural: str,
    wanted: Sequence[Property],
    *,
    display: str | None = None,
    associated: Sequence[str] = USUAL,
    icon: str = "package",
) -> ObjectType:
    """A type with these properties, the first of which names its records unless `display` does; those that are
    required are needed to create one. It can be associated with `associated`, with its own kind, and all activities.

    Run it by `Database.retried`, as whatever makes tables.
    """
    access.require_settings(actor)
    store.only_writer(tx)
    known = catalogue.load(tx)
    shown = display or (wanted[0].name if wanted else "")
    _check(known, name, label, label_plural, wanted, shown)
    ends = [known.object_type(other) for other in associated]
    one = _bare(known, name, label.strip(), label_plural.strip(), wanted, shown, icon)
    store.add_object_type(tx, one, (PropertyGroup(_GROUP, f"{one.label} information"),), len(known.object_types))
    for prop in wanted:
        properties.define(
            tx, actor, one, prop.name, prop.label, type=prop.type, field_type=prop.field_type or None,
            options=prop.options, unique=prop.unique,
        )  # fmt: skip
    activities = [other for other in known.object_types.values() if other.kind == "activity"]
    pairs = _pairs(tx, known, one, [*dict.fromkeys([*(end.name for end in ends), *(act.name for act in activities)])])
    store.add_association_types(tx, pairs)
    store.add_home(tx, one.name, [act.name for act in activities if act.homes])
    audit.note(tx, actor, "defined object", object=name, label=one.label_plural)
    return catalogue.load(tx).object_type(name)


def rename(tx: Tx, actor: Actor, object_type: ObjectType, label: str, label_plural: str) -> None:
    """Other words for a type of people's own; its internal name stays."""
    access.require_settings(actor)
    store.only_writer(tx)
    known = catalogue.load(tx)
    one = known.object_type(object_type.name)
    if not one.is_custom:
        raise errors.Invalid(f"{one.label_plural} come with Kartotek. Only objects of your own are renamed.")
    said = " ".join(label.split()), " ".join(label_plural.split())
    _check_words(known, said, but=one)
    store.rename_object_type(tx, one.name, *said)
    audit.note(tx, actor, "renamed object", object=one.name, label=said[1])


def free_name(label_plural: str) -> str:
    """An internal name made of the letters of what several are called; whether it is taken, `define` says."""
    return properties.plain_name(label_plural)[:49] if label_plural.strip() else ""


def _check(
    known: Catalogue, name: str, label: str, label_plural: str, wanted: Sequence[Property], display: str
) -> None:
    """Refuses, with a sentence, what cannot be."""
    if not label.strip() or not label_plural.strip():
        raise errors.Invalid(_NEEDS_WORDS)
    if name in RESERVED:
        raise errors.Conflict(f"“{name}” is the address of another page. Choose another internal name.")
    if not _NAME.fullmatch(name):
        raise errors.Invalid(
            f"“{name}” cannot be an object's internal name: a plural of its own, it begins with a letter and goes on "
            "with letters, figures and underscores, all in lower case without accents, 49 at most."
        )
    _check_words(known, (name, label, label_plural))
    names = [prop.name for prop in wanted]
    if len(set(names)) < len(names):
        raise errors.Invalid("Two of the properties have the same name. Name each of them once.")
    if display not in names:
        raise errors.Invalid("Name at least one property, and the one that names a record among them.")


def _check_words(known: Catalogue, wanted: Sequence[str], but: ObjectType | None = None) -> None:
    others = [one for one in known.object_types.values() if but is None or one.name != but.name]
    words = {word.casefold() for one in others for word in (one.name, one.label, one.label_plural)}
    if taken := next((word for word in wanted if word.strip().casefold() in words), None):
        raise errors.Conflict(f"There is an object called “{taken}” already. Choose another name.")
    if not all(word.strip() for word in wanted):
        raise errors.Invalid(_NEEDS_WORDS)
    if any(len(word) > LONGEST for word in wanted):
        raise errors.Invalid(f"What an object is called has {LONGEST} characters at most.")


def _bare(
    known: Catalogue, name: str, label: str, label_plural: str, wanted: Sequence[Property], display: str, icon: str
) -> ObjectType:
    """The type with the properties that every type has."""
    number = max([CUSTOM_FROM, *(one.number for one in known.object_types.values())]) + 1 - CUSTOM_FROM
    kept = [
        Property(0, name, prop, called, kind, field, _GROUP, read_only=own, labels=(danish,))
        for prop, called, danish, kind, field, own in _KEPT
    ]
    owner = Property(
        0, name, "hubspot_owner_id", f"{label} owner", "enumeration", "select", _GROUP, reference="owner",
        labels=(f"Ansvarlig for {label.lower()}", "Owner", "Ejer", "Ansvarlig"),
    )  # fmt: skip
    # Without one that is required, a row that says nothing but whose it is would make a record without a name.
    needs = tuple((prop.name,) for prop in wanted if prop.required) or ((display,),)
    return ObjectType(
        id=f"2-{number}",
        name=name,
        singular=label.casefold().replace(" ", "_"),
        label=label,
        label_plural=label_plural,
        kind="record",
        icon=icon,
        display=(display,),
        display_fallback=None,
        secondary=tuple(prop.name for prop in wanted if prop.name != display)[:2],
        needs=needs,
        properties={prop.name: prop for prop in [*kept, owner]},
    )


def _pairs(tx: Tx, known: Catalogue, one: ObjectType, others: Sequence[str]) -> list[AssociationType]:
    """The association types with its own kind and with these."""
    found: list[AssociationType] = []
    next_id = store.next_association_type(tx)
    for other in (one, *(known.object_types[name] for name in others)):
        found += association_types.plain(one, other, next_id + len(found))
    return found
