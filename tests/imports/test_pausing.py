"""An import can be paused at any moment, and goes on from there; or is cancelled, and what it wrote stays or goes."""

from typing import Any

import pytest

from kartotek import errors
from kartotek.domain import Database, imports, jobs, undoing
from kartotek.imports import run
from kartotek.imports.run import Step
from kartotek.imports.table import Choices
from kartotek.model.imports import State
from kartotek.model.people import SYSTEM
from tests.helpers import pictures
from tests.helpers.importing import balanced, ended, put_in_line, sheet_of, values
from tests.helpers.undoing import BEFORE, dump

BOTH = Choices(objects=("contacts", "companies"))


def paused_at(database: Database, settings: Any, rows: int) -> int:
    """An import that was paused when so many rows were written."""
    id = put_in_line(database, settings, sheet_of(*BEFORE), BOTH)

    def pause(step: Step) -> None:
        if step.phase == "writing" and step.done == rows:
            with database.transaction() as tx:
                imports.pause(tx, SYSTEM, id)

    run.work(database, settings, id, pause)
    return id


def test_paused_it_stops_between_two_batches_and_goes_on_from_there(harbour: Database, in_batches_of: Any) -> None:
    whole = put_in_line(harbour, in_batches_of(5), sheet_of(*BEFORE), BOTH)
    run.work(harbour, in_batches_of(5), whole)
    undisturbed = picture(harbour, whole)
    pictures.emptied(harbour)

    id = paused_at(harbour, in_batches_of(5), 20)
    waiting, written = ended(harbour, id).state, len(values(harbour, "contacts", "email"))
    run.work(harbour, in_batches_of(5), id)
    still = ended(harbour, id).state
    with harbour.transaction() as tx:
        imports.resume(tx, SYSTEM, id)
        assert jobs.is_on_its_way(tx, "import", {"id": id})
    run.work(harbour, in_batches_of(7), id)

    assert (waiting, still) == (State.PAUSED, State.PAUSED)
    # The batch behind is being written at the same time, and may be done before it hears.
    assert written in (20, 25)
    assert ended(harbour, id).state is State.DONE and balanced(ended(harbour, id).books)
    assert picture(harbour, id) == undisturbed


def test_an_import_that_nobody_has_begun_pauses_at_once(harbour: Database, in_batches_of: Any) -> None:
    id = put_in_line(harbour, in_batches_of(5), sheet_of(*BEFORE), BOTH)

    with harbour.transaction() as tx:
        imports.pause(tx, SYSTEM, id)
        first = imports.get(tx, SYSTEM, id).state
        imports.resume(tx, SYSTEM, id)

    run.work(harbour, in_batches_of(5), id)
    assert first is State.PAUSED
    assert ended(harbour, id).state is State.DONE


def test_resumed_while_its_worker_still_stops_it_goes_on_all_the_same(harbour: Database, in_batches_of: Any) -> None:
    id = put_in_line(harbour, in_batches_of(5), sheet_of(*BEFORE), BOTH)

    def change_your_mind(step: Step) -> None:
        if step.phase == "writing" and step.done == 20:
            with harbour.transaction() as tx:
                imports.pause(tx, SYSTEM, id)
                imports.resume(tx, SYSTEM, id)

    with jobs.held(harbour, "import", {"id": id}) as mine:
        run.work(harbour, in_batches_of(5), id, change_your_mind)
        with harbour.transaction() as tx:
            waiting = tx.value(
                "SELECT count(*) FROM queue.procrastinate_jobs WHERE status = 'todo' AND lock = %s", [f"import {id}"]
            )

    assert mine and waiting == 1
    assert ended(harbour, id).state is State.DONE


def test_a_paused_import_is_cancelled_and_what_it_wrote_stays(harbour: Database, in_batches_of: Any) -> None:
    id = paused_at(harbour, in_batches_of(5), 20)

    with harbour.transaction() as tx:
        imports.cancel(tx, SYSTEM, id)

    assert ended(harbour, id).state is State.CANCELED
    assert len(values(harbour, "contacts", "email")) in (20, 25)


def test_a_paused_import_is_cancelled_and_undone(harbour: Database, in_batches_of: Any) -> None:
    before = dump(harbour)
    id = paused_at(harbour, in_batches_of(5), 20)

    with harbour.transaction() as tx:
        undoing.start(tx, SYSTEM, id)
    run.undo(harbour, id)

    assert ended(harbour, id).state is State.CANCELED
    assert dump(harbour) == before


def test_what_is_not_under_way_cannot_be_paused_or_resumed(harbour: Database, in_batches_of: Any) -> None:
    id = put_in_line(harbour, in_batches_of(50), sheet_of(*BEFORE), BOTH)

    with harbour.transaction() as tx, pytest.raises(errors.Conflict, match="not paused"):
        imports.resume(tx, SYSTEM, id)
    run.work(harbour, in_batches_of(50), id)
    with harbour.transaction() as tx, pytest.raises(errors.Conflict, match="ended already"):
        imports.pause(tx, SYSTEM, id)


def picture(database: Database, id: int) -> dict[str, Any]:
    with database.transaction() as tx:
        return pictures.of_import(tx, id)
