"""Some batches are written at once, each in a transaction of its own; they are locked and committed in their order.

The one behind begins when the one ahead has its locks, so neither ever waits for what the other holds the wrong way
round, and commits when the one ahead has: a crash leaves a beginning of the whole written, never a gap. When one does
not stand, the one behind, which was decided upon it, takes itself back. Imports and their undos go this way.
"""

from collections.abc import Callable, Generator, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from threading import Event
from typing import Generic, TypeVar

Batch = TypeVar("Batch")

# Seconds after which whoever waits for the batch ahead gives up: it may be waiting for something that we hold.
_PATIENCE = 30.0


@dataclass(slots=True)
class Turn(Generic[Batch]):
    """Where a batch stands in the order."""

    batch: Batch
    before: "Turn[Batch] | None"
    _locked: Event = field(default_factory=Event)
    _ended: Event = field(default_factory=Event)
    stood: bool = False  # whether it was written as foreseen

    def ahead(self) -> list[Batch]:
        """The batches ahead of it that may not be written yet, the nearest one first."""
        found, turn = [], self.before
        while turn is not None:
            found.append(turn.batch)
            turn = turn.before
        return found

    def may_begin(self) -> bool:
        """Waits until the batch ahead has its locks."""
        if self.before is None:
            return True
        return self.before._locked.wait(_PATIENCE) and (self.before.stood or not self.before._ended.is_set())

    def has_its_locks(self) -> None:
        self._locked.set()

    def has_come(self) -> bool:
        """Waits for the batch ahead to end; whether it is written."""
        return self.before is None or (self.before._ended.wait(_PATIENCE) and self.before.stood)

    def take(self, carry_out: "Callable[[Batch, Turn[Batch]], bool]") -> None:
        try:
            self.stood = carry_out(self.batch, self)
        finally:
            self._ended.set()
            self._locked.set()


def carried_out(
    batches: Iterable[Batch], carry_out: Callable[[Batch, Turn[Batch]], bool], at_once: int = 2
) -> Generator[Turn[Batch], None, None]:
    """Each batch after it was tried, in their order, up to the first that did not stand."""
    with ThreadPoolExecutor(at_once) as writers:
        under_way: list[tuple[Turn[Batch], Future[None]]] = []
        before: Turn[Batch] | None = None
        for batch in batches:
            turn = Turn(batch, before)
            under_way.append((turn, writers.submit(turn.take, carry_out)))
            before = turn
            if len(under_way) == at_once:
                yield _ended(under_way)
        while under_way:
            yield _ended(under_way)


def _ended(under_way: list[tuple[Turn[Batch], Future[None]]]) -> Turn[Batch]:
    turn, written = under_way.pop(0)
    written.result()
    turn.before = None  # or each would hold all those ahead of it
    return turn
