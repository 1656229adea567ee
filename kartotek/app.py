"""Builds the running program: the pages, their static files, and the answer to "are you well?"."""

from pathlib import Path

from litestar import Litestar, Response, Router, get
from litestar.datastructures import CacheControlHeader
from litestar.handlers import HTTPRouteHandler
from litestar.static_files import create_static_files_router

from kartotek.domain import Database, jobs
from kartotek.pages import door, errors, headers, routes
from kartotek.settings import Settings

STATIC = Path(__file__).parent / "pages" / "static"
# Addresses of static files carry the file's digest, so a browser may keep them for good.
FOREVER = CacheControlHeader(max_age=31_536_000, public=True, immutable=True)


def create(settings: Settings, database: Database) -> Litestar:
    """The whole web program. `database` is open already, and stays the caller's to close."""
    return Litestar(
        route_handlers=[
            Router(path="/", route_handlers=[door.handler(route, settings, database) for route in routes.ROUTES]),
            create_static_files_router(path="/static", directories=[STATIC], cache_control=FOREVER),
            _health(database),
        ],
        exception_handlers=errors.handlers(settings),
        before_send=[headers.Secure(settings)],
        openapi_config=None,
    )


def _health(database: Database) -> HTTPRouteHandler:
    @get("/health", sync_to_thread=True, opt={"open": True})
    def health() -> Response[dict[str, object]]:
        """200 when database and queue answer; errors.Unavailable makes it 503."""
        with database.transaction() as tx:
            return Response({"database": "answers", "queue": "answers", "workers": jobs.live_workers(tx)})

    return health
