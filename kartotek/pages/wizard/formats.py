"""How one column writes its dates or numbers: the ways there are, each with values of the file read in it."""

from dataclasses import dataclass, replace

from kartotek import errors
from kartotek.imports import survey
from kartotek.imports.table import ColumnPlan
from kartotek.model.properties import Property
from kartotek.pages import shown
from kartotek.pages.visit import Visit

_COUNTRIES = ("DK", "US", "FR", "CH", "IN")  # one for each way to write numbers


@dataclass(frozen=True, slots=True)
class Way:
    value: str
    label: str
    examples: list[tuple[str, str]]
    chosen: bool


def of_column(visit: Visit, seen: survey.Survey, column: ColumnPlan, prop: Property | None) -> list[Way]:
    """The ways to read a column of dates or numbers; none where that is no question."""
    what = survey.FORMATS.get(prop.kind) if prop else None
    found = seen.formats.get(column.index)
    if what is None or found is None or not found.texts:
        return []
    now = getattr(column, what) or getattr(seen.plan, what)
    show = shown.filters(visit.locale)["day" if what == "dates" else "number"]
    names = _dates(visit) if what == "dates" else _numbers(visit)
    return [
        Way(name, label, _pairs(found.texts, survey.read_in(what, found.texts, name), show), name == now)
        for name, label in names.items()
    ]


def chosen(column: ColumnPlan, prop: Property, name: str) -> ColumnPlan:
    """The column, read in this way."""
    what = survey.FORMATS.get(prop.kind)
    if name not in (("DMY", "MDY", "YMD") if what == "dates" else _COUNTRIES) or what is None:
        raise errors.Invalid("Choose one of the formats that are shown.")
    return replace(column, dates=name) if what == "dates" else replace(column, numbers=name)


def _dates(visit: Visit) -> dict[str, str]:
    return {
        "DMY": visit.gettext("Day, month, year"),
        "MDY": visit.gettext("Month, day, year"),
        "YMD": visit.gettext("Year, month, day"),
    }


def _numbers(visit: Visit) -> dict[str, str]:
    return {
        "DK": visit.gettext("1.234,50 – as in Denmark and Germany"),
        "US": visit.gettext("1,234.50 – as in the United States and Britain"),
        "FR": visit.gettext("1 234,50 – as in France and Sweden"),
        "CH": visit.gettext("1’234.50 – as in Switzerland"),
        "IN": visit.gettext("12,34,567.50 – as in India"),
    }


def _pairs(texts: tuple[str, ...], read: list[str | None], show: shown.Show) -> list[tuple[str, str]]:
    """Each text with what it is read as; a dash where it cannot be."""
    return [(text, "–" if value is None else show(value)) for text, value in zip(texts, read, strict=True)]
