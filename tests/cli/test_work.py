"""`kartotek work`, as `kartotek serve` starts it."""

import subprocess
import sys


def test_a_worker_that_watches_its_stdin_ends_in_peace_when_told(environment: dict[str, str]) -> None:
    command = [sys.executable, "-m", "kartotek", "work", "--until-stdin-ends"]
    with subprocess.Popen(
        command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as worker:
        assert worker.stdout is not None
        assert any("the worker is ready" in line for line in worker.stdout)

        worker.terminate()
        try:
            said, _ = worker.communicate(timeout=60)
        finally:
            worker.kill()

    assert (worker.returncode, "Fatal" in said) == (0, False), said
