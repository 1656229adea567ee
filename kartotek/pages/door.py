"""The one door: every page is reached through here, and nobody passes without a session.

A route is closed unless its line in routes.py says `open`. Whatever changes something must bring the token
of its session (or, before there is one, of the browser's visit) in the form or in a header: a page of another
site can send our cookies, but cannot read the token. The session is looked up before a body is read, so that
a stranger cannot make us take in a large file.
"""

import hmac
import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from litestar import Request, Response
from litestar.concurrency import sync_to_thread
from litestar.datastructures import Cookie, MultiDict
from litestar.enums import HttpMethod
from litestar.exceptions import NotFoundException
from litestar.handlers import HTTPRouteHandler
from litestar.middleware.rate_limit import RateLimitConfig

from kartotek import errors
from kartotek.domain import Database, Tx, people, preferences
from kartotek.model.people import Person
from kartotek.pages import language, sentences, zones
from kartotek.pages.visit import Asked, Visit
from kartotek.settings import Settings

Answer = Response[Any]
SAFE = ("GET", "HEAD")
SESSION, VISITOR = "kartotek", "kartotek_visitor"
CSRF_FIELD, CSRF_HEADER = "csrf", "x-csrf-token"
# How often one address may try a password or a link.
ATTEMPTS = RateLimitConfig(rate_limit=("minute", 20), set_rate_limit_headers=False)
# No number in an address is larger: the database would not know what to do with it.
_LARGEST = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Route:
    """One line of the table in routes.py.

    `again` shows the form once more when what was sent cannot be done. `upload` lets the body be as large as a file.
    """

    method: str
    path: str
    handler: Callable[..., Answer]
    again: Callable[..., Answer] | None = None
    open: bool = False
    upload: bool = False


def handler(route: Route, settings: Settings, database: Database) -> HTTPRouteHandler:
    """The route as Litestar knows it."""

    async def answer(request: Request[Any, Any, Any]) -> Answer:
        asked = _asked(request)
        if route.method not in SAFE:
            await sync_to_thread(partial(_knock, route, settings, database, asked))
            asked = replace(asked, form=MultiDict((await request.form()).multi_items()))
        # An error that ends the visit is told in its language, too.
        speak = partial(setattr, request.state, "locale")
        return await sync_to_thread(partial(_visit, route, settings, database, asked, dict(request.path_params), speak))

    return HTTPRouteHandler(
        route.path,
        http_method=[HttpMethod(route.method)],
        name=f"{route.method} {route.path}",
        status_code=200,
        opt={"open": route.open},
        request_max_body_size=settings.file_limit + 1_000_000 if route.upload else 10_000_000,
        middleware=[ATTEMPTS.middleware] if route.open and route.method == "POST" else [],
    )(answer)


def cookie(settings: Settings, name: str, value: str, *, days: int = 30) -> Cookie:
    """A cookie that scripts cannot read and other sites cannot send along with a form."""
    secure = settings.public_url.startswith("https://")
    return Cookie(key=name, value=value, path="/", httponly=True, samesite="lax", secure=secure, max_age=days * 86_400)


def _asked(request: Request[Any, Any, Any]) -> Asked:
    return Asked(
        method=request.method,
        path=request.scope["path"],
        query=MultiDict(request.query_params.multi_items()),
        cookies=request.cookies,
        headers=request.headers,
    )


def _knock(route: Route, settings: Settings, database: Database, asked: Asked) -> None:
    with database.transaction() as tx:
        _guest(tx, route, asked)


def _visit(
    route: Route,
    settings: Settings,
    database: Database,
    asked: Asked,
    found: dict[str, Any],
    speak: Callable[[str], None],
) -> Answer:
    """One request is one transaction; work that another one stood in the way of is done again."""

    def work(tx: Tx) -> Answer:
        visit = _enter(tx, route, settings, database, asked)
        speak(visit.locale)
        if any(isinstance(one, int) and one > _LARGEST for one in found.values()):
            raise NotFoundException
        return _remember(visit, route.handler(visit, **found))

    def again(tx: Tx, error: errors.KartotekError) -> Answer:
        assert route.again is not None
        meant, holder = (error.property, error.holder) if isinstance(error, errors.Unfit) else (None, None)
        visit = _enter(tx, route, settings, database, asked)
        visit = replace(visit, wrong=sentences.said(visit.locale, error.sentence), wrong_at=meant, holder=holder)
        answer = route.again(visit, **found)
        answer.status_code = error.status if not asked.fragment else 200
        return _remember(visit, answer)

    try:
        return database.retried(work)
    except (errors.Invalid, errors.Conflict, errors.NotSignedIn) as error:
        if route.again is None:
            raise
        with database.transaction() as tx:
            return again(tx, error)


def _enter(tx: Tx, route: Route, settings: Settings, database: Database, asked: Asked) -> Visit:
    guest, csrf = _guest(tx, route, asked) or (None, asked.cookies.get(VISITOR, ""))
    if asked.method not in SAFE:
        _check_token(asked, csrf)
    wishes = preferences.of(tx, guest) if guest else preferences.Preferences()
    locale = language.chosen(wishes.language, asked.headers.get("accept-language", ""))
    zone = zones.of(asked.cookies.get(zones.COOKIE, ""))
    return Visit(tx, settings, database, asked, guest, wishes, csrf or secrets.token_urlsafe(32), locale, zone)


def _guest(tx: Tx, route: Route, asked: Asked) -> tuple[Person, str] | None:
    """Who comes in, and the token of their session; the one place that turns people away."""
    secret = asked.cookies.get(SESSION)
    found = people.session(tx, secret) if secret else None
    if found is None and not route.open:
        raise errors.NotSignedIn("Please sign in first.")
    return found


def _remember(visit: Visit, answer: Answer) -> Answer:
    """A browser that is not signed in keeps the token of its forms in a cookie."""
    if visit.guest is None and visit.asked.cookies.get(VISITOR) != visit.csrf:
        answer.set_cookie(cookie(visit.settings, VISITOR, visit.csrf, days=1))
    return answer


def _check_token(asked: Asked, expected: str) -> None:
    given = asked.form.get(CSRF_FIELD) or asked.headers.get(CSRF_HEADER) or ""
    if not expected or not isinstance(given, str) or not hmac.compare_digest(given.encode(), expected.encode()):
        raise errors.NotAllowed(
            "This page was open too long, or the form came from elsewhere. Reload it and try again."
        )
