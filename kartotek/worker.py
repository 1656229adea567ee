"""The worker: takes jobs from the queue and runs them, in a process of its own.

It may be stopped or killed at any moment. Asked to stop, it leaves its import between two batches and puts the job
back in line; killed, it is missed by its heartbeat. Either way the next worker reads the import's position and goes on.
"""

import threading

import structlog

from kartotek import errors
from kartotek.domain import (
    Database,
    bulk_runs,
    deletions,
    domain_runs,
    imports,
    jobs,
    label_removals,
    purging,
    rehearsals,
    retypings,
    search,
    sorting,
    undoing,
)
from kartotek.imports import run
from kartotek.model.imports import State
from kartotek.model.undos import UndoState
from kartotek.settings import Settings

# An error that nobody expected may be a mood of the machine's: so often is it tried, some seconds apart.
ATTEMPTS = 5
_OVERTAKEN_AGAIN = 10.0
_DAY = 86_400.0
_UNEXPECTED = "Kartotek met something that it did not expect. What was imported stays; the worker's log has more."
_UNEXPECTED_SURVEY = "Kartotek met something in this file that it did not expect. The worker's log has more."
_UNEXPECTED_UNDO = (
    "Kartotek met something that it did not expect. Undo the import again to go on; the worker's log has more."
)
_UNEXPECTED_BULK = (
    "Kartotek met something that it did not expect. What was changed so far stays; the worker's log has more."
)
_UNEXPECTED_RETYPING = "Kartotek met something that it did not expect. All stays as it was; the worker's log has more."

log = structlog.get_logger(__name__)


