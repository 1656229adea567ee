"""Visit: one request of one person, as the pages see it: what was asked, in which transaction, by whom."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import tzinfo
from typing import Any

from litestar.datastructures import MultiDict, UploadFile

from kartotek.domain import Database, Tx, people
from kartotek.domain.preferences import Preferences
from kartotek.model.people import Actor, Person
from kartotek.pages import language, zones
from kartotek.settings import Settings


@dataclass(frozen=True, slots=True)
class Asked:
    """The request, taken apart. `form` stays empty until the door has let the person in."""

    method: str
    path: str
    query: MultiDict[str]
    cookies: Mapping[str, str]
    headers: Mapping[str, str]
    form: MultiDict[Any] = field(default_factory=MultiDict)

    @property
    def fragment(self) -> bool:
        """Whether htmx asks for a piece of a page rather than a browser for the whole."""
        return "hx-request" in self.headers

    @property
    def address(self) -> str:
        """Path and query, as a link back to here."""
        pairs = [(name, value) for name, value in self.query.multi_items()]
        return self.path + language.query_string(pairs)


@dataclass(frozen=True, slots=True)
class Visit:
    """`wrong` is the sentence of an error, when a form is shown again because of it; `wrong_at` the property meant, and
    `holder` whose value it is already (errors.Unfit)."""

    tx: Tx
    settings: Settings
    database: Database
    asked: Asked
    guest: Person | None
    preferences: Preferences
    csrf: str
    locale: str
    zone: tzinfo
    wrong: str | None = None
    wrong_at: str | None = None
    holder: tuple[str, int, str] | None = None

    @property
    def person(self) -> Person:
        assert self.guest is not None, "the door lets nobody else in"
        return self.guest

    @property
    def actor(self) -> Actor:
        return people.actor_of(self.person)

    @property
    def gettext(self) -> Callable[[str], str]:
        return language.gettext(self.locale)

    def query(self, name: str, default: str = "") -> str:
        """One parameter of the address, without the blanks around it."""
        return (self.asked.query.get(name) or default).strip()

    def number(self, name: str, default: int = 0) -> int:
        found = whole(self.query(name))
        return default if found is None else found

    def queries(self, name: str) -> list[str]:
        return self.asked.query.getall(name, [])

    def field(self, name: str) -> str:
        """One field of the form; "" when it was not sent."""
        value = self.asked.form.get(name)
        return value.strip() if isinstance(value, str) else ""

    def fields(self, name: str) -> list[str]:
        return [value for value in self.asked.form.getall(name, []) if isinstance(value, str)]

    @property
    def clock(self) -> tzinfo:
        """The zone that the form was filled in by: the browser may have moved on since."""
        sent = self.field(zones.FIELD)
        return zones.of(sent) if sent else self.zone

    def numbered(self, name: str) -> list[tuple[int, str]]:
        """The fields `<name>-0`, `<name>-1`, ... that were sent, with their numbers."""
        found = (key.removeprefix(f"{name}-") for key in set(self.asked.form) if key.startswith(f"{name}-"))
        numbers = sorted(number for text in found if (number := whole(text)) is not None)
        return [(number, self.field(f"{name}-{number}")) for number in numbers]

    def numbers(self, name: str) -> list[int]:
        return [found for text in self.fields(name) if (found := whole(text)) is not None]

    def uploads(self, name: str) -> list[UploadFile]:
        """Every file that was chosen."""
        sent = self.asked.form.getall(name, [])
        return [one for one in sent if isinstance(one, UploadFile) and one.filename]

    def upload(self, name: str) -> UploadFile | None:
        value = self.asked.form.get(name)
        return value if isinstance(value, UploadFile) else None


def whole(text: str) -> int | None:
    """The number that was typed; None when it is none, or larger than any id."""
    return int(text) if text.isdecimal() and len(text) < 19 else None
