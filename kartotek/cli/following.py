"""Follows a job to its end from the command line."""

import time
from collections.abc import Callable

from kartotek import errors
from kartotek.cli.import_progress import Progress

_LOOK = 0.3  # seconds between two looks at a job that a worker has
_PATIENCE = 600.0  # seconds to wait for a database that is down


def see_through(noun: str, id: int, progress: Progress, is_over: Callable[[], bool]) -> None:
    """Until `is_over`, which does what there is to do; also through times when the database is down."""
    down_since: float | None = None
    while True:
        try:
            if is_over():
                return
            down_since = None
        except errors.Overtaken:
            progress.say(f"A worker goes on with this {noun}.")
        except KeyboardInterrupt:
            progress.say(f"The {noun} has not ended: the same command goes on with it, and so does a worker ({id}).")
            raise
        except errors.Unavailable as error:
            down_since = down_since or time.monotonic()
            if time.monotonic() - down_since > _PATIENCE:
                raise
            progress.say(error.sentence)
        time.sleep(_LOOK)
