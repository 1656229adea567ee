"""Words for tests of the export: the bytes of a file, and what an import makes of them."""

from kartotek.domain import Database, catalogue, extracts
from kartotek.exports import run
from kartotek.exports.table import Format, Style
from kartotek.model.extracts import Extract
from kartotek.model.filters import Query
from kartotek.model.people import SYSTEM, Actor


def exported(
    database: Database,
    name: str,
    *names: str,
    style: Style | None = None,
    actor: Actor = SYSTEM,
    links: bool = False,
    query: Query | None = None,
    ids: tuple[int, ...] | None = None,
) -> bytes:
    """A file with these properties, or with all there are."""
    with database.transaction() as tx:
        one = catalogue.load(tx).object_type(name)
        linked = extracts.linkable(tx, actor, one) if links else ()
    chosen = tuple(one.properties[each] for each in names or one.properties)
    extract = Extract(one, chosen, query or Query(), ids, linked)
    return b"".join(run.parts(database, actor, extract, style or Style()))


def file_name(format: Format) -> str:
    return f"export.{format}"
