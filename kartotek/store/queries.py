"""Reads the named queries from the .sql files beside it.

A query begins with a line `-- name: why it is there` and ends where the next one begins.
"""

import re
from functools import cache
from pathlib import Path
from typing import LiteralString

_NAME = re.compile(r"^-- ([a-z_]+): ", re.MULTILINE)


def get(file: str, name: str) -> LiteralString:
    """The text of query `name` in `file`.sql."""
    return all_in(file)[name]


@cache
def all_in(file: str) -> dict[str, str]:
    """Every query of `file`.sql by its name."""
    text = (Path(__file__).parent / f"{file}.sql").read_text(encoding="utf-8")
    starts = list(_NAME.finditer(text))
    ends = [match.start() for match in starts[1:]] + [len(text)]
    return {match[1]: text[match.start() : end].strip() for match, end in zip(starts, ends, strict=True)}
