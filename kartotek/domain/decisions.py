"""What writing a batch comes to, as it takes shape (deciding.py) and as it is carried out (writing.py)."""

from collections.abc import Collection
from dataclasses import dataclass, field, replace

import polars as pl

from kartotek.domain import identifiers, linking, rules, sights
from kartotek.domain.comparing import OLD
from kartotek.domain.sights import There
from kartotek.model.catalogue import Catalogue
from kartotek.model.object_types import ObjectType
from kartotek.model.properties import Property
from kartotek.model.records import Changes, Outcome, Written
from kartotek.values import frames


@dataclass(slots=True)
class Work:
    """What is to be done to the records of one type, as it takes shape."""

    changes: Changes
    new: pl.DataFrame  # _key, _id (from the block), typed properties
    old: pl.DataFrame  # _key, _id, final texts, _old_ texts, _changed
    problems: pl.DataFrame
    claims: pl.DataFrame = field(default_factory=identifiers.none)
    freed: pl.DataFrame = field(default_factory=identifiers.none)

    @property
    def object_type(self) -> ObjectType:
        return self.changes.object_type

    @property
    def properties(self) -> list[Property]:
        """What is written, and what a rule reads beside it."""
        return sights.read_with(self.changes)

    @property
    def names(self) -> list[str]:
        return [prop.name for prop in self.properties]

    def drop(self, problems: pl.DataFrame) -> None:
        """Takes the rows that these problems concern out of the work."""
        if problems.is_empty():
            return
        self.problems = pl.concat([self.problems, problems])
        self.new = self.new.join(problems, on="_key", how="anti", maintain_order="left")
        self.old = self.old.join(problems, on="_key", how="anti", maintain_order="left")

    def without_values(self, names: Collection[str]) -> "Work":
        """The same rows, and what they say of these properties only."""
        kept = (pl.selectors.starts_with("_") - pl.selectors.starts_with(OLD)) | pl.selectors.by_name(
            *names, *(OLD + name for name in names), require_all=False
        )
        frame = self.changes.frame.select_seq(kept)
        return replace(
            self,
            changes=replace(self.changes, frame=frame),
            new=self.new.select_seq(kept),
            old=self.old.select_seq(kept),
        )

    def keys(self) -> pl.DataFrame:
        """`_key`, `_id` of every row that is still in the work."""
        return pl.concat([self.new.select_seq("_key", "_id"), self.old.select_seq("_key", "_id")])


@dataclass(frozen=True, slots=True)
class Decision:
    """A batch, checked and numbered: what will be written, to the last value."""

    works: tuple[Work, ...]
    links: linking.Plan
    catalogue: Catalogue
    there: tuple[There, ...]  # what it was decided from

    def touched(self) -> pl.Series:
        """The records that it writes or gives associations; the others it only looks at."""
        changed = [work.old.filter("_changed")["_id"] for work in self.works]
        primaries = [frame["_id"] for frame in self.links.primaries.values()]
        ends = [frame[end] for frame in (self.links.added, self.links.labels) for end in ("first", "second")]
        return sights.each_once([*changed, *primaries, *ends])

    def without_values(self, names: Collection[str]) -> "Decision":
        """What is left to ask when what the records are to say stands in the delivery, but for these properties."""
        return replace(self, works=tuple(work.without_values(names) for work in self.works))

    def written(self) -> Written:
        return Written(
            outcomes={work.object_type.name: _outcomes(work) for work in self.works},
            problems=pl.concat([rules.none(), *(work.problems for work in self.works)]),
            links=self.links.outcomes,
            lost=self.links.lost,
        )


def _outcomes(work: Work) -> pl.DataFrame:
    updated = pl.when("_changed").then(pl.lit(Outcome.UPDATED.value)).otherwise(pl.lit(Outcome.UNCHANGED.value))
    done = pl.concat(
        [
            work.new.select_seq("_key", "_id", outcome=pl.lit(Outcome.CREATED.value)),
            work.old.select_seq("_key", "_id", outcome=updated),
        ]
    )
    rows = frames.beside(work.changes.frame.select_seq("_key"), done, on="_key")
    return rows.with_columns_seq(pl.col("outcome").fill_null(Outcome.FAILED.value))
