"""The second go over the rows that name records of other rows, when all records are in (waiting.py), and its books.

The import's position goes on beyond its rows meanwhile, so whoever goes on after a kill knows how far it came.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import polars as pl

from kartotek.domain import Tx, catalogue, imports
from kartotek.domain import records as domain
from kartotek.imports import match, write
from kartotek.imports.run import waiting
from kartotek.imports.run.passes import Passes
from kartotek.imports.run.waiting import Waiting
from kartotek.model.people import Actor
from kartotek.model.records import Batch


@dataclass(frozen=True, slots=True)
class Associating:
    """`claim` holds the import at a position, or raises when it is to stop or another worker has it."""

    made: Passes
    actor: Actor
    import_id: int
    claim: Callable[[Tx, int], None]

    def associate(self, tell: Callable[[], None]) -> int:
        """Goes on wherever it was stopped; gives the import's position, which is that of the last row where no row
        names any."""
        made, rows = self.made, self.made.rows_in_all
        if not match.waiting(made.task.plan):
            return rows
        with made.task.database.transaction() as tx:
            known = catalogue.load(tx)
            records = {name: self._records(tx, name) for name in waiting.types_named(made.task.plan, known)}
            at = imports.of_worker(tx, self.import_id).position
        later = Waiting(made, known, records)
        for number in later.numbers(made.spooled.number_at(at - rows)):
            at = made.task.database.retried(partial(self._associated, later, number, at))
            tell()
        return at

    def _records(self, tx: Tx, name: str) -> pl.Series:
        """Of every row, the record of this type that it is about."""
        return pl.concat([part["record"] for part in imports.done_before(tx, self.import_id, name)])

    def _associated(self, later: Waiting, number: int, at: int, tx: Tx) -> int:
        rows = self.made.rows_in_all
        imports.hurry(tx)
        self.claim(tx, at)
        batch = later.batch(tx, number)
        written = domain.write(tx, self.actor, Batch(links=batch.links))
        counts = batch.counted(write.counts(written, batch.links))
        imports.keep_links(tx, self.import_id, rows + batch.first, counts)
        imports.keep_problems(tx, self.import_id, pl.concat([batch.problems, write.lost(batch.rows, written.lost)]))
        imports.advance(tx, self.import_id, rows + batch.end, rows)
        return rows + batch.end
