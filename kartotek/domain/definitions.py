"""Changing what properties are: words, groups, options; archiving one, which keeps its values, and bringing it back.

What comes with Kartotek keeps its definition, as files and programs rely on it; people's own may change. Options are
people's to arrange in both, where they are a list of the property's own. One is hidden rather than removed, so that no
record says what nobody can read.
"""

from collections.abc import Sequence
from dataclasses import replace

from kartotek import errors
from kartotek.domain import Tx, access, audit, catalogue, identifiers, internal_names, properties
from kartotek.model.object_types import ObjectType
from kartotek.model.people import Actor
from kartotek.model.properties import ArchivedProperty, Option, Property, Uses
from kartotek.store import catalogue as stored
from kartotek.store import definitions as store
from kartotek.values import cells

LONGEST_OPTION = 3000
MOST_OPTIONS = 5000
# Fields that show the same values in another way.
_ALIKE = (("text", "textarea", "html"), ("select", "radio"))


def fields(prop: Property) -> tuple[str, ...]:
    """The field types that this property may have from now on, its own among them."""
    alike = next((group for group in _ALIKE if prop.field_type in group), (prop.field_type,))
    return tuple(one for one in alike if one in properties.FIELDS.get(prop.type, ())) or (prop.field_type,)


def may_change(actor: Actor, prop: Property) -> bool:
    return prop.tier == "custom" and actor.rights.properties


def change(
    tx: Tx, actor: Actor, prop: Property, *, label: str, description: str, group: str, field_type: str
) -> Property:
    """Its words, its group, and how its values are shown; name, type and uniqueness stay as they are."""
    one, now = _own(tx, actor, prop)
    if group not in (each.name for each in catalogue.load(tx).groups[one.name]):
        raise errors.UnknownName(f"group of properties of {one.label_plural.lower()}", group)
    if field_type not in fields(now):
        raise errors.Invalid(f"{now.label} cannot become a field of the kind “{field_type}”: its values would be lost.")
    if field_type != now.field_type:
        require_settled(tx, now)
    if len(description.strip()) > properties.LONGEST_DESCRIPTION:
        raise errors.Invalid(f"A description has at most {properties.LONGEST_DESCRIPTION:,} characters. Shorten it.")
    wanted = replace(
        now, label=_label(label, "A property"), description=description.strip(), group=group, field_type=field_type
    )
    store.update(tx, wanted)
    _note(tx, actor, "changed property", wanted)
    return wanted


def set_options(tx: Tx, actor: Actor, prop: Property, options: Sequence[Option]) -> Property:
    """All the options there are to be, in their order; those without a value are new. Older words stay readable."""
    if not properties.may_add_options(tx, actor, prop):
        raise errors.NotAllowed(f"{actor.name} may not change the options of {prop.label}.")
    stored.only_writer(tx)
    now = catalogue.load(tx).object_type(prop.object_type).properties[prop.name]
    require_settled(tx, now)
    before = {one.value: one for one in now.options}
    made = [_option(one, before.get(one.value)) for one in options]
    values = [one.value for one in made]
    if missing := [one.label for one in now.options if one.value not in values]:
        raise errors.Conflict(
            f"“{missing[0]}” is an option, too: it can be hidden, but not removed. Load the page again."
        )
    folded = cells.fold_texts([one.label for one in made])
    if twice := next((one.label for i, one in enumerate(made) if folded[i] in folded[:i]), None):
        raise errors.Invalid(f"Two options are called “{twice}”. Give one of them another name.")
    if len(set(values)) < len(values):
        raise errors.Invalid("A new option has the value of one that is there. Give it another name.")
    if len(made) > MOST_OPTIONS:
        raise errors.Invalid(f"A property has at most {MOST_OPTIONS:,} options.")
    wanted = replace(now, options=tuple(_without_others(one, made) for one in made))
    stored.set_options(tx, wanted)
    _note(tx, actor, "changed options", wanted)
    return wanted


def can_be_unique(actor: Actor, prop: Property) -> bool:
    """Whether it might become so; one that is, stays so (records-and-associations.md 13.2)."""
    return may_change(actor, prop) and not prop.unique and prop.type in properties.CAN_BE_UNIQUE


def to_be_unique(tx: Tx, actor: Actor, prop: Property) -> tuple[ObjectType, Property]:
    """As they are now; refused where no two records could ever be told apart by it."""
    one, now = _own(tx, actor, prop)
    properties.check_unique(one, now)
    require_settled(tx, now)
    return one, now


def make_unique(tx: Tx, actor: Actor, prop: Property) -> None:
    """From now on no two records have the same value. Refused while two have, or an import is writing it."""
    one, now = to_be_unique(tx, actor, prop)
    if now.unique:
        return
    require_unwritten(tx, one, now)
    store.hold(tx, one)
    if (value := store.twice(tx, one, now)) is not None:
        raise errors.Conflict(
            f"Two {one.label_plural.lower()} have “{value}”, so {now.label} cannot be unique. Change or merge one of "
            "them first."
        )
    if store.longest(tx, one, now) > identifiers.LONGEST:
        raise errors.Conflict(f"A value of {now.label} is longer than {identifiers.LONGEST:,} characters. Shorten it.")
    store.make_unique(tx, one, now)
    _note(tx, actor, "made property unique", now)


