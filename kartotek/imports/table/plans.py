"""What a person decides about an import: Choices as they say it, and the Plan that comes of it."""

import re
from dataclasses import dataclass, replace
from enum import StrEnum

from kartotek.model.sentences import WHY


class Mode(StrEnum):
    UPSERT = "upsert"
    CREATE = "create"
    UPDATE = "update"


class As(StrEnum):
    """What a column is imported as."""

    PROPERTY = "property"
    RECORD_ID = "record_id"
    LABEL = "label"  # of the association between the records that the row is about
    STARTS = "starts"  # from when that association holds
    ENDS = "ends"  # and until when
    PRIMARY = "primary"  # whether its company is the primary one
    KEY = "key"  # tells by `key` which record of another table the row belongs to
    ASSOCIATION = "association"  # names another record of the row's own object
    NOTHING = "nothing"


# What says something of a record of the row's own.
OF_RECORDS = (As.PROPERTY, As.RECORD_ID)
# What says something of an association, whose ends are `object_type` and `other`.
OF_ASSOCIATIONS = (As.LABEL, As.STARTS, As.ENDS, As.PRIMARY)
LEGAL_BASIS = "hs_legal_basis"  # of contacts: the ground on which their data is kept


class Overwrite(StrEnum):
    """When a value of the file takes the place of what an existing record says (imports.md 8)."""

    ALWAYS = "always"
    EMPTY = "empty"  # only where the record says nothing: "don't overwrite"
    NEVER = "never"  # only on new records
    NEWEST = "newest"  # only where the row is of a later date than what others, no imports, said last
    TRUSTED = "trusted"  # only where none of those said it who are trusted more (ColumnPlan.trusted)


class Trusted(StrEnum):
    """Whose values an import leaves alone."""

    PEOPLE = "people"
    PROGRAMS = "programs"
    IMPORTS = "imports"  # others than this one


class Several(StrEnum):
    """What the values of a cell do to a property that holds several."""

    REPLACE = "replace"  # unless a semicolon in front says that they are added
    ADD = "add"
    REMOVE = "remove"


class Linking(StrEnum):
    """What the labels of a cell do to the association of its row."""

    ADD = "add"
    REPLACE = "replace"  # it has these and no others
    REMOVE = "remove"
    END = "end"  # where it has one of them, the association ends; of ENDS: it ends on that day


_TAKING = (Linking.REMOVE, Linking.END)


@dataclass(frozen=True, slots=True)
class ColumnPlan:
    """`header` is the column's text, `index` its place among the columns of all sources, one after the other.

    `key` ties columns of several sources together (imports.md 9.2): where `object_type` has columns of its own, the
    values tell its records apart; where a column is imported as KEY, they say which of those the row belongs to.
    An ASSOCIATION names the other record by `property` (or the record id), or by such a key.
    """

    index: int
    header: str
    imported_as: As = As.NOTHING
    object_type: str | None = None
    property: str | None = None
    overwrite: Overwrite = Overwrite.ALWAYS
    clears: bool = False  # an empty cell empties the property, instead of leaving it alone
    several: Several = Several.REPLACE
    values: tuple[tuple[str, str], ...] = ()  # cells that say the first are read as the second; "" as blank ones
    skips_wrong: bool = False  # cells that cannot be read count as blank, and nobody is told
    dates: str | None = None  # where this column is written in another way than the plan says
    numbers: str | None = None
    other: str | None = None  # of what says something of an association: the object at its other end
    linking: Linking = Linking.ADD  # of labels, and of ENDS
    trusted: tuple[Trusted, ...] = (Trusted.PEOPLE,)  # where `overwrite` is TRUSTED
    dates_rows: bool = False  # whether it says when the values of its row were true, for NEWEST
    source: int = 0  # which of the plan's sources it stands in, from 0
    key: str | None = None


@dataclass(frozen=True, slots=True)
class ObjectPlan:
    object_type: str
    mode: Mode = Mode.UPSERT
    match_by: str | None = None  # the unique property to find existing records by, when there is a choice


