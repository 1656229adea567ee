"""One worker's go at taking an import back, from wherever it is to its end.

As with an import, every batch is one transaction that holds all it does and how far the undo is: whoever goes on after
a kill does what would have been done. And some are under way at once: one is decided when the one before it is, and
written beside it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial, reduce

from kartotek import errors
from kartotek.domain import Database, Tx, imports, people, undoing
from kartotek.imports.run import in_turn, passes
from kartotek.imports.run.in_turn import Turn
from kartotek.imports.run.passes import OnProgress, Step
from kartotek.model.imports import ENDED
from kartotek.model.people import Actor
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
            with database.transaction() as tx:
                actor = undoing.acting(people.behind(tx, asked.person), import_id)
            _Undo(database, import_id, actor, asked.rows, on_progress or passes.nobody).go()
        except (errors.Unavailable, errors.Overtaken):
            raise
        except errors.Conflict as error:  # others kept changing the same records: later is better
            raise errors.Unavailable(error.sentence) from error
        except errors.KartotekError as error:
            with database.transaction() as tx:
                undoing.finish(tx, import_id, UndoState.FAILED, error.sentence)
    with database.transaction() as tx:
        return undoing.books(tx, import_id)


@dataclass(slots=True)
class _Batch:
    """One to be taken back. Once it is decided: `learnt`, what those behind it have to know until it is written; and
    `known`, what they have to know for ever."""

    position: int
    before: int | None  # the batch taken back before it
    lane: int
    learnt: undoing.Memory = field(default_factory=undoing.Memory)
    known: undoing.Memory = field(default_factory=undoing.Memory)


@dataclass(frozen=True, slots=True)
class _Undo:
    database: Database
    id: int
    actor: Actor
    rows: int
    tell: OnProgress

    def go(self) -> None:
        with self.database.transaction() as tx:
            before = undoing.done_until(tx, self.id)
            left = [at for at in undoing.positions(tx, self.id) if before is None or at < before]
            known = undoing.memory(tx, self.id)
        whole = [_Batch(at, [before, *left][number], number % undoing.LANES) for number, at in enumerate(left)]
        done = 0
        while done < len(whole):
            done, known = self._at_once(whole, done, known)
            if done < len(whole):  # others were in its way: alone, and as often as it takes
                known = self.database.retried(partial(self._alone, whole[done], known))
                done += 1
        with self.database.transaction() as tx:
            undoing.claim(tx, self.id, left[-1] if left else before)
            undoing.finish(tx, self.id, UndoState.DONE)

    def _at_once(self, whole: Sequence[_Batch], done: int, known: undoing.Memory) -> tuple[int, undoing.Memory]:
        """Takes back what is not `done`, up to one that does not stand. Gives how many are, and what is known then."""
        for turn in in_turn.carried_out(whole[done:], partial(self._in_turn, known), undoing.LANES):
            if not turn.stood:
                break
            done, known = done + 1, turn.batch.known
            self._tell(turn.batch)
        return done, known

    def _in_turn(self, known: undoing.Memory, batch: _Batch, turn: Turn[_Batch]) -> bool:
        """One transaction. `known`: by the first of them; the others know what those ahead do. False, and nothing is
        done, when the one ahead did not stand."""

        def work(tx: Tx) -> bool:
            imports.hurry(tx)
            comes = turn.has_come if undoing.is_loose(batch.position) else turn.may_begin
            ahead = turn.ahead()
            if not comes():
                return False
            before = ahead[0].known if ahead else known
            unwritten = reduce(undoing.Memory.and_then, (one.learnt for one in ahead), before)
            done = undoing.lock(tx, self.actor, self.id, batch.position, unwritten, batch.lane)
            batch.learnt, batch.known = done.learnt, before.and_then(done.learnt).written()
            if not done.ends_for_others:
                turn.has_its_locks()
            undoing.carry_out(tx, self.actor, self.id, batch.position, done)
            # Else the one behind may have ended the same associations, and each would wait for the other.
            turn.has_its_locks()
            if not turn.has_come():
                return False
            # Last, for the batch behind it is under way as well, and must not wait for this row before.
            undoing.claim(tx, self.id, batch.before)
            undoing.advance(tx, self.id, batch.position)
            return True

        return self.database.tried(work)

    def _alone(self, batch: _Batch, known: undoing.Memory, tx: Tx) -> undoing.Memory:
        imports.hurry(tx)
        undoing.claim(tx, self.id, batch.before)
        done = undoing.lock(tx, self.actor, self.id, batch.position, known)
        undoing.carry_out(tx, self.actor, self.id, batch.position, done)
        undoing.advance(tx, self.id, batch.position)
        self._tell(batch)
        return known.and_then(done.learnt).written()

    def _tell(self, batch: _Batch) -> None:
        self.tell(Step("undoing", max(0, self.rows - max(batch.position, 0)), self.rows))
