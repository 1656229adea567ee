"""Where in a TOML text a thing stands. Python's reader does not say, but can be asked about beginnings of the text."""

import tomllib
from collections.abc import Sequence
from typing import Any

Path = Sequence[str | int]


def line_of(text: str, path: Path) -> int:
    """The line in which the statement begins that brings a key or a section into being."""
    lines = text.split("\n")
    without, having = 0, len(lines)
    while having - without > 1:
        middle = (without + having) // 2
        if _is_in(_beginning(lines, middle)[1], path):
            having = middle
        else:
            without = middle
    return _beginning(lines, having - 1)[0] + 1


def _beginning(lines: list[str], most: int) -> tuple[int, Any]:
    """The longest beginning of at most so many lines that does not end inside a statement, and what it says."""
    for length in range(most, 0, -1):
        try:
            return length, tomllib.loads("\n".join(lines[:length]))
        except tomllib.TOMLDecodeError:
            continue
    return 0, {}


def _is_in(found: Any, path: Path) -> bool:
    for step in path:
        if isinstance(step, int):
            if not isinstance(found, list) or len(found) <= step:
                return False
        elif not isinstance(found, dict) or step not in found:
            return False
        found = found[step]
    return True
