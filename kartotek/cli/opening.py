"""Opens the database for a command: starts the embedded one if need be, and brings it up to date."""

from collections.abc import Iterator
from contextlib import contextmanager

from kartotek.domain import Database, catalogue
from kartotek.settings import Settings
from kartotek.store import embedded, jobs, migrate


@contextmanager
def opened(settings: Settings, *, size: int = 10) -> Iterator[Database]:
    """Up to date and ready; several processes may come at once."""
    with address(settings) as conninfo:
        disk = None if settings.database_url else settings.make_home()
        database = Database(conninfo, size=size, secret=settings.secret_key, disk=disk).open()
        try:
            with database.transaction() as tx:
                migrate.migrate(tx)  # its lock also covers what follows
                catalogue.set_up(tx)
                jobs.install(tx)
            yield database
        finally:
            database.close()


@contextmanager
def address(settings: Settings) -> Iterator[str]:
    """Where the database answers, for as long as the block lasts."""
    if settings.database_url:
        yield settings.database_url
        return
    with embedded.running(settings) as server:
        yield server.conninfo
