"""Numbers in a form, as the person's language writes them: a Dane who types 1.250 means a thousand and more.

Pages show numbers so, and what is shown must read back as itself. Everything below the pages knows only 1250.5.
"""

import re

import polars as pl

from kartotek.values import TYPES, Reading, countries

_COUNTRY = {"en": "GB", "da": "DK"}
_PLAIN = re.compile(r"-?[0-9]+(\.[0-9]+)?")


def plain(text: str, language: str) -> str:
    """1.250,5 → 1250.5 in Danish; what is no number there stays as it was typed."""
    cell = pl.DataFrame({"cell": [text]}, schema={"cell": pl.String})
    read: str | None = cell.select(TYPES["number"].read(pl.col("cell"), Reading(numbers=_COUNTRY[language]))).item()
    return text if read is None else read


def written(text: str, language: str) -> str:
    """1250.5 → 1250,5 in Danish, without marks between thousands: so it is easily changed."""
    return text.replace(".", countries.marks(_COUNTRY[language]).decimal) if _PLAIN.fullmatch(text) else text
