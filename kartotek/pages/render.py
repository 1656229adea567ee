"""Template to response: the pages' one way out."""

import hashlib
import json
from collections.abc import Callable, Mapping, MutableMapping
from dataclasses import astuple, dataclass
from functools import cache, partial
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from litestar import Response
from litestar.datastructures import Cookie

from kartotek.pages import frame, language, sentences, shown
from kartotek.pages.visit import Visit

FOLDER = Path(__file__).parent
SAID = "kartotek_said"
HTML = "text/html"

Answer = Response[Any]


@dataclass(frozen=True, slots=True)
class Back:
    """The form in a toast that takes back what was just done: where it goes, its button, its fields."""

    action: str
    words: str
    fields: Mapping[str, str]


def page(visit: Visit, template: str, *, status: int = 200, **given: Any) -> Answer:
    """A whole page, or a partial when `template` is one, which has no frame; what the last action had to say is shown
    once."""
    said = visit.asked.cookies.get(SAID)
    around = None if "/_" in template else frame.of(visit)
    body = (
        environment(visit.locale).get_template(template).render(visit=visit, frame=around, said=_heard(said), **given)
    )
    answer = Response(body, media_type=HTML, status_code=status)
    if said and visit.asked.headers.get("x-said") != "later":
        answer.delete_cookie(SAID)
    return answer


def bare(locale: str, template: str, *, status: int = 200, **given: Any) -> Answer:
    """A page outside the frame, for those who are not in yet or when the database is away."""
    return Response(
        environment(locale).get_template(template).render(said=None, **given), media_type=HTML, status_code=status
    )


def go(path: str, *, said: str | None = None, back: Back | None = None) -> Answer:
    """On to another page, which shows `said` as a toast, with the way back. The browser asks for it with GET."""
    answer: Answer = Response("", media_type=HTML, status_code=303, headers={"location": path})
    if said:
        answer.set_cookie(
            Cookie(
                key=SAID,
                value=quote(json.dumps([said, astuple(back)] if back else said)),
                path="/",
                httponly=True,
                samesite="lax",
                max_age=60,
            )
        )
    return answer


class _Environment(Environment):
    install_gettext_translations: Callable[..., None]  # which jinja2.ext.i18n brings

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """As one dict: a page includes and imports a hundred times, and each time looks at all of them."""
        return {**self.globals, **(d or {})}


def attached(name: str) -> dict[str, str]:
    """The header that has a browser keep an answer as a file of this name."""
    plain = "".join(one if one.isascii() and one not in '"\\\r\n/' else "_" for one in name)
    return {"content-disposition": f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name)}"}


@cache
def environment(locale: str) -> Environment:
    made = _Environment(
        auto_reload=False,
        loader=FileSystemLoader(FOLDER / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n", "jinja2.ext.do"],
    )
    made.install_gettext_translations(language.translations(locale), newstyle=True)
    made.globals.update(
        static=static, styles=_files("css"), scripts=_files("js"), locale=locale, languages=language.LANGUAGES
    )
    made.filters.update(shown.filters(locale) | shown.on_the_clock(locale), spoken=partial(sentences.said, locale))
    made.globals["query_string"] = language.query_string
    made.filters["pair"] = lambda value, name: (name, value)
    return made


@cache
def static(path: str) -> str:
    """The address of a static file, with its digest, so that it may be kept for good and is never stale."""
    file = FOLDER / "static" / path
    digest = hashlib.sha256(file.read_bytes()).hexdigest()[:10] if file.exists() else "missing"
    return f"/static/{path}?{digest}"


def _files(kind: str) -> list[str]:
    """Our own style sheets or scripts, all of them: a new file needs no entry in a list."""
    return [f"{kind}/{file.name}" for file in sorted((FOLDER / "static" / kind).glob(f"*.{kind}"))]


def _heard(cookie: str | None) -> tuple[str, Back | None] | None:
    """What the last action had to say; a cookie that is not ours says nothing."""
    try:
        heard = json.loads(unquote(cookie)) if cookie else None
    except ValueError:
        return None
    match heard:
        case str():
            return heard, None
        case [str(sentence), [str(action), str(words), dict(fields)]] if action.startswith("/"):
            return sentence, Back(action, words, fields)
    return None


__all__ = ["Answer", "Mapping", "bare", "environment", "go", "page", "static"]
