"""What an association can be called: labels for a pair of objects, and how many a record may have.

A label is single (both ends are called the same: colleagues) or paired (each has a word of its own: manager and
employee). Either way it is two types, one for each direction, or one where both ends are of one object and called the
same (records-and-associations.md 3).
"""

import re
from dataclasses import replace

from kartotek import errors
from kartotek.domain import Tx, access, audit, bounds, catalogue, internal_names
from kartotek.model.associations import AssociationType
from kartotek.model.catalogue import Catalogue
from kartotek.model.object_types import ObjectType
from kartotek.model.people import Actor
from kartotek.store import association_types as store
from kartotek.store import catalogue as words
from kartotek.values import cells

MOST_LABELS = 50  # between two objects
MOST = 10_000
LONGEST = 100
_NAME = re.compile("[a-z_][a-z0-9_]*")
_PRIMARY = "primary"


def connect(tx: Tx, actor: Actor, one: ObjectType, other: ObjectType) -> None:
    """From now on records of these two objects can be associated."""
    known = _begin(tx, actor, one, other)
    if known.can_associate(one.name, other.name):
        raise errors.Conflict(f"{one.label_plural} and {other.label_plural.lower()} can be associated already.")
    if not one.takes_labels or not other.takes_labels:
        raise errors.Invalid("Only contacts, companies, deals, tickets and objects of your own are associated so.")
    words.add_association_types(tx, plain(one, other, words.next_association_type(tx)))
    _note(tx, actor, "connected objects", one, other)


def define(
    tx: Tx,
    actor: Actor,
    one: ObjectType,
    other: ObjectType,
    label: str,
    inverse: str | None = None,
    name: str | None = None,
) -> tuple[AssociationType, ...]:
    """Makes a label: `label` is what a record of `other` is to one of `one`; `inverse` the way back, where it is
    another word. The first of what is made leads from `one` to `other`.
    """
    known = _begin(tx, actor, one, other)
    _may_have_labels(known, one, other)
    said = _words(known, one, other, label, inverse)
    called = _named(known, one, other, name or _slug(said[0]), given=name is not None)
    first = words.next_association_type(tx)
    made = AssociationType(first, "USER_DEFINED", one.name, other.name, "labeled", called, said[0], first)
    types = [made]
    if one.name != other.name or said[0] != said[1]:
        back = f"{called}_inverse" if said[0] != said[1] else called
        types = [
            replace(made, inverse=first + 1),
            AssociationType(first + 1, "USER_DEFINED", other.name, one.name, "labeled", back, said[1], first),
        ]
    words.add_association_types(tx, types)
    _note(tx, actor, "created label", one, other, label=said[0])
    return tuple(types)


def rename(tx: Tx, actor: Actor, id: int, label: str, inverse: str | None = None) -> None:
    """Other words for a label; its internal name stays."""
    known, one = _own(tx, actor, id)
    ends = known.object_types[one.from_type], known.object_types[one.to_type]
    said = _words(known, *ends, label, inverse, but=(one.id, one.inverse))
    if one.inverse in (None, one.id) and said[0] != said[1]:
        raise errors.Invalid("A single label has one word for both ends. Remove it and make a paired one instead.")
    store.rename(tx, {one.id: said[0]} | ({one.inverse: said[1]} if one.inverse else {}))
    words.touch(tx)
    _note(tx, actor, "renamed label", *ends, label=said[0], before=one.label)


def remove(tx: Tx, actor: Actor, id: int) -> int:
    """Takes a label off all associations that carry it, which stay, and off the list; how many they were. Where they
    may be many, label_removals.py."""
    known, one = _own(tx, actor, id)
    types = {one.id, one.inverse or one.id}
    ends = known.object_types[one.from_type], known.object_types[one.to_type]
    removed = store.unlabel_all(tx, actor, sorted(types), sorted(ends, key=lambda end: end.number))
    store.archive(tx, sorted(types))
    words.touch(tx)
    _note(tx, actor, "removed label", *ends, label=one.label)
    return removed


def carried(tx: Tx, actor: Actor, id: int) -> int:
    """How many associations carry a label."""
    access.require_settings(actor)
    return store.carried(tx, both_ways(_label(catalogue.load(tx), id)))


