"""Error to page: the one place where the tree of errors.py becomes something a browser shows."""

import logging
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from litestar import Request
from litestar.exceptions import HTTPException

from kartotek import errors
from kartotek.pages import language, render
from kartotek.settings import Settings

log = logging.getLogger("kartotek.pages")

# A title for each status: what kind of trouble this is, before the sentence says which.
TITLES = {
    400: "That does not work as it stands",
    401: "This does not let you in",
    403: "Not allowed",
    404: "Not found",
    409: "Somebody was quicker",
    413: "The file is too large",
    429: "Too many attempts",
    500: "Something went wrong on our side",
    503: "Not available just now",
}
SENTENCES = {
    404: "There is nothing at this address. It may have been removed, or the link may be incomplete.",
    405: "There is nothing at this address that could be changed.",
    429: "Wait a minute, then try again.",
    500: "This was written to the server's log. Nothing you entered before has been lost; try again, or go back.",
}


def handlers(settings: Settings) -> dict[int | type[Exception], Callable[..., render.Answer]]:
    """What Litestar is given: an answer for our errors, for its own, and for all others."""

    def ours(request: Request[Any, Any, Any], error: errors.KartotekError) -> render.Answer:
        # An open page says itself what is wrong with a password or a link.
        if isinstance(error, errors.NotSignedIn) and not request.route_handler.opt.get("open"):
            return _to_sign_in(request)
        return _shown(request, error.status, error.sentence)

    def framework(request: Request[Any, Any, Any], error: HTTPException) -> render.Answer:
        status = error.status_code
        if status == 413:
            return _shown(request, 413, too_large(settings))
        return _shown(request, status, SENTENCES.get(status, error.detail))

    def unexpected(request: Request[Any, Any, Any], error: Exception) -> render.Answer:
        log.error("%s %s", request.method, request.scope["path"], exc_info=error)
        return _shown(request, 500, SENTENCES[500])

    return {errors.KartotekError: ours, HTTPException: framework, Exception: unexpected}


def too_large(settings: Settings) -> str:
    limit = f"{settings.file_limit / 1024**2:,.0f} MB"
    return f"A file can have up to {limit}. Split it into smaller ones, or have KARTOTEK_FILE_LIMIT raised."


def _to_sign_in(request: Request[Any, Any, Any]) -> render.Answer:
    """To the sign-in page, and from there back to where one was going; htmx is told to leave the page."""
    wanted = request.scope["path"] if request.method == "GET" else ""
    query = request.scope["query_string"].decode("ascii", "replace")
    back = f"?next={quote(wanted + ('?' + query if query else ''), safe='')}" if wanted not in ("", "/") else ""
    if "hx-request" not in request.headers:
        return render.go(f"/sign-in{back}")
    answer = render.bare(_locale(request), "errors/toast.html", status=401, sentence="Please sign in again.")
    answer.headers["hx-redirect"] = "/sign-in"
    return answer


def _shown(request: Request[Any, Any, Any], status: int, sentence: str) -> render.Answer:
    """A page, or for htmx a toast beside what is there: the person keeps what they were doing."""
    title = TITLES.get(status, TITLES[400 if status < 500 else 500])
    if "hx-request" in request.headers:
        answer = render.bare(_locale(request), "errors/toast.html", status=status, sentence=sentence)
        answer.headers.update({"hx-retarget": "#toasts", "hx-reswap": "beforeend", "hx-reselect": "[data-toast]"})
        return answer
    return render.bare(_locale(request), "errors/show.html", status=status, title=title, sentence=sentence, code=status)


def _locale(request: Request[Any, Any, Any]) -> str:
    return language.chosen(None, request.headers.get("accept-language", ""))
