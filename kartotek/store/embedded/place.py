"""The folders of the embedded database, each open to exactly those who need it.

    KARTOTEK_HOME/            for root, the database's user may pass through (0710), no more
      database/               the same
        *.lock                presence.py
        passwords             of both roles, in libpq's format, for us alone (0600)
        settings.conf, access.conf, server.log
        data/                 the cluster: the database's user alone (0700)
        socket/               the same; or, when the path does not do for a socket, a private folder elsewhere
        programs/             a copy of PostgreSQL where its user cannot reach the installed one

Nothing outside KARTOTEK_HOME has its permissions changed. What the database's user owns we never write to: whoever
takes it over must not get root to follow a link for him.
"""

import os
import pwd
import stat
import tempfile
from dataclasses import dataclass
from pathlib import Path

from kartotek.errors import Invalid
from kartotek.store.embedded import presence
from kartotek.store.embedded.owner import Owner

# The kernel takes 107 bytes (macOS 103) for the path of a socket, and PostgreSQL adds its own name and ".lock".
_LONGEST_SOCKET_FOLDER = 80


@dataclass(frozen=True, slots=True)
class Place:
    folder: Path
    owner: Owner

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def passwords(self) -> Path:
        return self.folder / "passwords"

    @property
    def log(self) -> Path:
        return self.folder / "server.log"


def prepare(home: Path, owner: Owner) -> Place:
    """`home` must be there; everything below it is made and checked here."""
    _refuse_a_stranger(home)
    folder = home / "database"
    folder.mkdir(mode=0o700, exist_ok=True)
    _refuse_a_stranger(folder)
    for path in (home, folder):
        _let_through(path, owner)
    if owner.run(["/bin/sh", "-c", 'cd -- "$1"', "sh", folder]).returncode:
        raise Invalid(
            f"The database's user {owner.name} cannot enter the data folder {home}: {_closed(folder, owner)} is closed "
            f"to it. Set KARTOTEK_HOME to a folder outside, such as /var/lib/kartotek, or let it pass through."
        )
    presence.make_locks(folder)
    return Place(folder, owner)


def socket_folder(place: Place) -> Path:
    """The same one as before, if it is still there and still private."""
    inside = place.folder / "socket"
    # A comma would make two hosts of it in a connection string.
    if len(os.fsencode(inside)) <= _LONGEST_SOCKET_FOLDER and "," not in str(inside):
        inside.mkdir(mode=0o700, exist_ok=True)
        place.owner.give(inside)
        return inside
    memory = presence.socket_folder_file(place.folder)
    if memory.exists() and _is_private(known := Path(memory.read_text()), place.owner):
        return known
    fresh = Path(tempfile.mkdtemp(prefix="kartotek-", dir=_short_base()))
    place.owner.give(fresh)
    memory.write_text(str(fresh))
    return fresh


def _refuse_a_stranger(path: Path) -> None:
    owner = path.stat().st_uid
    if owner != os.geteuid() and (os.geteuid() != 0 or path.name == "database"):
        try:
            name = pwd.getpwuid(owner).pw_name
        except KeyError:
            name = str(owner)
        raise Invalid(
            f"{path} belongs to the user {name}. Run Kartotek as {name}, or set KARTOTEK_HOME to another folder."
        )


def _let_through(path: Path, owner: Owner) -> None:
    """A folder that is ours alone becomes passable for the database's group; any other is left as it is."""
    state = path.stat()
    if owner.uid != os.geteuid() and state.st_uid == os.geteuid() and not stat.S_IMODE(state.st_mode) & 0o077:
        os.chown(path, -1, owner.gid)
        path.chmod(0o710)


def _closed(folder: Path, owner: Owner) -> Path:
    for path in [*reversed(folder.parents), folder]:
        if owner.run(["/bin/sh", "-c", 'cd -- "$1"', "sh", path]).returncode:
            return path
    return folder


def _is_private(path: Path, owner: Owner) -> bool:
    try:
        state = path.lstat()
    except OSError:
        return False
    return stat.S_ISDIR(state.st_mode) and state.st_uid == owner.uid and not stat.S_IMODE(state.st_mode) & 0o077


def _short_base() -> Path:
    """Where only this user can write, if there is such a place; /tmp keeps what is ours from being moved, too."""
    own = Path("/run") if os.geteuid() == 0 else Path(f"/run/user/{os.geteuid()}")
    return own if os.access(own, os.W_OK | os.X_OK) else Path("/tmp")
