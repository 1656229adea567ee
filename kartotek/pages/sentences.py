"""What the layers below say, in the person's language.

Errors are raised as whole English sentences, are told so on the command line, and are kept so with an import that
failed. Here each is known again by its pattern, as it stands in errors.po: "“{0}” is not one of {1}." Its gaps are what
it was raised with, in the words of the language where they are such ("contacts", another sentence), else as they are.
A promise holds that the file has every sentence there is in the code.
"""

import re
from functools import cache

from babel.messages.pofile import read_po

from kartotek.pages import language, nouns

_GAP = re.compile(r"(.?)\{(\d+)\}", re.DOTALL)
_THOUSANDS = re.compile(r"\d{1,3}(?:,\d{3})+")
_DEEPEST = 3  # sentences in the gaps of sentences


def said(locale: str, sentence: str) -> str:
    """The sentence in this language; one that is not known stays as it is."""
    return sentence if locale == language.DEFAULT else _said(locale, sentence, _DEEPEST)


def _said(locale: str, text: str, depth: int) -> str:
    known = _known(locale)
    if text in known:
        return known[text]
    if depth:
        for pattern, quoted, told in _patterns(locale):
            if met := pattern.fullmatch(text):
                parts = [
                    part if is_quoted else _said(locale, part, depth - 1)
                    for part, is_quoted in zip(met.groups(), quoted, strict=True)
                ]
                return told.format(*parts)
        if ". " in text:
            # Several reasons are told one after the other.
            return " ".join(_said(locale, part, depth - 1) for part in re.split(r"(?<=\.) (?=[^a-z])", text))
    return text.replace(",", ".") if _THOUSANDS.fullmatch(text) else text


@cache
def _known(locale: str) -> dict[str, str]:
    """What stands in the file as it is, and what the standard objects are called."""
    say = language.gettext(locale)
    words = {word: say(word) for pair in nouns.LABELS for word in pair}
    words |= {word.lower(): told.lower() for word, told in words.items()}
    return words | {english: told for english, told in _read(locale) if "{" not in english}


@cache
def _patterns(locale: str) -> list[tuple[re.Pattern[str], tuple[bool, ...], str]]:
    """Of each sentence with gaps its pattern, which gaps are in quotes, and the translation; the most telling first."""
    found = [(english, told) for english, told in _read(locale) if "{" in english]
    found.sort(key=lambda pair: -len(_GAP.sub("", pair[0])))
    return [
        (_pattern(english), tuple(before == "“" for before, _ in _GAP.findall(english)), told)
        for english, told in found
    ]


def _pattern(english: str) -> re.Pattern[str]:
    """What follows a full stop at once, a hint, may be missing."""
    parts, at = [], 0
    for gap in _GAP.finditer(english):
        before = gap[1]
        parts += [re.escape(english[at : gap.start()] + before), "(.*?)" if before == "." else "(.+?)"]
        at = gap.end()
    return re.compile("".join([*parts, re.escape(english[at:])]), re.DOTALL)


@cache
def _read(locale: str) -> list[tuple[str, str]]:
    file = language.FOLDER / locale / "errors.po"
    if not file.exists():
        return []
    with file.open("rb") as source:
        return [(str(one.id), str(one.string)) for one in read_po(source, locale=locale) if one.id and one.string]
