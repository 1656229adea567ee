"""Words for tests of the export: the bytes of a file, and what an import makes of them."""

from collections.abc import Iterator
from typing import Any

from kartotek.domain import Database
from kartotek.exports import run, selection
from kartotek.exports.selection import Choice
from kartotek.exports.table import Format, Style
from kartotek.model.people import SYSTEM, Actor


def exported(database: Database, name: str, *names: str, **how: Any) -> bytes:
    """A file with these properties, or with all there are."""
    return b"".join(parts_of(database, name, *names, **how))


def parts_of(
    database: Database,
    name: str,
    *names: str,
    style: Style | None = None,
    actor: Actor = SYSTEM,
    **choice: Any,
) -> Iterator[bytes]:
    """The same, piece by piece."""
    with database.transaction() as tx:
        extract = selection.of(tx, actor, name, Choice(names, **choice))
    return run.parts(database, actor, extract, style or Style())


def file_name(format: Format) -> str:
    return f"export.{format}"
