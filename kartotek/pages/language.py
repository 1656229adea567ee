"""The person's language: words by gettext, dates and numbers by Babel."""

import re
from collections.abc import Callable, Iterable
from functools import cache
from io import BytesIO
from pathlib import Path
from urllib.parse import urlencode

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations

FOLDER = Path(__file__).parent / "locales"
LANGUAGES = {"en": "English", "da": "Dansk"}
DEFAULT = "en"
# Between the cells of a text file, as the spreadsheet programs of these countries expect it; else a comma.
SEPARATORS = {"da": ";"}


def chosen(wish: str | None, accepted: str) -> str:
    """The person's own choice, else the first that their browser accepts and we have."""
    if wish in LANGUAGES:
        return wish
    for part in re.findall(r"[a-zA-Z]{2}", re.sub(r";[^,]*|-\w+", "", accepted)):
        if part.lower() in LANGUAGES:
            return str(part.lower())
    return DEFAULT


@cache
def translations(language: str) -> NullTranslations:
    """The catalogue of a language, read from its .po file: there is no compiled one to forget."""
    file = FOLDER / language / "messages.po"
    if not file.exists():
        return NullTranslations()
    compiled = BytesIO()
    with file.open("rb") as source:
        write_mo(compiled, read_po(source, locale=language))
    compiled.seek(0)
    return Translations(compiled)


def gettext(language: str) -> Callable[[str], str]:
    return translations(language).gettext


def query_string(pairs: Iterable[tuple[str, str]]) -> str:
    """ "?a=1&b=2", or "" when there is nothing to say."""
    text = urlencode([(name, value) for name, value in pairs if value != ""], safe="@(),")
    return f"?{text}" if text else ""
