"""The records that a form is about to do something to: ticked on an index page, or all that it shows.

The address of such a form is that of the index page, with what it does in the path: the same search, filters and view,
and `ids` for what was ticked, or `all`. Which records `all` means is settled when the form is sent.
"""

from dataclasses import dataclass

from kartotek import errors
from kartotek.domain import bulk_runs, records
from kartotek.model.bulk_runs import KEPT_PRIMARY, BulkRun, Chosen, Task
from kartotek.model.object_types import ObjectType
from kartotek.model.records import Record
from kartotek.pages import language, render
from kartotek.pages.index import state as states
from kartotek.pages.index.state import PARAMETERS, State
from kartotek.pages.render import Answer, Back
from kartotek.pages.visit import Visit

NAMED = 8  # so many are named, the others counted


@dataclass(frozen=True, slots=True)
class Selection:
    state: State
    chosen: Chosen
    total: int
    exact: bool
    named: list[Record]

    @property
    def object_type(self) -> ObjectType:
        return self.state.object_type

    @property
    def is_all(self) -> bool:
        return self.chosen.ids is None

    @property
    def ids(self) -> tuple[int, ...]:
        return self.chosen.ids or ()

    @property
    def what(self) -> str:
        """The objects, in as many as there are."""
        one = self.object_type
        return (one.label if self.total == 1 else one.label_plural).lower()

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """As an address says it."""
        kept = [(name, self.state.pairs.get(name, "")) for name in PARAMETERS if name != "page"]
        return [*kept, *([("all", "1")] if self.is_all else [("ids", str(id)) for id in self.ids])]

    @property
    def back(self) -> str:
        return self.state.address()

    def address(self, what: str, *further: tuple[str, str]) -> str:
        """Of what is done to them: "edits", "edits/new"."""
        return f"/{self.object_type.name}/{what}{self.query(*further)}"

    def query(self, *further: tuple[str, str]) -> str:
        return language.query_string([*self.pairs, *further])


def of(visit: Visit, object_type: ObjectType) -> Selection:
    """Refuses where nothing is ticked, or nothing of it can be seen."""
    state = states.of(visit, object_type)
    if visit.query("all"):
        query = states.query(visit, state)
        page = records.find(visit.tx, visit.actor, object_type, query, ())
        found, chosen, total, exact = page.records[:NAMED], Chosen(query), page.total, page.exact
    else:
        wanted = visit.queries("ids") or visit.fields("ids")
        ids = dict.fromkeys(int(id) for id in wanted if id.isdecimal() and len(id) < 19)
        found = records.many(visit.tx, visit.actor, object_type, list(ids))
        chosen, total, exact = Chosen(ids=tuple(one.id for one in found)), len(found), True
    if not found:
        raise errors.Invalid(
            visit.gettext("Tick some %(objects)s first.") % {"objects": object_type.label_plural.lower()}
        )
    return Selection(state, chosen, total, exact, found[:NAMED])


def carry_out(visit: Visit, selection: Selection, task: Task) -> BulkRun:
    return bulk_runs.ask(visit.tx, visit.actor, selection.object_type, task, selection.chosen)


def answer(selection: Selection, run: BulkRun, said: str, undo: str, home: str | None = None) -> Answer:
    """Back to the index page (or `home`) with what was done, and the way back; or to the run's own page, where there is
    more to tell. `undo`: the words on the button."""
    if not run.finished or run.refused or run.counts.get(KEPT_PRIMARY):
        return render.go(f"/bulk/{run.id}")
    back = Back(f"/bulk/{run.id}/undo", undo, {}) if bulk_runs.may_undo(run) else None
    return render.go(home or selection.back, said=said, back=back)