def archive(tx: Tx, actor: Actor, prop: Property) -> None:
    """Hides it everywhere; its values stay, and for 90 days it can come back."""
    one, now = _own(tx, actor, prop)
    if now.name in (*one.naming, *one.secondary, *(name for needs in one.needs for name in needs)):
        raise errors.Conflict(f"{now.label} names or describes each {one.label.lower()}, so it cannot be archived.")
    require_settled(tx, now)
    require_unwritten(tx, one, now)
    store.archive(tx, now)
    _note(tx, actor, "archived property", now)


def archived(tx: Tx, actor: Actor, object_type: ObjectType) -> list[ArchivedProperty]:
    """Those that can still be restored, the latest first."""
    access.require_properties(actor)
    return store.archived(tx, object_type)


def restore(tx: Tx, actor: Actor, object_type: ObjectType, name: str) -> Property:
    access.require_properties(actor)
    stored.only_writer(tx)
    one = catalogue.load(tx).object_type(object_type.name)
    prop = store.archived_one(tx, one, name)
    if prop is None:
        raise errors.NotFound(f"There is no archived property “{name}” that could still be restored.")
    if prop.unique and (value := store.twice(tx, one, prop)):
        raise errors.Conflict(
            f"{prop.label} is unique, and two {one.label_plural.lower()} have “{value}” by now. Archive or merge "
            "one of them, then restore it."
        )
    store.restore(tx, one, prop)
    _note(tx, actor, "restored property", prop)
    return prop


def uses(tx: Tx, actor: Actor, prop: Property) -> Uses:
    """Where it is named."""
    access.require_properties(actor)
    return store.uses(tx, catalogue.load(tx).object_type(prop.object_type), prop)


def require_unwritten(tx: Tx, one: ObjectType, prop: Property) -> None:
    if store.uses(tx, one, prop).running:
        raise errors.Conflict(f"An import is writing {prop.label} now. Wait until it is done, or cancel it.")


def require_settled(tx: Tx, prop: Property) -> None:
    """While a property becomes another kind, nothing else of it changes that this would overwrite."""
    if tx.query("retypings.under_way", {"property": prop.id}):
        raise errors.Conflict(f"{prop.label} is becoming another kind just now. Wait for that, or stop it first.")


def add_group(tx: Tx, actor: Actor, object_type: ObjectType, label: str) -> str:
    """Gives the internal name."""
    access.require_properties(actor)
    stored.only_writer(tx)
    said, there = _group(tx, object_type, label)
    name = internal_names.free(internal_names.plain(said, "group"), there)
    store.add_group(tx, object_type, name, said)
    audit.note(tx, actor, "created group", object=object_type.name, label=said)
    return name


def rename_group(tx: Tx, actor: Actor, object_type: ObjectType, name: str, label: str) -> None:
    access.require_properties(actor)
    stored.only_writer(tx)
    said, there = _group(tx, object_type, label, but=name)
    if name not in there:
        raise errors.NotFound("This group is not there any more.")
    store.rename_group(tx, object_type, name, said)
    audit.note(tx, actor, "renamed group", object=object_type.name, label=said)


def _own(tx: Tx, actor: Actor, prop: Property) -> tuple[ObjectType, Property]:
    """As it is now, with nobody else changing it."""
    access.require_properties(actor)
    stored.only_writer(tx)
    known = catalogue.load(tx)
    one = known.object_type(prop.object_type)
    now = known.property(one, prop.name)
    if now.tier != "custom":
        raise errors.Invalid(f"{now.label} comes with Kartotek. Only properties of your own are changed and archived.")
    return one, now


def _option(wanted: Option, before: Option | None) -> Option:
    label = " ".join(wanted.label.replace("\0", "").split())
    if not label:
        raise errors.Invalid("An option needs a name. Hide one that is not to be chosen any more.")
    if ";" in label:
        raise errors.Invalid("An option cannot hold a semicolon, as that stands between several of them.")
    if len(label) > LONGEST_OPTION:
        raise errors.Invalid(f"An option has at most {LONGEST_OPTION:,} characters. Shorten it.")
    if before is None:
        return Option(label, label, wanted.hidden)
    also = before.also if label == before.label else (*before.also, before.label)
    return replace(before, label=label, hidden=wanted.hidden, also=tuple(dict.fromkeys(also)))


def _without_others(one: Option, every: Sequence[Option]) -> Option:
    """An older word that another option is called by now is that one's."""
    taken = {other.label for other in every if other is not one}
    return replace(one, also=tuple(word for word in one.also if word not in taken))


def _group(tx: Tx, object_type: ObjectType, label: str, but: str | None = None) -> tuple[str, list[str]]:
    said = _label(label, "A group")
    there = catalogue.load(tx).groups.get(object_type.name, ())
    if any(each.label.casefold() == said.casefold() and each.name != but for each in there):
        raise errors.Conflict(f"There is a group “{said}” already. Choose another name.")
    return said, [each.name for each in there]


def _label(label: str, what: str) -> str:
    said = " ".join(label.replace("\0", "").split())
    if not said:
        raise errors.Invalid(f"{what} needs a label.")
    if len(said) > properties.LONGEST:
        raise errors.Invalid(f"A label has at most {properties.LONGEST} characters. Shorten it.")
    return said


def _note(tx: Tx, actor: Actor, what: str, prop: Property) -> None:
    audit.note(tx, actor, what, object=prop.object_type, property=prop.name, label=prop.label)
