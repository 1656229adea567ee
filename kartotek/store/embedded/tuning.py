"""How the embedded server is set: safe first, then fit for bulk writes, within the memory and disk there is.

Written anew at each start, so that a later version of Kartotek, more memory or a fuller disk take effect.
"""

import os
import shutil
from pathlib import Path

from kartotek.settings import Settings
from kartotek.store.embedded.place import Place

_MB = 1024**2
_GB = 1024**3

# Both roles are let in by password alone, through the socket and, if it is open, the port of this machine.
_ACCESS = """\
local all all scram-sha-256
host all all 127.0.0.1/32 scram-sha-256
"""


_LOG = {
    "timezone": "UTC",
    "log_timezone": "UTC",
    "lc_messages": "C",
    "log_min_messages": "warning",
    "log_line_prefix": "%m [%p] ",
    "log_checkpoints": "off",
}


def write(place: Place, settings: Settings, socket_folder: Path) -> list[str]:
    """The options for the server's command line that make it read what was written."""
    config, access = place.folder / "settings.conf", place.folder / "access.conf"
    _write(config, _settings(place, settings, socket_folder), place)
    _write(access, _ACCESS, place)
    return ["-D", str(place.data), "-c", f"config_file={config}", "-c", f"hba_file={access}"]


def _settings(place: Place, settings: Settings, socket_folder: Path) -> str:
    memory = _memory()
    # A quarter of a small machine, an eighth of a large one: with less an import into millions of records reads pages
    # of indexes again for each batch, and checks their sums.
    buffers = max(min(_GB, memory // 4), min(4 * _GB, memory // 8), 128 * _MB)
    values: dict[str, str | int] = {
        "listen_addresses": "127.0.0.1" if settings.database_port else "",
        "port": settings.database_port or 5432,
        "unix_socket_directories": str(socket_folder),
        "unix_socket_permissions": "0700",
        "max_connections": 100,
        # Safe: what was committed is there after a power cut. These are the defaults, said aloud.
        "fsync": "on",
        "full_page_writes": "on",
        "synchronous_commit": "on",
        "shared_buffers": _megabytes(buffers),
        "effective_cache_size": _megabytes(max(buffers, memory // 2)),
        "work_mem": _megabytes(min(32 * _MB, max(4 * _MB, memory // 256))),
        "maintenance_work_mem": _megabytes(min(256 * _MB, max(64 * _MB, memory // 16))),
        "huge_pages": "try",
        "dynamic_shared_memory_type": _shared_memory(),
        # Few checkpoints, spread out: each makes the next write of a page twice as long in the log.
        "wal_buffers": _megabytes(min(32 * _MB, buffers // 32)),
        "max_wal_size": _megabytes(min(8 * _GB, max(_GB // 2, shutil.disk_usage(place.folder).free // 10))),
        "min_wal_size": "256MB",
        # A new segment of the log is written once, not filled with zeros first.
        "wal_init_zero": "off",
        "checkpoint_timeout": "15min",
        "checkpoint_completion_target": "0.9",
        # "minimal" would spare only tables made in the same transaction; the big ones are not, and a base backup
        # needs "replica".
        "wal_level": "replica",
        "random_page_cost": "1.1",
        # Compiling a query costs more than most of ours take.
        "jit": "off",
        **_LOG,
    }
    return "".join(f"{name} = '{_quoted(str(value))}'\n" for name, value in values.items())


def _memory() -> int:
    """Of this machine, or of the container that we are in if that has less."""
    machine = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    try:
        limit = Path("/sys/fs/cgroup/memory.max").read_text().strip()
    except OSError:
        return machine
    return min(machine, int(limit)) if limit.isdigit() else machine


def _shared_memory() -> str:
    """Containers have a /dev/shm of 64 MB, too small for a parallel query; then files in the data folder serve."""
    shm = Path("/dev/shm")
    return "mmap" if shm.exists() and shutil.disk_usage(shm).total < 512 * _MB else "posix"


def _megabytes(size: int) -> str:
    return f"{size // _MB}MB"


def _quoted(value: str) -> str:
    return value.replace("\\", "\\\\").replace("'", "''")


def _write(path: Path, text: str, place: Place) -> None:
    fresh = path.with_suffix(".new")
    fresh.write_text(text)
    if place.owner.uid != os.geteuid():
        os.chown(fresh, -1, place.owner.gid)
    fresh.chmod(0o640)
    fresh.replace(path)
