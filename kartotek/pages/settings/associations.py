"""Which objects are associated, what their associations are called, and how many there may be."""

from dataclasses import dataclass

from kartotek import errors
from kartotek.domain import access, association_types, label_removals
from kartotek.model.associations import AssociationType
from kartotek.model.catalogue import Catalogue
from kartotek.model.object_types import ObjectType
from kartotek.pages import nouns, render
from kartotek.pages.render import Answer
from kartotek.pages.visit import Visit

_HOME = "/settings/associations"


@dataclass(frozen=True, slots=True)
class Label:
    """A label as both ends see it: `there` says what a record of the second object is to one of the first."""

    there: AssociationType
    back: AssociationType

    @property
    def number(self) -> int:
        return min(association_types.both_ways(self.there))


@dataclass(frozen=True, slots=True)
class Pair:
    """Two objects: the association itself, one way and back, and its labels. Without any they are not associated."""

    one: ObjectType
    other: ObjectType
    plain: tuple[AssociationType, ...]
    labels: list[Label]

    @property
    def path(self) -> str:
        return f"{_HOME}/{self.one.name}/{self.other.name}"


def index(visit: Visit) -> Answer:
    access.require_settings(visit.actor)
    known = nouns.load(visit)
    types = [one for one in known.object_types.values() if one.takes_labels]
    pairs = [_pair(known, one, other) for i, one in enumerate(types) for other in types[i:]]
    return render.page(visit, "settings/associations.html", pairs=pairs)


def show(visit: Visit, one: str, other: str) -> Answer:
    pair, removals = _asked(visit, one, other), label_removals.under_way(visit.tx, visit.actor)
    going = any(label.number in removals and not removals[label.number].message for label in pair.labels)
    return render.page(visit, "settings/association.html", pair=pair, removals=removals, going=going)


def create(visit: Visit, one: str, other: str) -> Answer:
    """From now on records of the two can be associated."""
    pair = _asked(visit, one, other)
    association_types.connect(visit.tx, visit.actor, pair.one, pair.other)
    said = visit.gettext("%(one)s and %(other)s can be associated now.")
    return render.go(pair.path, said=said % {"one": pair.one.label_plural, "other": pair.other.label_plural})


def new_label(visit: Visit, one: str, other: str) -> Answer:
    return render.page(visit, "settings/label.html", pair=_asked(visit, one, other), label=None)


def create_label(visit: Visit, one: str, other: str) -> Answer:
    pair = _asked(visit, one, other)
    word, inverse = _sent(visit)
    made = association_types.define(
        visit.tx, visit.actor, pair.one, pair.other, word, inverse, visit.field("name") or None
    )
    return render.go(pair.path, said=visit.gettext("The label “%(label)s” is made.") % {"label": made[0].label})


def edit_label(visit: Visit, one: str, other: str, id: int) -> Answer:
    pair, label = _label(visit, one, other, id)
    return render.page(visit, "settings/label.html", pair=pair, label=label)


def update_label(visit: Visit, one: str, other: str, id: int) -> Answer:
    pair, _ = _label(visit, one, other, id)
    word, inverse = _sent(visit)
    association_types.rename(visit.tx, visit.actor, id, word, inverse)
    return render.go(pair.path, said=visit.gettext("The label is called “%(label)s” now.") % {"label": word})


def removal(visit: Visit, one: str, other: str, id: int) -> Answer:
    pair, label = _label(visit, one, other, id)
    carried = association_types.carried(visit.tx, visit.actor, id)
    return render.page(visit, "settings/label_removal.html", pair=pair, label=label, carried=carried)


def remove(visit: Visit, one: str, other: str, id: int) -> Answer:
    pair, label = _label(visit, one, other, id)
    going = label_removals.ask(visit.tx, visit.actor, id)
    said = (
        visit.gettext("The label “%(label)s” is being removed.")
        if going
        else visit.gettext("The label “%(label)s” is removed.")
    )
    return render.go(pair.path, said=said % {"label": label.there.label})


def limits(visit: Visit, one: str, other: str) -> Answer:
    return render.page(visit, "settings/association_limits.html", pair=_asked(visit, one, other))


def update_limits(visit: Visit, one: str, other: str) -> Answer:
    """All that the form names, or none: an empty field means any number."""
    pair = _asked(visit, one, other)
    types = {each.id: each for each in (*pair.plain, *(end for each in pair.labels for end in (each.there, each.back)))}
    wanted = {id: _number(visit, text) for id, text in visit.numbered("most") if id in types}
    # What is widened first and narrowed last leaves room for the others.
    changed = [(id, most) for id, most in wanted.items() if most != types[id].most]
    plain_first = sorted(changed, key=lambda one: _turn(types[one[0]], one[1]))
    for id, most in plain_first:
        association_types.limit(visit.tx, visit.actor, id, most)
    return render.go(pair.path, said=visit.gettext("The limits are kept."))


def _turn(one: AssociationType, most: int | None) -> int:
    """Limits of objects are widened before those of labels change, and narrowed after."""
    if one.kind != "unlabeled":
        return 1
    return 2 if most is not None and (one.most is None or most < one.most) else 0


def _number(visit: Visit, text: str) -> int | None:
    if not text:
        return None
    if not text.isdecimal() or len(text) > 9:
        raise errors.Invalid(
            visit.gettext("“%(text)s” is not a limit: it is a whole number from 1 to 10,000, or empty.")
            % {"text": text}
        )
    return int(text)


def _asked(visit: Visit, one: str, other: str) -> Pair:
    access.require_settings(visit.actor)
    known = nouns.load(visit)
    ends = known.object_type(one), known.object_type(other)
    if not all(end.takes_labels for end in ends):
        raise errors.NotFound(visit.gettext("Activities, products and line items are associated as they come."))
    return _pair(known, *ends)


def _pair(known: Catalogue, one: ObjectType, other: ObjectType) -> Pair:
    plain = [each for each in known.association_types if each.kind == "unlabeled"]
    ways = [
        each for each in plain if (each.from_type, each.to_type) in ((one.name, other.name), (other.name, one.name))
    ]
    ways.sort(key=lambda each: each.from_type != one.name)
    labels: dict[int, Label] = {}
    for there in known.labels(one.name, other.name):
        back = known.association_type(known.turned(there.id)) or there
        labels.setdefault(min(there.id, back.id), Label(there, back))
    return Pair(one, other, tuple(ways), list(labels.values()))


def _label(visit: Visit, one: str, other: str, id: int) -> tuple[Pair, Label]:
    pair = _asked(visit, one, other)
    found = next((each for each in pair.labels if id in (each.there.id, each.back.id)), None)
    if found is None:
        raise errors.NotFound(visit.gettext("This label is not there any more."))
    return pair, found


def _sent(visit: Visit) -> tuple[str, str | None]:
    """The word, and the one for the way back where the form says that it is another one."""
    if not visit.field("paired"):
        return visit.field("label"), None
    if not visit.field("inverse"):
        raise errors.Invalid(visit.gettext("Say what it is called the other way round, too, or take the tick away."))
    return visit.field("label"), visit.field("inverse")
