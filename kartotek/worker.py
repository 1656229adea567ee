"""The worker: takes jobs from the queue and runs them, in a process of its own.

It may be stopped or killed at any moment. Asked to stop, it leaves its import between two batches and puts the job
back in line; killed, it is missed by its heartbeat. Either way the next worker reads the import's position and goes on.
"""

import errno
import threading

import structlog

from kartotek import errors
from kartotek.domain import Database, jobs
from kartotek.imports import run
from kartotek.settings import Settings

# An error that nobody expected is tried again this often, some seconds apart.
ATTEMPTS = 5
_OVERTAKEN_AGAIN = 10.0
_LONGEST_WAIT = 30.0

log = structlog.get_logger(__name__)


class Worker:
    def __init__(self, settings: Settings, database: Database, *, concurrency: int = 1) -> None:
        self.settings, self.database, self.concurrency = settings, database, concurrency
        self._stop = threading.Event()

    def run(self, stop: threading.Event) -> None:
        """Until `stop` is set; goes on when the database was down for a while."""
        self._stop = stop
        log.info("the worker is ready")
        tasks = {"import": self._import}
        jobs.work(self.database, tasks, retry_after, stop, concurrency=self.concurrency)
        log.info("the worker has stopped")

    def _import(self, id: int) -> None:
        structlog.contextvars.bind_contextvars(**{"import": id})
        log.info("at work")
        books = run.work(self.database, self.settings, id, self._look_up)
        log.info("done", rows=books.rows, problems=sum(books.problems.values()))

    def _look_up(self, *_: object) -> None:
        """Called between two batches."""
        if self._stop.is_set():
            raise _Leaving


class _Leaving(Exception):
    """The worker has been asked to stop; somebody else will go on."""


def retry_after(error: BaseException, attempts: int) -> float | None:
    """Seconds until the job is tried again; None when that would not help."""
    if isinstance(error, _Leaving):
        return 0
    if isinstance(error, errors.Overtaken):
        # The other one finishes it. Should it be killed, this look again is what goes on.
        return _OVERTAKEN_AGAIN
    if isinstance(error, errors.Unavailable) or (isinstance(error, OSError) and error.errno == errno.ENOSPC):
        log.warning("the job waits", reason=str(error))
        return min(2.0**attempts, _LONGEST_WAIT)
    if isinstance(error, errors.KartotekError):
        log.error("the job has failed", reason=str(error))
        return None
    log.error("the job met something unexpected", exc_info=error)
    return None if attempts >= ATTEMPTS else min(2.0**attempts, _LONGEST_WAIT)
