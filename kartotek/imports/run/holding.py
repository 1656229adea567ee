"""An import after a rehearsal: records that it does not find as the rehearsal did are held, all others are written.

A batch is decided and compared with what was rehearsed. What differs is taken out, and the batch decided again: what
one record gives up another may have been meant to get, so that one may differ then. Each time more is held, so it ends;
when nothing has changed, which is nearly always, it costs the comparison.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import polars as pl

from kartotek import errors
from kartotek.domain import Tx, imports, rehearsals
from kartotek.imports import write
from kartotek.imports.run.expecting import Expected
from kartotek.imports.run.passes import Passes, Settled
from kartotek.model.imports import Import
from kartotek.model.people import Actor

_REGROUPED = "regrouped"


def batch(
    made: Passes,
    tx: Tx,
    actor: Actor,
    rows: write.Rows,
    progress: write.Progress,
    decide: write.Decider,
) -> write.Done:
    """As write.Writing.batch."""
    expected = made.expected
    if expected is None:
        return made.writing.batch(tx, actor, rows, progress, decide)
    then, held = expected.of(tx, rows.first, rows.end), dict(expected.regrouped)
    while True:
        tried = progress.copy()
        done = made.writing.batch(tx, actor, rows, tried, decide, held)
        found = {name: write.differences(now, then[name]) for name, now in done.verdicts(rows).items()}
        if not any(map(len, found.values())):
            progress.settled, progress.reasons = tried.settled, tried.reasons
            return done
        held = {name: pl.concat([frame, held[name]]) if name in held else frame for name, frame in found.items()}


def expecting(made: Passes, files_url: str, job: Import) -> Passes:
    """With what the import was rehearsed to come to, if it was."""
    if not job.rehearsed:
        return made
    with made.task.database.transaction() as tx:
        settled = imports.matches(tx, job.id) or {}
    regrouped = {name: write.regrouped(one.get(_REGROUPED, [[]])[0]) for name, one in settled.items()}
    return replace(made, expected=Expected(job.id, files_url, made.objects, regrouped))


def agreed(tx: Tx, job: Import, found: Settled) -> Settled:
    """Which rows belong together, as the rehearsal saw it, and those of which that is not so any more."""
    if not job.rehearsed:
        return found
    rehearsed = rehearsals.of_worker(tx, job.id)
    if rehearsed is None or rehearsed.matches is None:
        raise errors.NotFound("The rehearsal of this import is not kept any more. Import the file anew.")
    then = rehearsed.matches
    return {name: {**one, _REGROUPED: [_regrouped(one, found.get(name, {}))]} for name, one in then.items()}


def _regrouped(then: Mapping[str, Any], now: Mapping[str, Any]) -> list[int]:
    """The records, by their rows' numbers, that other rows or keys would now lead to."""
    into = dict(zip(*then["into"], strict=True))
    differing = set()
    for what in ("into", "pins"):
        before, after = (set(zip(*one.get(what, [[], []]), strict=True)) for one in (then, now))
        differing |= {group for group, _ in before ^ after}
        if what == "into":
            differing |= {end for _, end in before ^ after}
    return sorted({into.get(group, group) for group in differing})
