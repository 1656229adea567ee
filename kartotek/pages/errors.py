"""Error to page: the one place where the tree of errors.py becomes something a browser shows."""

import logging
from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import quote

from litestar import Request
from litestar.exceptions import HTTPException

from kartotek import errors
from kartotek.pages import language, render, sentences
from kartotek.settings import Settings

log = logging.getLogger("kartotek.pages")


def N_(text: str) -> str:
    return text


# A title for each status: what kind of trouble this is, before the sentence says which.
TITLES = {
    400: N_("That does not work as it stands"),
    401: N_("This does not let you in"),
    403: N_("Not allowed"),
    404: N_("Not found"),
    409: N_("Somebody was quicker"),
    413: N_("The file is too large"),
    429: N_("Too many attempts"),
    500: N_("Something went wrong on our side"),
    503: N_("Not available just now"),
}
SENTENCES = {
    404: N_("There is nothing at this address. It may have been removed, or the link may be incomplete."),
    405: N_("There is nothing at this address that could be changed."),
    429: N_("Wait a minute, then try again."),
    503: N_("The disk of the server is full. Make room, then try again; what was there before is not lost."),
    500: N_("This was written to the server's log. Nothing you entered before has been lost; try again, or go back."),
}
# Of an address that takes what a form sends, for who goes there by hand: the page of the form lies above it.
NOTHING_TO_SEE = N_("Nothing to see here")
ONLY_TAKES = N_("This address only takes what a form sends. Go one level up, and press the button there.")


def handlers(settings: Settings) -> dict[int | type[Exception], Callable[..., render.Answer]]:
    """What Litestar is given: an answer for our errors, for its own, and for all others."""

    def ours(request: Request[Any, Any, Any], error: errors.KartotekError) -> render.Answer:
        # An open page says itself what is wrong with a password or a link.
        if isinstance(error, errors.NotSignedIn) and not request.route_handler.opt.get("open"):
            return _to_sign_in(request)
        return _shown(request, error.status, sentences.said(_locale(request), error.sentence))

    def framework(request: Request[Any, Any, Any], error: HTTPException) -> render.Answer:
        status = error.status_code
        if status == 413:
            return _shown(request, 413, too_large(settings, language.gettext(_locale(request))))
        if status == 405 and request.method in ("GET", "HEAD"):
            return _without_page(request)
        return _shown(request, status, language.gettext(_locale(request))(SENTENCES.get(status, error.detail)))

    def unexpected(request: Request[Any, Any, Any], error: Exception) -> render.Answer:
        log.error("%s %s", request.method, request.scope["path"], exc_info=error)
        status = 503 if errors.is_disk_full(error) else 500
        return _shown(request, status, language.gettext(_locale(request))(SENTENCES[status]))

    return {errors.KartotekError: ours, HTTPException: framework, Exception: unexpected}


def too_large(settings: Settings, say: Callable[[str], str]) -> str:
    limit = f"{settings.file_limit / 1024**2:.0f} MB"
    told = say("A file can have up to %(limit)s. Split it into smaller ones, or have KARTOTEK_FILE_LIMIT raised.")
    return told % {"limit": limit}


def _to_sign_in(request: Request[Any, Any, Any]) -> render.Answer:
    """To the sign-in page, and from there back to where one was going; htmx is told to leave the page."""
    wanted = request.scope["path"] if request.method == "GET" else ""
    query = request.scope["query_string"].decode("ascii", "replace")
    back = f"?next={quote(wanted + ('?' + query if query else ''), safe='')}" if wanted not in ("", "/") else ""
    if "hx-request" not in request.headers:
        return render.go(f"/sign-in{back}")
    again = language.gettext(_locale(request))(N_("Please sign in again."))
    answer = render.bare(_locale(request), "errors/toast.html", status=401, sentence=again)
    answer.headers["hx-redirect"] = "/sign-in"
    return answer


def _shown(request: Request[Any, Any, Any], status: int, sentence: str) -> render.Answer:
    """A page, or for htmx a toast beside what is there: the person keeps what they were doing."""
    title = language.gettext(_locale(request))(TITLES.get(status, TITLES[400 if status < 500 else 500]))
    if "hx-request" in request.headers:
        answer = render.bare(_locale(request), "errors/toast.html", status=status, sentence=sentence)
        answer.headers.update({"hx-retarget": "#toasts", "hx-reswap": "beforeend", "hx-reselect": "[data-toast]"})
        return answer
    return _page(request, status, title, sentence)


def _page(request: Request[Any, Any, Any], status: int, title: str, sentence: str, way: str = "/") -> render.Answer:
    given = {"title": title, "sentence": sentence, "code": status, "way": way}
    return render.bare(_locale(request), "errors/show.html", status=status, **given)


def _without_page(request: Request[Any, Any, Any]) -> render.Answer:
    say = language.gettext(_locale(request))
    return _page(request, 405, say(NOTHING_TO_SEE), say(ONLY_TAKES), _page_above(request))


def _page_above(request: Request[Any, Any, Any]) -> str:
    """The nearest address above this one at which there is something to see."""
    parts = request.scope["path"].strip("/").split("/")
    shown = [route.path_components for route in request.app.routes if "GET" in getattr(route, "methods", ())]
    ways = (parts[:end] for end in range(len(parts) - 1, 0, -1))
    return next(("/" + "/".join(way) for way in ways if any(_leads(way, one) for one in shown)), "/")


def _leads(way: Sequence[str], route: Sequence[Any]) -> bool:
    """Whether these parts of an address are the route's, with numbers where it has numbers."""
    return len(way) == len(route) and all(
        part == said if isinstance(said, str) else said.type is not int or part.isdecimal()
        for part, said in zip(way, route, strict=True)
    )


def _locale(request: Request[Any, Any, Any]) -> str:
    """The person's, where the door has let them in before it went wrong."""
    spoken: str | None = getattr(request.state, "locale", None)
    return spoken or language.chosen(None, request.headers.get("accept-language", ""))
