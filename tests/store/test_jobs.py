"""The queue: jobs come with their transaction, are done once, and outlive the worker that is killed."""

import asyncio
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from kartotek import errors
from kartotek.store import jobs
from kartotek.store.database import Database, Tx


@pytest.fixture
def queue(database: Database) -> Iterator[Database]:
    """What a worker does is committed, so it is swept up here rather than rolled back."""
    with database.transaction() as tx:
        jobs.install(tx)
    yield database
    with database.transaction() as tx:
        tx.run("DELETE FROM queue.procrastinate_jobs")
        tx.run("DELETE FROM queue.procrastinate_workers")


def test_installing_twice_does_nothing_the_second_time(queue: Database) -> None:
    with queue.transaction() as tx:
        path = tx.value("SELECT current_setting('search_path')")

        steps = jobs.install(tx)

        assert steps == []
        assert tx.value("SELECT current_setting('search_path')") == path


def test_an_older_queue_is_brought_up_to_date_by_the_steps_it_lacks(tx: Tx) -> None:
    jobs.install(tx)
    latest = tx.value("DELETE FROM queue.kartotek_steps WHERE name LIKE '03.03.00_01%%' RETURNING name", [])
    tx.run("DROP FUNCTION queue.procrastinate_fetch_job_v2")

    steps = jobs.install(tx)

    assert steps == [latest]
    assert tx.value("SELECT to_regproc('queue.procrastinate_fetch_job_v2') IS NOT NULL")


def test_a_job_exists_only_if_its_transaction_commits(queue: Database) -> None:
    with pytest.raises(ZeroDivisionError), queue.transaction() as tx:
        jobs.defer(tx, "echo", "echo 1", {"id": 1})
        raise ZeroDivisionError

    with queue.transaction() as tx:
        assert not jobs.is_on_its_way(tx, "echo 1")


def test_the_same_job_is_in_line_once(queue: Database) -> None:
    with queue.transaction() as tx:
        put = [jobs.defer(tx, "echo", "echo 1", {"id": 1}) for _ in range(3)]

    assert put == [True, False, False]


def test_a_worker_does_what_is_in_line_and_what_comes(queue: Database) -> None:
    done: list[int] = []
    defer(queue, 1)

    with working(queue, done.append) as wait:
        wait(lambda: done == [1])
        defer(queue, 2)
        wait(lambda: done == [1, 2])

    with queue.transaction() as tx:
        assert not jobs.is_on_its_way(tx, "echo 2")
        assert jobs.live_workers(tx) == 0


def test_what_a_killed_worker_left_behind_is_taken_up_again(queue: Database) -> None:
    done: list[int] = []
    defer(queue, 1)
    with queue.transaction() as tx:
        dead = tx.query("jobs.register")[0]["worker_id"]
        tx.query("jobs.hold", {"worker": dead, "lock": "echo 1"})
        tx.run("UPDATE queue.procrastinate_workers SET last_heartbeat = now() - interval '9 seconds'")

    with working(queue, done.append) as wait:
        wait(lambda: done == [1])

    assert done == [1]


def test_what_a_killed_worker_left_behind_is_taken_up_though_the_clock_was_put_back_since(queue: Database) -> None:
    done: list[int] = []
    defer(queue, 1)
    with queue.transaction() as tx:
        dead = tx.query("jobs.register")[0]["worker_id"]
        tx.query("jobs.hold", {"worker": dead, "lock": "echo 1"})
        tx.run("UPDATE queue.procrastinate_workers SET last_heartbeat = now() + interval '3 hours'")

    with working(queue, done.append) as wait:
        wait(lambda: done == [1])

    assert done == [1]


def test_a_job_that_is_tried_again_in_a_moment_comes_though_the_clock_was_put_back_since(queue: Database) -> None:
    done: list[int] = []
    defer(queue, 1)
    with queue.transaction() as tx:
        tx.run("UPDATE queue.procrastinate_jobs SET scheduled_at = now() + interval '3 hours'")

    with working(queue, done.append) as wait:
        wait(lambda: done == [1])

    assert done == [1]


def test_a_job_of_a_worker_that_lives_is_left_alone(queue: Database) -> None:
    defer(queue, 1)

    with jobs.held(queue, "echo 1") as taken, queue.transaction() as tx:
        assert taken
        assert jobs.take_up_stalled(tx) == 0


