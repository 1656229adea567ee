"""Pipeline, Stage: the steps that a deal or ticket goes through."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Stage:
    id: str
    label: str
    position: int
    probability: Decimal | None = None  # deals: 0 is lost, 1 is won
    closed: bool = False  # tickets
    labels: tuple[str, ...] = ()  # its label in other languages


@dataclass(frozen=True, slots=True)
class Pipeline:
    id: str
    object_type: str
    label: str
    position: int
    stages: tuple[Stage, ...]
    labels: tuple[str, ...] = ()
