"""What a rehearsal lets an import expect of each batch."""

from dataclasses import dataclass

import polars as pl

from kartotek.domain import Tx, rehearsals
from kartotek.imports import write
from kartotek.model.object_types import ObjectType


@dataclass(frozen=True, slots=True)
class Expected:
    """`regrouped`: per object type's name the records whose rows did not belong together as they do now."""

    import_id: int
    files_url: str
    objects: tuple[ObjectType, ...]
    regrouped: write.Held

    def of(self, tx: Tx, first: int, end: int) -> dict[str, pl.DataFrame]:
        """Per object type's name the verdicts on these rows."""
        return {
            one.name: rehearsals.foreseen(tx, self.files_url, self.import_id, one, first, end) for one in self.objects
        }
