"""A rehearsal: what the import would do, written nowhere."""

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from kartotek.domain import Database, imports
from kartotek.domain import records as domain
from kartotek.imports import write
from kartotek.imports.run import listing, passes
from kartotek.imports.run.passes import OnProgress
from kartotek.imports.run.preparing import Prepared
from kartotek.imports.table import PROBLEM, ROW
from kartotek.model.imports import Books, Cells
from kartotek.model.people import Actor
from kartotek.model.records import Outcome, Source
from kartotek.settings import Settings

_SHOWN = 1_000


def rehearse(
    database: Database, actor: Actor, settings: Settings, prepared: Prepared, on_progress: OnProgress | None = None
) -> tuple[Books, pl.DataFrame]:
    """What the import would do, and the problems it would find (the first thousand); nothing is written."""
    who = actor.acting_for(Source.IMPORT, None)
    tally, progress = _Tally(), write.Progress()
    with tempfile.TemporaryDirectory(prefix="kartotek-") as scratch:
        task = passes.Task(
            database, who, prepared.plan, prepared.sheet, Path(scratch), settings.import_batch,
            tell=on_progress or passes.nobody,
        )  # fmt: skip
        made, rehearsal = passes.over(task), domain.Rehearsal()
        for rows in made.rows():
            with database.transaction() as tx:
                done = made.writing.batch(tx, who, rows, progress, rehearsal.decide, made.nobodys)
                tally.add(listing.listed(prepared.plan, made.objects, rows, done, listing.would_put_on(tx)))
            made.done(rows)
    return tally.books(made.rows_in_all, [one.name for one in made.objects]), tally.shown()


@dataclass(slots=True)
class _Tally:
    """The books of an import that keeps none in the database."""

    objects: dict[str, dict[str, int]] = field(default_factory=dict)
    links: dict[str, int] = field(default_factory=dict)
    cells: dict[str, int] = field(default_factory=lambda: dict.fromkeys(map(str, Cells), 0))
    kinds: dict[str, int] = field(default_factory=dict)
    problems: list[pl.DataFrame] = field(default_factory=lambda: [pl.DataFrame(schema=PROBLEM)])

    def add(self, done: write.Done) -> None:
        for name, frame in done.outcomes.items():
            _sum(self.objects.setdefault(name, {}), dict(frame.group_by("outcome").len().rows()))
        _sum(self.links, done.links)
        _sum(self.cells, done.cells)
        _sum(self.kinds, dict(done.problems.group_by("type").len().rows()))
        if sum(map(len, self.problems)) < _SHOWN:
            self.problems.append(done.problems)

    def shown(self) -> pl.DataFrame:
        """In the order in which the database gives those of an import."""
        return (
            pl.concat(self.problems)
            .sort("line", "place", "object_type", "type", nulls_last=False)
            .head(_SHOWN)
            .drop(ROW)
        )

    def books(self, rows: int, names: Sequence[str]) -> Books:
        every = {name: dict.fromkeys((str(o) for o in Outcome), 0) | self.objects.get(name, {}) for name in names}
        return Books(rows, every, dict.fromkeys(imports.LINKS, 0) | self.links, self.kinds, self.cells)


def _sum(into: dict[str, int], more: Mapping[str, int]) -> None:
    for key, count in more.items():
        into[key] = into.get(key, 0) + count
