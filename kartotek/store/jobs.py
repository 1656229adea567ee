"""The queue: procrastinate, in the same database, in a schema of its own.

A job is put in line by the transaction whose work it belongs to, so it exists exactly when that work does. A worker
that is killed says nothing; it is missed when its heartbeat stays away, and its job goes back in the line. Whether the
job may then go on where it stopped is the job's own affair: an import reads its position first.

procrastinate is asynchronous inside; nobody outside this file notices.
"""

import asyncio
import threading
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, LiteralString, cast

import procrastinate
import psycopg
import structlog
from procrastinate import exceptions, retry
from procrastinate.jobs import Job
from procrastinate.schema import SchemaManager
from psycopg import sql
from psycopg.types.json import Jsonb

from kartotek import errors
from kartotek.store.database import Database, Tx

QUEUE = "kartotek"
QUICK = "kartotek-quick"  # the line of jobs that somebody waits for
HEARTBEAT = 2.0  # seconds; a worker at work must not miss STALLED even on a machine that is short of everything
STALLED = 8.0
LONGEST_WAIT = 30.0  # seconds until a job is tried again
_LOOK = 2.0  # between two looks for jobs that came without a notification, and for stalled ones
_PATIENCE = 0.5
_WAIT = 1.0  # before trying again, when the database is down

# Seconds until a job that raised is tried again, given the error and the attempts so far; None: it has failed.
RetryAfter = Callable[[BaseException, int], float | None]

log = structlog.get_logger(__name__)


def install(tx: Tx) -> list[str]:
    """Brings procrastinate's tables up to its version in use; gives the steps taken. Quick when there are none."""
    steps = {file.stem: file for file in sorted(Path(SchemaManager.get_migrations_path()).glob("*.sql"))}
    fresh = tx.value("SELECT to_regclass('queue.kartotek_steps')") is None
    done = set() if fresh else {row["name"] for row in tx.query("jobs.steps_done")}
    pending = [name for name in steps if name not in done]
    if not pending:
        return []
    if fresh:
        tx.run("CREATE SCHEMA IF NOT EXISTS queue")
        tx.run("CREATE TABLE IF NOT EXISTS queue.kartotek_steps (name text PRIMARY KEY)")
    with _inside_queue(tx):
        for text in [SchemaManager.get_schema()] if fresh else [_text(steps[name]) for name in pending]:
            tx.run(text)
    _settle_functions(tx)
    tx.call("jobs.note_steps", {"names": pending})
    return pending


def defer(tx: Tx, task: str, lock: str, args: Mapping[str, Any], queue: str = QUEUE) -> bool:
    """Whether it was put in line; not when one with the same lock is there already."""
    job = {"queue": queue, "task": task, "lock": lock, "args": Jsonb(dict(args))}
    return bool(tx.query("jobs.defer", job))


def defer_next(tx: Tx, task: str, lock: str, args: Mapping[str, Any], queue: str = QUEUE) -> bool:
    """Whether it was put in line; not when one with the same lock waits already. One at work goes first."""
    job = {"queue": queue, "task": task, "lock": lock, "args": Jsonb(dict(args))}
    return bool(tx.query("jobs.defer_next", job))


def is_on_its_way(tx: Tx, lock: str) -> bool:
    """Whether a job with this lock waits or is being done."""
    return bool(tx.query("jobs.waiting_or_doing", {"lock": lock}))


def take_up_stalled(tx: Tx) -> int:
    """Puts back in line what workers left behind that have not been heard of for STALLED seconds."""
    tx.call("jobs.bring_forward", {"seconds": LONGEST_WAIT + STALLED})
    return tx.call("jobs.take_up_stalled", {"seconds": STALLED})


