"""Who is here: the locks by which several processes share one database server, and the last one stops it.

The problem: web server, worker and command line come and go in any order, and any of them, or the server, may be
killed without a word. A counter or a list of process ids would be wrong after that. A lock of the kernel's is not:
it lasts exactly as long as a process that holds it.

    door     held for a moment by whoever looks, starts or stops, so that two never do it at once
    present  shared by every participant for as long as it lives: who gets it alone is alone
    server   inherited by the server and all its processes: free means that none of them is left

The server runs in a session of its own, so Ctrl-C in a terminal reaches the participants and not the server. Should
the last participant be killed, nobody would be left to stop the server: for that a caretaker waits, this file run as
a program. Once a second it looks whether anybody is present; if not, it stops the server and ends. It needs nothing
but Python's own library, so that it stays small (12 MB) and does not depend on where the rest of Kartotek is installed.
"""

import fcntl
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

# Stopping writes what is still in memory to disk, which a slow disk may take this long for.
STOP_SECONDS = 120.0


def make_locks(folder: Path) -> None:
    """Here and nowhere else, so that a caretaker never brings back a folder that is being removed."""
    for name in ("door", "present", "server", "caretaker"):
        _file(folder, name).touch(mode=0o600)


@contextmanager
def door(folder: Path) -> Iterator[None]:
    """One at a time beyond this point, in all processes and threads."""
    handle = lock(folder, "door", fcntl.LOCK_EX)
    try:
        yield
    finally:
        os.close(handle)


def arrive(folder: Path) -> int:
    """Be present until `leave`, or until this process ends in whatever way. To be called inside the door."""
    return lock(folder, "present", fcntl.LOCK_SH)


def keep_caretaker(folder: Path) -> None:
    """Start one unless there is one; of two started at once, the second ends by itself."""
    with suppress(BlockingIOError):
        os.close(lock(folder, "caretaker", fcntl.LOCK_EX | fcntl.LOCK_NB))
        _start_caretaker(folder)


def leave(folder: Path, handle: int) -> None:
    with door(folder):
        os.close(handle)
        _stop_if_alone(folder)


def server_lives(folder: Path) -> bool:
    """Whether any process of the server is left, even one that outlived it."""
    try:
        os.close(lock(folder, "server", fcntl.LOCK_SH | fcntl.LOCK_NB))
    except BlockingIOError:
        return True
    return False


def wait_until_gone(folder: Path, seconds: float) -> bool:
    until = time.monotonic() + seconds
    while server_lives(folder):
        if time.monotonic() > until:
            return False
        time.sleep(0.02)
    return True


def lock(folder: Path, name: str, how: int) -> int:
    handle = os.open(_file(folder, name), os.O_RDWR | os.O_NOFOLLOW)
    try:
        fcntl.flock(handle, how)
    except BaseException:
        os.close(handle)
        raise
    return handle


def postmaster_lines(folder: Path) -> list[str]:
    """What the server wrote down: process id, data folder, start, port, socket folder, address, memory, state."""
    try:
        return (folder / "data" / "postmaster.pid").read_text().splitlines()
    except FileNotFoundError:
        return []


def socket_folder_file(folder: Path) -> Path:
    """Remembers the folder of the socket when it is not inside `folder`."""
    return folder / "socket-folder"


def answers(lines: list[str]) -> bool:
    """Whether the server that wrote these lines still takes connections: only then is the process id its own."""
    if len(lines) < 5:
        return False
    with socket.socket(socket.AF_UNIX) as ours:
        try:
            ours.connect(f"{lines[4]}/.s.PGSQL.{lines[3]}")
        except OSError:
            return False
    return True


def _file(folder: Path, name: str) -> Path:
    return folder / f"{name}.lock"


def _stop_if_alone(folder: Path) -> bool:
    """Whether nobody was here, and nothing of the server is left."""
    try:
        alone = lock(folder, "present", fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    try:
        return _stop(folder)
    finally:
        os.close(alone)


def _stop(folder: Path) -> bool:
    _ask_to_stop(folder)
    until = time.monotonic() + STOP_SECONDS
    while not (gone := wait_until_gone(folder, 0.2)) and time.monotonic() < until:
        # Again, because a server that was just starting did not hear it.
        _ask_to_stop(folder)
    with suppress(OSError):
        Path(socket_folder_file(folder).read_text()).rmdir()
    return gone


def _ask_to_stop(folder: Path) -> None:
    if server_lives(folder) and answers(lines := postmaster_lines(folder)):
        with suppress(ProcessLookupError):
            os.kill(int(lines[0]), signal.SIGINT)


def _start_caretaker(folder: Path) -> None:
    subprocess.run(
        ["/bin/sh", "-c", '"$@" &', "sh", sys.executable, "-I", "-S", __file__, str(folder)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        cwd="/",
        check=False,
    )


def _take_care(folder: Path) -> None:
    try:
        watch = lock(folder, "caretaker", fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return
    while True:
        time.sleep(1)
        with door(folder):
            if _stop_if_alone(folder):
                # Let go inside the door, so that whoever arrives next starts a caretaker anew.
                os.close(watch)
                return


if __name__ == "__main__":
    # The folder may be gone, and with it all there was to take care of.
    with suppress(FileNotFoundError):
        _take_care(Path(sys.argv[1]))
