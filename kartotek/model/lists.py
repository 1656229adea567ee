"""List: records of one object type, picked by hand or by an import, or what filters match; ListUses: what names one."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class List:
    id: int
    name: str
    object_type: str  # "contacts"
    person_name: str | None
    import_id: int | None  # the import that made it
    created: datetime
    changed: datetime
    changed_by: str | None
    filters: str | None = None  # what an active one asks for, as filter_texts writes it; None: it is static
    archived: datetime | None = None
    members: int | None = 0  # records that are still there; None: they are to be counted when somebody asks
    exact: bool = True
    wrong: str = ""  # why an active one cannot be read

    @property
    def is_active(self) -> bool:
        return self.filters is not None


@dataclass(frozen=True, slots=True)
class Counted:
    """How many records filters match, or why that cannot be said."""

    total: int = 0
    exact: bool = True
    wrong: str = ""


@dataclass(frozen=True, slots=True)
class ListUses:
    """Where a list is named."""

    views: tuple[tuple[int, str, str, str | None], ...]  # number, name, object, and whose it is (None: everyone's)
    lists: tuple[tuple[int, str], ...]  # number and name of those that ask for it
    recipes: tuple[str, ...]
    imports: int  # that put records on it
    running: int  # of those, the ones that are not done yet

    def __bool__(self) -> bool:
        return bool(self.views or self.lists or self.recipes or self.running)