def own(tx: Tx, actor: Actor, id: int) -> AssociationType:
    """A label that may be renamed and removed, or a sentence that says why not."""
    access.require_settings(actor)
    return _its_own(_label(catalogue.load(tx), id))


def both_ways(one: AssociationType) -> list[int]:
    """The numbers of a label, one for each direction, or one for both."""
    return sorted({one.id, one.inverse or one.id})


def limit(tx: Tx, actor: Actor, id: int, most: int | None) -> None:
    """How many records of the other object one may have by this type, a label or the association itself; None: any
    number. What there is already must fit.
    """
    known, one = _begin_of(tx, actor, id)
    ends = known.object_types[one.from_type], known.object_types[one.to_type]
    if one.kind not in ("unlabeled", "labeled"):
        raise errors.Invalid("A record has one primary company at most, and that is no limit to set.")
    least, highest = _range(known, one)
    if most is not None and not least <= most <= highest:
        raise errors.Invalid(
            f"{_limited(ends, one)}: the limit is a whole number from {least:,} to {highest:,}, or none; a label is "
            "not on more records than there may be."
        )
    if most is not None and (there := store.longest(tx, known, one)) > most:
        raise errors.Conflict(
            f"{_limited(ends, one)}: there are {there:,} already. Choose at least {there:,}, or remove some of them "
            "first."
        )
    store.set_most(tx, id, most)
    words.touch(tx)
    _note(tx, actor, "limited associations", *ends, label=one.label or "", most=most)


def _limited(ends: tuple[ObjectType, ObjectType], one: AssociationType) -> str:
    """Which limit it is, as its form calls it."""
    what = f"“{one.label}”" if one.label else ends[1].label_plural
    return f"{what} of one {ends[0].label.lower()}"


def names(tx: Tx) -> dict[int, str]:
    """What every label is or was called, those included that were removed: history still names them."""
    return store.all_labels(tx)


def plain(one: ObjectType, other: ObjectType, first: int) -> list[AssociationType]:
    """The association of two objects without any label, and the primary one where a company may be that; their ids
    begin with `first`."""
    if one.name == other.name:
        name = f"{one.singular}_to_{one.singular}"
        return [AssociationType(first, "USER_DEFINED", one.name, one.name, "unlabeled", name, None, first)]
    near, far = (other, one) if one.name == "companies" else (one, other)
    found: list[AssociationType] = []
    if near.has_primary_company and far.name == "companies":
        label = f"{near.label} with Primary Company"
        found += _both_ways(near, far, first, "primary", "primary_", label)
    return [*found, *_both_ways(near, far, first + len(found), "unlabeled", "", None)]


def _both_ways(
    one: ObjectType, other: ObjectType, id: int, kind: str, prefix: str, label: str | None
) -> tuple[AssociationType, AssociationType]:
    def way(id: int, here: ObjectType, there: ObjectType, back: int) -> AssociationType:
        name = f"{prefix}{here.singular}_to_{there.singular}"
        return AssociationType(id, "USER_DEFINED", here.name, there.name, kind, name, label, back)

    return way(id, one, other, id + 1), way(id + 1, other, one, id)


def _note(tx: Tx, actor: Actor, what: str, one: ObjectType, other: ObjectType, **about: object) -> None:
    audit.note(tx, actor, what, object=one.name, other=other.name, **about)


def _begin(tx: Tx, actor: Actor, one: ObjectType, other: ObjectType) -> Catalogue:
    """Nobody else changes the catalogue now, and nobody is writing associations of these two."""
    access.require_settings(actor)
    pair = min(one.number, other.number), max(one.number, other.number)
    bounds.hold(tx, {pair: True})
    words.only_writer(tx)
    return catalogue.load(tx)


def _begin_of(tx: Tx, actor: Actor, id: int) -> tuple[Catalogue, AssociationType]:
    known = catalogue.load(tx)
    one = known.association_type(id)
    if one is None:
        raise errors.NotFound("This kind of association is not there any more.")
    known = _begin(tx, actor, known.object_types[one.from_type], known.object_types[one.to_type])
    found = known.association_type(id)
    if found is None:
        raise errors.NotFound("This kind of association is not there any more.")
    return known, found


