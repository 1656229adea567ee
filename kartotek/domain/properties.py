"""Properties: what their options are just now, and how their cells are read."""

from dataclasses import replace

from kartotek.domain import Tx
from kartotek.model.catalogue import Catalogue
from kartotek.model.object_types import ObjectType
from kartotek.model.properties import Option, Property
from kartotek.store import people
from kartotek.values import Reading, cells


def options(tx: Tx, catalogue: Catalogue, object_type: ObjectType, prop: Property) -> tuple[Option, ...]:
    """The options to choose from: its own, or the pipelines, stages or owners there are."""
    if prop.kind == "owner":
        return tuple(Option(str(one.id), one.name, also=(one.email,)) for one in people.active(tx))
    if prop.name == object_type.pipeline:
        return tuple(Option(one.id, one.label, also=one.labels) for one in catalogue.pipelines.get(object_type.name, ()))
    if prop.name == object_type.stage:
        stages = [stage for one in catalogue.pipelines.get(object_type.name, ()) for stage in one.stages]
        return tuple(Option(one.id, one.label, also=one.labels) for one in stages)
    return prop.options


def reading(tx: Tx, catalogue: Catalogue, object_type: ObjectType, prop: Property, how: Reading) -> Reading:
    """`how` (dates, numbers, zone, country) completed by what this property's options are called."""
    found = options(tx, catalogue, object_type, prop)
    if not found:
        return how
    spelled = [(word, option.value) for option in found for word in (option.value, option.label, *option.also)]
    folded = cells.fold_texts(word for word, _ in spelled)
    words: dict[str, set[str]] = {}
    for word, (_, value) in zip(folded, spelled, strict=True):
        words.setdefault(word or "", set()).add(value)
    # A value's own name wins over a label of another option that happens to read the same.
    own = dict(zip((word or "" for word in cells.fold_texts(option.value for option in found)), (option.value for option in found), strict=True))
    ambiguous = frozenset(word for word, values in words.items() if len(values) > 1 and word not in own)
    known = {word: min(values) for word, values in words.items() if word not in ambiguous} | own
    return replace(how, options=known, ambiguous=ambiguous)
