"""One worker's go at taking an import back, from wherever it is to its end.

As with an import, every batch is one transaction that holds all it does and how far the undo is: whoever goes on after
a kill does what would have been done.
"""

from functools import partial

from kartotek import errors
from kartotek.domain import Database, Tx, imports, people, undoing
from kartotek.imports.run import passes
from kartotek.imports.run.passes import OnProgress, Step
from kartotek.model.imports import ENDED
from kartotek.model.people import SYSTEM, Actor
from kartotek.model.undos import UndoBooks, UndoState

_UNDER_WAY = (UndoState.STARTED, UndoState.PROCESSING)


def undo(database: Database, import_id: int, on_progress: OnProgress | None = None) -> UndoBooks:
    """Takes an import back, or goes on where that stopped. Safe beside another worker: one of them gets Overtaken."""
    with database.transaction() as tx:
        asked = undoing.of_worker(tx, import_id)
        stopped = imports.of_worker(tx, import_id).state in ENDED
    if asked.state in _UNDER_WAY:
        if not stopped:
            raise errors.Unavailable("The import is still writing its last rows; the undo begins when it has stopped.")
        try:
            _all(database, import_id, asked.person, asked.rows, on_progress or passes.nobody)
        except (errors.Unavailable, errors.Overtaken):
            raise
        except errors.Conflict as error:  # others kept changing the same records: later is better
            raise errors.Unavailable(error.sentence) from error
        except errors.KartotekError as error:
            with database.transaction() as tx:
                undoing.finish(tx, import_id, UndoState.FAILED, error.sentence)
    with database.transaction() as tx:
        return undoing.books(tx, import_id)


def _all(database: Database, id: int, person: int | None, rows: int, tell: OnProgress) -> None:
    with database.transaction() as tx:
        actor = undoing.acting(_actor(tx, person), id)
        before = undoing.done_until(tx, id)
        left = [at for at in undoing.positions(tx, id) if before is None or at < before]
        known = undoing.memory(tx, id)
    for position in left:
        known = database.retried(partial(_batch, id, actor, position, before, known))
        before = position
        tell(Step("undoing", max(0, rows - max(position, 0)), rows))
    with database.transaction() as tx:
        undoing.claim(tx, id, before)
        undoing.finish(tx, id, UndoState.DONE)


def _batch(
    id: int, actor: Actor, position: int, before: int | None, known: undoing.Memory, tx: Tx
) -> undoing.Memory:  # fmt: skip
    undoing.claim(tx, id, before)
    # A transaction that is tried again must not have learnt from the one that failed.
    learnt = undoing.Memory(known.kept)
    undoing.take_back(tx, actor, id, position, learnt)
    return learnt


def _actor(tx: Tx, person: int | None) -> Actor:
    """Who asked for it, with the rights they have now."""
    return SYSTEM if person is None else people.actor_of(people.get(tx, person))
