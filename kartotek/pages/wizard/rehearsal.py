"""Step five: what the import would do. The rows on their way to their outcomes, and every value old and new."""

from collections.abc import Mapping
from dataclasses import dataclass

from kartotek.domain import imports, jobs, rehearsals
from kartotek.imports import run
from kartotek.imports.table import Plan
from kartotek.model.imports import Import, State
from kartotek.model.object_types import ObjectType
from kartotek.model.records import Outcome
from kartotek.model.rehearsals import Rehearsal, RehearsalState, Wanted
from kartotek.pages import language, nouns, render
from kartotek.pages.render import Answer
from kartotek.pages.visit import Visit
from kartotek.pages.wizard import draft as drafts
from kartotek.pages.wizard import flow, told

PER_PAGE = 50
PARAMETERS = ("object", "outcome", "property", "q", "page")
_IN = (Outcome.CREATED, Outcome.UPDATED, Outcome.UNCHANGED)


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of the verdicts; its address is its state."""

    job: Import
    pairs: dict[str, str]
    lines: list[told.Line]
    total: int
    page: int

    @property
    def first(self) -> int:
        return (self.page - 1) * PER_PAGE + 1 if self.lines else 0

    @property
    def last(self) -> int:
        return (self.page - 1) * PER_PAGE + len(self.lines)

    @property
    def narrowed(self) -> bool:
        return any(self.pairs.get(name) for name in ("outcome", "property", "q"))

    def address(self, **other: str) -> str:
        pairs = {**self.pairs, "page": "", **other}
        return f"/imports/{self.job.id}/rehearsal" + language.query_string([(n, pairs.get(n, "")) for n in PARAMETERS])


def show(visit: Visit, id: int) -> Answer:
    """How far the rehearsal is, and what it found."""
    job, found = imports.get(visit.tx, visit.actor, id), rehearsals.get(visit.tx, visit.actor, id)
    if found is None or (job.state is not State.DRAFT and not job.rehearsed):
        return render.go(f"/imports/{id}/details" if job.state is State.DRAFT else f"/imports/{id}")
    plan = run.plan_from_json(found.plan)
    if found.state is not RehearsalState.DONE:
        return render.page(
            visit, "imports/rehearsing.html", job=job, plan=plan, found=found, workers=jobs.live_workers(visit.tx),
            percent=min(100, found.done * 100 // found.rows) if found.rows else 0,
        )  # fmt: skip
    return _found(visit, job, found, plan)


def create(visit: Visit, id: int) -> Answer:
    """Rehearses once more by the plan that was rehearsed, or as the details are by now."""
    job, found = imports.get(visit.tx, visit.actor, id), rehearsals.get(visit.tx, visit.actor, id)
    if found is None:
        return render.go(f"/imports/{id}")
    plan = _plan_now(visit, job) or run.plan_from_json(found.plan)
    objects = [one.object_type for one in plan.objects]
    rehearsals.ask(visit.tx, visit.actor, visit.settings.files_url, id, run.plan_to_json(plan), objects)
    return render.go(f"/imports/{id}/rehearsal")


def start(visit: Visit, id: int) -> Answer:
    """Imports what was rehearsed."""
    return render.go(f"/imports/{rehearsals.start(visit.tx, visit.actor, id)}")


def _found(visit: Visit, job: Import, found: Rehearsal, plan: Plan) -> Answer:
    known = nouns.load(visit)
    objects = [known.object_types[one.object_type] for one in plan.objects]
    one = next((one for one in objects if one.name == visit.query("object")), objects[0])
    outcomes, props = rehearsals.counts(visit.tx, job.id, one)
    listing = _listing(visit, job, one, plan)
    books = found.books.objects if found.books else {}
    answer = render.page(
        visit,
        "imports/rehearsal.html",
        job=job,
        plan=plan,
        objects=objects,
        one=one,
        found=found,
        listing=listing,
        flow=_flow(outcomes, listing),
        properties=_properties(one, props, listing.pairs.get("outcome")),
        coming=max((sum(counts.get(o, 0) for o in _IN) for counts in books.values()), default=0),
        out_of_date=job.state is State.DRAFT and _plan_now(visit, job) not in (None, plan),
    )
    if visit.asked.fragment:
        answer.headers["hx-push-url"] = listing.address(page=str(listing.page) if listing.page > 1 else "")
    return answer


def _plan_now(visit: Visit, job: Import) -> Plan | None:
    """The plan as the wizard has it, once its formats are settled; None where there is no wizard behind it."""
    if not job.draft:
        return None
    draft = drafts.of(job)
    seen = drafts.seen(visit, job, draft)
    return seen.plan if seen.is_complete else None


def _listing(visit: Visit, job: Import, one: ObjectType, plan: Plan) -> Listing:
    pairs = {name: text for name in PARAMETERS if (text := visit.query(name))}
    wanted = Wanted(
        pairs["outcome"] if pairs.get("outcome") in list(Outcome) else None,
        pairs["property"] if pairs.get("property") in one.properties else None,
        pairs.get("q"),
    )
    page = max(1, visit.number("page", 1))
    verdicts, total = rehearsals.verdicts(
        visit.tx, visit.actor, visit.settings.files_url, job.id, one, wanted,
        limit=PER_PAGE, offset=(page - 1) * PER_PAGE,
    )  # fmt: skip
    return Listing(job, pairs, told.lines(visit, job, one, plan, verdicts), total, page)


def _flow(outcomes: Mapping[str, int], listing: Listing) -> flow.Flow:
    counts = {str(one): outcomes.get(one, 0) for one in Outcome}
    chosen = listing.pairs.get("outcome")
    hrefs = {name: listing.address(outcome="" if name == chosen else name) for name in counts}
    return flow.of(counts, hrefs, chosen)


def _properties(
    one: ObjectType, props: Mapping[str, Mapping[str, int]], outcome: str | None
) -> list[tuple[str, str, int]]:
    """Name, label and how many records change it; the most first."""
    counts: dict[str, int] = {}
    for name, changed in props.items():
        for prop, count in changed.items():
            counts[prop] = counts.get(prop, 0) + (count if outcome in (None, name) else 0)
    ordered = sorted(counts.items(), key=lambda pair: -pair[1])
    return [(name, one.properties[name].label, count) for name, count in ordered if name in one.properties and count]