def test_a_job_is_held_by_one_at_a_time_and_done_at_the_end(queue: Database) -> None:
    defer(queue, 1)

    with jobs.held(queue, "echo 1") as mine, jobs.held(queue, "echo 1") as others:
        held = (mine, others)

    with queue.transaction() as tx:
        assert held == (True, False)
        assert not jobs.is_on_its_way(tx, "echo 1")


def test_a_job_whose_holder_fails_goes_back_in_line(queue: Database) -> None:
    defer(queue, 1)

    with pytest.raises(ZeroDivisionError), jobs.held(queue, "echo 1"):
        raise ZeroDivisionError

    with queue.transaction() as tx:
        assert jobs.is_on_its_way(tx, "echo 1")


def test_a_job_that_fails_for_a_while_is_tried_again(queue: Database) -> None:
    tries: list[int] = []
    defer(queue, 1)

    def fail_once(id: int) -> None:
        tries.append(id)
        if len(tries) == 1:
            raise errors.Unavailable("not now")

    with working(queue, fail_once) as wait:
        wait(lambda: len(tries) == 2)

    assert tries == [1, 1]


def test_a_worker_outlives_the_loss_of_its_connections(queue: Database) -> None:
    done: list[int] = []

    with working(queue, done.append) as wait:
        wait(lambda: workers(queue) == 1)
        with queue.transaction() as tx:
            tx.run(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                # Not the server's own, which may be cleaning up here and belong to nobody.
                " WHERE pid <> pg_backend_pid() AND usename = current_user AND datname = %s",
                [tx.connection.info.dbname],
            )
        defer(queue, 1)
        wait(lambda: done == [1])

    assert done == [1]


def defer(queue: Database, id: int) -> None:
    with queue.transaction() as tx:
        assert jobs.defer(tx, "echo", f"echo {id}", {"id": id})


def workers(queue: Database) -> int:
    with queue.transaction() as tx:
        return jobs.live_workers(tx)


class working:
    """A worker for the length of a block; gives a way to wait for what it does."""

    def __init__(self, queue: Database, task: Callable[[int], object]) -> None:
        self.queue, self.task = queue, task
        self.stop = threading.Event()
        self.pool = ThreadPoolExecutor(1)

    def __enter__(self) -> Callable[[Callable[[], bool]], None]:
        def echo(id: int) -> None:
            self.task(id)

        def retry_after(error: BaseException, attempts: int) -> float | None:
            return 0 if isinstance(error, errors.Unavailable) else None

        self.run = self.pool.submit(jobs.run, self.queue, {"echo": echo}, retry_after, self.stop, concurrency=1)
        return self.wait

    def __exit__(self, *_: object) -> None:
        self.stop.set()
        self.run.result(20)
        self.pool.shutdown()

    def wait(self, until: Callable[[], bool]) -> None:
        """The limit is only there so that a broken worker ends the test."""
        deadline = time.monotonic() + 30
        while not until():
            assert time.monotonic() < deadline, "the worker did not do it"
            assert not self.run.done(), self.run.exception()
            time.sleep(0.02)


def test_a_stalled_job_behind_which_the_same_one_waits_leaves_its_work_to_that(tx: Tx) -> None:
    jobs.defer(tx, "words", "words 7", {"id": 7})
    tx.run("UPDATE queue.procrastinate_jobs SET status = 'doing' WHERE lock = 'words 7'")
    jobs.defer_next(tx, "words", "words 7", {"id": 7})

    jobs.take_up_stalled(tx)

    found = tx.rows("SELECT status::text AS status FROM queue.procrastinate_jobs WHERE lock = 'words 7' ORDER BY id")
    assert [row["status"] for row in found] == ["cancelled", "todo"]
    assert jobs.failed(tx) == 0


def test_a_life_ends_though_a_task_does_not_notice_at_first_that_it_is_cancelled() -> None:
    told = []

    async def deaf() -> None:
        while len(told) < 2:
            try:
                await asyncio.sleep(60)
            except asyncio.CancelledError:
                told.append("to end")

    async def life() -> None:
        task = asyncio.create_task(deaf())
        await asyncio.sleep(0)
        await jobs._end_all()
        assert task.done()

    asyncio.run(life())

    assert told == ["to end"] * 2
