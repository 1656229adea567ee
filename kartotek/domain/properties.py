"""Properties: defining one, what their options are just now, and how their cells are read."""

import re
from collections.abc import Sequence
from dataclasses import replace

from kartotek import errors
from kartotek.domain import Tx, access, audit, catalogue, internal_names, limits
from kartotek.model import sentences
from kartotek.model.catalogue import Catalogue
from kartotek.model.object_types import ObjectType
from kartotek.model.people import Actor
from kartotek.model.properties import Option, Property
from kartotek.store import catalogue as store
from kartotek.store import people
from kartotek.values import TYPES, Reading, cells

MOST_UNIQUE = 10

_NAME = re.compile("[a-z][a-z0-9_]{0,62}")  # PostgreSQL cuts the names of columns at 63 bytes
# The field types that each type may have, the plain one first (records-and-associations.md 13.1).
FIELDS = {
    "string": ("text", "textarea", "html", "phonenumber", "file"),
    "number": ("number",),
    "bool": ("booleancheckbox",),
    "date": ("date",),
    "datetime": ("date",),
    "enumeration": ("select", "radio", "checkbox", "booleancheckbox"),
    "phone_number": ("phonenumber",),
}
# What people choose from for a property of their own, by kind: its type and field type.
KINDS = {
    "text": ("string", "text"),
    "multiline": ("string", "textarea"),
    "number": ("number", "number"),
    "date": ("date", "date"),
    "moment": ("datetime", "date"),
    "choice": ("enumeration", "select"),
    "choices": ("enumeration", "checkbox"),
    "boolean": ("bool", "booleancheckbox"),
    "phone": ("phone_number", "phonenumber"),
}
LONGEST = 200  # of a label
LONGEST_DESCRIPTION = 1000
CAN_BE_UNIQUE = ("string", "number", "phone_number")


def define(
    tx: Tx,
    actor: Actor,
    object_type: ObjectType,
    name: str,
    label: str,
    *,
    type: str = "string",
    field_type: str | None = None,
    group: str | None = None,
    options: Sequence[Option] = (),
    unique: bool = False,
    description: str = "",
) -> Property:
    """A property of people's own, in its group, with a column while there is room for one.

    Run it by `Database.retried`: a long reader of the table may stand in its way.
    """
    access.require_properties(actor)
    store.only_writer(tx)
    one = catalogue.load(tx).object_type(object_type.name)
    groups = [each.name for each in catalogue.load(tx).groups[one.name]]
    plain = FIELDS.get(type, ("",))[0]
    wanted = Property(
        0, one.name, name, label.strip(), type, field_type or plain, group or groups[0], tuple(options),
        unique=unique, tier="custom", description=description.strip(), spilled=not store.has_room(tx, one),
    )  # fmt: skip
    _check(tx, one, groups, wanted)
    store.add_property(tx, one, wanted)
    audit.note(tx, actor, "defined property", object=one.name, property=name, label=wanted.label)
    return catalogue.load(tx).object_type(one.name).properties[name]


def add_options(tx: Tx, actor: Actor, prop: Property, labels: Sequence[str]) -> Property:
    """More options for a property, after those that it has; labels that are known already add nothing."""
    if not may_add_options(tx, actor, prop):
        raise errors.NotAllowed(
            f"{actor.name} may not add options to {prop.label}. An administrator can, in a property of one's own list."
        )
    store.only_writer(tx)
    now = catalogue.load(tx).object_type(prop.object_type).properties[prop.name]
    new = _new_options(now, labels)
    if any(";" in label for label in new):
        raise errors.Invalid("An option cannot hold a semicolon, as that stands between several of them.")
    options = (*now.options, *(Option(label, label) for label in new))
    store.set_options(tx, replace(now, options=options))
    audit.note(tx, actor, "changed options", object=now.object_type, property=now.name, label=now.label)
    return catalogue.load(tx).object_type(prop.object_type).properties[prop.name]


def missing_options(prop: Property, texts: Sequence[str]) -> list[str]:
    """What these cells name that is no option yet; where a property takes several, between semicolons."""
    several = prop.kind == "choices"
    return _new_options(prop, [word for text in texts for word in (text.split(";") if several else [text])])


def _new_options(prop: Property, labels: Sequence[str]) -> list[str]:
    known = {word for option in prop.options for word in cells.fold_texts((option.value, option.label, *option.also))}
    told = zip(labels, cells.fold_texts(labels), strict=True)
    return list({folded: label.strip() for label, folded in told if folded and folded not in known}.values())


def may_add_options(tx: Tx, actor: Actor, prop: Property) -> bool:
    """Whether this person may, and the options are a list of its own: not people, pipelines or stages."""
    one = catalogue.load(tx).object_type(prop.object_type)
    own = prop.kind in ("choice", "choices") and prop.name not in (one.pipeline, one.stage) and not prop.reference
    return own and actor.rights.properties


def free_name(tx: Tx, object_type: ObjectType, label: str) -> str:
    """An internal name for a property with this label, that no other has or has had."""
    name = plain_name(label)
    found, number = name, 2
    while store.knows_property(tx, object_type, found):
        found, number = f"{name}_{number}", number + 1
    return found


def plain_name(label: str) -> str:
    """An internal name made of the label's letters."""
    name = internal_names.plain(label, "")[:50]
    return name if name[:1].isalpha() else f"property_{name}".rstrip("_")


