"""How a person likes the pages: light or dark, and in which language."""

from dataclasses import replace

from kartotek.domain import preferences
from kartotek.pages import language, render
from kartotek.pages.render import Answer
from kartotek.pages.visit import Visit


def create(visit: Visit) -> Answer:
    """Keeps what the form names and leaves the rest as it is."""
    wishes = visit.preferences
    if theme := visit.field("theme"):
        wishes = replace(wishes, theme=theme if theme in ("light", "dark") else None)
    if wanted := visit.field("language"):
        wishes = replace(wishes, language=wanted if wanted in language.LANGUAGES else None)
    preferences.keep(visit.tx, visit.person, wishes)
    back = visit.field("back")
    return render.go(back if back.startswith("/") and not back.startswith("//") else "/")
