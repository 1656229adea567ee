"""Filters as chips above the table: each condition in words, with the address of the page without it."""

from dataclasses import dataclass

from kartotek.model.filters import Filters
from kartotek.pages.index import words as spoken
from kartotek.pages.index.state import State
from kartotek.pages.shown import Words
from kartotek.pages.visit import Visit


@dataclass(frozen=True, slots=True)
class Chip:
    text: str
    without: str
    begins: bool  # a group that is an alternative to the one before


def of(visit: Visit, state: State, words: Words) -> list[Chip]:
    filters = state.filters
    return [
        Chip(
            _begun(spoken.condition(visit, state.object_type, one, words)),
            state.filtered(_without(filters, at, n)),
            begins=at > 0 and n == 0,
        )
        for at, group in enumerate(filters)
        for n, one in enumerate(group)
    ]


def _without(filters: Filters, at: int, n: int) -> Filters:
    groups = [tuple(one for k, one in enumerate(group) if (g, k) != (at, n)) for g, group in enumerate(filters)]
    return tuple(group for group in groups if group)


def _begun(text: str) -> str:
    """As a sentence begins."""
    return text[:1].upper() + text[1:]
