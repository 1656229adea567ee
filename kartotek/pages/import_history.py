"""The imports page: their history, narrowed by state, person, object and text. Its address is its state."""

from dataclasses import dataclass

from kartotek.domain import import_books, imports, undoing
from kartotek.model.imports import Asked, Import, State
from kartotek.model.object_types import ObjectType
from kartotek.model.records import Outcome
from kartotek.model.undos import Undo
from kartotek.pages import language, nouns, render
from kartotek.pages.render import Answer
from kartotek.pages.visit import Visit
from kartotek.pages.wizard import progress

PER_PAGE = 50
# What the address may carry, in the order in which it is written.
PARAMETERS = ("q", "state", "person", "object", "page")
# A rehearsal leaves no import behind.
STATES = tuple(one for one in State if one is not State.REHEARSED)


@dataclass(frozen=True, slots=True)
class Line:
    """One import. `objects`: each with how many records it created or updated, and whether it met any."""

    job: Import
    totals: dict[str, int]
    objects: list[tuple[ObjectType, int, bool]]
    percent: int | None  # of one that is under way
    has_problems: bool
    may_have_original: bool
    undo: Undo | None


@dataclass(frozen=True, slots=True)
class History:
    lines: list[Line]
    total: int
    page: int
    pairs: dict[str, str]

    @property
    def first(self) -> int:
        return (self.page - 1) * PER_PAGE + 1 if self.lines else 0

    @property
    def last(self) -> int:
        return (self.page - 1) * PER_PAGE + len(self.lines)

    @property
    def narrowed(self) -> bool:
        return any(self.pairs.get(name) for name in PARAMETERS if name != "page")

    def address(self, page: int) -> str:
        pairs = self.pairs | {"page": str(page) if page > 1 else ""}
        return "/imports" + language.query_string([(name, pairs.get(name, "")) for name in PARAMETERS])


def index(visit: Visit) -> Answer:
    shown = _history(visit)
    _, drafts = imports.history(visit.tx, visit.actor, Asked(state=State.DRAFT), limit=1)
    answer = render.page(
        visit,
        "imports/index.html",
        history=shown,
        outcomes=progress.OUTCOMES,
        states=STATES,
        drafts=drafts,
        people=imports.importers(visit.tx, visit.actor),
        objects=list(nouns.load(visit).object_types.values()),
    )
    if visit.asked.fragment:
        answer.headers["hx-push-url"] = shown.address(shown.page)
    return answer


def _history(visit: Visit) -> History:
    page = max(1, visit.number("page", 1))
    jobs, total = imports.history(visit.tx, visit.actor, _asked(visit), limit=PER_PAGE, offset=(page - 1) * PER_PAGE)
    ids = [job.id for job in jobs]
    books, troubled = import_books.of_several(visit.tx, ids), import_books.with_problems(visit.tx, ids)
    undone = undoing.of(visit.tx, ids)
    lines = [_line(visit, job, books.get(job.id, {}), job.id in troubled, undone.get(job.id)) for job in jobs]
    return History(lines, total, page, {name: visit.query(name) for name in PARAMETERS if visit.query(name)})


def _asked(visit: Visit) -> Asked:
    state = visit.query("state")
    return Asked(
        state=State(state) if state in STATES else None,
        person=visit.number("person") or None,
        object_type=visit.query("object") or None,
        search=visit.query("q") or None,
    )


def _line(visit: Visit, job: Import, books: dict[str, dict[str, int]], has_problems: bool, undo: Undo | None) -> Line:
    types = nouns.load(visit).object_types
    brought = [(types[name], _written(counts), _met(counts)) for name, counts in books.items() if name in types]
    under_way = job.state in (State.STARTED, State.PROCESSING, State.PAUSED) and bool(job.rows)
    percent = job.position * 100 // job.rows if under_way and job.rows else None
    may = imports.may_have_original(visit.actor, job)
    return Line(job, progress.totals(books), brought, percent, has_problems, may, undo)


def _written(counts: dict[str, int]) -> int:
    return counts.get(Outcome.CREATED, 0) + counts.get(Outcome.UPDATED, 0)


def _met(counts: dict[str, int]) -> bool:
    return bool(_written(counts) or counts.get(Outcome.UNCHANGED, 0))
