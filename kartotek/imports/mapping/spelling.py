"""How headers are written: what all spellings of one have in common, and what may be left out of it.

People write the same header in a hundred ways, so what is compared is only its letters and digits, in one case,
without accents. What stands in brackets may be left out, and a currency or a percent sign at the end: "Amount (DKK)"
and "Beløb kr." are amounts. Not so where it changes the value: "Revenue (thousands)" is no revenue until somebody
multiplies it.
"""

import re
import unicodedata
from functools import lru_cache

# "oe" and "aa" are how ø and å are written where a keyboard has none, "ae" and "ue" how German writes ä and ü.
_LETTERS = str.maketrans({"ø": "o", "æ": "a", "ð": "d", "đ": "d", "ł": "l", "%": "percent"})
_SPELLED_OUT = re.compile("([aou])e|aa")

_HINT = re.compile(r"[(\[{（［【〔](?P<hint>[^()\[\]{}（）［］【】〔〕]*)[)\]}）］】〕]?")
_CURRENCIES = (
    "dkk|eur|usd|sek|nok|gbp|chf|pln|jpy|cny|rmb|twd|ntd|hkd|brl|mxn|ars|clp|cop|cad|aud|nzd|isk|czk|huf|ron|inr|"
    "kr|euro|euros|zl|yen|[€$£%]"
)
_UNIT = re.compile(rf"[\s,/:–-]+(?:(?:in|i|en|em|w)\s+)?(?P<hint>{_CURRENCIES})\.?\s*$", re.IGNORECASE)
# Words and signs of an amount that is written in thousands, or of a time that is not in the property's own unit.
_SCALES = (
    "t|k|m|mio|mia|mill|mrd|mln|mld|tys|tsd|thousands?|millions?|billions?|tusinde?|tusen|tusental|tausend|mille|mil|"
    "miles|milhares|milhões|millones|milliers|millioner|miljoner|miljoonaa|tuhatta|tkr|tdkk|teur|tsek|tnok|kdkk|keur|"
    "kusd|meur|musd|mdkk|msek|secs?|seconds?|sekunder|mins?|minut[a-z]+|hours?|timer|timmar|stunden|heures|horas|ore"
)
_SCALE = re.compile(rf"\b(?:{_SCALES})\b|\b000|\d000\b|[千万萬億亿]", re.IGNORECASE)


@lru_cache(maxsize=1 << 16)
def fold(text: str) -> str:
    """What all spellings of one header have in common."""
    lower = text.casefold().translate(_LETTERS)
    if not lower.isascii():
        lower = unicodedata.normalize("NFKD", lower)
    return _SPELLED_OUT.sub(lambda found: found[1] or "a", "".join(filter(str.isalnum, lower)))


def parted(header: str) -> tuple[str, str] | None:
    """What may be left out of the header, and the rest of it; None when nothing may."""
    found = _HINT.search(header) or _UNIT.search(header)
    if found is None:
        return None
    rest = header[: found.start()] + " " + header[found.end() :]
    return (found["hint"], rest) if fold(rest) else None


def changes_value(hint: str) -> bool:
    return _SCALE.search(hint) is not None
