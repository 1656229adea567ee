"""Two batches are written at once, each in a transaction of its own; they are locked and committed in their order.

The one behind begins when the one ahead has its locks, so neither ever waits for what the other holds the wrong way
round, and commits when the one ahead has: a crash leaves a beginning of the file written, never a gap. When one fails
to be as it was foreseen, the one behind, which was decided upon it, takes itself back.
"""

from collections.abc import Callable, Generator, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from threading import Event

from kartotek.domain import records as domain
from kartotek.imports.run.foreseeing import Foreseen

_WRITERS = 2
# Seconds after which whoever waits for the batch ahead gives up: it may be waiting for something that we hold.
_PATIENCE = 30.0


@dataclass(slots=True)
class Turn:
    """Where a batch stands in the order."""

    batch: Foreseen
    before: "Turn | None"
    _locked: Event = field(default_factory=Event)
    _ended: Event = field(default_factory=Event)
    stood: bool = False  # whether it was written as foreseen

    def ahead(self) -> domain.Decision | None:
        return None if self.before is None else self.before.batch.done.decision

    def may_begin(self) -> bool:
        """Waits until the batch ahead has its locks, or has ended where this one changes the same records."""
        if self.before is None:
            return True
        if domain.follows(self.batch.done.decision, self.before.batch.done.decision):
            return self.has_come()
        return self.before._locked.wait(_PATIENCE) and (self.before.stood or not self.before._ended.is_set())

    def has_its_locks(self) -> None:
        self._locked.set()

    def has_come(self) -> bool:
        """Waits for the batch ahead to end; whether it is written."""
        return self.before is None or (self.before._ended.wait(_PATIENCE) and self.before.stood)

    def take(self, carry_out: "Callable[[Foreseen, Turn], bool]") -> None:
        try:
            self.stood = carry_out(self.batch, self)
        finally:
            self._ended.set()
            self._locked.set()


def carried_out(
    batches: Iterable[Foreseen], carry_out: Callable[[Foreseen, Turn], bool]
) -> Generator[Turn, None, None]:
    """Each batch after it was tried, in their order, up to the first that did not stand."""
    with ThreadPoolExecutor(_WRITERS) as writers:
        under_way: list[tuple[Turn, Future[None]]] = []
        before = None
        for batch in batches:
            turn = Turn(batch, before)
            under_way.append((turn, writers.submit(turn.take, carry_out)))
            before = turn
            if len(under_way) == _WRITERS:
                yield _ended(under_way)
        while under_way:
            yield _ended(under_way)


def _ended(under_way: list[tuple[Turn, Future[None]]]) -> Turn:
    turn, written = under_way.pop(0)
    written.result()
    turn.before = None  # or each would hold all those ahead of it
    return turn
