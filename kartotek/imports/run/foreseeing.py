"""Decides batches while those before them are written."""

from collections.abc import Generator
from dataclasses import dataclass, replace
from datetime import datetime

from kartotek.domain import records as domain
from kartotek.imports import write
from kartotek.imports.run import beside, holding
from kartotek.imports.run.passes import Passes
from kartotek.imports.table import ROW


@dataclass(slots=True)
class Foreseen:
    """A batch as it will be written if nobody comes in between; of its rows, which records they are about."""

    rows: write.Rows
    done: write.Done
    now: datetime
    progress: write.Progress  # as it is after the batch


def batches(made: Passes, start: int, before: write.Progress) -> Generator[Foreseen, None, None]:
    """From batch number `start` on; `before`: what the batches ahead of it settled, all of them written."""
    return beside.one_ahead(_decided(made, start, before))


def _decided(made: Passes, start: int, before: write.Progress) -> Generator[Foreseen, None, None]:
    foresight, actor = domain.Foresight(), made.task.actor
    for rows in made.rows(start):
        progress = before.copy()
        with made.task.database.transaction() as tx:
            done = holding.batch(made, tx, actor, rows, progress, foresight.decide, made.nobodys)
            foresight.remember(done.decision)
            now = tx.now
        values = rows.values.select(ROW, *(one.name for one in made.objects))
        foreseen, before = Foreseen(replace(rows, values=values, looked={}, seen={}), done, now, progress), progress
        del rows, done  # or they would be kept until the next batch is decided
        yield foreseen
        del foreseen
