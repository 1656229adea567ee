"""What a new property for a column should hold, from the column's own values. The person has the last word.

What would be lost is never proposed: a code that begins with a zero is no number, a day with a time is not just a day.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from kartotek.imports import survey
from kartotek.values import Reading, alphabet

# A column with so few different values, each of them so often, is proposed as a choice.
_FEW, _OFTEN = 25, 3
_NUMBERS = (Reading(numbers="DK"), Reading(numbers="US"))
_DAYS = (Reading(dates="DMY"), Reading(dates="MDY"))
_CODE = re.compile(r"0[0-9]")
_TIME = re.compile(r"[0-9]:[0-9]{2}|\s[0-9]{1,2}\.[0-9]{2}$")
_ABROAD = re.compile(r"\+|00")


@dataclass(frozen=True, slots=True)
class Proposal:
    kind: str
    options: str


def of(distinct: Sequence[tuple[str, int]], first: Sequence[str]) -> Proposal:
    """`distinct`: all values and how often each stands there, empty when they are many; `first`: a few of them."""
    texts = [text for text, _ in distinct] or list(filter(None, first))
    kind = _plain(texts) if texts else "text"
    several = _parts(distinct)
    if kind == "text" and several:
        return Proposal("choices", "\n".join(several))
    options = "\n".join(alphabet.by_size(text for text, _ in distinct if ";" not in text))
    rows = sum(count for _, count in distinct)
    few = 1 < len(distinct) <= _FEW and rows >= _OFTEN * len(distinct)
    return Proposal("choice" if few and kind == "text" else kind, options)


def _plain(texts: Sequence[str]) -> str:
    if not any(map(_CODE.match, texts)) and _all("number", texts, _NUMBERS):
        return "number"
    if _all("date", texts, _DAYS):
        return "moment" if any(map(_TIME.search, texts)) else "date"
    if _all("boolean", texts, (Reading(),)):
        return "boolean"
    if any(map(_ABROAD.match, texts)) and _all("phone", texts, (Reading(),)):
        return "phone"
    return "text"


def _all(kind: str, texts: Sequence[str], ways: Sequence[Reading]) -> bool:
    return any(None not in survey.read_as(kind, texts, how) for how in ways)


def _parts(distinct: Sequence[tuple[str, int]]) -> list[str]:
    """The options of a column whose cells hold several of them, as they repeat; none where they do not."""
    if not any(";" in text for text, _ in distinct):
        return []
    parts = [(part.strip(), count) for text, count in distinct for part in text.split(";") if part.strip()]
    options = alphabet.by_size(dict.fromkeys(part for part, _ in parts))
    repeated = sum(count for _, count in parts) > len(options)
    return options if len(options) <= _FEW and repeated else []
