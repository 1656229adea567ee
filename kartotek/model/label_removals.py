"""LabelRemoval: a label that many associations carry, on its way out."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LabelRemoval:
    """`rows`: how many associations carried it when it was asked."""

    type: int
    rows: int
    done: int
    message: str | None  # why it could not go on

    @property
    def percent(self) -> int:
        return self.done * 100 // self.rows if self.rows else 100
