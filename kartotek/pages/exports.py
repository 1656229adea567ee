"""Export what an index page shows, or the records ticked there: a small form, and the file it leads to."""

from collections.abc import Iterator
from itertools import chain

from litestar.response import Stream

from kartotek import errors
from kartotek.domain import access, records
from kartotek.exports import run, selection
from kartotek.exports.selection import Choice
from kartotek.exports.table import LANGUAGES, Format, Said, Style
from kartotek.model.object_types import ObjectType
from kartotek.pages import language, layouts, render, table
from kartotek.pages import records as pages
from kartotek.pages.index import state as states
from kartotek.pages.render import Answer
from kartotek.pages.visit import Visit


def new(visit: Visit, objects: str) -> Answer:
    """Its address is that of the index page, with `/exports/new` in it: the same search, filters, sort and columns."""
    object_type = pages.known(visit, objects)
    access.require_export(visit.actor)
    ids = _ticked(visit)
    found = (
        records.find(visit.tx, visit.actor, object_type, table.asked(visit, object_type), ()) if ids is None else None
    )
    return render.page(
        visit,
        "exports/new.html",
        object_type=object_type,
        address=f"/{object_type.name}/exports{_state(visit)}",
        back=f"/{object_type.name}{_state(visit, ticked=False)}",
        count=len(ids or ()) if found is None else found.total,
        exact=found is None or found.exact,
        formats=list(Format),
    )


def create(visit: Visit, objects: str) -> Answer:
    """What cannot be done is said before the first piece is sent; then the file goes out as it is read."""
    object_type = pages.known(visit, objects)
    extract = selection.of(visit.tx, visit.actor, object_type.name, _choice(visit, object_type))
    style = _style(visit)
    parts = run.parts(visit.database, visit.actor, extract, style)
    whole: Iterator[bytes] = chain([next(parts, b"")], parts)
    name = f"{object_type.label_plural} {visit.tx.now:%Y-%m-%d}.{style.format}"
    return Stream(whole, media_type=run.MEDIA[style.format], headers=render.attached(name))


def _choice(visit: Visit, object_type: ObjectType) -> Choice:
    wanted = visit.field("columns")
    links = visit.field("links") == "1"
    if wanted in (selection.ALL, selection.CORE):
        return Choice(columns=wanted, links=links, query=table.asked(visit, object_type), ids=_ticked(visit))
    shown = table.column_names(visit, object_type, states.of(visit, object_type))
    names = [*object_type.display, *(name for name in shown if name in object_type.properties)]
    linked = ["companies" if name == layouts.PRIMARY else name[1:] for name in shown if name.startswith("@")]
    return Choice(
        tuple(names), links=links, linked=tuple(linked), query=table.asked(visit, object_type), ids=_ticked(visit)
    )


def _style(visit: Visit) -> Style:
    if visit.field("format") not in list(Format):
        raise errors.Invalid(visit.gettext("Choose the format of the file."))
    said = Said.NAMES if visit.field("words") == Said.NAMES else Said.LABELS
    spoken = visit.locale if visit.locale in LANGUAGES else LANGUAGES[0]
    return Style(Format(visit.field("format")), said, said, spoken)


def _ticked(visit: Visit) -> tuple[int, ...] | None:
    """None: all that the address narrows to."""
    ids = tuple(int(id) for id in visit.queries("ids") if id.isdecimal() and len(id) < 19)
    return None if visit.query("all") else ids or None


def _state(visit: Visit, *, ticked: bool = True) -> str:
    pairs = [(name, visit.query(name)) for name in table.PARAMETERS if name != "page"]
    return language.query_string([*pairs, *(("ids", str(id)) for id in (_ticked(visit) or ()) if ticked)])
