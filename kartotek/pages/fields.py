"""Form fields: how a property is asked for, and what came back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import tzinfo

from kartotek.model.catalogue import Catalogue
from kartotek.model.object_types import ObjectType
from kartotek.model.properties import Property
from kartotek.pages import figures, nouns, zones
from kartotek.pages.shown import Words
from kartotek.pages.visit import Visit
from kartotek.values import domain

_INPUTS = {"phone": "tel", "date": "date"}


@dataclass(frozen=True, slots=True)
class Field:
    property: Property
    control: str  # text, textarea, select, several, boolean, or a type of <input>
    value: str
    options: list[tuple[str, str]]
    groups: list[tuple[str, list[tuple[str, str]]]]
    needed: bool = False
    clock: str = ""  # the zone that a moment is written for


def of_form(visit: Visit, properties: Sequence[Property], words: Words) -> list[Field]:
    """As they were typed when the form comes back; else empty, but for where the one pipeline begins."""
    return [field(prop, words, typed(visit, prop) or _beginning(prop, words)) for prop in properties]


def field(prop: Property, words: Words, value: str) -> Field:
    control = _control(prop, words)
    object_type = words.catalogue.object_types[prop.object_type]
    pipelines = words.catalogue.pipelines.get(prop.object_type, ()) if prop.name == object_type.stage else ()
    groups = [(one.label, [(stage.id, stage.label) for stage in one.stages]) for one in pipelines]
    options = words.options(prop) if control in ("select", "several") and len(groups) < 2 else []
    if prop.kind == "owner" and value in words.gone:
        options = [*options, (value, words.people[value])]
    if prop.kind == "number":
        value = figures.written(value, words.language)
    if prop.kind in ("domain", "domains"):
        value = ";".join(map(domain.own_letters, value.split(";")))
    if prop.kind == "moment":
        value = _on_the_clock(words.catalogue, prop, value, words.zone)
    clock = str(words.zone) if prop.kind == "moment" else ""
    return Field(
        prop, control, value, options, groups if len(groups) > 1 else [], (prop.name,) in object_type.needs, clock
    )


def needed(object_type: ObjectType, either: str) -> list[str]:
    """What has to be filled in: a label, or several of which one will do."""
    return [
        either.join(object_type.properties[name].label for name in group if name in object_type.properties)
        for group in object_type.needs
    ]


def typed(visit: Visit, prop: Property) -> str:
    """What the form brought, as one text; or what the address proposes."""
    return sent(visit, prop) or visit.query(prop.name)


def sent(visit: Visit, prop: Property) -> str:
    """A number in its plain form, however the person's language writes it; a moment in UTC."""
    text = ";".join(text.strip() for text in visit.fields(prop.name) if text.strip())
    if prop.kind == "moment":
        return zones.plain(text, visit.clock)
    return figures.plain(text, visit.locale) if prop.kind == "number" else text


def changed(visit: Visit, prop: Property, held: str) -> str:
    """What was sent; but the moment `held`, seconds and all, where its field came back as it was shown."""
    shown = _on_the_clock(nouns.load(visit), prop, held, visit.clock) if prop.kind == "moment" and held else ""
    return held if shown and visit.field(prop.name) == shown else sent(visit, prop)


def _beginning(prop: Property, words: Words) -> str:
    """The pipeline and its first stage; of several nobody but the person knows which."""
    object_type = words.catalogue.object_types[prop.object_type]
    pipelines = words.catalogue.pipelines.get(prop.object_type, ())
    if len(pipelines) != 1:
        return ""
    stage = pipelines[0].stages[0].id if pipelines[0].stages else ""
    return {object_type.pipeline: pipelines[0].id, object_type.stage: stage}.get(prop.name, "")


def _on_the_clock(known: Catalogue, prop: Property, text: str, zone: tzinfo) -> str:
    tells_hours = known.object_types[prop.object_type].tells_hours(prop)
    return zones.minute(text, zone) if tells_hours else zones.days(text, zone)


def _control(prop: Property, words: Words) -> str:
    match prop.kind:
        case "boolean":
            return "boolean"
        case "choice" | "owner":
            return "select"
        case "choices":
            return "several"
        case "multiline":
            return "textarea"
        case "moment":
            return "datetime-local" if words.catalogue.object_types[prop.object_type].tells_hours(prop) else "date"
    return "select" if words.options(prop) else _INPUTS.get(prop.kind, "text")
