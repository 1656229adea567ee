"""Decides batches, and puts them into the database's words, while those before them are written."""

from collections.abc import Generator
from dataclasses import dataclass, replace
from datetime import datetime

from kartotek.domain import domains
from kartotek.domain import records as domain
from kartotek.imports import write
from kartotek.imports.run import beside, holding
from kartotek.imports.run.passes import Passes
from kartotek.imports.run.trusting import Trust
from kartotek.imports.table import ROW
from kartotek.model.people import Actor


@dataclass(slots=True)
class Foreseen:
    """A batch as it will be written if nobody comes in between; of its rows, which records they are about. Of what was
    decided no more is left than is asked for behind its delivery."""

    rows: write.Rows
    done: write.Done
    delivery: domain.Delivery
    progress: write.Progress  # as it is after the batch


def batches(made: Passes, start: int, before: write.Progress, trust: Trust) -> Generator[Foreseen, None, None]:
    """From batch number `start` on; `before`: what the batches ahead of it settled, all of them written."""
    return beside.one_ahead(_decided(made, start, before, trust))


def _decided(made: Passes, start: int, before: write.Progress, trust: Trust) -> Generator[Foreseen, None, None]:
    foresight, actor = domain.Foresight(), made.task.actor
    for rows in made.rows(start, trust):
        progress = before.copy()
        with made.task.database.transaction() as tx:
            done = holding.batch(made, tx, actor, rows, progress, foresight.decide)
            if not made.writing.are_nobodys(tx, rows, done, made.nobodys):
                trust.lose()
                rows, progress = made.writing.seen(tx, rows, made.nobodys), before.copy()
                done = holding.batch(made, tx, actor, rows, progress, foresight.decide)
            foresight.remember(done.decision)
            now = tx.now
        values = rows.values.select(ROW, *(one.name for one in made.objects))
        rows = replace(rows, values=values, looked={}, seen={})
        foreseen, before = _packed(actor, rows, done, now, progress), progress
        del rows, done  # or they would be kept until the next batch is decided
        yield foreseen
        del foreseen


def _packed(actor: Actor, rows: write.Rows, done: write.Done, now: datetime, progress: write.Progress) -> Foreseen:
    delivery = domain.pack(actor, done.decision, now).encode()
    decision = done.decision.without_values(domains.NAMING)
    return Foreseen(rows, replace(done, decision=decision), replace(delivery, decision=decision), progress)