def _check(tx: Tx, one: ObjectType, groups: Sequence[str], wanted: Property) -> None:
    """Refuses, with a sentence, what cannot be (records-and-associations.md 13.2)."""
    if not _NAME.fullmatch(wanted.name):
        raise errors.Invalid(
            f"“{wanted.name}” cannot be the internal name: it begins with a letter, goes on with letters, figures and "
            "underscores, all in lower case without accents, 63 at most."
        )
    if store.knows_property(tx, one, wanted.name):
        raise errors.Conflict(
            f"There is, or has been, a property “{wanted.name}” of {one.label_plural.lower()}. Choose another name."
        )
    if not wanted.label:
        raise errors.Invalid("A property needs a label.")
    if len(wanted.label) > LONGEST or len(wanted.description) > LONGEST_DESCRIPTION:
        raise errors.Invalid(
            f"A label has at most {LONGEST} characters, a description {LONGEST_DESCRIPTION:,}. Shorten it."
        )
    if wanted.group not in groups:
        raise errors.UnknownName(f"group of properties of {one.label_plural.lower()}", wanted.group)
    if wanted.field_type not in FIELDS.get(wanted.type, ()):
        raise errors.Invalid(f"There is no property of type “{wanted.type}” with the field “{wanted.field_type}”.")
    values = [option.value for option in wanted.options]
    if wanted.type == "enumeration" and (not values or len(set(values)) < len(values) or any(";" in v for v in values)):
        raise errors.Invalid("Name at least one option, each with a value of its own and without a semicolon.")
    if wanted.unique:
        check_unique(one, wanted)


def check_unique(one: ObjectType, wanted: Property) -> None:
    if wanted.type not in CAN_BE_UNIQUE:
        raise errors.Invalid(f"Only texts and numbers can be unique, and {wanted.label} is neither.")
    custom = [prop for prop in one.properties.values() if prop.unique and prop.tier == "custom"]
    if len(custom) >= MOST_UNIQUE:
        raise errors.Invalid(f"{one.label_plural} have {MOST_UNIQUE} unique properties already, and cannot have more.")


def options(tx: Tx, catalogue: Catalogue, object_type: ObjectType, prop: Property) -> tuple[Option, ...]:
    """The options to choose from: its own, or the pipelines, stages or owners there are."""
    if prop.kind == "owner":
        # Those who have left are known by number and address, so that files may say what records say.
        return tuple(
            Option(str(one.id), one.email, hidden=True)
            if one.archived
            else Option(str(one.id), one.name, also=(one.email,))
            for one in people.everybody(tx)
        )
    if prop.name == object_type.pipeline:
        return tuple(
            Option(one.id, one.label, also=one.labels) for one in catalogue.pipelines.get(object_type.name, ())
        )
    if prop.name == object_type.stage:
        stages = [stage for one in catalogue.pipelines.get(object_type.name, ()) for stage in one.stages]
        return tuple(Option(one.id, one.label, also=one.labels) for one in stages)
    return prop.options


def reading(tx: Tx, catalogue: Catalogue, object_type: ObjectType, prop: Property, how: Reading) -> Reading:
    """`how` (dates, numbers, zone, country) completed by what this property's options are called, and by whether its
    moments are days."""
    found = options(tx, catalogue, object_type, prop)
    how = replace(how, days=prop.kind == "moment" and not object_type.tells_hours(prop))
    if not found:
        return how
    spelled = [(word, option.value) for option in found for word in (option.value, option.label, *option.also)]
    folded = cells.fold_texts(word for word, _ in spelled)
    words: dict[str, set[str]] = {}
    for word, (_, value) in zip(folded, spelled, strict=True):
        words.setdefault(word or "", set()).add(value)
    # A value's own name wins over a label of another option that happens to read the same.
    own = dict(
        zip(
            (word or "" for word in cells.fold_texts(option.value for option in found)),
            (option.value for option in found),
            strict=True,
        )
    )
    ambiguous = frozenset(word for word, values in words.items() if len(values) > 1 and word not in own)
    known = {word: min(values) for word, values in words.items() if word not in ambiguous} | own
    return replace(how, options=known, ambiguous=ambiguous)


def sentence(prop: Property, type: str, value: str | None) -> str:
    """What is wrong with one value, for the person who typed it."""
    if type == limits.PROBLEM:
        return limits.sentence(prop, value or "")
    if type == "OUTSIDE_VALID_TIME_RANGE" and sentences.TO in (value or ""):
        return f"{prop.label} is before the beginning. Correct one of the two."
    shown = f"“{value}”" if value else "It"
    reasons = {
        "MISSING_REQUIRED_PROPERTY": f"{prop.label} is needed: fill it in.",
        "DUPLICATE_UNIQUE_PROPERTY_VALUE": (
            f"{shown} already belongs to another record. Open that one, or use another value."
        ),
        "GDPR_BLACKLISTED_EMAIL": (
            f"{shown} was deleted permanently for privacy, so it cannot be kept. "
            "Whoever runs Kartotek can let it come again: kartotek privacy unblock."
        ),
        "COULD_NOT_PARSE_DATE": f"{shown} is not a date. Write it as day-month-year, for example 31-12-2026.",
        "COULD_NOT_PARSE_NUMBER": f"{shown} is not a number. Write it with a point for decimals, for example 1234.5.",
        "INVALID_EMAIL": f"{shown} is not an email address. It looks like name@example.com.",
        "INVALID_DOMAIN": f"{shown} is not a domain. It looks like example.com.",
        "INVALID_ENUMERATION_OPTION": f"{shown} is not one of the options of {prop.label}. Choose one of them.",
        "COULD_NOT_FIND_OWNER": f"{shown} is nobody here. Choose one of the people of this Kartotek.",
        "COLUMN_TOO_LARGE": f"{prop.label} holds at most 65,536 characters.",
    }
    return reasons.get(type, f"{prop.label}: {shown} cannot be read. It looks like {TYPES[prop.kind].EXAMPLE}.")
