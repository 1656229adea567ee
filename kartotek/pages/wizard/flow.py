"""The rows of a file on their way to what becomes of them, as a picture: for each outcome a band."""

from collections.abc import Mapping
from dataclasses import dataclass

SLOT = 40  # how high the words beside a band are (rehearsals.css)
_WIDTH = 200
_THINNEST = 3.0
_BROADEST = 32.0


@dataclass(frozen=True, slots=True)
class Band:
    outcome: str
    count: int
    path: str
    href: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Flow:
    rows: int
    bands: list[Band]

    @property
    def width(self) -> int:
        return _WIDTH

    @property
    def height(self) -> int:
        return SLOT * len(self.bands)


def of(counts: Mapping[str, int], hrefs: Mapping[str, str], chosen: str | None) -> Flow:
    """`counts`: outcome → rows, in the order in which they are drawn; those of none are left out."""
    some = {name: count for name, count in counts.items() if count}
    rows, height = sum(some.values()), SLOT * len(some)
    scale = (
        (height - 8) / max(1.0, sum(max(_THINNEST, height * count / rows) for count in some.values())) if rows else 1
    )
    bands, at = [], 4.0
    for place, (name, count) in enumerate(some.items()):
        broad = scale * max(_THINNEST, height * count / rows)
        end = min(_BROADEST, max(_THINNEST, broad))
        middle = SLOT * place + SLOT / 2
        bands.append(
            Band(name, count, _path(at, at + broad, middle - end / 2, middle + end / 2), hrefs[name], name == chosen)
        )
        at += broad
    return Flow(rows, bands)


def _path(top: float, foot: float, end_top: float, end_foot: float) -> str:
    """From the left edge between `top` and `foot` to the right one."""
    half = _WIDTH / 2
    return (
        f"M0,{top:.1f} C{half},{top:.1f} {half},{end_top:.1f} {_WIDTH},{end_top:.1f} "
        f"L{_WIDTH},{end_foot:.1f} C{half},{end_foot:.1f} {half},{foot:.1f} 0,{foot:.1f} Z"
    )
