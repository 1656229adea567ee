"""The catalogue in the person's language: objects and properties by the names that they have there."""

from dataclasses import replace
from typing import TypeVar

from kartotek import standard
from kartotek.domain import catalogue
from kartotek.model.associations import AssociationType
from kartotek.model.catalogue import Catalogue
from kartotek.model.object_types import ObjectType
from kartotek.model.pipelines import Pipeline, Stage
from kartotek.model.properties import PropertyGroup
from kartotek.pages import language
from kartotek.pages.visit import Visit


def N_(text: str) -> str:
    return text


# What the standard objects are called, for the translators; custom ones keep the name they were given.
LABELS = (
    (N_("Contact"), N_("Contacts")),
    (N_("Company"), N_("Companies")),
    (N_("Deal"), N_("Deals")),
    (N_("Ticket"), N_("Tickets")),
    (N_("Product"), N_("Products")),
    (N_("Line item"), N_("Line items")),
    (N_("Call"), N_("Calls")),
    (N_("Email"), N_("Emails")),
    (N_("Meeting"), N_("Meetings")),
    (N_("Note"), N_("Notes")),
    (N_("Task"), N_("Tasks")),
)
_Named = TypeVar("_Named", Pipeline, Stage)
# Translated copies, each with the catalogue it was made from; a newer one takes its place.
_copies: dict[str, tuple[Catalogue, Catalogue]] = {}


def load(visit: Visit) -> Catalogue:
    known = catalogue.load(visit.tx)
    if visit.locale == language.DEFAULT:
        return known
    made = _copies.get(visit.locale)
    if made is None or made[0] is not known:
        translated = {name: _spoken(one, visit.locale) for name, one in known.object_types.items()}
        labels = tuple(_called(one) for one in known.association_types)
        groups = {name: tuple(_own_words(one) for one in some) for name, some in known.groups.items()}
        pipelines = {
            name: tuple(_pipeline(known.object_types[name], one) for one in some)
            for name, some in known.pipelines.items()
        }
        spoken = replace(
            known, object_types=translated, association_types=labels, groups=groups, pipelines=pipelines, _by_number={}
        )
        made = _copies[visit.locale] = (known, spoken)
    return made[1]


def _own_words(one: PropertyGroup) -> PropertyGroup:
    """By the first of its other labels, the Danish one."""
    return replace(one, label=one.labels[0], labels=(one.label, *one.labels)) if one.labels else one


def _pipeline(one: ObjectType, pipeline: Pipeline) -> Pipeline:
    """Those that came with Kartotek in Danish; what people named or renamed stays as they wrote it."""
    stages = tuple(_in_danish(one, one.stage, stage) for stage in pipeline.stages)
    return replace(_in_danish(one, one.pipeline, pipeline), stages=stages)


def _in_danish(one: ObjectType, name: str | None, each: _Named) -> _Named:
    danish = standard.danish_option(one.name, name or "", each.id, each.label)
    return replace(each, label=danish, labels=(each.label, *each.labels)) if danish else each


def _called(one: AssociationType) -> AssociationType:
    danish = standard.danish_label(one.id, one.label)
    return replace(one, label=danish) if danish else one


def _spoken(one: ObjectType, locale: str) -> ObjectType:
    say = language.gettext(locale)
    # The first of a property's other labels is the Danish one.
    properties = {name: replace(prop, label=(*prop.labels, prop.label)[0]) for name, prop in one.properties.items()}
    return replace(one, label=say(one.label), label_plural=say(one.label_plural), properties=properties)
