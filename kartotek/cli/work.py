"""`kartotek work`: a worker alone. As many as wanted, on any machine that reaches the database and the files."""

import os
import signal
import sys
import threading

import click

from kartotek import worker
from kartotek.cli import logs, opening
from kartotek.settings import Settings


@click.command()
@click.option("--jobs", default=1, show_default=True, type=click.IntRange(1, 16), help="How many at a time.")
@click.option("--until-stdin-ends", is_flag=True, hidden=True, help="For a worker that must not outlive its server.")
def work(jobs: int, until_stdin_ends: bool) -> None:
    """Run the jobs that wait: imports."""
    logs.talk()
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    if until_stdin_ends:
        threading.Thread(target=_stop_at_the_end_of_stdin, args=(stop,), daemon=True).start()
    settings = Settings.from_environment()
    with opening.opened(settings) as database:
        worker.Worker(settings, database, concurrency=jobs).run(stop)


def _stop_at_the_end_of_stdin(stop: threading.Event) -> None:
    # Not sys.stdin.read: whoever is in there when the interpreter ends makes it abort.
    while os.read(sys.stdin.fileno(), 1024):
        pass
    stop.set()
