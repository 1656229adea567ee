"""Files to begin with: templates and samples for the objects that one ticks, and what a file has to look like."""

from babel.numbers import get_decimal_symbol
from litestar import Response

from kartotek.domain import access
from kartotek.imports import run, templates
from kartotek.pages import nouns, render
from kartotek.pages.render import Answer
from kartotek.pages.visit import Visit
from kartotek.pages.wizard import offers

_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def new(visit: Visit) -> Answer:
    access.require_import(visit.actor, ())
    return render.page(visit, "samples/new.html", groups=offers.groups(visit, visit.queries("objects"), {}))


def file(visit: Visit) -> Answer:
    """A template, or a sample, as the address says; in the person's language."""
    access.require_import(visit.actor, ())
    objects, is_sample = visit.queries("objects"), visit.query("kind") == "sample"
    frame = templates.make(nouns.load(visit), objects, templates.SAMPLE_ROWS if is_sample else 1)
    kind = "xlsx" if visit.query("format") == "xlsx" else "csv"
    # Excel takes a comma for what separates cells only where it is not the decimal mark.
    mark = "," if get_decimal_symbol(visit.locale) == "." else ";"
    content = templates.workbook(frame) if kind == "xlsx" else templates.delimited(frame, mark)
    plain = "-".join(name for name in objects if name.isascii() and name.replace("_", "").isalnum())
    name = f"{plain} {'sample' if is_sample else 'template'}.{kind}"
    return Response(content, media_type=_TYPES[kind], headers={"content-disposition": f'attachment; filename="{name}"'})


def requirements(visit: Visit) -> Answer:
    """What a file has to look like: the limits as they are, and what each object takes."""
    access.require_import(visit.actor, ())
    limits = {one.limit.value: one.most for one in run.limits(visit.settings)}
    return render.page(visit, "samples/requirements.html", limits=limits, groups=offers.groups(visit, (), {}))
