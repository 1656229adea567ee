"""Values as people read them: labels for codes, dates and numbers in their language.

The filters know only the language; `Words` also knows the catalogue, for options, stages and owners.
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, tzinfo
from decimal import Decimal, InvalidOperation
from typing import Any

from babel import Locale
from babel.dates import format_date, format_datetime, format_timedelta
from babel.lists import format_list
from babel.numbers import format_decimal, format_percent
from jinja2 import pass_context
from jinja2.runtime import Context

from kartotek import standard
from kartotek.model.catalogue import Catalogue
from kartotek.model.properties import Option, Property
from kartotek.pages import zones
from kartotek.values import alphabet, domain, phone

# English is written with the day first and without commas, as most of the world reads it.
_REGION = {"en": "en_GB", "da": "da_DK"}
_TONES = 8

Show = Callable[[Any], str]


def filters(language: str) -> dict[str, Callable[..., Any]]:
    """What templates may pipe a value through."""
    region = _REGION[language]
    return {
        "number": lambda value: number(value, region),
        "money": lambda value, currency: money(value, currency, region),
        "percent": lambda share: format_percent(share, locale=region),
        "day": lambda value: day(value, region),
        "ago": lambda value, now: format_timedelta(value - now, add_direction=True, locale=region),
        "month": lambda value: format_date(value, "LLLL y", locale=region),
        "size": lambda count: size(count, region),
        "initials": initials,
        "tone": tone,
    }


def on_the_clock(language: str) -> dict[str, Callable[..., Any]]:
    """What templates may pipe a moment through: they ask the `visit` that the page is for which clock it is."""
    region = _REGION[language]
    return {
        "day": pass_context(lambda page, value: day(value, region, _zone(page))),
        "moment": pass_context(lambda page, value: moment(value, region, _zone(page))),
        "iso": pass_context(lambda page, value: zones.local(value, _zone(page)).isoformat()),
    }


def _zone(page: Context) -> tzinfo:
    visit = page.get("visit")
    return visit.zone if visit else UTC


def number(value: object, region: str) -> str:
    """Grouped in thousands, all its decimals kept; what is no number stays as it is."""
    try:
        return str(format_decimal(Decimal(str(value)), locale=region, decimal_quantization=False))
    except InvalidOperation:
        return str(value)


def money(value: object, currency: str | None, region: str) -> str:
    """1,250.50 DKK; without a currency 1,250.50."""
    try:
        amount = Decimal(str(value))
    except InvalidOperation:
        return str(value)
    form = "#,##0.00" if amount % 1 else "#,##0"
    said = format_decimal(amount, format=form, locale=region, decimal_quantization=False)
    return f"{said} {currency}" if currency else str(said)


def stretch(starts: date | None, ends: date | None, region: str, gettext: Callable[[str], str]) -> str:
    """ "1 Jan 2019 – 31 Dec 2023", or what is known of the two."""
    first, last = ("" if one is None else day(one, region) for one in (starts, ends))
    if first and last:
        return f"{first} – {last}"
    if first:
        return gettext("since %(day)s") % {"day": first}
    return gettext("until %(day)s") % {"day": last} if last else ""


def day(value: date | str, region: str, zone: tzinfo = UTC) -> str:
    """3 Apr 2026."""
    try:
        return str(format_date(zones.day(value, zone), "d MMM y", locale=region))
    except ValueError:
        return str(value)


def moment(value: datetime | str, region: str, zone: tzinfo = UTC) -> str:
    """3 Apr 2026, 14:05."""
    try:
        return str(format_datetime(zones.local(value, zone), "d MMM y, HH:mm", locale=region))
    except ValueError:
        return str(value)


def size(count: int, region: str) -> str:
    for unit, name in ((1024**3, "GB"), (1024**2, "MB"), (1024, "KB")):
        if count >= unit:
            return f"{format_decimal(round(count / unit, 1), locale=region)} {name}"
    return f"{count} B"


def initials(name: str) -> str:
    """AH for Ada Holm, N for Nordlys: what an avatar without a picture shows."""
    words = [word for word in name.split() if word[0].isalnum()]
    return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper() or "?"


def tone(name: str) -> int:
    """Which of the avatar colours: always the same for a name."""
    return hashlib.blake2b(name.encode(), digest_size=1).digest()[0] % _TONES


def countries(language: str, codes: Sequence[str]) -> list[tuple[str, str]]:
    """Codes with their names, by name."""
    names = Locale.parse(_REGION[language]).territories
    return sorted(((code, str(names[code])) for code in codes), key=lambda pair: alphabet.key(pair[1]))


@dataclass(frozen=True, slots=True)
class Words:
    """How the values of records read: `people` are the names by id, for owners."""

    catalogue: Catalogue
    language: str
    yes: str
    no: str
    people: Mapping[str, str] = field(default_factory=dict)  # those who have left, too: their names stay readable
    gone: frozenset[str] = frozenset()  # of these, those whom nothing can be given to any more
    teams: Mapping[str, str] = field(default_factory=dict)
    zone: tzinfo = UTC

    def value(self, prop: Property, text: str | None) -> str:
        """One value in words; "" for none."""
        if text is None or text == "":
            return ""
        region = _REGION[self.language]
        match prop.kind:
            case "number":
                return text if prop.name.endswith(("_id", "_year")) else number(text, region)
            case "date":
                return day(text, region)
            case "moment":
                return (moment if self._tells_hours(prop) else day)(text, region, self.zone)
            case "phone":
                return phone.grouped(text)
            case "domain" | "email":
                return domain.own_letters(text)
            case "emails" | "domains":
                return ", ".join(domain.own_letters(one) for one in text.split(";"))
            case "boolean":
                return self.yes if text == "true" else self.no
            case "owner":
                return self.people.get(text, text)
            case "choice" | "choices" | "free_choices":
                names = dict(self.options(prop))
                return ", ".join(names.get(one, one) for one in text.split(";") if one)
        return self.teams.get(text, text) if prop.reference == "team" else text

    def told(self, prop: Property, values: Mapping[str, str | None]) -> str:
        """One value of a record in words, an amount with its currency."""
        text = values.get(prop.name)
        counted_in = self.catalogue.object_types[prop.object_type].currency_of(prop.name)
        if not text or not counted_in:
            return self.value(prop, text)
        return money(text, values.get(counted_in), _REGION[self.language])

    def hover(self, prop: Property, values: Mapping[str, str | None]) -> str:
        return self.whole(prop, values.get(prop.name)) if prop.kind == "moment" else self.told(prop, values)

    def _tells_hours(self, prop: Property) -> bool:
        return self.catalogue.object_types[prop.object_type].tells_hours(prop)

    def whole(self, prop: Property, text: str | None) -> str:
        """What is shown on hover: a point in time with its time, all else as it is shown."""
        if text and prop.kind == "moment" and (self._tells_hours(prop) or not zones.is_day(text)):
            return moment(text, _REGION[self.language], self.zone)
        return self.value(prop, text)

    def options(self, prop: Property) -> list[tuple[str, str]]:
        """Value and label of everything that may be chosen."""
        if prop.kind == "owner":
            return [(id, name) for id, name in self.people.items() if id not in self.gone]
        object_type = self.catalogue.object_types[prop.object_type]
        pipelines = self.catalogue.pipelines.get(prop.object_type, ())
        if prop.name == object_type.pipeline:
            return [(one.id, one.label) for one in pipelines]
        if prop.name == object_type.stage:
            return [(stage.id, stage.label) for one in pipelines for stage in one.stages]
        return [(option.value, self._called(prop, option)) for option in prop.options if not option.hidden]

    def _called(self, prop: Property, option: Option) -> str:
        danish = standard.danish_option(prop.object_type, prop.name, option.value, option.label)
        return danish if danish and self.language == "da" else option.label


def either(locale: str, words: Sequence[str]) -> str:
    """ "a, b or c" """
    return format_list(words, style="or", locale=_REGION[locale])


def listed(locale: str, words: Sequence[str]) -> str:
    """ "a, b and c" """
    return format_list(words, locale=_REGION[locale])
