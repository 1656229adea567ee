"""Work that is done in a thread of its own, one piece ahead of whoever takes the pieces.

The next piece is begun when the one before it has been taken: several such threads in a row would else keep two pieces
each, and pieces are large.
"""

import queue
import threading
from collections.abc import Generator, Iterable
from contextlib import suppress
from typing import TypeVar

Piece = TypeVar("Piece")
_PAUSE = 0.2  # seconds after which it is looked whether anybody still waits


class _End:
    """Stands behind the last piece, with the error that ended them, if any."""

    def __init__(self, error: BaseException | None = None) -> None:
        self.error = error


def one_ahead(pieces: Iterable[Piece]) -> Generator[Piece, None, None]:
    """The same pieces, or the same error; to be closed when no more are wanted, which waits for the thread."""
    ready: queue.Queue[Piece | _End] = queue.Queue(1)
    stop, taken = threading.Event(), threading.Semaphore(0)
    thread = threading.Thread(target=_make, args=(pieces, ready, taken, stop), daemon=True)
    thread.start()
    try:
        while not isinstance(item := ready.get(), _End):
            taken.release()
            yield item
            del item  # or it would be kept while the next one is waited for
        if item.error is not None:
            raise item.error
    finally:
        stop.set()
        thread.join()


def _make(
    pieces: Iterable[Piece], ready: "queue.Queue[Piece | _End]", taken: threading.Semaphore, stop: threading.Event
) -> None:
    end = _End()
    try:
        for piece in pieces:
            if not _put(ready, piece, stop):
                break
            del piece
            while not stop.is_set() and not taken.acquire(timeout=_PAUSE):
                pass
    except BaseException as error:  # carried over to the thread that waits for it
        end = _End(error)
    finally:
        # Of an iterator in which another thread works: it ends with this one.
        if isinstance(pieces, Generator):
            pieces.close()
    _put(ready, end, stop)


def _put(ready: "queue.Queue[Piece | _End]", item: Piece | _End, stop: threading.Event) -> bool:
    """False when nobody waits any more."""
    while not stop.is_set():
        with suppress(queue.Full):
            ready.put(item, timeout=_PAUSE)
            return True
    return False
