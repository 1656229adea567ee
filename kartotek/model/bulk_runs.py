"""BulkRun: one thing done to many records; Task: what that is; Fate: what became of each of them."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar

from kartotek.model.filters import Query


class How(StrEnum):
    """What an edit does with its value; the last two are for properties that take several."""

    SET = "set"
    CLEAR = "clear"
    ADD = "add"
    REMOVE = "remove"


class Fate(StrEnum):
    """What became of a record, as the letter that is kept of it. All but the first two are reasons why not."""

    CHANGED = "c"
    UNCHANGED = "="
    NO_RIGHT = "r"
    GONE = "g"  # archived, or not to be seen
    NEEDED = "n"  # it would lose what its type cannot do without
    TAKEN = "t"  # the value belongs to another record
    MISPLACED = "p"  # a stage of another pipeline
    LIMIT = "l"  # more associations, or labels, than are allowed
    FAMILY = "f"  # a company would have two parents, or be above itself
    ITSELF = "s"  # it was to be associated with itself only
    SINCE = "i"  # somebody has changed it since, so it is not put back
    WRONG = "w"  # the value does not fit for another reason


# Of records that were associated with a company that was to become primary: another one stayed.
KEPT_PRIMARY = "kept_primary"


@dataclass(frozen=True, slots=True)
class Edit:
    """`text` as people type it; several options stand between semicolons."""

    kind: ClassVar[str] = "edit"
    property: str
    how: How
    text: str | None = None


@dataclass(frozen=True, slots=True)
class Associate:
    """With each of these records of one type; `labels` are those that every association gets beside what it has, as
    the ticked records see them. `primary`: which of the companies becomes the primary one, taking another's place
    only with `replace`."""

    kind: ClassVar[str] = "associate"
    other: str
    others: tuple[int, ...]
    labels: tuple[int, ...] = ()
    primary: int | None = None
    replace: bool = False


@dataclass(frozen=True, slots=True)
class Archive:
    kind: ClassVar[str] = "archive"


@dataclass(frozen=True, slots=True)
class Enlist:
    kind: ClassVar[str] = "enlist"
    list: int
    name: str = ""  # what the list was called


@dataclass(frozen=True, slots=True)
class Delist:
    kind: ClassVar[str] = "delist"
    list: int
    name: str = ""


@dataclass(frozen=True, slots=True)
class TakeBack:
    """Puts back what another run did."""

    kind: ClassVar[str] = "undo"
    run: int


Task = Edit | Associate | Archive | Enlist | Delist | TakeBack


@dataclass(frozen=True, slots=True)
class Chosen:
    """Records that were ticked, or, where `ids` is None, all that the query finds."""

    query: Query = field(default_factory=Query)
    ids: tuple[int, ...] | None = None


@dataclass(frozen=True, slots=True)
class BulkRun:
    """`counts`: how many records have which fate (by its letter) so far, and how many times KEPT_PRIMARY; `summed`:
    they are all that is left of it."""

    id: int
    object_type: str
    task: Task
    person: int | None
    person_name: str | None
    rows: int
    done: int
    counts: dict[str, int]
    cancelled: bool  # somebody has asked it to stop
    message: str | None  # why it could not go on
    undone: int | None  # the run that takes it back
    summed: bool
    created: datetime
    finished: datetime | None

    @property
    def percent(self) -> int:
        return self.done * 100 // self.rows if self.rows else 100

    @property
    def changed(self) -> int:
        return self.counts.get(Fate.CHANGED, 0)

    @property
    def unchanged(self) -> int:
        return self.counts.get(Fate.UNCHANGED, 0)

    @property
    def refused(self) -> dict[Fate, int]:
        """Why not, and how many; the most first."""
        why = [fate for fate in Fate if fate not in (Fate.CHANGED, Fate.UNCHANGED) and self.counts.get(fate)]
        return {fate: self.counts[fate] for fate in sorted(why, key=lambda one: -self.counts[one])}


def task(kind: str, what: dict[str, Any]) -> Task:
    """From what was kept of it."""
    told: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in what.items()}
    if kind == Edit.kind:
        return Edit(told["property"], How(told["how"]), told["text"])
    return next(each for each in (Associate, Archive, Enlist, Delist, TakeBack) if each.kind == kind)(**told)
