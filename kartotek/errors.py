"""Every error that Kartotek raises on purpose, as one tree.

    KartotekError
    ├── Invalid              what was asked cannot be done as it stands: mend it and ask again
    │   ├── UnknownName          no object type, property, ... of that name (with the nearest one)
    │   ├── Unfit                a value that its property does not take (with the property)
    │   ├── Ambiguous            two readings fit and neither is chosen: say which
    │   ├── BadFile              the file cannot be read at all; `type` is one of imports.md 14
    │   └── BadPlan              the columns are mapped in a way that nothing can be imported by
    ├── NotSignedIn          nobody, or a token or link that is wrong or expired
    ├── NotAllowed           somebody, without the right to do this
    ├── NotFound             no record, import, ... of that id
    ├── Conflict             somebody else changed or holds it
    ├── Overtaken            another worker has taken over this job
    └── Unavailable          the database or the disk cannot answer now: try again later

Each says what, where and what to do, in one or two sentences that a person can show to another.
The edges (pages/errors.py, cli/main.py, api/errors.py) translate it once.
"""

import errno


def is_disk_full(error: BaseException) -> bool:
    """Whether it says that a disk is full, which passes; Polars says so in its own way."""
    is_full = isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT)
    return is_full or "No space left on device" in str(error)


class KartotekError(Exception):
    """`str(error)` is the sentence to show; `status` what HTTP would say."""

    status = 500
    type: str | None = None  # what an import calls it, where it has a name there (imports.md 14)

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class Invalid(KartotekError):
    status = 400


class UnknownName(Invalid):
    """`kind` is the noun ("property of contacts"), `name` what was asked for."""

    def __init__(self, kind: str, name: str, *, nearest: str | None = None) -> None:
        hint = f" Did you mean “{nearest}”?" if nearest else ""
        super().__init__(f"There is no {kind} called “{name}”.{hint}")
        self.kind, self.name, self.nearest = kind, name, nearest
        named = {"object": "MISSING_OBJECT_DEFINITION", "property": "PROPERTY_DEFINITION_NOT_FOUND"}
        self.type = named.get(kind.partition(" ")[0])


class Unfit(Invalid):
    """`property` names what the value was for, so that a form can say it there; `holder` whose value it is already: the
    object, id and name of a record that whoever asks may see."""

    def __init__(self, property: str, sentence: str, *, holder: tuple[str, int, str] | None = None) -> None:
        super().__init__(sentence)
        self.property, self.holder = property, holder


class Ambiguous(Invalid):
    """`option` names what settles it, as the command line spells it (`--date-format`)."""

    def __init__(self, sentence: str, *, option: str) -> None:
        super().__init__(sentence)
        self.option = option


class BadFile(Invalid):
    """`type` is the name of imports.md 14: INVALID_FILE_TYPE, INVALID_SPREADSHEET, ..."""

    def __init__(self, type: str, sentence: str) -> None:
        super().__init__(sentence)
        self.type = type


class BadPlan(Invalid):
    type = "INVALID_COLUMN_CONFIGURATION"


class NotSignedIn(KartotekError):
    status = 401


class NotAllowed(KartotekError):
    status = 403


class NotFound(KartotekError):
    status = 404


class Conflict(KartotekError):
    status = 409


class Overtaken(KartotekError):
    status = 409


class Unavailable(KartotekError):
    status = 503