def live_workers(tx: Tx) -> int:
    """procrastinate knows each of them twice, once for each line."""
    return -(-int(tx.query("jobs.live_workers", {"seconds": STALLED})[0]["workers"]) // 2)


def waiting(tx: Tx) -> int:
    return int(tx.query("jobs.waiting")[0]["jobs"])


def failed(tx: Tx) -> int:
    return int(tx.query("jobs.failed")[0]["jobs"])


@contextmanager
def held(database: Database, lock: str) -> Iterator[bool]:
    """Holds the waiting job with this lock, as a worker would; False when there is none to be had.

    The job is done when the block ends, and back in line when it ends by an error.
    """
    hold = database.retried(lambda tx: _hold(tx, lock))
    if hold is None:
        yield False
        return
    over = threading.Event()
    threading.Thread(target=_beat, args=(database, hold["worker"], over), daemon=True).start()
    ending = "jobs.put_back"
    try:
        yield True
        ending = "jobs.finish"
    finally:
        over.set()
        # Without a database the job is missed by its heartbeat instead.
        with suppress(errors.Unavailable), database.transaction() as tx:
            tx.call(ending, hold)
            tx.query("jobs.unregister", hold)


def run(
    database: Database,
    tasks: Mapping[str, Callable[..., object]],
    retry_after: RetryAfter,
    stop: threading.Event,
    *,
    quick: Collection[str] = (),
    concurrency: int,
) -> None:
    """Works until told to stop, also through times when the database is down."""
    while not stop.is_set():
        reason = "its connection ended"
        try:
            asyncio.run(_work(database, tasks, retry_after, stop, quick, concurrency))
        except (exceptions.ConnectorException, psycopg.Error, errors.Unavailable) as error:
            reason = str(error.__cause__ or error).strip()
        if not stop.is_set():
            log.warning("the worker lost the database and tries again", reason=reason)
            stop.wait(_WAIT)


async def _work(
    database: Database,
    tasks: Mapping[str, Callable[..., object]],
    retry_after: RetryAfter,
    stop: threading.Event,
    quick: Collection[str],
    concurrency: int,
) -> None:
    """One life of procrastinate's worker; it ends by itself when it loses the database."""
    # Made anew for each life: an app that was closed is not opened again.
    app = procrastinate.App(
        connector=procrastinate.PsycopgConnector(
            conninfo=database.conninfo, min_size=1, max_size=5, timeout=5, configure=_configure, reconnect_timeout=5
        )
    )
    for name, task in tasks.items():
        app.task(name=name, queue=QUICK if name in quick else QUEUE, retry=_Retry(retry_after))(task)
    working = asyncio.create_task(_live(app, concurrency))
    others = [asyncio.create_task(_until(stop)), asyncio.create_task(_rescue(database))]
    await asyncio.wait([working, others[0]], return_when=asyncio.FIRST_COMPLETED)
    for other in others:
        other.cancel()
    working.cancel()
    try:
        with suppress(asyncio.CancelledError):
            await working
    finally:
        await _end_all()


async def _end_all() -> None:
    """Ends what is still under way here. A task may not notice that it is cancelled, in the moment when what it waits
    for comes; whoever tells it only once waits for ever."""
    mine = {asyncio.current_task()}
    while left := asyncio.all_tasks() - mine:
        for task in left:
            task.cancel()
        await asyncio.wait(left, timeout=_PATIENCE)


async def _live(app: procrastinate.App, concurrency: int) -> None:
    async with app.open_async():
        lines = [
            asyncio.create_task(
                app.run_worker_async(
                    queues=[queue],
                    concurrency=several,
                    install_signal_handlers=False,
                    fetch_job_polling_interval=_LOOK,
                    update_heartbeat_interval=HEARTBEAT,
                    stalled_worker_timeout=STALLED,
                    delete_jobs="successful",
                )
            )
            for queue, several in ((QUEUE, concurrency), (QUICK, 1))
        ]
        try:
            ended, _ = await asyncio.wait(lines, return_when=asyncio.FIRST_COMPLETED)
        finally:
            # Both take their leave of the queue before the connection is closed.
            for line in lines:
                line.cancel()
            await asyncio.wait(lines)
        for line in ended:
            line.result()


async def _until(stop: threading.Event) -> None:
    while not stop.is_set():
        await asyncio.sleep(0.1)


async def _rescue(database: Database) -> None:
    while True:
        with suppress(errors.Unavailable):
            if stalled := await asyncio.to_thread(_take_up_stalled, database):
                log.warning("took up jobs that a worker had left behind", jobs=stalled)
        await asyncio.sleep(_LOOK)


def _take_up_stalled(database: Database) -> int:
    with database.transaction() as tx:
        return take_up_stalled(tx)


async def _configure(connection: psycopg.AsyncConnection[Any]) -> None:
    # Not by `options` when connecting: a pooler in front of the database may refuse those.
    await connection.execute("SELECT set_config('search_path', 'queue', false)")
    await connection.commit()


class _Retry(retry.BaseRetryStrategy):
    def __init__(self, retry_after: RetryAfter) -> None:
        self.retry_after = retry_after

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> retry.RetryDecision | None:
        seconds = self.retry_after(exception, job.attempts)
        return None if seconds is None else retry.RetryDecision(retry_in={"seconds": round(seconds)})


def _hold(tx: Tx, lock: str) -> dict[str, int] | None:
    worker = tx.query("jobs.register")[0]["worker_id"]
    taken = tx.query("jobs.hold", {"worker": worker, "lock": lock})
    if not taken:
        tx.query("jobs.unregister", {"worker": worker})
        return None
    return {"job": taken[0]["id"], "worker": worker}


def _beat(database: Database, worker: int, over: threading.Event) -> None:
    while not over.wait(HEARTBEAT):
        with suppress(errors.Unavailable), database.transaction() as tx:
            tx.query("jobs.heartbeat", {"worker": worker})


def _text(file: Path) -> LiteralString:
    return file.read_text(encoding="utf-8")


@contextmanager
def _inside_queue(tx: Tx) -> Iterator[None]:
    """procrastinate names its tables without a schema."""
    before = tx.value("SELECT current_setting('search_path')")
    tx.run("SELECT set_config('search_path', 'queue', true)")
    yield
    tx.run("SELECT set_config('search_path', %s, true)", [before])


def _settle_functions(tx: Tx) -> None:
    """Lets procrastinate's functions find their tables from any transaction, whatever its search path."""
    for row in tx.rows(
        "SELECT oid::regprocedure::text AS name FROM pg_proc WHERE pronamespace = 'queue'::regnamespace"
    ):
        name = cast(LiteralString, row["name"])
        tx.run(sql.SQL("ALTER FUNCTION {} SET search_path = queue, pg_temp").format(sql.SQL(name)))