class Worker:
    def __init__(self, settings: Settings, database: Database, *, concurrency: int = 1) -> None:
        self.settings, self.database, self.concurrency = settings, database, concurrency
        self._stop = threading.Event()
        self._tries: dict[tuple[str, int], int] = {}  # by import, of what nobody expected

    def run(self, stop: threading.Event) -> None:
        """Until `stop` is set; goes on when the database was down for a while."""
        self._stop = stop
        log.info("the worker is ready")
        daily = threading.Thread(target=self._daily, args=[stop], name="daily")
        daily.start()
        tasks = {
            "import": self._import,
            "survey": self._survey,
            "rehearsal": self._rehearse,
            "undo": self._undo,
            "deletion": self._delete,
            "domains": self._associate,
            "index": self._index,
            "erasure": self._erase,
            "bulk": self._bulk,
            "retyping": self._retype,
            "label": self._unlabel,
            "words": self._tidy,
            "catching up": self._catch_up,
        }
        jobs.work(self.database, tasks, retry_after, stop, concurrency=self.concurrency)
        daily.join()
        log.info("the worker has stopped")

    def clean_up(self) -> None:
        """What is kept for a while only goes; whatever keeps it from that is met again the next day."""
        try:
            if gone := purging.purge(self.database):
                log.info("what was archived long ago is gone for good", records=gone)
            with self.database.transaction() as tx:
                rehearsals.forget_abandoned(tx, self.settings.files_url)
        except errors.Unavailable as error:
            log.warning("the daily clean-up waits", reason=str(error))
        except Exception as error:
            log.error("the daily clean-up met something unexpected", exc_info=error)

    def _daily(self, stop: threading.Event) -> None:
        while not stop.is_set():
            self.clean_up()
            stop.wait(_DAY)

    def _import(self, id: int) -> None:
        structlog.contextvars.bind_contextvars(**{"import": id})
        log.info("at work")
        try:
            books = run.work(self.database, self.settings, id, self._look_up)
        except Exception as error:
            if _is_expected(error) or self._may_try_again("import", id):
                raise
            log.error("given up", exc_info=error)
            with self.database.transaction() as tx:
                imports.finish(tx, id, State.FAILED, _UNEXPECTED)
            return
        log.info("done", rows=books.rows, problems=sum(books.problems.values()))

    def _survey(self, id: int) -> None:
        try:
            run.survey(self.database, self.settings, id, self._look_up)
        except Exception as error:
            if _is_expected(error):
                raise
            log.error("the survey is given up", exc_info=error, **{"import": id})
            run.give_up_survey(self.database, id, _UNEXPECTED_SURVEY)

    def _rehearse(self, id: int) -> None:
        try:
            run.rehearse_draft(self.database, self.settings, id, self._look_up)
        except Exception as error:
            if _is_expected(error):
                raise
            log.error("the rehearsal is given up", exc_info=error, **{"import": id})
            run.give_up_rehearsal(self.database, id, _UNEXPECTED_SURVEY)

    def _delete(self, id: int) -> None:
        structlog.contextvars.bind_contextvars(**{"import": id})
        log.info("deleting what it created")
        deletions.work(self.database, id, self._look_up)

    def _associate(self, id: int) -> None:
        log.info("associating contacts by domain", run=id)
        domain_runs.work(self.database, id, self._look_up)

    def _index(self, id: int) -> None:
        log.info("making an index to sort by", property=id)
        sorting.build(self.database, id)

    def _erase(self, id: int) -> None:
        log.info("overwriting what kept files tell of an erased record", record=id)
        run.erase(self.database, self.settings, id)

    def _bulk(self, id: int) -> None:
        log.info("changing many records", run=id)
        try:
            bulk_runs.work(self.database, id, self._look_up)
            self._follow()
        except Exception as error:
            if _is_expected(error) or self._may_try_again("bulk", id):
                raise
            log.error("given up", exc_info=error, run=id)
            bulk_runs.give_up(self.database, id, _UNEXPECTED_BULK)

    def _retype(self, id: int) -> None:
        log.info("changing what a property holds", run=id)
        try:
            retypings.work(self.database, id, self._look_up)
        except Exception as error:
            if _is_expected(error) or self._may_try_again("retyping", id):
                raise
            log.error("given up", exc_info=error, run=id)
            retypings.give_up(self.database, id, _UNEXPECTED_RETYPING)

    def _unlabel(self, id: int) -> None:
        log.info("taking a label off the associations that carry it", label=id)
        try:
            label_removals.work(self.database, id, self._look_up)
        except Exception as error:
            if _is_expected(error) or self._may_try_again("label", id):
                raise
            log.error("given up", exc_info=error, label=id)
            label_removals.give_up(self.database, id, _UNEXPECTED_BULK)

    def _follow(self) -> None:
        with self.database.transaction() as tx:
            search.follow(tx)

    def _catch_up(self, id: int) -> None:
        try:
            search.catch_up(self.database)
        except Exception as error:
            # Tried again, it would stand in the way of the one that waits behind it, which does the same.
            log.warning("words that are due wait for the next time", exc_info=error)

    def _tidy(self, id: int) -> None:
        log.info("putting the words that records are found by in order")
        search.work(self.database)

    def _undo(self, id: int) -> None:
        structlog.contextvars.bind_contextvars(**{"import": id})
        log.info("undoing")
        try:
            run.undo(self.database, id, self._look_up)
            self._follow()
        except Exception as error:
            if _is_expected(error) or self._may_try_again("undo", id):
                raise
            log.error("given up", exc_info=error)
            with self.database.transaction() as tx:
                undoing.finish(tx, id, UndoState.FAILED, _UNEXPECTED_UNDO)
            return
        log.info("undone")

    def _may_try_again(self, task: str, id: int) -> bool:
        self._tries[task, id] = self._tries.get((task, id), 0) + 1
        return self._tries[task, id] < ATTEMPTS

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
    if isinstance(error, errors.KartotekError) and not isinstance(error, errors.Unavailable):
        log.error("the job has failed", reason=str(error))
        return None
    if _is_expected(error):
        log.warning("the job waits", reason=str(error))
    else:
        log.error("the job met something unexpected and is tried again", exc_info=error)
    return min(2.0**attempts, jobs.LONGEST_WAIT)


def _is_expected(error: BaseException) -> bool:
    """What has a name, or passes by itself."""
    return errors.is_disk_full(error) or isinstance(error, errors.KartotekError | _Leaving)
