"""Decides batches, and puts them into the database's words, while the one before them is written."""

from collections.abc import Generator
from dataclasses import dataclass

from kartotek.domain import records as domain
from kartotek.imports import write
from kartotek.imports.run import beside
from kartotek.imports.run.passes import Passes


@dataclass(slots=True)
class Foreseen:
    """A batch as it will be written if nobody comes in between."""

    rows: write.Rows
    done: write.Done
    delivery: domain.Delivery
    progress: write.Progress  # as it is after the batch
    _tried: bool = False

    def first_try(self) -> bool:
        """Once: what could not be written as foreseen is decided anew."""
        tried, self._tried = self._tried, True
        return not tried


def batches(made: Passes, start: int, before: write.Progress) -> Generator[Foreseen, None, None]:
    """From batch number `start` on; `before`: what the batches ahead of it settled, all of them written."""
    return beside.one_ahead(_decided(made, start, before))


def _decided(made: Passes, start: int, before: write.Progress) -> Generator[Foreseen, None, None]:
    foresight, actor = domain.Foresight(), made.task.actor
    for rows in made.rows(start):
        progress = before.copy()
        with made.task.database.transaction() as tx:
            done = made.writing.batch(tx, actor, rows, progress, foresight.decide, made.nobodys)
            now = tx.now
        yield Foreseen(rows, done, domain.pack(actor, done.decision, now).encode(), progress)
        before = progress
