"""What is done later, by a worker: put in line by the transaction that it belongs to, done once, whoever is killed."""

import threading
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager

from kartotek import errors
from kartotek.store import jobs as stored
from kartotek.store.database import Database, Tx

# Every kind of job, with the lock that keeps two workers from doing the same one at once.
LOCKS = {
    "import": "import {id}",
    "survey": "survey {id}",
    "rehearsal": "rehearsal {id}",
    "undo": "undo {id}",
    "deletion": "deletion {id}",
    "domains": "domains {id}",
    "index": "index {id}",
    "erasure": "erasure {id}",
    "bulk": "bulk {id}",
    "retyping": "retyping {id}",
    "label": "label {id}",
    "words": "words {id}",
    "catching up": "catching up {id}",
}
# Somebody waits for these at a page: they have a line of their own, so that no long import stands in front of them.
QUICK = ("survey", "bulk", "catching up")
LONGEST_WAIT = stored.LONGEST_WAIT


def enqueue(tx: Tx, task: str, args: Mapping[str, int | str]) -> bool:
    """Puts a job in line when `tx` commits; False when the same one is there already."""
    queue = stored.QUICK if task in QUICK else stored.QUEUE
    return stored.defer(tx, task, _lock(task, args), args, queue)


def enqueue_next(tx: Tx, task: str, args: Mapping[str, int | str]) -> bool:
    """As `enqueue`, though the same job may just be coming to its end: this one then follows it."""
    return stored.defer_next(tx, task, _lock(task, args), args)


def held(database: Database, task: str, args: Mapping[str, int | str]) -> AbstractContextManager[bool]:
    """For whoever does a job without being a worker: holds it for the time of the block, unless a worker has it."""
    return stored.held(database, _lock(task, args))


def is_on_its_way(tx: Tx, task: str, args: Mapping[str, int | str]) -> bool:
    return stored.is_on_its_way(tx, _lock(task, args))


def take_up_stalled(tx: Tx) -> int:
    """Puts back in line what killed workers left behind; workers do so by themselves."""
    return stored.take_up_stalled(tx)


def live_workers(tx: Tx) -> int:
    """How many workers were heard of in the last seconds; it also tells whether the queue answers."""
    return stored.live_workers(tx)


def work(
    database: Database,
    tasks: Mapping[str, Callable[..., object]],
    retry_after: stored.RetryAfter,
    stop: threading.Event,
    *,
    concurrency: int = 1,
) -> None:
    """Does jobs until told to stop; `tasks` says how, by the names of LOCKS."""
    if unknown := set(tasks) - set(LOCKS):
        raise errors.UnknownName("kind of job", min(unknown))
    stored.run(database, tasks, retry_after, stop, quick=QUICK, concurrency=concurrency)


def part_by_part(
    database: Database, next_part: Callable[[Tx], bool], tell: Callable[[], object], give_up: Callable[[str], None]
) -> None:
    """Does parts, each in a transaction of its own, until `next_part` says that none is left. What trying again does
    not help ends it with a sentence."""
    try:
        while database.retried(next_part):
            tell()
    except errors.Unavailable:
        raise
    except errors.KartotekError as error:
        give_up(error.sentence)


def _lock(task: str, args: Mapping[str, int | str]) -> str:
    if task not in LOCKS:
        raise errors.UnknownName("kind of job", task)
    return LOCKS[task].format(**args)
