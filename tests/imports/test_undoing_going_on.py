"""Whatever ends a worker, somebody goes on with the undo; and nobody undoes what they may not."""

import random
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from kartotek import errors
from kartotek.domain import Database, people, undoing
from kartotek.imports import run
from kartotek.imports.table import Choices
from kartotek.model.people import ROLES, SYSTEM, Actor
from kartotek.model.undos import UndoState
from kartotek.settings import Settings
from tests.helpers import importing
from tests.helpers.importing import import_file, put_in_line, sheet_of, values
from tests.helpers.undoing import BEFORE, BOTH, dump


def test_killed_again_and_again_an_undo_ends_as_if_it_had_not_been(harbour: Database, home: Settings) -> None:
    rows = [{**row, "Email": f"often{i}@harbour.example"} for i, row in enumerate(BEFORE * 40)]
    import_file(harbour, home, sheet_of(*rows[:1200]), *BOTH)
    before = dump(harbour)
    done = import_file(harbour, home, sheet_of(*({**row, "Job Title": "Captain"} for row in rows)), *BOTH, batch=50)
    with harbour.transaction() as tx:
        undoing.start(tx, SYSTEM, done.id)
    chance, kills = random.Random(11), 0

    while kills < 6:
        command = [sys.executable, "-m", "tests.helpers.undoer", harbour.conninfo, str(done.id)]
        worker = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2])
        assert worker.stdout is not None and worker.stdout.readline() == "ready\n"
        time.sleep(chance.uniform(0.05, 0.3))
        worker.kill()
        worker.communicate()
        kills += 1
    books = run.undo(harbour, done.id)

    assert dump(harbour) == before
    assert books.records["contacts"] == {"archived": 1200, "kept": 0, "gone": 0}
    assert books.links["ended"] == done.books.associations["created"]


def test_a_worker_that_slept_while_another_took_over_the_undo_stops(harbour: Database, home: Settings) -> None:
    done = import_file(harbour, home, sheet_of(*BEFORE), *BOTH, batch=10)
    with harbour.transaction() as tx:
        undoing.start(tx, SYSTEM, done.id)

    def sleep(step: run.Step) -> None:
        if step.done == 20:
            # The sleeper's next batch is under way still; whom it overtakes comes again, as jobs do.
            with suppress(errors.Overtaken):
                run.undo(harbour, done.id)
            run.undo(harbour, done.id)

    with pytest.raises(errors.Overtaken):
        run.undo(harbour, done.id, sleep)
    with harbour.transaction() as tx:
        assert undoing.books(tx, done.id).records["contacts"] == {"archived": 60, "kept": 0, "gone": 0}


def test_who_may_not_import_may_not_undo(harbour: Database, home: Settings) -> None:
    done = import_file(harbour, home, sheet_of(*BEFORE), *BOTH)
    viewer = Actor(None, "Vera", ROLES["viewer"])

    with harbour.transaction() as tx, pytest.raises(errors.NotAllowed):
        undoing.start(tx, viewer, done.id)
    with harbour.transaction() as tx, pytest.raises(errors.NotAllowed):
        undoing.preview(tx, viewer, done.id)


def test_a_running_import_is_cancelled_and_then_undone(harbour: Database, in_batches_of: Any) -> None:
    before = dump(harbour)
    id = put_in_line(harbour, in_batches_of(5), sheet_of(*BEFORE), Choices(objects=BOTH))

    def stop(step: run.Step) -> None:
        if step.phase == "writing" and step.done == 20:
            with harbour.transaction() as tx:
                undoing.start(tx, SYSTEM, id)
            with pytest.raises(errors.Unavailable, match="last rows"):
                run.undo(harbour, id)

    run.work(harbour, in_batches_of(5), id, stop)
    books = run.undo(harbour, id)

    assert importing.ended(harbour, id).state == "CANCELED"
    # The batch behind may have been written as well by then.
    assert books.records["contacts"]["archived"] in (20, 25)
    assert dump(harbour) == before
    with harbour.transaction() as tx:
        assert undoing.of_worker(tx, id).state is UndoState.DONE


def test_the_rights_are_those_of_the_moment(harbour: Database, home: Settings) -> None:
    done = import_file(harbour, home, sheet_of(*BEFORE), *BOTH)
    with harbour.transaction() as tx:
        person = tx.value("SELECT id FROM kartotek.people WHERE role = 'member' ORDER BY id LIMIT 1")
        undoing.start(tx, people.actor_of(people.get(tx, person)), done.id)
        tx.run("UPDATE kartotek.people SET role = 'viewer' WHERE id = %s", [person])

    run.undo(harbour, done.id)

    with harbour.transaction() as tx:
        tx.run("UPDATE kartotek.people SET role = 'member' WHERE id = %s", [person])
        failed = undoing.of_worker(tx, done.id)
    assert failed.state is UndoState.FAILED and "may not import" in str(failed.message)
    assert len(values(harbour, "contacts", "email")) == 60
