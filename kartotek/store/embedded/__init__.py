"""PostgreSQL without installing it: a real server, under KARTOTEK_HOME, shared by all of Kartotek's processes.

    with embedded.running(settings) as server:
        psycopg.connect(server.conninfo)

The first to come starts it, the last to go stops it. Whoever is killed, server included, the rest go on: each
participant looks twice a second whether the server lives, and starts it again if not (presence.py tells how they
agree on that). The server is as safe as any: it syncs to disk, asks for a password, and lets no other user of this
machine in.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import quote

import structlog

from kartotek.errors import KartotekError
from kartotek.settings import Settings
from kartotek.store.embedded import cluster, owner, presence
from kartotek.store.embedded import place as places

_LOOK_EVERY = 0.5
_log = structlog.get_logger()


@contextmanager
def running(settings: Settings) -> Iterator["Server"]:
    server = Server(settings)
    try:
        yield server
    finally:
        server.release()


class Server:
    """Our part in the server: it runs at least until `release`, and `conninfo` holds as long."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._place = places.prepare(settings.make_home(), owner.of_the_server())
        self._released = threading.Event()
        with presence.door(self._place.folder):
            self._present = presence.arrive(self._place.folder)
        try:
            self.ensure_running()
            self.conninfo = cluster.address(self._place)
        except BaseException:
            presence.leave(self._place.folder, self._present)
            raise
        threading.Thread(target=self._watch, name="embedded database", daemon=True).start()

    def ensure_running(self) -> None:
        """Starts the server if it is down; for those who cannot wait half a second for the watch to notice."""
        with presence.door(self._place.folder):
            if not self._released.is_set():
                cluster.ensure_running(self._place, self._settings)
                presence.keep_caretaker(self._place.folder)

    def release(self) -> None:
        if not self._released.is_set():
            self._released.set()
            presence.leave(self._place.folder, self._present)

    def url(self) -> str:
        """For psql and tools of others: with the password, and over the port if one is open."""
        _pid, _data, _start, port, folder, listen, *_ = presence.postmaster_lines(self._place.folder)
        login = f"postgresql://{cluster.ROLE}:{quote(cluster.password(self._place), safe='')}@"
        if listen.strip():
            return f"{login}{listen.strip()}:{port}/{cluster.DATABASE}"
        return f"{login}/{cluster.DATABASE}?host={quote(folder, safe='')}&port={port}"

    def _watch(self) -> None:
        trouble = ""
        while not self._released.wait(_LOOK_EVERY):
            try:
                if not presence.server_lives(self._place.folder):
                    _log.warning("the embedded database is down: starting it again")
                    self.ensure_running()
                presence.keep_caretaker(self._place.folder)
                with presence.door(self._place.folder):
                    cluster.keep_log_short(self._place)
                trouble = ""
            except (KartotekError, OSError) as error:
                # Said once, and tried again until it works: a full disk is emptied, a port becomes free.
                if str(error) != trouble:
                    _log.error("the embedded database cannot be started", reason=str(error))
                trouble = str(error)
