"""The server as a whole: it comes up, lets the first person in, and leaves nothing behind."""

import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import pytest

from kartotek.domain import Database, Tx, jobs, people

LINK = re.compile(r"http://127\.0\.0\.1:\d+/welcome/[\w-]{43}")


def test_it_answers_has_a_worker_and_goes_when_told(served: "Served", empty: str) -> None:
    assert served.comes_to(lambda: served.status("/health") == 200)
    assert served.comes_to(lambda: workers(empty) == 1)

    served.process.send_signal(signal.SIGTERM)

    assert served.process.wait(30) == 0
    assert workers(empty) == 0
    with pytest.raises(OSError):
        served.status("/health")


def test_it_prints_a_link_for_the_first_person(served: "Served", empty: str) -> None:
    said = served.read_until("Ctrl-C")

    link = LINK.search(said)
    assert link
    with looking_into(empty) as tx:
        assert people.invitation(tx, link[0].rpartition("/")[2]) == people.Invitation(None, "admin")


def test_its_processes_do_not_outlive_it(served: "Served", empty: str) -> None:
    assert served.comes_to(lambda: served.status("/health") == 200)
    assert served.comes_to(lambda: workers(empty) == 1)

    served.process.kill()

    assert served.process.wait() != 0
    assert served.comes_to(lambda: workers(empty) == 0)
    assert served.comes_to(lambda: not served.answers())


def test_a_worker_that_dies_is_started_again(served: "Served", empty: str) -> None:
    assert served.comes_to(lambda: workers(empty) == 1)
    [first] = served.workers()

    subprocess.run(["kill", "-9", first], check=True)

    assert served.comes_to(lambda: len(served.workers()) == 1 and served.workers() != [first])
    assert served.comes_to(lambda: workers(empty) == 2)  # the dead one is missed after some seconds only


class Served:
    def __init__(self, environment: dict[str, str]) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        self.address = f"http://127.0.0.1:{port}"
        self.process = subprocess.Popen(
            [sys.executable, "-m", "kartotek", "serve"],
            env=environment | {"KARTOTEK_PORT": str(port)},
            stdout=subprocess.PIPE,
            text=True,
        )

    def status(self, path: str) -> int:
        with urllib.request.urlopen(self.address + path, timeout=5) as answer:
            return int(answer.status)

    def answers(self) -> bool:
        try:
            return self.status("/health") == 200
        except OSError:
            return False

    def read_until(self, text: str) -> str:
        assert self.process.stdout
        said = ""
        while text not in said:
            line = self.process.stdout.readline()
            assert line, f"it ended, after saying {said!r}"
            said += line
        return said

    def workers(self) -> list[str]:
        """The processes of its worker, by number."""
        command = ["pgrep", "-P", str(self.process.pid), "-f", "kartotek work"]
        return subprocess.run(command, capture_output=True, text=True).stdout.split()

    def comes_to(self, condition: Callable[[], bool]) -> bool:
        """Waits for it. The limit is only there so that a broken server ends the test."""
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            with suppress(OSError):
                if condition():
                    return True
            time.sleep(0.05)
        return False


@pytest.fixture
def served(environment: dict[str, str]) -> Iterator[Served]:
    server = Served(environment)
    yield server
    if server.process.poll() is None:
        server.process.terminate()
        server.process.wait(30)


def workers(address: str) -> int:
    with looking_into(address) as tx:
        return jobs.live_workers(tx) if tx.value("SELECT to_regclass('queue.procrastinate_workers')") else 0


@contextmanager
def looking_into(address: str) -> Iterator[Tx]:
    database = Database(address, size=1).open()
    try:
        with database.transaction() as tx:
            yield tx
    finally:
        database.close()
