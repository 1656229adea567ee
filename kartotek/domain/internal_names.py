"""Internal names, made of what people call a thing."""

import re
from collections.abc import Container
from itertools import chain, count

from kartotek.values import cells


def plain(label: str, otherwise: str) -> str:
    """The label's letters and figures in small type, joined by underscores; where there are none, the other word."""
    return re.sub("[^a-z0-9]+", "_", (cells.fold_texts([label])[0] or "").lower()).strip("_") or otherwise


def free(name: str, taken: Container[str]) -> str:
    """The name, or the first with a number behind it that nothing else has."""
    return next(each for each in chain([name], (f"{name}_{i}" for i in count(2))) if each not in taken)