@dataclass(frozen=True, slots=True)
class SourcePlan:
    """One table of the run: a text file, or a sheet of a workbook. What is None is detected."""

    file: int = 1  # the how manieth of the run's files
    sheet: str | None = None
    encoding: str | None = None
    delimiter: str | None = None
    header_line: int | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that a person decided about an import. What is None is decided from all its rows, or asked."""

    name: str
    objects: tuple[ObjectPlan, ...]
    columns: tuple[ColumnPlan, ...]
    sources: tuple[SourcePlan, ...] = (SourcePlan(),)
    language: str | None = None  # of the headers: da, de, en, ...
    dates: str | None = None  # DMY, MDY, YMD
    numbers: str | None = None  # the country whose number format it is: DK, US, FR, CH, ...
    country: str | None = None  # the country of telephone numbers without one
    zone: str = "UTC"  # of dates with a time but no zone
    short_rows_are_empty: bool = False
    list: str | None = None  # the name of a list that the records go on (imports.md 11.3)
    legal_basis: str | None = None  # for keeping the contacts' data: an option of hs_legal_basis (imports.md 11.6)

    def part(self, source: int) -> "Plan":
        """What it says of one source."""
        if len(self.sources) == 1:
            return self
        return replace(self, columns=tuple(c for c in self.columns if c.source == source))

    @property
    def listed(self) -> str | None:
        """Whose records go on the list: contacts, unless the file holds none."""
        names = [one.object_type for one in self.objects]
        return "contacts" if "contacts" in names else next(iter(names), None)

    def given(self, object_type: str) -> tuple[str, ...]:
        """Properties that every row says without a column of its own."""
        mapped = {c.property for c in self.of(object_type)}
        asked = object_type == "contacts" and self.legal_basis is not None and LEGAL_BASIS not in mapped
        return (LEGAL_BASIS,) if asked else ()

    def of(self, object_type: str) -> tuple[ColumnPlan, ...]:
        """The columns that carry values (not the record id) of this object type."""
        return tuple(c for c in self.columns if c.imported_as is As.PROPERTY and c.object_type == object_type)

    def properties(self, object_type: str) -> dict[str, ColumnPlan]:
        """The properties that those columns are mapped to, each with the first one; several sources may say one."""
        found: dict[str, ColumnPlan] = {}
        for column in self.of(object_type):
            found.setdefault(str(column.property), column)
        return found

    def labels(self, first: str, second: str) -> tuple[ColumnPlan, ...]:
        """The columns that add labels to the associations between these two objects."""
        told = self.told_of(first, second)
        return tuple(c for c in told if c.imported_as is As.LABEL and c.linking is Linking.ADD)

    def told_of(self, first: str, second: str) -> tuple[ColumnPlan, ...]:
        """The columns that say anything of the associations between these two objects."""
        both = {first, second}
        return tuple(c for c in self.columns if c.imported_as in OF_ASSOCIATIONS and {c.object_type, c.other} == both)

    def associates(self, first: str, second: str) -> bool:
        """Whether a row associates its records of these objects: not where all that it says of it takes away."""
        told = self.told_of(first, second)
        return not told or any(c.linking not in _TAKING for c in told)

    @property
    def dating(self) -> ColumnPlan | None:
        """The column that says when the values of a row were true."""
        return next((c for c in self.columns if c.dates_rows), None)

    def record_id_of(self, object_type: str) -> ColumnPlan | None:
        return next((c for c in self.columns if c.imported_as is As.RECORD_ID and c.object_type == object_type), None)


ALL = "*"
# Above the reasons, behind the columns of rows that failed and are given back; in English first.
WHYS = (WHY, "Kartotek: hvorfor")
_CAME = re.compile(r"Kartotek: record id of (\w+)")


def came_header(object_type: str) -> str:
    """Beside those rows, above the ids of records that came in all the same, and that nothing in the row would find
    again: sent again, they are updated and not made a second time. The same in every language."""
    return f"Kartotek: record id of {object_type}"


def came_of(header: str) -> str | None:
    """The object type whose ids stand below such a header."""
    found = _CAME.fullmatch(header)
    return found[1] if found else None


def is_reason(header: str) -> bool:
    """Whether it stands above why rows failed, which is never imported."""
    return header in WHYS


def is_added(header: str) -> bool:
    """Whether it stands above what rows to correct were given beside their own cells."""
    return is_reason(header) or came_of(header) is not None


@dataclass(frozen=True, slots=True)
class Join:
    """Columns of several sources that say the same, each by its source and its place there, and whose key they are.

    `name`: what to call them where they cannot tie their sources together; by default the first one's header.
    """

    object_type: str
    columns: tuple[tuple[int, int], ...]
    name: str = ""


@dataclass(frozen=True, slots=True)
class Choices:
    """What a person says of an import before it is planned, as the command line and the wizard have it.

    What is left out is guessed, decided from the whole file, or asked. `maps`: "Header=property" and its kin.
    """

    objects: tuple[str, ...] = ()
    modes: tuple[tuple[str, Mode], ...] = ()  # object type → mode; "" for all
    maps: tuple[str, ...] = ()
    match_by: tuple[tuple[str, str], ...] = ()  # object type → unique property; "" for the only one
    language: str | None = None  # of the headers; None: the one that knows most of them
    # By header, as in `maps`: the columns that are not simply written (ColumnPlan); ALL for every one.
    keep: tuple[str, ...] = ()
    only_new: tuple[str, ...] = ()
    clear: tuple[str, ...] = ()
    newest: tuple[str, ...] = ()
    dated_by: str | None = None
    trust: tuple[str, ...] = ()
    trusted: tuple[Trusted, ...] = (Trusted.PEOPLE,)
    add: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()
    replace: tuple[str, ...] = ()  # columns of labels; so may `remove` be
    end: tuple[str, ...] = ()
    values: tuple[tuple[str, str, str], ...] = ()  # header, what cells say, what to read instead
    dates: str | None = None
    numbers: str | None = None
    country: str | None = None
    zone: str = "UTC"
    name: str | None = None
    sheets: tuple[str, ...] = ()  # of a workbook; ALL for every one. Several are imported in one run
    holds: tuple[tuple[str, tuple[str, ...]], ...] = ()  # by a table's name the objects in it; else they are guessed
    joins: tuple[str, ...] = ()  # "Header=object": which column ties the sources together, and whose key it is
    encoding: str | None = None
    delimiter: str | None = None
    header_line: int | None = None
    short_rows_are_empty: bool = False
    list: str | None = None  # the name of a list for the contacts, or for the first object without any
    legal_basis: str | None = None  # for keeping the contacts' data
