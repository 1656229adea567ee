"""Internal names, made of what people call a thing."""

import re
import unicodedata
from collections.abc import Container
from itertools import chain, count

_SPELLED = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa", "ß": "ss", "ä": "ae", "ö": "oe", "ü": "ue"})


def plain(label: str, otherwise: str) -> str:
    """The label's letters and figures in small type, joined by underscores; where there are none, the other word."""
    spelled = unicodedata.normalize("NFKD", label.lower().translate(_SPELLED)).encode("ascii", "ignore").decode()
    return re.sub("[^a-z0-9]+", "_", spelled).strip("_") or otherwise


def free(name: str, taken: Container[str]) -> str:
    """The name, or the first with a number behind it that nothing else has."""
    return next(each for each in chain([name], (f"{name}_{i}" for i in count(2))) if each not in taken)
