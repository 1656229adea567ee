"""The board: an index page's records by the stages of a pipeline, narrowed as the page is, and carried between them.

Its address is the page's own with `show=board`. A card is carried by the mouse or by keys; where scripts are off, or
fingers do not carry, it has a link to a choice of stages.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from kartotek import errors
from kartotek.domain import access, boards, reach, records
from kartotek.domain.boards import Sum
from kartotek.model.object_types import ObjectType
from kartotek.model.pipelines import Pipeline, Stage
from kartotek.model.records import Record
from kartotek.pages import layouts, nouns, render, table
from kartotek.pages import records as pages
from kartotek.pages.index import state as states
from kartotek.pages.index.state import Framed, State
from kartotek.pages.render import Answer
from kartotek.pages.shown import Words
from kartotek.pages.visit import Visit

CARDS, MOST = 20, 400  # of each stage at first, and at most
FACTS = 2


@dataclass(frozen=True, slots=True)
class Card:
    record: Record
    href: str
    facts: list[tuple[str, str]]  # a property's label and its value in words
    company: str
    owner: str
    may_move: bool


@dataclass(frozen=True, slots=True)
class Lane:
    id: str
    label: str
    tone: str  # "good" where it is won, "bad" where it is lost, "closed", or ""
    count: int
    sums: tuple[Sum, ...]
    cards: list[Card]
    more: str | None  # the address of the board with more cards
    rest: int


@dataclass(frozen=True, slots=True)
class Board(Framed):
    columns: list[table.Column]  # what can be sorted by
    pipeline: Pipeline
    pipelines: Sequence[Pipeline]
    lanes: list[Lane]


def of(visit: Visit, state: State, words: Words) -> Board:
    object_type = state.object_type
    pipelines = nouns.load(visit).pipelines[object_type.name]
    pipeline = _chosen(object_type, pipelines, state.pairs.get("pipeline", ""))
    facts = [name for name in layouts.columns(object_type) if _tells(object_type, name)]
    names = list(dict.fromkeys([*facts, *filter(object_type.properties.get, (reach.OWNER, boards.CURRENCY))]))
    shown = min(MOST, max(CARDS, visit.number("cards")))
    lanes = boards.of(visit.tx, visit.actor, object_type, pipeline, states.query(visit, state), names, shown)
    companies = _companies(visit, [one for lane in lanes for one in lane.records])
    return Board(
        state,
        [one for one in table.columns_of(visit, state) if one.sortable],
        pipeline,
        pipelines,
        [_lane(visit, state, lane, facts, companies, words, shown) for lane in lanes],
    )


def choose(visit: Visit, objects: str, id: int) -> Answer:
    """Which stage a record is to be moved to."""
    object_type = pages.known(visit, objects)
    if not boards.has_board(object_type):
        raise errors.NotFound(visit.gettext("%(objects)s have no stages.") % {"objects": object_type.label_plural})
    record = records.get(visit.tx, visit.actor, object_type, id)
    records.require_reach(visit.tx, visit.actor, "edit", object_type, [id])
    state = states.of(visit, object_type)
    return render.page(
        visit,
        "index/move.html",
        record=record,
        here=record.values.get(str(object_type.stage)),
        pipelines=nouns.load(visit).pipelines[object_type.name],
        address=_moves(state, record),
        back=state.address(),
    )


def move(visit: Visit, objects: str, id: int) -> Answer:
    object_type = pages.known(visit, objects)
    state = states.of(visit, object_type)
    done = boards.move(visit.tx, visit.actor, object_type, id, visit.field("stage"))
    label = pages.words(visit).value(object_type.properties[str(object_type.stage)], done.stage.id)
    said = visit.gettext("%(name)s is now in “%(stage)s”.") % {"name": done.record.name, "stage": label}
    if done.before in (None, done.stage.id):
        return render.go(state.address(), said=said)
    back = render.Back(_moves(state, done.record), visit.gettext("Undo"), {"stage": str(done.before)})
    return render.go(state.address(), said=said, back=back)


def _chosen(object_type: ObjectType, pipelines: Sequence[Pipeline], id: str) -> Pipeline:
    """The first one, where none is asked for."""
    found = next((one for one in pipelines if id in ("", one.id)), None)
    if found is None:
        raise errors.UnknownName(f"pipeline of {object_type.label_plural.lower()}", id)
    return found


def _tells(object_type: ObjectType, name: str) -> bool:
    """Whether a property belongs on a card: its stage is where it lies, its owner stands in the corner."""
    prop = object_type.properties.get(name)
    known = (object_type.stage, object_type.pipeline, layouts.created(object_type))
    return prop is not None and prop.kind != "owner" and name not in known


def _companies(visit: Visit, found: Sequence[Record]) -> dict[int, str]:
    """The names of the primary companies that may be seen."""
    ids = list({one.primary for one in found if one.primary})
    companies = nouns.load(visit).object_types["companies"]
    if not ids or not access.may(visit.actor, "view", "companies"):
        return {}
    return {one.id: one.name for one in records.many(visit.tx, visit.actor, companies, ids, companies.naming)}


def _lane(
    visit: Visit, state: State, lane: boards.Lane, facts: Sequence[str], companies: dict[int, str], words: Words,
    shown: int,
) -> Lane:  # fmt: skip
    further = shown < MOST and lane.count > len(lane.records)
    return Lane(
        id=lane.stage.id,
        label=lane.stage.label,
        tone=_tone(lane.stage),
        count=lane.count,
        sums=lane.sums,
        cards=[_card(visit, one, facts, companies, words) for one in lane.records],
        more=state.address(cards=shown + CARDS) if further else None,
        rest=lane.count - len(lane.records),
    )


def _card(visit: Visit, record: Record, facts: Sequence[str], companies: dict[int, str], words: Words) -> Card:
    props = record.object_type.properties
    told = [(props[name].label, words.told(props[name], record.values)) for name in facts if record.values.get(name)]
    return Card(
        record,
        f"/{record.object_type.name}/{record.id}",
        told[:FACTS],
        companies.get(record.primary or 0, ""),
        words.people.get(record.values.get(reach.OWNER) or "", ""),
        boards.may_move(visit.actor, record),
    )


def _tone(stage: Stage) -> str:
    if stage.probability is not None and stage.probability in (0, 1):
        return "good" if stage.probability else "bad"
    return "closed" if stage.closed else ""


def _moves(state: State, record: Record) -> str:
    """Where a card is sent, and its choice of stages stands: the board's own address goes with it."""
    return state.address().replace(f"/{state.object_type.name}", f"/{state.object_type.name}/{record.id}/moves", 1)
