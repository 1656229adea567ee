"""The rules of a property: bounds, length and form of its values, and that no two records have the same one.

Values that are there already may break a rule that is new: they stay until somebody changes them, and whoever sets the
rule is told how many they are. Every door refuses new ones, since all write through deciding.py; an import leaves such
a value out and tells it (imports.md 14).
"""

from dataclasses import dataclass, replace

import polars as pl

from kartotek import errors
from kartotek.domain import Tx, access, audit, catalogue, definitions
from kartotek.model.object_types import ObjectType
from kartotek.model.people import Actor
from kartotek.model.properties import Property
from kartotek.store import catalogue as stored
from kartotek.store import definitions as store
from kartotek.store import lists
from kartotek.values import TYPES, Reading, alphabet, limits
from kartotek.values.limits import Limits

PROBLEM = "INVALID_CUSTOM_PROPERTY_VALIDATION"
_SHOWN = 3
_READ_AS = {"number": "number", "date": "date", "moment": "date"}


@dataclass(frozen=True, slots=True)
class Breaking:
    """How many of the values that are there break the rules, and the most frequent ones that do."""

    values: int
    of: int
    texts: tuple[str, ...] = ()


def may_set(actor: Actor, prop: Property) -> bool:
    """Of every property that people fill in; what comes with Kartotek keeps its meaning under any rule."""
    return actor.rights.properties and not prop.read_only and bool(limits.fit(prop.kind))


fit = limits.fit


def set_limits(tx: Tx, actor: Actor, prop: Property, wanted: Limits) -> tuple[Property, Breaking | None]:
    """From now on; and what breaks them already, where that is soon told. `least` and `most` are texts as people type
    them."""
    one, now = _own(tx, actor, prop)
    if not may_set(actor, now):
        raise errors.Invalid(f"There are no rules for {now.label}: nobody fills it in, or it has options.")
    definitions.require_settled(tx, now)
    ruled = replace(now, limits=_sound(now, wanted))
    store.set_limits(tx, ruled)
    audit.note(tx, actor, "changed rules", object=one.name, property=now.name, label=now.label)
    return ruled, soon_breaking(tx, actor, ruled)


def soon_breaking(tx: Tx, actor: Actor, prop: Property) -> Breaking | None:
    """The same as `breaking`, unless the table is so large that somebody would wait for it."""
    access.require_properties(actor)
    one = catalogue.load(tx).object_type(prop.object_type)
    return breaking(tx, actor, prop) if not prop.limits or lists.is_soon_counted(tx, one) else None


def breaking(tx: Tx, actor: Actor, prop: Property) -> Breaking:
    """Each different value is asked once. Only who may see every record is shown any."""
    access.require_properties(actor)
    if not prop.limits:
        return Breaking(0, 0)
    every = store.values(tx, catalogue.load(tx).object_type(prop.object_type), prop)
    found = every.filter(limits.broken(prop.kind, pl.col("value"), prop.limits).is_not_null())
    by = [pl.col("records"), *alphabet.order(pl.col("value"))]
    first = found.sort(by, descending=[True, False, False], nulls_last=True).head(_SHOWN)
    texts = tuple(first["value"]) if access.sees_all(actor, [prop.object_type]) else ()
    return Breaking(int(found["records"].sum()), int(every["records"].sum()), texts)


def sentence(prop: Property, value: str) -> str:
    """Which rule the value breaks, for whoever typed it."""
    rules = prop.limits
    text = TYPES[prop.kind].text(TYPES[prop.kind].read(pl.lit(value), Reading(dates="DMY")))
    canonical = pl.select(text).item() or value
    reasons = {
        "least": f"{prop.label} is {rules.least} at least.",
        "most": f"{prop.label} is {rules.most} at most.",
        "shortest": f"{prop.label} has {rules.shortest} characters at least.",
        "longest": f"{prop.label} has {rules.longest} characters at most.",
        "pattern": f"{prop.label} does not look like this"
        + (f". It looks like {rules.example}." if rules.example else f": its form is {rules.pattern}"),
    }
    broken = limits.of_text(prop.kind, canonical, rules)
    return f"“{value}” is against the rules. " + reasons.get(broken or "", f"Ask what {prop.label} may be.")


def _sound(prop: Property, wanted: Limits) -> Limits:
    """As they are kept; those that there are none of for this kind of value are left out."""
    there = limits.fit(prop.kind)
    least, most = (_bound(prop, one) if "least" in there else None for one in (wanted.least, wanted.most))
    if least and most and limits.of_text(_READ_AS[prop.kind], most, Limits(least=least)):
        raise errors.Invalid(f"The least is more than the most: no value of {prop.label} could be right.")
    if prop.kind in _READ_AS:
        return Limits(least, most)
    _check_lengths(prop, wanted)
    pattern = (wanted.pattern or "").strip() or None
    if pattern and (len(pattern) > limits.LONGEST_PATTERN or not limits.is_pattern(pattern)):
        raise errors.Unfit("pattern", "This form cannot be understood as a regular expression. Correct it.")
    example = (wanted.example or "").strip() or None
    if pattern and example and limits.of_text(prop.kind, example, Limits(pattern=pattern)):
        raise errors.Unfit("example", f"The example “{example}” does not fit the form. Correct one of the two.")
    return Limits(shortest=wanted.shortest, longest=wanted.longest, pattern=pattern, example=example)


def _check_lengths(prop: Property, wanted: Limits) -> None:
    if wanted.shortest is not None and wanted.longest is not None and wanted.shortest > wanted.longest:
        raise errors.Invalid(f"The least length is more than the most: no value of {prop.label} could be right.")
    if wanted.longest is not None and wanted.longest < 1:
        raise errors.Unfit("longest", "A text has one character at least. Say a larger number.")


def _bound(prop: Property, text: str | None) -> str | None:
    """As canonical text."""
    if text is None or not text.strip():
        return None
    kind = TYPES[_READ_AS[prop.kind]]
    read = pl.select(kind.text(kind.read(pl.lit(text), Reading(dates="DMY")))).item()
    if read is None:
        what = "a number" if prop.kind == "number" else "a date"
        raise errors.Invalid(f"“{text}” is not {what}. Correct it, or leave it empty.")
    return str(read)


def _own(tx: Tx, actor: Actor, prop: Property) -> tuple[ObjectType, Property]:
    """As it is now, with nobody else changing it."""
    access.require_properties(actor)
    stored.only_writer(tx)
    known = catalogue.load(tx)
    one = known.object_type(prop.object_type)
    return one, known.property(one, prop.name)