def _own(tx: Tx, actor: Actor, id: int) -> tuple[Catalogue, AssociationType]:
    known, _ = _begin_of(tx, actor, id)
    return known, _its_own(_label(known, id))


def _its_own(one: AssociationType) -> AssociationType:
    if not one.is_own:
        raise errors.Invalid(f"“{one.label}” comes with Kartotek. Only labels of your own are renamed and removed.")
    return one


def _label(known: Catalogue, id: int) -> AssociationType:
    one = known.association_type(id)
    if one is None or one.kind != "labeled":
        raise errors.NotFound("This label is not there any more.")
    return one


def _may_have_labels(known: Catalogue, one: ObjectType, other: ObjectType) -> None:
    if not one.takes_labels or not other.takes_labels:
        raise errors.Invalid(
            "Only associations of contacts, companies, deals, tickets and your own objects have labels."
        )
    if not known.can_associate(one.name, other.name):
        raise errors.Invalid(
            f"{one.label_plural} and {other.label_plural.lower()} cannot be associated yet. Define that first."
        )
    if len({min(each.id, each.inverse or each.id) for each in known.labels(one.name, other.name)}) >= MOST_LABELS:
        raise errors.Invalid(f"Two objects have {MOST_LABELS} labels at most. Remove one that nobody uses.")


def _words(
    known: Catalogue,
    one: ObjectType,
    other: ObjectType,
    label: str,
    inverse: str | None,
    but: tuple[int | None, ...] = (),
) -> tuple[str, str]:
    """Both words of a label without the blanks around them; no other label of these objects may be called so."""
    said = (label.strip(), (inverse or "").strip() or label.strip())
    if not said[0]:
        raise errors.Invalid("A label needs a word: what the other record is, such as Advisor.")
    if too_long := next((word for word in said if len(word) > LONGEST), None):
        raise errors.Invalid(f"“{too_long[:30]}…” is too long for a label: it has {LONGEST} characters at most.")
    if ";" in "".join(said):
        raise errors.Invalid("A label has no semicolon: in files it stands between two labels.")
    types = [each for each in known.association_types if {each.from_type, each.to_type} == {one.name, other.name}]
    taken = {cells.fold_texts([text])[0] for each in types if each.id not in but and each.kind == "labeled"
             for text in (each.label, each.name) if text}  # fmt: skip
    if any(each.kind == "primary" for each in types):
        taken.add(_PRIMARY)
    for word, folded in zip(said, cells.fold_texts(said), strict=True):
        if folded in taken:
            raise errors.Conflict(
                f"There is a label “{word}” between {one.label_plural.lower()} and {other.label_plural.lower()} "
                "already. Choose another word."
            )
    return said


def _slug(label: str) -> str:
    """An internal name made of the label's own letters."""
    found = internal_names.plain(label, "")
    return found if _NAME.fullmatch(found) else f"label_{found}".rstrip("_")


def _named(known: Catalogue, one: ObjectType, other: ObjectType, name: str, *, given: bool) -> str:
    taken = {each.name for each in known.association_types if {each.from_type, each.to_type} == {one.name, other.name}}
    if not given:
        return internal_names.free(name, taken)
    if not _NAME.fullmatch(name) or len(name) > LONGEST:
        raise errors.Invalid(
            f"“{name}” cannot be a label's internal name: it has small letters, figures and underscores, no hyphen, "
            "and does not begin with a figure."
        )
    if name in taken:
        raise errors.Conflict(f"There is a label with the internal name “{name}” already. Choose another one.")
    return name


def _range(known: Catalogue, one: AssociationType) -> tuple[int, int]:
    """A limit of a label is not above that of its object, nor the other way round."""
    same = [each for each in known.association_types if (each.from_type, each.to_type) == (one.from_type, one.to_type)]
    if one.kind == "labeled":
        return 1, min([MOST, *(each.most for each in same if each.kind == "unlabeled" and each.most)])
    return max([1, *(each.most for each in same if each.kind == "labeled" and each.most)]), MOST
