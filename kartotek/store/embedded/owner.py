"""The user of this machine that the server runs as: whoever runs Kartotek, or for root one of its own.

PostgreSQL refuses to run as root, rightly: a program that speaks to a network should own nothing but its data.
"""

import os
import pwd
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kartotek.errors import Invalid, Unavailable

# Not plain "kartotek", which may well be somebody who signs in here.
SYSTEM_USER = "kartotek-db"
# useradd fails while another program has the list of users open.
_TRIES = 20


@dataclass(frozen=True, slots=True)
class Owner:
    name: str
    uid: int
    gid: int

    def run(self, command: Sequence[str | Path], **more: Any) -> subprocess.CompletedProcess[str]:
        """As this user, away from any folder that it may not enter, and with nothing of our environment."""
        if self.uid != os.geteuid():
            more |= {"user": self.uid, "group": self.gid, "extra_groups": []}
        more = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.STDOUT} | more
        return subprocess.run(
            [str(part) for part in command],
            **more,
            env={"PATH": "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin", "LC_ALL": "C"},
            cwd="/",
            umask=0o077,
            text=True,
            errors="replace",
            check=False,
        )

    def give(self, path: Path) -> None:
        if self.uid != os.geteuid():
            os.chown(path, self.uid, self.gid, follow_symlinks=False)


def of_the_server() -> Owner:
    if os.geteuid() != 0:
        return Owner(_name(os.geteuid()), os.geteuid(), os.getegid())
    for attempt in range(_TRIES):
        try:
            user = pwd.getpwnam(SYSTEM_USER)
            break
        except KeyError:
            _add_system_user(last=attempt == _TRIES - 1)
    if user.pw_uid == 0:
        raise Invalid(f"The user {SYSTEM_USER} is root under another name; the database cannot run as root.")
    return Owner(SYSTEM_USER, user.pw_uid, user.pw_gid)


def _name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


def _add_system_user(*, last: bool) -> None:
    command = ["useradd", "--system", "--user-group", "--no-create-home", "--home-dir", "/nonexistent"]
    try:
        done = subprocess.run(
            [*command, "--shell", "/usr/sbin/nologin", SYSTEM_USER], capture_output=True, text=True, check=False
        )
    except FileNotFoundError as error:
        raise Unavailable(
            "The embedded database cannot run as root, and there is no useradd here to make a user for it. Run "
            f"Kartotek as an ordinary user, make a system user called {SYSTEM_USER}, or set KARTOTEK_DATABASE_URL."
        ) from error
    if done.returncode and last:
        raise Unavailable(
            f"The system user {SYSTEM_USER} for the embedded database could not be made ({done.stderr.strip()}). Make "
            "it by hand, run Kartotek as an ordinary user, or set KARTOTEK_DATABASE_URL."
        )
    if done.returncode:
        time.sleep(0.1)
