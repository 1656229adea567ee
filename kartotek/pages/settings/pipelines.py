"""Pipelines of deals and tickets, and their stages: made, renamed, arranged, removed while nothing is in them."""

from dataclasses import replace
from decimal import Decimal, InvalidOperation
from typing import TypeVar

from kartotek import errors
from kartotek.domain import access, pipelines
from kartotek.model.object_types import ObjectType
from kartotek.model.pipelines import Pipeline, Stage
from kartotek.pages import nouns, render
from kartotek.pages.render import Answer
from kartotek.pages.visit import Visit, whole

_Line = TypeVar("_Line")


def index(visit: Visit) -> Answer:
    access.require_settings(visit.actor)
    known = nouns.load(visit)
    found = [(one, known.pipelines.get(one.name, ())) for one in known.object_types.values() if one.pipeline]
    return render.page(visit, "pipelines/index.html", found=[pair for pair in found if pair[0].stage])


def create(visit: Visit, objects: str) -> Answer:
    one = _known(visit, objects)
    made = pipelines.create(visit.tx, visit.actor, one, visit.field("label"))
    return render.go(f"/settings/pipelines/{one.name}/{made.id}", said=visit.gettext("The pipeline is made."))


def refused(visit: Visit, objects: str) -> Answer:
    """What a new pipeline that cannot be comes back to."""
    return index(visit)


def arrange(visit: Visit, objects: str) -> Answer:
    """In the order of the lines, or in that of their numbers where a browser has no scripts."""
    one = _known(visit, objects)
    pipelines.arrange(visit.tx, visit.actor, one, _placed(visit.fields("pipeline"), visit.fields("place")))
    return render.go("/settings/pipelines", said=visit.gettext("The order is kept."))


def edit(visit: Visit, objects: str, id: str) -> Answer:
    one = _known(visit, objects)
    return render.page(
        visit,
        "pipelines/edit.html",
        one=one,
        pipeline=_spoken(visit, pipelines.get(visit.tx, one, id)),
        lines=_lines(visit) if visit.wrong and visit.fields("stage") else None,
        gone=set(visit.fields("gone")),
        has_probability=one.name == "deals",
        percents=range(0, 101, 10),
    )


def update(visit: Visit, objects: str, id: str) -> Answer:
    one = _known(visit, objects)
    now = pipelines.get(visit.tx, one, id)
    shown = _spoken(visit, now)
    label = now.label if visit.field("label") == shown.label else visit.field("label")
    seen = {each for each in visit.fields("stage") if each}
    kept = pipelines.change(visit.tx, visit.actor, one, id, label, _unspoken(_sent(visit), now, shown), seen)
    return render.go(f"/settings/pipelines/{one.name}/{kept.id}", said=visit.gettext("The pipeline is kept."))


def remove(visit: Visit, objects: str, id: str) -> Answer:
    one = _known(visit, objects)
    pipelines.remove(visit.tx, visit.actor, one, id)
    return render.go("/settings/pipelines", said=visit.gettext("The pipeline is removed."))


def _known(visit: Visit, objects: str) -> ObjectType:
    access.require_settings(visit.actor)
    one = nouns.load(visit).object_types.get(objects)
    if one is None or not one.pipeline or not one.stage:
        raise errors.NotFound(visit.gettext("There are no pipelines of “%(name)s”.") % {"name": objects})
    return one


def _spoken(visit: Visit, pipeline: Pipeline) -> Pipeline:
    """As it is called in the person's language."""
    there = nouns.load(visit).pipelines.get(pipeline.object_type, ())
    return next((one for one in there if one.id == pipeline.id), pipeline)


def _unspoken(sent: list[Stage], now: Pipeline, shown: Pipeline) -> list[Stage]:
    """A stage whose name came back as it was shown keeps the one that it has, for those of other languages."""
    names = {(said.id, said.label): held.label for held, said in zip(now.stages, shown.stages, strict=True)}
    return [replace(one, label=names.get((one.id, one.label.strip()), one.label)) for one in sent]


def _sent(visit: Visit) -> list[Stage]:
    """The lines that are to stay; the empty ones are none."""
    if not len(visit.fields("stage")) == len(visit.fields("name")) == len(visit.fields("state")):
        raise errors.Invalid(visit.gettext("The form came in halves. Load the page and try again."))
    gone = set(visit.fields("gone"))
    return [one for one in _lines(visit) if (one.id or one.label.strip()) and not (one.id and one.id in gone)]


def _lines(visit: Visit) -> list[Stage]:
    """In their order, or in that of their numbers where a browser has no scripts."""
    told = zip(visit.fields("stage"), visit.fields("name"), visit.fields("state"), strict=False)
    lines = [Stage(id, label, 0, _probability(state), state == "closed") for id, label, state in told]
    return _placed(lines, visit.fields("place"))


def _placed(lines: list[_Line], places: list[str]) -> list[_Line]:
    if len(places) != len(lines):
        return lines
    numbers = [len(lines) if (number := whole(place)) is None else number for place in places]
    return [lines[i] for i in sorted(range(len(lines)), key=lambda i: numbers[i])]


def _probability(state: str) -> Decimal | None:
    try:
        return Decimal(state) / 100
    except InvalidOperation:
        return None
