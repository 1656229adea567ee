"""`kartotek serve`: the web server, with a worker beside it.

Three processes: this one opens the database, prints where to go and watches over the other two, so that a large import
and a page being built never wait for each other's Python. It gives the other two the end of a pipe: however this
process ends, even by kill -9, they read the pipe's end and stop.
"""

import gc
import multiprocessing
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, nullcontext

import click
import structlog
from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server import Server

from kartotek import errors
from kartotek.cli import logs, opening
from kartotek.cli import people as commands
from kartotek.domain import Database, people
from kartotek.settings import Settings

_AGAIN = 1.0  # seconds before a worker that died is started again
_FAREWELL = 20.0  # seconds that a worker has to leave its import in; killing it then does no harm either
_LAST_ANSWERS = 10  # seconds for requests under way when the server stops

log = structlog.get_logger(__name__)


@click.command()
@click.option("--no-worker", is_flag=True, help="The web server alone; run `kartotek work` elsewhere.")
def serve(no_worker: bool) -> None:
    """Run the web server, with a worker beside it."""
    logs.talk()
    settings = Settings.from_environment()
    _check_port(settings)
    with opening.opened(settings, size=2) as database, nullcontext() if no_worker else _worker():
        _greet(settings, database)
        _serve(settings)


def _greet(settings: Settings, database: Database) -> None:
    with database.transaction() as tx:
        secret = people.first_link(tx)
    click.echo(f"Kartotek is at {settings.public_url}")
    if secret:
        click.echo(f"Make yourself at home, with this link (it works once): {commands.link(settings, secret)}")
    click.echo("Ctrl-C stops it.")
    sys.stdout.flush()


def _check_port(settings: Settings) -> None:
    try:
        family, _kind, _proto, _name, place = socket.getaddrinfo(settings.host, settings.port, type=socket.SOCK_STREAM)[
            0
        ]
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(place)
    except OSError as error:
        raise errors.Invalid(
            f"Port {settings.port} at {settings.host} cannot be used ({error.strerror}): "
            "perhaps Kartotek runs already. Stop what uses it, or choose others with KARTOTEK_PORT and KARTOTEK_HOST."
        ) from error


def _serve(settings: Settings) -> None:
    """Until Ctrl-C or SIGTERM."""
    # Threads and Polars do not survive a fork.
    multiprocessing.set_start_method("spawn", force=True)
    Server(
        "kartotek.app",
        address=settings.host,
        port=settings.port,
        interface=Interfaces.ASGI,
        websockets=False,
        log_level=LogLevels.warning,
        respawn_failed_workers=True,
        workers_kill_timeout=_LAST_ANSWERS,
    ).serve(target_loader=_app)


def _app(_target: str) -> Callable[..., object]:
    """Runs in the web server's own process."""
    from kartotek import app

    logs.talk()
    threading.Thread(target=_end_with_parent, daemon=True).start()
    settings = Settings.from_environment()
    stack = ExitStack()
    program = app.create(settings, stack.enter_context(opening.opened(settings)))
    program.on_shutdown.append(stack.close)
    # What the modules hold stays for good: to go through it amid a request takes the collector a tenth of a second.
    gc.freeze()
    return program


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent:
        parent.join()
        os.kill(os.getpid(), signal.SIGTERM)


@contextmanager
def _worker() -> Iterator[None]:
    """A worker process beside this one, started again when it dies, ended with it."""
    ending = threading.Event()
    mind = threading.Thread(target=_mind_worker, args=(ending,))
    mind.start()
    try:
        yield
    finally:
        ending.set()
        mind.join()


def _mind_worker(ending: threading.Event) -> None:
    while not ending.is_set():
        # In a session of its own: Ctrl-C is for this process to pass on. Its stdin ends when this process does.
        worker = subprocess.Popen(
            [sys.executable, "-m", "kartotek", "work", "--until-stdin-ends"],
            stdin=subprocess.PIPE,
            start_new_session=True,
        )
        while worker.poll() is None and not ending.wait(0.2):
            pass
        if not ending.is_set():
            log.error("the worker died and is started again", code=worker.returncode)
            ending.wait(_AGAIN)
        _end(worker)


def _end(worker: subprocess.Popen[bytes]) -> None:
    if worker.stdin:
        worker.stdin.close()
    try:
        worker.wait(_FAREWELL)
    except subprocess.TimeoutExpired:
        worker.kill()
        worker.wait()
